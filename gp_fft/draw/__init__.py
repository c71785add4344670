"""Pictures of programs: the graph, its layout, the marks of a picture, and every format it is written in."""
