"""Programs in other people's formats; each writer is one file and one line in a registry."""
