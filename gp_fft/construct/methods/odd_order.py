"""The DCT and DST of types 5 to 8: two transforms in eight orders, the halves of a real DFT of odd length.

With N odd, (2k+1)/2 of a period is N/2 less a whole number, so that types 5, 6, 7 of one kind and 8 of the other are
each other with inputs or outputs reversed, and with signs in turn (S. A. Martucci 1994; Z. Wang and B. R. Hunt 1985).
The cosines of n points are the real parts of a real DFT of 2n-1 points whose data are even, the sines the imaginary
parts of one of 2n+1 points whose data are odd (Y. A. Reznik 2013).
"""

from collections.abc import Callable, Iterator, Sequence
from functools import partial

from gp_fft.construct.builder import ZERO, Builder, negated, scaled
from gp_fft.construct.parts import Method, Parts
from gp_fft.construct.rescale import rescale
from gp_fft.construct.spectrum import to_pairs
from gp_fft.program import Program, Term
from gp_fft.transforms import Transform

KINDS = (("dct5", "dct6", "dct7", "dst8"), ("dst5", "dst6", "dst7", "dct8"))
"""The cosines and the sines: types 5, 6, 7 and 8, where the last has the name of the other kind."""

Order = Callable[[Sequence[Term]], list[Term]]


def _reversed(values: Sequence[Term]) -> list[Term]:
    return list(values[::-1])


def _alternating(values: Sequence[Term]) -> list[Term]:
    return [negated(value) if k % 2 else value for k, value in enumerate(values)]


_ORDERS: dict[str, tuple[tuple[Order, ...], tuple[Order, ...]]] = {  # before and after type 5, first things first
    "5": ((), ()),
    "6": ((_reversed,), (_alternating,)),
    "7": ((_alternating,), (_reversed,)),
    "8": ((_reversed, _alternating), (_reversed, _alternating)),
}


def reordered(name: str, other: str, program: Program, title: str) -> Program:
    """A transform from another one of its kind: by way of type 5, every step of which undoes itself."""
    build = Builder(program.inputs, "real")
    (before, after), (others_before, others_after) = (_ORDERS[known[-1]] for known in (name, other))
    x = _through((*before, *others_before[::-1]), build.x)
    return build.program(_through((*others_after[::-1], *after), build.apply(program, x)), title)


def _through(steps: Sequence[Order], values: Sequence[Term]) -> list[Term]:
    for step in steps:
        values = step(values)
    return list(values)


def cosines_of_real(halved: bool, program: Program, title: str) -> Program:
    """``dct5 n`` from ``rdft 2n-1`` of even data, as they are or halved, and then doubled at the end."""
    n = (program.inputs + 1) // 2
    build = Builder(n, "real")
    x = [scaled(value, 0.5) for value in build.x] if halved else build.x
    y = [re for re, _ in to_pairs(build.apply(program, [*x, *x[:0:-1]]))[:n]]
    made = build.program(y, title)
    return rescale(made, 2.0) if halved else made


def sines_of_real(halved: bool, program: Program, title: str) -> Program:
    """``dst5 n`` from ``rdft 2n+1`` of odd data, as they are or halved, and then doubled at the end."""
    n = program.inputs // 2
    build = Builder(n, "real")
    x = [scaled(value, 0.5) for value in build.x] if halved else build.x
    odd = [ZERO, *x, *(negated(value) for value in x[::-1])]
    made = build.program([negated(im) for _, im in to_pairs(build.apply(program, odd))[1 : n + 1]], title)
    return rescale(made, 2.0) if halved else made


def _made(transform: Transform, parts: Parts) -> Iterator[Program | None]:
    (kind,) = (number for number, names in enumerate(KINDS) if transform.name in names)
    n, title = transform.inputs, transform.title
    if transform.name == KINDS[kind][0]:
        make, points = ((cosines_of_real, 2 * n - 1), (sines_of_real, 2 * n + 1))[kind]
        for halved in (False, True):
            yield parts.join(partial(make, halved), title, ("rdft", points))
    for other in KINDS[kind]:
        if other != transform.name:
            yield parts.join(partial(reordered, transform.name, other), title, (other, n))


METHOD = Method("odd-order", (*KINDS[0], *KINDS[1]), lambda transform: transform.inputs > 1, _made, rank=1)
