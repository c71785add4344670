"""Everything compiled by Numba: population evaluation, operation counts, the steps of the search."""

import hashlib
import os
from importlib.metadata import entry_points
from pathlib import Path

STAMP = "kernels.txt"  # in a folder of compiled kernels: the sources that they were compiled from


def forget_stale(*folders: Path) -> None:
    """Remove all compiled kernels of this package and of ``folders`` from the disk if its sources are not the same.

    Numba notices a change of the file that a cached kernel stands in, but not of the files of the kernels it calls, nor
    that an operator has come or gone.
    """
    here = Path(__file__).parent
    sources = [f"{source.relative_to(here)} {source.stat().st_mtime_ns}" for source in sorted(here.rglob("*.py"))]
    for group in ("gp_fft.rewrites", "gp_fft.mutations", "gp_fft.approximations"):
        sources += [f"{point.value} {point.dist and point.dist.version}" for point in entry_points(group=group)]
    for folder in (here, here / "rewrites", here / "mutations", here / "approximations", *folders):
        _compare(_cache_of(folder), "\n".join(sources))


def _cache_of(folder: Path) -> Path:
    """Where Numba keeps what it compiled of the modules of a folder."""
    elsewhere = os.environ.get("NUMBA_CACHE_DIR")
    if not elsewhere:
        return folder / "__pycache__"
    return Path(elsewhere) / f"{folder.name}_{hashlib.sha1(str(folder).encode()).hexdigest()}"


def _compare(cache: Path, sources: str) -> None:
    stamp = cache / STAMP
    try:
        if stamp.exists() and stamp.read_text(encoding="utf-8") == sources:
            return
        for index in cache.glob("*.nbi"):
            index.unlink(missing_ok=True)
        cache.mkdir(parents=True, exist_ok=True)
        stamp.write_text(sources, encoding="utf-8")
    except OSError:  # the folder is read-only
        return


forget_stale()
