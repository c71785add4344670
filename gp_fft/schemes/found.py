"""Schemes that were found, or read, as values of Python: each can be called, solved, proved and written as code."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gp_fft.program import Program
from gp_fft.schemes import files
from gp_fft.schemes.c_code import c_source
from gp_fft.schemes.expand import expand
from gp_fft.schemes.files import SchemeFile, describe
from gp_fft.schemes.operations import Solution, counts, solve
from gp_fft.schemes.proving import Proof, prove
from gp_fft.schemes.python_code import python_source
from gp_fft.schemes.running import transform
from gp_fft.schemes.scheme import Scheme
from gp_fft.schemes.text import format_scheme, parse_scheme

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
