"""Everything compiled by Numba: population evaluation, operation counts, the steps of the search."""

import os

# A thread that waits for the others sleeps: spinning costs whole time slices where cores are shared.
os.environ.setdefault("OMP_WAIT_POLICY", "passive")
