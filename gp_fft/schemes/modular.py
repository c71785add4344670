"""A scheme multiplied out modulo a prime, on all basis vectors, for every size of its family up to a largest one.

Modulo a prime P with P = 1 (mod 8n and 12) there are roots of unity of every order that a scheme uses, square roots of
-1 and 1/2 among the rest, and no rounding: the whole matrix of residues is compared with that of the definition.
It proves the sizes that were multiplied out, up to the chance that a wrong scheme is right modulo this one prime.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from flint import fmpz
from numpy.typing import NDArray

from gp_fft.schemes.family import Family
from gp_fft.schemes.running import run
from gp_fft.schemes.scheme import Scheme
from primitives.vectors import Entries

BATCH = 512  # basis vectors at a time
BITS = 30  # of the prime: a product of two residues fits 64 bits
TO = 4096


@dataclass(frozen=True)
class Residues:
    """int64 residues, ``(batch, n)``, modulo a prime that has roots of unity of the order that is asked for."""

    family: Family
    largest: int

    @cached_property
    def order(self) -> int:
        """Of the primitive root of unity."""
        order = 24 * self.largest
        return order * 5 if self.family.prime == 5 else order

    @cached_property
    def prime(self) -> int:
        """The smallest prime of so many bits that is 1 modulo the order."""
        candidate = (2**BITS // self.order + 1) * self.order + 1
        while not fmpz(candidate).is_prime():
            candidate += self.order
        return int(candidate)

    @cached_property
    def root(self) -> int:
        """A primitive root of unity of the order."""
        divisors = {int(p) for p, _ in fmpz(self.order).factor()}
        base = 2
        while True:
            root = int(pow(base, (self.prime - 1) // self.order, self.prime))
            if all(pow(root, self.order // p, self.prime) != 1 for p in divisors):
                return root
            base += 1

    @cached_property
    def powers(self) -> NDArray[np.int64]:
        """All powers of the root."""
        powers = np.ones(self.order, np.int64)
        known = 1
        while known < self.order:
            more = min(known, self.order - known)
            powers[known : known + more] = powers[:more] * pow(self.root, known, self.prime) % self.prime
            known += more
        return powers

    def waves(self, angle: NDArray[np.int64], of: int, wave: str) -> NDArray[np.int64]:
        """The constants ``wave(angle/of)`` as residues; i stands for the root to the order's three quarters."""
        places = (angle % of) * (self.order // of) % self.order
        forward = self.powers[places]
        if wave == "root":
            return np.asarray(forward)
        back, half = self.powers[-places % self.order], pow(2, -1, self.prime)
        if wave == "cosine":
            return np.asarray((forward + back) * half % self.prime)
        return np.asarray(
            (forward - back) % self.prime * (half * int(self.powers[3 * self.order // 4]) % self.prime) % self.prime
        )

    def turned(self, vector: NDArray[np.int64], turn: int) -> NDArray[np.int64]:
        """``i**turn`` times a vector."""
        return np.asarray(vector * self.powers[-turn * self.order // 4 % self.order] % self.prime)

    def sum(self, one: NDArray[np.int64], other: NDArray[np.int64]) -> NDArray[np.int64]:
        """The sum of two."""
        return (one + other) % self.prime

    def entries(self, parts: Sequence[NDArray[np.int64]], entries: Entries) -> NDArray[np.int64]:
        """Entries of parts, moved and weighed."""
        taken = parts[0][:, entries.source] if len(parts) == 1 else np.stack(parts)[entries.part, :, entries.source].T
        if not entries.angle.any() and entries.wave != "sine":
            return np.asarray(taken)
        return np.asarray(taken * self.waves(entries.angle, entries.of, entries.wave) % self.prime)

    def leaf(self, vector: NDArray[np.int64], n: int) -> NDArray[np.int64]:
        """The definition."""
        total = np.zeros_like(vector)
        columns = self.matrix(n)
        for k in range(n):
            total = (total + vector[:, k, None] * columns[:, k]) % self.prime
        return total

    def matrix(self, n: int, columns: slice = slice(None)) -> NDArray[np.int64]:
        """Columns of the true matrix of residues."""
        rows, places = np.arange(n), np.arange(n)[columns]
        if self.family.transform == "wht":
            return np.asarray(np.where(np.bitwise_count(rows[:, None] & places) % 2, self.prime - 1, 1), np.int64)
        products = np.outer(rows, places) % n
        if self.family.transform == "dht":
            both = self.waves(products, n, "cosine") + self.waves(products, n, "sine")
            return np.asarray(both % self.prime)
        return np.asarray(self.waves(-products if self.family.transform == "idft" else products, n, "root"))


def sizes_proved(scheme: Scheme, largest: int = TO) -> tuple[list[int], int, int]:
    """The sizes up to a largest one whose whole matrix is right modulo a prime; the first that is not, 0; the prime."""
    members = scheme.family.members(largest)
    residues = Residues(scheme.family, members[-1])
    proved = list[int]()
    for n in members:
        for first in range(0, n, BATCH):
            columns = slice(first, min(n, first + BATCH))
            basis = np.eye(n, dtype=np.int64)[columns]
            if not np.array_equal(run(scheme, basis, n, residues), residues.matrix(n, columns).T):
                return proved, n, residues.prime
        proved.append(n)
    return proved, 0, residues.prime
