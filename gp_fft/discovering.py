"""The search for schemes as a call: ``gp_fft.discover("dft", family="2^k", seconds=10)`` gives the schemes found."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gp_fft.evolution.state import State
from gp_fft.ground.clock import Clock
from gp_fft.ground.errors import UsageError
from gp_fft.program import Program
from gp_fft.schemes import files
from gp_fft.schemes.c_code import c_source
from gp_fft.schemes.discovery import everything, generations
from gp_fft.schemes.draft import Draft
from gp_fft.schemes.expand import expand
from gp_fft.schemes.family import Family
from gp_fft.schemes.files import SchemeFile, describe
from gp_fft.schemes.operations import Solution, counts, solve
from gp_fft.schemes.proving import Proof, prove
from gp_fft.schemes.python_code import python_source
from gp_fft.schemes.running import transform
from gp_fft.schemes.scheme import Scheme
from gp_fft.schemes.settings import ALL, Asked
from gp_fft.schemes.text import format_scheme, parse_scheme
from gp_fft.search.asked import one_sentence, plain
from gp_fft.search.threads import bounded
from gp_fft.search.warm import tell_stderr, warm_up
from gp_fft.store.discoveries import DiscoveryRun
from gp_fft.store.recorder import Recorder

Path_ = str | os.PathLike[str]


@dataclass(frozen=True)
class Algorithm:
    """A scheme that was found, or read, and what can be done with it."""

    file: SchemeFile

    @property
    def scheme(self) -> Scheme:
        """The recursive program."""
        return self.file.scheme

    @property
    def exact(self) -> bool:
        """Whether it is right, as far as running it says; :meth:`prove` proves it."""
        return self.file.exact

    def __str__(self) -> str:
        return format_scheme(self.scheme)

    def __call__(self, x: NDArray[Any]) -> NDArray[np.complex128]:
        """The transform of ``x`` along its last axis by real recursion; UsageError for a length outside the family."""
        return transform(self.scheme, x)

    def operations(self, largest: int = 4096) -> dict[int, int]:
        """T(n) of the members of the family up to a largest one."""
        return counts(self.scheme, largest)

    def solve(self) -> Solution:
        """The recurrence, its closed form and how it grows."""
        return solve(self.scheme)

    def prove(self) -> Proof:
        """The proof for every n, or for all sizes to 4096 where that is out of reach."""
        return prove(self.scheme)

    def expand(self, n: int) -> Program:
        """The straight-line program that it is at n."""
        return expand(self.scheme, n)

    def python(self, function: str = "") -> str:
        """A Python module with a recursive function."""
        return python_source(self.scheme, function)

    def c(self, function: str = "") -> str:
        """A C file with a recursive function."""
        return c_source(self.scheme, None, function)

    def save(self, path: Path_) -> None:
        """Write a scheme file."""
        files.save(path, self.file)

    @classmethod
    def load(cls, path: Path_) -> Algorithm:
        """Read a scheme file; DataError if it is damaged."""
        return cls(files.load(path))

    @classmethod
    def parse(cls, text: str) -> Algorithm:
        """The scheme in a text; DataError for what is none."""
        return cls(describe(parse_scheme(text)))


class Discovered(Sequence[Algorithm]):
    """What a search found: right schemes first, the cheapest first."""

    def __init__(self, found: Sequence[Algorithm]) -> None:
        self._found = tuple(found)

    def __len__(self) -> int:
        return len(self._found)

    def __getitem__(self, place: Any) -> Any:
        return self._found[place]

    def __iter__(self) -> Iterator[Algorithm]:
        return iter(self._found)

    @property
    def best(self) -> Algorithm | None:
        """The cheapest right scheme, None where none is right yet."""
        return next((one for one in self._found if one.exact), None)


@one_sentence
def discover(
    transform: str = "dft",
    *,
    family: str = "2^k",
    seed: int = 1,
    population: int = 16,
    seconds: float | None = None,
    generations: int | None = None,
    target_cost: float | None = None,
    threads: int = 0,
    primitives: Sequence[str] = (),
    operators: Sequence[str] | None = None,
    out: Path_ | None = None,
    on_generation: Callable[[Any, dict[str, Any]], object] | None = None,
) -> Discovered:
    """Discover recursive programs that serve every n of a family, from random expressions over whole vectors.

    Give at least one of ``seconds``, ``generations`` and ``target_cost``; the first that is reached ends it.

    transform: dft, idft (without its factor 1/n), dht or wht.
    family: the sizes: "2^k", "3^k", "4^k" or "5^k".
    seed: 0 to 2**63 - 1; the same seed and number of generations give the same schemes.
    population: how many are kept from one generation to the next, 4 to 4096.
    seconds: stop after so many; the kernels are compiled before, at the first use on a machine.
    generations: stop after so many.
    target_cost: stop when a right scheme needs no more operations than this at the largest n up to 256.
    threads: threads to use, 0 means all cores; results do not depend on it.
    primitives: the vector primitives that are on; (): the usual ones.
    operators: the names of the operators that are on; None: all.
    out: the run folder to make, which must not exist yet; ``gp-fft resume`` goes on with it.
    on_generation: called as ``on_generation(state, record)`` after the start and after each generation; if it returns
        True the search ends.

    Raises UsageError for names, types or values that do not fit, DataError for a folder that cannot be used.
    """
    if not isinstance(transform, str) or not isinstance(family, str):
        raise UsageError(
            'discover takes the names of a transform and of a family, such as discover("dft", family="2^k")'
        )
    if seconds is None and generations is None and target_cost is None:
        raise UsageError("discover needs a budget: seconds, generations or target_cost")
    asked: dict[str, Any] = {"seed": seed, "population": population, "seconds": seconds, "generations": generations}
    asked |= {"target_cost": target_cost, "threads": threads}
    asked |= {"operators": ALL if operators is None else tuple(operators)}
    if isinstance(primitives, str) or not all(isinstance(name, str) for name in primitives):
        raise UsageError(f"primitives must be a list of names such as ('self', 'add'), not {str(primitives)[:60]!r}")
    settings, wanted = Asked(**plain(asked), primitives=tuple(primitives)), Family.read(transform, family)
    settings.check(wanted)
    run = None if out is None else DiscoveryRun.create(wanted, settings, Path(out))
    clock = Clock()
    warm_up(tell_stderr, clock, everything)
    if run is None:
        return _found(_going(wanted, settings, clock, None, on_generation))
    with Recorder(run) as recorder:
        return _found(_going(wanted, settings, clock, recorder, on_generation))


def _going(
    family: Family,
    settings: Asked,
    clock: Clock,
    recorder: Recorder | None,
    on_generation: Callable[[Any, dict[str, Any]], object] | None,
) -> State[Draft] | None:
    """Evolve until the budget is used; the last state."""
    state = None
    with bounded(settings):
        for latest, record in generations(family, settings, None, clock):
            if recorder is not None:
                recorder.add(latest, record)
            state = latest
            if on_generation is not None and on_generation(state, record) is True:
                break
    return state


def _found(state: State[Draft] | None) -> Discovered:
    """The front of a state as algorithms."""
    front = () if state is None else sorted(state.archive, key=lambda draft: (draft.error, draft.cost))
    return Discovered([Algorithm(describe(draft.scheme, draft.error)) for draft in front])
