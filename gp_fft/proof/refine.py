"""Newton's method on the constants of a program, from the digits that drift has left to hundreds of bits.

The residual is computed in fixed point, the step from a float64 factorisation of the Jacobian that is renewed as
long as it helps: each step gains about as many digits as the factorisation is right to (the chord method). Where
the equations leave constants free (a definition may be scaled at will and its users by the inverse), the solutions
form a surface; the first descent finds the point on it nearest to the program, later ones hold some constants.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from gp_fft.ground.clock import Clock
from gp_fft.proof.system import Floats, Integers, System

RANK = 1e-8  # singular values below this part of the greatest one belong to free directions
FAR = 1e-5  # relative change of a constant from which on it is another constant
FURTHER = 0.5  # the same where some constants were moved on purpose
SLACK_BITS = 40  # bits that rounding may cost
MOST_STEPS = 300


@dataclass(frozen=True)
class Refined:
    """Where Newton's method came to rest: constants scaled by 2^bits, and the error that is left there."""

    constants: tuple[int, ...]
    bits: int
    digits: float  # log2 of the relative Frobenius error of the matrix at these constants

    @property
    def solved(self) -> bool:
        """Whether the error is nothing but the rounding in the last bits."""
        return self.digits < SLACK_BITS - self.bits

    @property
    def floats(self) -> Floats:
        """The constants as float64."""
        return np.array([value / (1 << self.bits) for value in self.constants])


def refine(
    system: System, bits: int, held: Mapping[int, int], start: Refined | None = None, clock: Clock | None = None
) -> Refined:
    """Move all constants but the ``held`` ones (unknown: value scaled by 2^bits) until M = F to the last bits.

    Constants that have nothing to follow stay where they are, or else the method has failed; those that follow held
    ones, which were moved to simple values, may go a little further. Raises TimeOver when the clock is over.
    """
    constants = _scaled(system, bits, start)
    for which, value in held.items():
        constants[which] = value
    loose = [k for k in range(len(constants)) if k not in held]
    goal = system.goal(bits)
    norm = _size(goal)
    best, least, last = constants, math.inf, math.inf
    factor, renewed = None, False
    for _ in range(MOST_STEPS):
        if clock is not None:
            clock.check()
        if not _near(system, constants, bits, FURTHER if held else FAR):
            break
        residual = system.residual(constants, goal, bits)
        error = _size(residual) - norm
        if error < least:
            best, least = list(constants), error
        slow = error > last - 6
        stuck = slow and renewed and error > last - 1
        if error < SLACK_BITS - bits or not loose or stuck:
            break
        renewed = factor is None or slow
        if factor is None or slow:
            factor = pseudo_inverse(system.jacobian(_floats(constants, bits))[:, loose])
        for which, step in zip(loose, _step(factor, residual), strict=True):
            constants[which] -= constants[which] * step >> bits
        last = error
    return Refined(tuple(best), bits, least)


def pseudo_inverse(jacobian: Floats) -> Floats:
    """The pseudo-inverse, every unknown in the unit of its effect, singular values below RANK left out."""
    scaled, units = _balanced(jacobian)
    across, triangle = np.linalg.qr(scaled)  # the decomposition of the small triangle costs next to nothing
    left, values, right = np.linalg.svd(triangle, full_matrices=False)
    kept = values > RANK * values[0]
    inverse: Floats = (right[kept].T / values[kept]) @ (across @ left[:, kept]).T / units[:, None]
    return inverse


def free_directions(jacobian: Floats) -> Floats:
    """An orthonormal basis, in rows, of the directions in which the matrix does not move: ``(free, unknowns)``."""
    scaled, _ = _balanced(jacobian)
    triangle = np.linalg.qr(scaled, mode="r")
    _, values, right = np.linalg.svd(triangle)
    directions: Floats = right[int((values > RANK * values[0]).sum()) :]
    return directions


def _balanced(jacobian: Floats) -> tuple[Floats, Floats]:
    """The Jacobian with columns of length 1 (or 0), and the lengths that they had."""
    lengths = np.linalg.norm(jacobian, axis=0)
    units: Floats = np.where(lengths > 0, lengths, 1.0)
    return jacobian / units, units


def _scaled(system: System, bits: int, start: Refined | None) -> list[int]:
    """The constants to start from, scaled by 2^bits."""
    if start is None:
        return [int(math.ldexp(size, 60)) << bits >> 60 for size in system.start]
    return [value << bits >> start.bits for value in start.constants]


def _floats(constants: list[int], bits: int) -> Floats:
    return np.array([value / (1 << bits) for value in constants])


def _near(system: System, constants: list[int], bits: int, far: float) -> bool:
    """Whether every constant is still about what the program says."""
    first = np.array(system.start)
    return bool((np.abs(_floats(constants, bits) - first) <= far * first).all())


def _step(factor: Floats, residual: Integers) -> list[int]:
    """The relative change of each loose constant, in the scale of the residual, from the 62 leading bits of it."""
    excess = max(max(map(abs, residual.tolist())).bit_length() - 62, 0)
    leading = np.array([value >> excess for value in residual.tolist()], np.float64)
    return [int(move) << excess for move in (factor @ leading).tolist()]


def _size(numbers: Integers) -> float:
    """log2 of the Euclidean norm."""
    square = sum(value * value for value in numbers.tolist())
    return math.log2(square) / 2 if square else -math.inf
