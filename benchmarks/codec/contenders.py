"""The transforms that are compared: the exact DCT, the published approximations as programs, and evolved programs."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

import numpy as np

import gp_fft
from benchmarks.codec.coder import SIDE, Coder, exact
from gp_fft import files
from gp_fft.files.shelf import Shelf
from gp_fft.ground.errors import DataError
from gp_fft.program import Program
from gp_fft.transforms import Transform, dct2, get
from gp_fft.transforms.scaling import NONE, OUTPUTS, Scaling

Tell = Callable[[str], None]

PUBLISHED = (
    *("sdct", "walsh", "lodct", "pea2012", "cb2011", "bas2008", "bas2009"),
    *("bas2011-a0", "bas2011-a05", "bas2011-a1", "bas2011-a2", "bc2012", "pmc2014"),
)
SECONDS = 20.0  # of the run on the spot
FRONT = (14, 16, 18, 20, 22, 24, 28, 32)
"""The additions of what is taken of its front: the best that needs no more."""
GENERATIONS = 12  # enough for the counts in the papers
SEED = 1


def exact_coders() -> list[Coder]:
    """The records of the DCT of 8 points: as it stands, and with free factors at its outputs."""
    shelf, coders = Shelf.open(), []
    for name, free in (("exact", NONE), ("exact, scaled", OUTPUTS)):
        record = shelf.find(dct2(SIDE), free=free)
        if record is None:
            raise DataError(f"there is no record of dct2 {SIDE} with the scaling {free!r}")
        coders.append(Coder(name, record.program, "exact", record.file.transform.scaling))
    return coders


def cheapest(transform: Transform, primitives: str) -> Program:
    """The cheapest exact program of a matrix that a short search finds, always the same one."""
    front = gp_fft.evolve(transform, primitives=primitives, start="definition", generations=GENERATIONS, seed=SEED)
    best = front.best_exact()
    assert best is not None  # the start is exact
    return best


def published_coder(name: str) -> Coder:
    """A published approximation as a program of the counts in its paper: no shift is made to save an addition."""
    return Coder(name, cheapest(get(name, SIDE), "dyadic:shift=1"), "published")


def evolved_coders(most: tuple[int, ...] = FRONT, **budget: float) -> list[Coder]:
    """The best for each of so many additions of the front of a run, of adders, shifts and free factors at the outputs.

    ``budget`` is one of ``gp_fft.evolve``, in the place of seconds.
    """
    front = gp_fft.evolve(
        dct2(SIDE, norm="ortho"),
        primitives="dyadic",
        scaling=OUTPUTS,
        error="energy",
        front="full",
        start="definition",
        seed=SEED,
        **(budget or {"seconds": SECONDS}),  # type: ignore[arg-type]
    )
    found = [coder for program in front if (coder := _usable(program)) is not None]
    chosen: dict[int, Coder] = {}
    for adds in most:
        enough = [coder for coder in found if coder.counts.adds <= adds]
        if enough:
            best = min(enough, key=lambda coder: (coder.energy, coder.counts.adds))
            chosen.setdefault(best.counts.adds, best)
    return list(chosen.values())


def _usable(program: Program) -> Coder | None:
    """A program as a coder; None where its matrix has no inverse to decode with."""
    signs = np.where((program.matrix() * exact()).sum(axis=1) < 0, -1.0, 1.0)  # of the factors that it comes with
    try:
        return Coder(f"evolved {gp_fft.count(program).adds}", program, "evolved", Scaling(tuple(signs.tolist())))
    except DataError:
        return None


def evolved_from(folder: Path, most: int, tell: Tell) -> list[Coder]:
    """The programs of a folder, or of the front of a run: at most so many, spread over their counts.

    What no codec can use is told and left out; DataError if nothing is left, or for a file that is no program.
    """
    folder = folder / "front" if (folder / "front").is_dir() else folder
    paths = sorted(folder.glob("*.json"))
    coders = [coder for path in paths if (coder := _of_file(path, tell)) is not None]
    if not coders:
        raise DataError(f"{folder} holds no program of {SIDE} points that a codec can use, among {len(paths)} files")
    coders.sort(key=lambda coder: (coder.counts.flops, coder.counts.shifts, coder.energy))
    return spread(coders, most)


def _of_file(path: Path, tell: Tell) -> Coder | None:
    file = files.load(path)
    try:
        return Coder(path.stem, file.program, "evolved", file.transform.scaling)
    except DataError as error:
        tell(f"left out: {error}")
        return None


def spread(coders: list[Coder], most: int) -> list[Coder]:
    """At most so many, the first and the last among them, at even distances."""
    if len(coders) <= most:
        return coders
    return [coders[round(k)] for k in np.linspace(0, len(coders) - 1, most)]


def distinct(coders: Iterable[Coder]) -> list[Coder]:
    """The same, each name once: a number is put behind one that was there before."""
    seen: dict[str, int] = {}
    named = []
    for coder in coders:
        times = seen[coder.name] = seen.get(coder.name, 0) + 1
        name = coder.name if times == 1 else f"{coder.name} ({times})"
        named.append(Coder(name, coder.program, coder.kind, coder.scaling))
    return named
