"""Everything compiled by Numba: population evaluation, operation counts, the steps of the search."""
