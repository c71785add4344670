"""What is known of a scheme: proved for every n of its family, or for all sizes to 4096 modulo a prime, or wrong."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from gp_fft.schemes.modular import TO, sizes_proved
from gp_fft.schemes.scheme import Scheme
from gp_fft.schemes.symbolic import OutOfReachError, one_level


@dataclass(frozen=True)
class Proof:
    """The outcome of :func:`prove`."""

    status: str  # "every n", "sizes" or "wrong"
    statement: str  # one sentence

    @property
    def holds(self) -> bool:
        """Whether the scheme is right, as far as was proved."""
        return self.status != "wrong"


@lru_cache(maxsize=64)
def prove(scheme: Scheme) -> Proof:
    """Prove a scheme: one level with n symbolic, and the sizes at which the induction begins modulo a prime.

    Where the symbolic identity is out of reach every size to TO is multiplied out modulo a prime, and the statement
    says so.
    """
    family = scheme.family
    try:
        parts = one_level(scheme)
    except OutOfReachError as error:
        return _by_sizes(scheme, f"the identity for every n is out of reach: {error}")
    if parts == 0:
        return _by_sizes(scheme, "the identity for every n does not hold")
    begun = [n for n in family.members(parts) if n < parts]
    if begun and max(begun) >= family.prime**scheme.depth:
        _, wrong, _ = sizes_proved(scheme, max(begun))
        if wrong:
            return Proof("wrong", f"wrong at n = {wrong}")
    leaves = ", ".join(map(str, begun)) or "1"
    return Proof(
        "every n",
        f"proved for every n of the family {family}: one level with n = {parts} N symbolic, calls being right at "
        f"shorter lengths, and n = {leaves} where the induction begins",
    )


def _by_sizes(scheme: Scheme, why: str) -> Proof:
    proved, wrong, prime = sizes_proved(scheme, TO)
    if wrong:
        return Proof("wrong", f"wrong at n = {wrong}: {why}")
    return Proof("sizes", f"proved modulo the prime {prime} for all {len(proved)} sizes to {proved[-1]}; {why}")
