"""C99 with the compilers' portable vector types: statements, vectors, memory, and whole files."""
