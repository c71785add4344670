"""From a program with float constants to one with exact constants: refine, fix what is free, recognise, round.

Fields are tried from the smallest on, each with a few hundred and then with more bits. What comes out is a guess
that explains the digits; whether it is right is for :mod:`gp_fft.proof.checking` to say.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
from flint import fmpq, fmpq_poly

from gp_fft.ground.clock import Clock
from gp_fft.program import Program
from gp_fft.program.cost import set_of
from gp_fft.proof.field import Element, RealField, orders, real_field
from gp_fft.proof.recognise import choose_free, recognise
from gp_fft.proof.refine import Refined, free_directions, refine
from gp_fft.proof.system import SAME, System
from gp_fft.transforms.balls import fixed
from gp_fft.transforms.coded import ExactMatrix

STAGES = (400, 1000, 2500)  # bits of precision; later ones only for constants that the earlier could not tell
DISTANCES = (0.03, 1e-3, 1e-6)  # how far a free constant may be moved (relative), the shortest fractions first
LEAST_SIZE = 2.0**-120
ILL_CONDITIONED = -90.0  # log2 of an error that no approximation has by chance
SOLVED = -300.0  # log2 of an error that is nothing but rounding in the first stage


class NotFound(Exception):
    """No exact constants were found, for a reason in one sentence; perhaps because there are none."""

    def __init__(self, reason: str, approximate: bool = False) -> None:
        super().__init__(reason)
        self.reason, self.approximate = reason, approximate


@dataclass(frozen=True)
class Solution:
    """A program whose sizes are the float64 nearest to exact numbers, and these numbers."""

    program: Program
    field: RealField
    constants: dict[float, Element]


def solve(
    program: Program, goal: ExactMatrix, size: int, apart: bool, clock: Clock, listed: bool = False
) -> Iterator[Solution]:
    """Candidates for the exact form of a program, the likeliest first; raises NotFound where there is none.

    ``size`` is the n of the transform. Unknown are the sizes of the program, equal up to drift or, if that fails, as
    they are; with ``apart`` it is the size of each product by itself, which leaves most freedom without a product
    more, since a size at two references counts twice anyway. Where the primitive set lists its constants, or with
    ``listed`` that of the program without its border, the sizes are first taken for the dyadic fractions that they
    are, and no others than listed ones will do.
    """
    extreme = [size for size in program.sizes.tolist() if not LEAST_SIZE < size < 1 / LEAST_SIZE]
    if extreme:
        raise NotFound(f"the size {extreme[0]:g} is too extreme to be refined in fixed point")
    if listed or set_of(program).constants is not None:
        yield _as_it_is(program, real_field(orders(goal.order, size)[0]))
    least, solved = 0.0, False
    for same in (SAME,) if apart else (SAME, 0.0):
        system = System.of(program, goal, same, apart)
        refined = _descend(system, STAGES[0], {}, None, clock)
        least = min(least, refined.digits)
        if not refined.solved:
            continue
        for order in orders(goal.order, size):
            elements = _elements(system, refined, real_field(order), clock)
            if elements is not None:
                solved = True
                yield _rounded(system, real_field(order), elements)
        break
    if not solved:
        raise _failure(least)


def _failure(least: float) -> NotFound:
    """Why there are no exact constants, from log2 of the error that was left."""
    if least < SOLVED:
        return NotFound("its constants were not recognised in the fields that were tried")
    error = f"an error of {2.0**least:.1e}"
    if least < ILL_CONDITIONED:
        return NotFound(f"its constants could be refined to {error} only")
    return NotFound(f"no constants near its own make it exact: the best ones nearby keep {error}", approximate=True)


def _as_it_is(program: Program, field: RealField) -> Solution:
    """The program with its sizes for exact constants."""
    sizes = set(program.sizes.tolist()) - {1.0}
    return Solution(program, field, {size: fmpq_poly([fmpq(*size.as_integer_ratio())]) for size in sizes})


def _descend(system: System, bits: int, held: Mapping[int, int], start: Refined | None, clock: Clock) -> Refined:
    """Newton's method; where floats overflow on the way it has failed."""
    try:
        with np.errstate(all="ignore"):
            return refine(system, bits, held, start, clock)
    except (ArithmeticError, np.linalg.LinAlgError):
        return Refined((), bits, 0.0)


def _elements(system: System, refined: Refined, field: RealField, clock: Clock) -> list[Element] | None:
    """Every constant as an element of the field, those that are told by few digits first, or None."""
    if not system.start:
        return []
    known, refined = _freed(system, refined, field, clock)
    for bits in STAGES:
        if bits != refined.bits:
            refined = _descend(system, bits, _held(known, field, bits), refined, clock)
        if not refined.solved:
            return None
        for which, value in enumerate(refined.constants):
            clock.check()
            element = known.get(which) or recognise(value, bits, field)
            if element is not None:
                known[which] = element
            elif bits != STAGES[0]:
                break
        if len(known) == len(system.start):
            return [known[which] for which in range(len(known))]
    return None


def _freed(system: System, refined: Refined, field: RealField, clock: Clock) -> tuple[dict[int, Element], Refined]:
    """Simple values for the constants that are free, as short as Newton's method for the others can follow."""
    directions = free_directions(system.jacobian(refined.floats))
    if not len(directions):
        return {}, refined
    for far in DISTANCES:
        clock.check()
        chosen = choose_free(directions, refined, field, far)
        moved = _descend(system, refined.bits, _held(chosen, field, refined.bits), refined, clock)
        if moved.solved:
            break
    return chosen, moved


def _held(elements: Mapping[int, Element], field: RealField, bits: int) -> dict[int, int]:
    """Exact values of unknowns, scaled by 2^bits."""
    return {which: fixed(field.ball(value, bits), bits) for which, value in elements.items()}


def _rounded(system: System, field: RealField, elements: list[Element]) -> Solution:
    """The program with every size the float64 nearest to its exact constant."""
    one = fmpq_poly([1])
    floats = [field.rounded(element) for element in elements]
    constants: dict[float, Element] = {}
    for size, element in zip(floats, elements, strict=True):
        if size <= 0 or constants.setdefault(size, element) != element or (size == 1.0) != (element == one):
            raise NotFound("two of its exact constants round to the same float64")
    program, unknown = system.program, iter(system.unknown)
    rows = [
        [(1.0 if (k := next(unknown)) < 0 else floats[k], turn, ref) for _, turn, ref in row] for row in program.rows()
    ]
    outputs, name = program.outputs.tolist(), program.primitives
    built = Program.build(program.inputs, program.field, rows, outputs, program.title, name)
    used = set(built.sizes.tolist()) - {1.0}
    return Solution(built, field, {size: element for size, element in constants.items() if size in used})
