"""Everything compiled by Numba: population evaluation, operation counts, the steps of the search."""

import os
from pathlib import Path

# A thread that waits for the others sleeps: spinning costs whole time slices where cores are shared.
os.environ.setdefault("OMP_WAIT_POLICY", "passive")


def forget_stale(*folders: Path) -> None:
    """Remove compiled kernels that are older than any source of this package from the caches of ``folders``.

    Numba notices a change of the file that a cached kernel stands in, but not of the files of the kernels it calls.
    """
    here = Path(__file__).parent
    newest = max(source.stat().st_mtime for source in here.glob("*.py"))
    elsewhere = os.environ.get("NUMBA_CACHE_DIR")
    caches = [folder / "__pycache__" for folder in (here, *folders)]
    caches += Path(elsewhere).glob("kernels_*") if elsewhere else []
    for cache in caches:
        for index in cache.glob("*.nbi"):
            try:
                if index.stat().st_mtime < newest:
                    index.unlink(missing_ok=True)
            except OSError:  # another process was faster, or the folder is read-only
                continue


forget_stale()
