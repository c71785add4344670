"""What measures of error see of a program in ball arithmetic: matrices whose entries surely hold the true ones.

A complex matrix stands as a real one, real parts on the left and imaginary parts on the right, which changes no length
of a row and no product of two rows that is asked for. FLINT's balls (F. Johansson, Arb, 2017) keep to the precision of
the context in which they are computed.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property, lru_cache

from flint import arb, arb_mat, ctx, fmpq

from gp_fft.transforms import balls
from gp_fft.transforms.scaling import BOTH, OUTPUTS, UNIFORM
from gp_fft.transforms.transform import Transform

RHO = Fraction(19, 20)
"""The correlation of neighbours in the Markov process that goes in."""
NEARLY = 1e-9
"""A cosine between a row and its target that is above minus this is no wrong sign but round-off."""


class Undecided(ArithmeticError):
    """The balls are too wide to tell a sign, or zero from what is not."""


@dataclass(frozen=True, eq=False)
class Enclosure:
    """A program beside its transform, in balls.

    ``left`` is ``(outputs, inputs)``, twice as wide if ``pairs``: the matrix of the program, its factors divided out.
    """

    left: arb_mat
    transform: Transform
    free: str  # a word of FREE
    pairs: bool  # real and imaginary parts side by side

    @cached_property
    def target(self) -> arb_mat:
        """The transform itself, as wide as ``left``."""
        return _target(self.transform.plain, self.pairs, ctx.prec)

    @cached_property
    def unit(self) -> arb_mat:
        """The target with rows of length 1."""
        return _times(self.target, [1 / size.sqrt() for size in squares(self.target)])

    @cached_property
    def correlations(self) -> arb_mat:
        """The covariance of a Markov process, see ``unit_rows.correlations``."""
        return _correlations(self.transform.plain, self.pairs, ctx.prec)

    def comparable(self, unit_rows: bool = False) -> arb_mat:
        """The program as it is compared with ``unit``, see ``unit_rows.comparable``; or with rows of length 1."""
        if unit_rows or self.free in (OUTPUTS, BOTH):
            sizes = [_length(size) for size in squares(self.left)]
            return self._signed(_times(self.left, [1 / size for size in sizes]))
        rows = _times(self.left, [1 / size.sqrt() for size in squares(self.target)])
        if self.free != UNIFORM:
            return rows
        whole, n = _length(sum(squares(rows), arb(0))), rows.nrows()
        turned = _sign(sum(_products(rows, self.unit), arb(0)) / (whole * arb(n).sqrt()))
        return rows * (turned * arb(n).sqrt() / whole)

    def _signed(self, rows: arb_mat) -> arb_mat:
        """Rows of length 1 with the signs that bring them nearer to the target."""
        return _times(rows, [arb(_sign(product)) for product in _products(rows, self.unit)])

    def sizes(self, matrix: arb_mat) -> Iterable[arb]:
        """The sizes of the entries of a matrix that is as wide as ``left``."""
        entries, width = matrix.tolist(), matrix.ncols() // 2
        if not self.pairs:
            return (abs(entry) for row in entries for entry in row)
        squared = (a * a + b * b for row in entries for a, b in zip(row[:width], row[width:], strict=True))
        return (size.sqrt() for size in squared)


def squares(matrix: arb_mat) -> list[arb]:
    """The square of the length of each row."""
    return [sum((entry * entry for entry in row), arb(0)) for row in matrix.tolist()]


def largest(sizes: Iterable[arb]) -> arb:
    """The largest of numbers that are not negative; 0 of none."""
    most = arb(0)
    for size in sizes:
        most = most.max(size)
    return most


def _products(rows: arb_mat, others: arb_mat) -> list[arb]:
    pairs = zip(rows.tolist(), others.tolist(), strict=True)
    return [sum((a * b for a, b in zip(row, other, strict=True)), arb(0)) for row, other in pairs]


def _times(rows: arb_mat, factors: list[arb]) -> arb_mat:
    return arb_mat([[entry * factor for entry in row] for row, factor in zip(rows.tolist(), factors, strict=True)])


def _length(square: arb) -> arb:
    """The root of a sum of squares, or 1 of zero."""
    if square.is_zero():
        return arb(1)
    if not square > 0:
        raise Undecided("a row may be zero or not")
    return square.sqrt()


def _sign(cosine: arb) -> int:
    if cosine < -NEARLY:
        return -1
    if cosine > -NEARLY:
        return 1
    raise Undecided("the sign of a row is not clear")


@lru_cache(maxsize=16)
def _target(transform: Transform, pairs: bool, bits: int) -> arb_mat:
    with ctx.workprec(bits):
        exact = transform.exact
        known = [balls.parts(value.number.terms, value.number.order, value.square) for value in exact.values]
        sides = (0, 1) if pairs else (0,)
        return arb_mat([[known[place][side] for side in sides for place in row] for row in exact.index.tolist()])


@lru_cache(maxsize=16)
def _correlations(transform: Transform, pairs: bool, bits: int) -> arb_mat:
    plane = transform.name.endswith("-2d") and len(transform.shape) == 2
    high, wide = transform.shape if plane else (1, transform.inputs)
    with ctx.workprec(bits):
        rho = arb(fmpq(RHO.numerator, RHO.denominator))
        powers = [rho**k for k in range(high + wide)]
        places = [divmod(k, wide) for k in range(high * wide)]
        whole = [[powers[abs(a - c) + abs(b - d)] for c, d in places] for a, b in places]
    if not pairs:
        return arb_mat(whole)
    none = [arb(0)] * len(places)
    return arb_mat([row + none for row in whole] + [none + row for row in whole])
