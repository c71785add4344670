"""The table of published operation counts, shipped with the package as data."""
