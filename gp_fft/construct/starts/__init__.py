"""The starts that are a known program: every file holds its entries under the name ``START``."""
