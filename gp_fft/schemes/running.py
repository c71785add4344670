"""Running a scheme by real recursion, in any arithmetic: floats here, residues in ``modular``, terms in ``expand``.

Nothing of the search is used: a scheme is what its steps say, one after the other.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from gp_fft.ground.errors import UsageError
from gp_fft.schemes.family import matrix, truth
from gp_fft.schemes.scheme import CALL, SUM, Scheme
from primitives.vectors import Entries

LIMIT = 1e-9  # of the relative error of a scheme that is verified, far above any round-off at these sizes


class Arithmetic(Protocol):
    """What vectors are made of; a vector has its entries along the last axis."""

    def turned(self, vector: Any, turn: int) -> Any:
        """``i**turn`` times a vector."""

    def sum(self, one: Any, other: Any) -> Any:
        """The sum of two."""

    def entries(self, parts: Sequence[Any], entries: Entries) -> Any:
        """Entries of parts, moved and weighed."""

    def leaf(self, vector: Any, n: int) -> Any:
        """The transform of a vector that is too short for the scheme."""


def run(scheme: Scheme, x: Any, n: int, arithmetic: Arithmetic, leaves: Callable[[int], bool] = lambda n: False) -> Any:
    """The transform of ``x`` of the length n by the scheme, its calls by the scheme again.

    leaves: which sizes ``arithmetic.leaf`` is to answer, besides those that are too short for the scheme.
    """
    prime = scheme.family.prime
    if n < prime**scheme.depth or leaves(n):
        return arithmetic.leaf(x, n)
    vectors = [x]
    for step, level in zip(scheme.steps, scheme.levels[1:], strict=True):
        parts = [arithmetic.turned(vectors[ref], turn) if turn else vectors[ref] for ref, turn in step.arguments]
        length = n // prime**level
        if step.form.name == CALL:
            made = run(scheme, parts[0], length, arithmetic, leaves)
        elif step.form.name == SUM:
            made = arithmetic.sum(*parts)
        else:
            primitive = scheme.primitive(step)
            assert primitive is not None
            assert primitive.entries is not None
            form = step.form
            made = arithmetic.entries(parts, primitive.entries(length, n, prime**form.levels, form.k, form.of))
        vectors.append(made)
    return vectors[-1]


@dataclass(frozen=True)
class Floats:
    """complex128 arrays, ``(batch, n)``."""

    transform: str

    def turned(self, vector: NDArray[np.complex128], turn: int) -> NDArray[np.complex128]:
        """``i**turn`` times a vector."""
        return vector * (1, 1j, -1, -1j)[turn]

    def sum(self, one: NDArray[np.complex128], other: NDArray[np.complex128]) -> NDArray[np.complex128]:
        """The sum of two."""
        return one + other

    def entries(self, parts: Sequence[NDArray[np.complex128]], entries: Entries) -> NDArray[np.complex128]:
        """Entries of parts, moved and weighed."""
        taken = np.stack(parts)[entries.part, :, entries.source].T
        return np.asarray(taken * entries.weights())

    def leaf(self, vector: NDArray[np.complex128], n: int) -> NDArray[np.complex128]:
        """The definition."""
        return np.asarray(vector @ matrix(self.transform, n).T)


def transform(scheme: Scheme, x: NDArray[Any]) -> NDArray[np.complex128]:
    """The transform of ``x`` along its last axis, complex128, by real recursion; idft without its factor 1/n.

    Raises UsageError for a length outside the family.
    """
    x = np.asarray(x, dtype=np.complex128)
    if x.ndim == 0:
        raise UsageError("a scheme takes a vector, or several along the last axis, not one number")
    scheme.family.require(x.shape[-1])
    flat = x.reshape(-1, x.shape[-1])
    return np.asarray(run(scheme, flat, x.shape[-1], Floats(scheme.family.transform))).reshape(x.shape)


@dataclass(frozen=True)
class Checked:
    """What came of one size: the relative error on random vectors against numpy.fft or scipy."""

    n: int
    error: float

    @property
    def passed(self) -> bool:
        """Whether it is round-off."""
        return self.error < LIMIT


def verify_sizes(scheme: Scheme, largest: int = 1024, seed: int = 0) -> list[Checked]:
    """Run the scheme by real recursion at every size of its family up to a largest one, on random complex vectors."""
    generator = np.random.default_rng(np.random.SeedSequence([seed, 7]))
    done = []
    for n in scheme.family.members(largest):
        x = np.asarray(generator.standard_normal((3, n, 2)) @ (1, 1j), np.complex128)
        wanted = truth(scheme.family.transform, x)
        error = np.linalg.norm(transform(scheme, x) - wanted) / np.linalg.norm(wanted)
        done.append(Checked(n, float(error)))
    return done
