"""Programs that do the same for about as much: of runs, folders and files, by what they compute.

Of a run it is the front and what was kept beside it (``evolve --keep-equal``), of a folder of records also those
that were replaced. Approximations are left out, as no two have one error.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from gp_fft import files
from gp_fft.files import ProgramFile
from gp_fft.files.best import is_exact
from gp_fft.files.shelf import EARLIER
from gp_fft.ground.errors import DataError
from gp_fft.program.cost import count
from gp_fft.store.runs import Run


@dataclass(frozen=True)
class Found:
    """A program, and where it lies."""

    path: Path
    file: ProgramFile

    @property
    def flops(self) -> int:
        """Operations, in every primitive set by the same rule."""
        return count(self.file.program).flops


def alike(
    places: Iterable[Path], within: float, tell: Callable[[str], object] = lambda _: None
) -> list[tuple[Found, ...]]:
    """The programs of each transform whose counts are at most so many percent above the least, the cheapest first.

    Transforms are told apart by their matrix and by what is free at their border; a program that lies in two places
    counts once. ``tell`` hears of files that are damaged, which are left out. Raises DataError for a place that is no
    run, no folder of program files and no such file.
    """
    groups: dict[str, dict[str, Found]] = {}
    for place in places:
        for found in _found(place, tell):
            if is_exact(found.file.error, found.file.proof):
                key = f"{found.file.transform.plain.spec} {found.file.free}"
                groups.setdefault(key, {}).setdefault(found.file.program.content_hash, found)
    chosen = []
    for group in groups.values():
        most = (1 + within / 100) * min(found.flops for found in group.values())
        near = [found for found in group.values() if found.flops <= most]
        chosen.append(tuple(sorted(near, key=lambda found: (found.flops, found.file.round_off, str(found.path)))))
    return chosen


def _found(place: Path, tell: Callable[[str], object]) -> Iterable[Found]:
    """The programs in one place."""
    if not place.is_dir():
        return [Found(place, files.load(place))]
    if (place / "settings.toml").exists():
        run = Run.open(place)
        proofs = {path.name: path for path in run.proof_paths()}
        return [Found(path, files.load(path)) for path in
                (*(proofs.get(path.name, path) for path in run.front_paths()), *run.equal_paths())]  # fmt: skip
    paths = [*sorted(place.glob("*.json")), *sorted((place / EARLIER).glob("*.json"))]
    if not paths:
        raise DataError(f"{place} is no run and holds no program files")
    return list(_loaded(paths, tell))


def _loaded(paths: Iterable[Path], tell: Callable[[str], object]) -> Iterable[Found]:
    for path in paths:
        try:
            yield Found(path, files.load(path))
        except DataError as error:
            tell(f"{error}; it is left out")
