"""Kin: transforms of one size that differ in order, signs and one factor, or by an addition for two outputs.

Sine transforms are cosine transforms of alternating or reversed data (Z. Wang 1984); the Hartley transform is Re - Im
of the real DFT (R. N. Bracewell 1983); of odd size the DCT II is a real DFT in another order (M. T. Heideman 1992) and
the DCT IV is one followed by Re +- Im (S. C. Chan and K. L. Ho 1990 for such index maps).
"""

from collections.abc import Callable, Iterator
from functools import partial
from math import sqrt

from flint import fmpz

from gp_fft.construct.builder import ZERO, Builder, negated, scaled
from gp_fft.construct.parts import Method, Parts
from gp_fft.construct.rescale import rescale
from gp_fft.construct.spectrum import from_pairs, hartley, to_pairs
from gp_fft.program import Program, Term
from gp_fft.transforms import Transform

OTHER = {f"d{a}t{kind}": f"d{b}t{kind}" for a, b in ("cs", "sc") for kind in "234"}


def sine_of_cosine(kind: str, program: Program, title: str) -> Program:
    """A sine transform of type 2, 3 or 4 from the cosine transform of that type, or the other way round."""
    build = Builder(program.inputs, "real")
    if kind == "3":
        return build.program(_alternating(build.apply(program, build.x[::-1])), title)
    return build.program(build.apply(program, _alternating(build.x))[::-1], title)


def _alternating(values: list[Term]) -> list[Term]:
    return [negated(value) if k % 2 else value for k, value in enumerate(values)]


def hartley_of_real(program: Program, title: str) -> Program:
    """``dht n`` from ``rdft n``."""
    build = Builder(program.inputs, "real")
    return build.program(hartley(build, to_pairs(build.apply(program, build.x)), program.inputs), title)


def real_of_hartley(program: Program, title: str) -> Program:
    """``rdft n`` from ``dht n``; the halves vanish in tidying where the program has Re and Im as values."""
    n = program.inputs
    build = Builder(n, "real")
    h = [scaled(value, 0.5) for value in build.apply(program, build.x)]
    pairs = [(build.sum(h[k], h[-k]), build.difference(h[-k], h[k])) for k in range(n // 2 + 1)]
    return build.program(from_pairs(pairs, n), title)


def _odd_places(n: int) -> list[int]:
    """Where input j of a DCT II of odd size n stands in the real DFT."""
    return [(-1) ** j * (2 * j + 1) * (n + 1) // 2 % n for j in range(n)]


def second_of_real(program: Program, title: str) -> Program:
    """``dct2 n`` from ``rdft n``, n odd: twice its outputs in another order."""
    n = program.inputs
    build = Builder(n, "real")
    x = [ZERO] * n
    for j, place in enumerate(_odd_places(n)):
        x[place] = build.x[j]
    pairs = to_pairs(build.apply(rescale(program, 2.0), x))
    y = [ZERO] * n
    for m in range(n // 2, -1, -1):  # the last is Re 0, over the Im 0 that is none
        re, im = pairs[m]
        y[-2 * m], y[2 * m] = scaled(im, -((-1.0) ** m)), scaled(re, (-1.0) ** m)
    return build.program(y, title)


def real_of_second(program: Program, title: str) -> Program:
    """``rdft n`` from ``dct2 n``, n odd: half its outputs in another order."""
    n = program.inputs
    build = Builder(n, "real")
    c = build.apply(rescale(program, 0.5), [build.x[place] for place in _odd_places(n)])
    pairs = [(scaled(c[2 * m], (-1.0) ** m), scaled(c[-2 * m], -((-1.0) ** m))) for m in range(n // 2 + 1)]
    return build.program(from_pairs(pairs, n), title)


def fourth_of_real(program: Program, title: str) -> Program:
    """``dct4 n`` from ``rdft n``, n odd: sqrt(2) (+-Re +- Im).

    By the Chinese remainders of 8 and n, cos(2 pi ab / 8n) with odd a, b is a product of the quadratic characters of 8
    at a and at b and of cosines and sines of multiples of 2 pi / n.
    """
    n = program.inputs
    build = Builder(n, "real")
    x = [ZERO] * n
    for j in range(n):
        b = 2 * j + 1
        x[(b if b % 4 == 1 else -b) % n] = scaled(build.x[j], _character(2, b))
    pairs = to_pairs(build.apply(rescale(program, sqrt(2.0)), x))
    y: list[Term] = []
    for a in range(1, 2 * n, 2):
        factors = _character(2, n * a), _character(-2, n * a)
        y.append(build.combine(factors, pairs[pow(8, -1, n) * a % n]))
    return build.program(y, title)


def walsh_of_natural(program: Program, title: str) -> Program:
    """``walsh n`` from ``wht n``: row k is the one whose number is the Gray code of k with its bits reversed."""
    build = Builder(program.inputs, "real")
    y = build.apply(program, build.x)
    return build.program([y[place] for place in _places(program.inputs)], title)


def natural_of_walsh(program: Program, title: str) -> Program:
    """``wht n`` from ``walsh n``."""
    build = Builder(program.inputs, "real")
    known = dict(zip(_places(program.inputs), build.apply(program, build.x), strict=True))
    return build.program([known[k] for k in range(program.inputs)], title)


def _places(n: int) -> list[int]:
    bits = n.bit_length() - 1
    return [int(f"{k ^ k >> 1:0{bits}b}"[::-1], 2) for k in range(n)]


def _character(a: int, m: int) -> float:
    """The Jacobi symbol: for a = 2 and -2 the signs of cos(pi m / 4) and sin(pi m / 4)."""
    return float(int(fmpz(a).jacobi(m)))


_RELATIONS: tuple[tuple[str, str, bool, Callable[[Program, str], Program]], ...] = (
    *((name, other, False, partial(sine_of_cosine, name[-1])) for name, other in OTHER.items()),
    ("dht", "rdft", False, hartley_of_real),
    ("rdft", "dht", False, real_of_hartley),
    ("dct2", "rdft", True, second_of_real),
    ("rdft", "dct2", True, real_of_second),
    ("dct4", "rdft", True, fourth_of_real),
    ("walsh", "wht", False, walsh_of_natural),
    ("wht", "walsh", False, natural_of_walsh),
)
"""What is made of what, whether only of odd size, and how."""


def _relatives(transform: Transform, parts: Parts) -> Iterator[Program | None]:
    for name, other, odd, make in _RELATIONS:
        if transform.name == name and not (odd and transform.inputs % 2 == 0):
            yield parts.join(make, transform.title, (other, transform.inputs))


METHOD = Method("kin", (*OTHER, "dht", "rdft", "walsh"), lambda transform: transform.inputs > 1, _relatives, rank=1)
