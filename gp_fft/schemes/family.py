"""A family: the sizes that one scheme serves, the powers of a base; and the transforms whose sizes they may be."""

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gp_fft import transforms
from gp_fft.ground.errors import UsageError
from primitives import VECTORS, VectorPrimitive

PRIMES = {2: (2, 1), 3: (3, 1), 4: (2, 2), 5: (5, 1)}  # base: its prime, and how often it stands in the base
ORDERS = {2: 8, 3: 3, 5: 5}  # of the constant roots of unity of a prime
DEPTHS = {2: 2, 3: 1, 4: 2, 5: 1}  # levels that a scheme of the base may go down, where nothing is said
LARGEST = 1 << 20  # that a table of operations goes to
TRANSFORMS = ("dft", "idft", "dht", "wht")
"""Those that have a size for every member of a family and shrink to themselves."""
UNSCALED = {"dft": "backward", "idft": "forward", "dht": "backward", "wht": "backward"}


@dataclass(frozen=True)
class Family:
    """The sizes 1, b, b**2, ... of a transform; it checks itself when it is made."""

    transform: str
    base: int

    def __post_init__(self) -> None:
        if self.transform not in TRANSFORMS:
            raise UsageError(f"schemes are known for {', '.join(TRANSFORMS)}, not for {self.transform!r}")
        if self.base not in PRIMES:
            known = ", ".join(f"{base}^k" for base in PRIMES)
            raise UsageError(f"the vector primitives reach the families {known}, not {self.base}^k")
        if self.transform == "wht" and self.prime != 2:
            raise UsageError(f"wht has sizes that are powers of two, and so no family {self.base}^k")

    @classmethod
    def read(cls, transform: str, text: str) -> "Family":
        """The family that is written as ``2^k``; UsageError for anything else."""
        match = re.fullmatch(r"([1-9][0-9]{0,5})\^k", text.strip())
        if match is None:
            raise UsageError(f"the family is {text[:40]!r}; it must be a base and ^k, such as 2^k")
        return cls(transform, int(match[1]))

    def __str__(self) -> str:
        return f"{self.base}^k"

    @property
    def title(self) -> str:
        """``dft 2^k``."""
        return f"{self.transform} {self}"

    @property
    def prime(self) -> int:
        """The prime that the base is a power of; levels count it."""
        return PRIMES[self.base][0]

    @property
    def step(self) -> int:
        """Levels from one member of the family to the next."""
        return PRIMES[self.base][1]

    @property
    def field(self) -> str:
        """That of the transform."""
        return transforms.get(self.transform, 2).field

    def members(self, largest: int) -> list[int]:
        """The sizes up to a largest one, 1 first."""
        sizes = [1]
        while sizes[-1] * self.base <= largest:
            sizes.append(sizes[-1] * self.base)
        return sizes

    def __contains__(self, n: int) -> bool:
        return n in self.members(max(n, 1))

    def require(self, n: int) -> None:
        """Raise UsageError unless n is a size of the family."""
        if n not in self:
            few = ", ".join(map(str, self.members(self.base**4)))
            raise UsageError(f"n = {n} is no size of the family {self}; it has {few}, ...")

    @property
    def unit(self) -> str:
        """What is counted."""
        return "flops"


@lru_cache(maxsize=64)
def matrix(transform: str, n: int) -> NDArray[np.complex128]:
    """The true matrix, ``(n, n)`` complex128; idft without its factor 1/n. Read only."""
    if n == 1:
        return np.ones((1, 1), dtype=np.complex128)
    found = np.array(transforms.get(transform, n, norm=UNSCALED[transform]).matrix, dtype=np.complex128)
    found.setflags(write=False)
    return found


def truth(transform: str, x: NDArray[np.complex128]) -> NDArray[np.complex128]:
    """The transform of ``x`` along its last axis by the oracle of the transform, numpy.fft or scipy; idft unscaled."""
    oracle: Any = transforms.FAMILIES[transform].oracle
    norm = UNSCALED[transform]
    if transforms.get(transform, 2).field == "complex":
        return np.asarray(oracle(x, norm=norm))
    return np.asarray(oracle(x.real, norm=norm) + 1j * oracle(x.imag, norm=norm))


def switched_on(family: Family, names: tuple[str, ...] | None = None) -> tuple[VectorPrimitive, ...]:
    """The vector primitives by these names, None: the usual ones, as far as they are for the field.

    Raises UsageError for an unknown name, and for a choice that no scheme could be made of.
    """
    if names is None:
        return tuple(one for one in VECTORS.values() if one.usual and family.field in one.fields)
    for name in names:
        if name not in VECTORS:
            raise UsageError(f"vector primitive {name!r} is unknown; known are {', '.join(VECTORS)}")
        if family.field not in VECTORS[name].fields:
            raise UsageError(f"vector primitive {name!r} is not for {family.field} data, which {family.transform} has")
    chosen = tuple(one for one in VECTORS.values() if one.name in names)
    for need, there in (
        ("self", any(one.kind == "call" for one in chosen)),
        ("add or subtract", bool({"add", "subtract"} & set(names))),
        ("stride or block", any(one.shortens for one in chosen)),
        ("concatenate or interleave", any(one.joins for one in chosen)),
    ):
        if not there:
            raise UsageError(f"without {need} no scheme of {family.title} can be made; switch it on")
    return chosen
