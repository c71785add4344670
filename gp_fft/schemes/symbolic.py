"""The proof for every n: one level of a scheme, its calls taken for the true transform, with n symbolic.

Every primitive acts on an index and on an exponent of w_n by a formula that holds for all n = P N at once. Entry k of
the result is followed back to the input: k splits into cases where a primitive asks for its block or its residue, and
so does the index that a call sums over. What is left is a sum of terms ``c w_n**e(k, m) x[a m + b]``, sorted by
the class of inputs that they stand at and compared with the definition. The coefficients are sums of roots of unity,
compared exactly in their cyclotomic field. With calls that are right at shorter lengths the whole is then right, for
all N: that is the step of an induction, which begins at the sizes below P.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from fractions import Fraction
from itertools import count

from flint import fmpq, fmpq_poly, fmpz_poly

from gp_fft.schemes.affine import (
    ONE,
    Affine,
    N,
    Polynomial,
    Symbol,
    added,
    plus,
    product,
    put_in,
    put_in_all,
    reduced,
    times,
    variables,
)
from gp_fft.schemes.scheme import CALL, SUM, Scheme

HALF, QUARTER = Fraction(1, 2), Fraction(1, 4)
Wave = tuple[
    Fraction, Fraction, int
]  # c, an angle in turns, and the sign of the exponent: c w**(sign e) e(-2 pi i angle)
WAVES: dict[str, tuple[Wave, ...]] = {
    "root": ((Fraction(1), Fraction(0), 1),),
    "cosine": ((HALF, Fraction(0), 1), (HALF, Fraction(0), -1)),
    "sine": ((HALF, 3 * QUARTER, 1), (HALF, QUARTER, -1)),
}
KERNELS: dict[str, tuple[Wave, ...]] = {
    "dft": WAVES["root"],
    "idft": ((Fraction(1), Fraction(0), -1),),
    "dht": (*WAVES["cosine"], *WAVES["sine"]),
    "wht": ((Fraction(1), Fraction(0), 0),),  # its signs are followed beside, see _walsh
}
DEEPER = 4  # levels beyond those of the scheme that cases may split


class OutOfReachError(Exception):
    """This scheme does something that the formulas do not follow; the message says what."""


class _TooFewError(Exception):
    """P must be a higher power."""


class _SplitError(Exception):
    """A case must be split: by blocks, or by residues, of a variable."""

    def __init__(self, variable: Symbol, residues: bool) -> None:
        super().__init__(variable)
        self.variable, self.residues = variable, residues


@dataclass(frozen=True)
class Term:
    """``factor * exp(-2 pi i angle) * w_n**exponent * x[place]``, summed over a variable if there is one."""

    place: Affine
    factor: Fraction = Fraction(1)
    angle: Fraction = Fraction(0)
    exponent: Polynomial = field(default_factory=dict)
    summed: Symbol = ""
    call: tuple[int, Affine, Affine] | None = None  # level of the call, its output index, its input index

    def put_in(self, value: Affine) -> Term:
        """The term with an index put in for the variable of its sum."""
        call = self.call and (self.call[0], self.call[1], put_in(self.call[2], self.summed, value))
        exponent = put_in_all(self.exponent, self.summed, value)
        return replace(self, place=put_in(self.place, self.summed, value), exponent=exponent, call=call)


def one_level(scheme: Scheme) -> int:
    """P for which one level of the scheme is the transform for every n = P N, calls being right; 0 if it is not.

    Raises OutOfReachError where the scheme does what cannot be followed.
    """
    for levels in range(scheme.depth, scheme.depth + DEEPER + 1):
        try:
            holds = _Level(scheme, levels).holds()
        except _TooFewError:
            continue
        return scheme.family.prime**levels if holds else 0
    raise OutOfReachError(f"its indices split further than n/{scheme.family.prime ** (scheme.depth + DEEPER)}")


class _Level:
    """One level of a scheme at n = P N, ``P = prime**levels``."""

    def __init__(self, scheme: Scheme, levels: int) -> None:
        self.scheme, self.prime, self.parts = scheme, scheme.family.prime, scheme.family.prime**levels
        self.kernel = KERNELS[scheme.family.transform]
        self.ranges: dict[Symbol, int] = {}
        self._names = count()

    def holds(self) -> bool:
        """Whether every case of the output index gives the definition."""
        cases = [self._variable(self.parts)]
        while cases:
            case = cases.pop()
            try:
                right = self._is_definition(case, self._value(len(self.scheme.steps), case, True))
            except _SplitError as split:
                cases += self._split(case, split)
                continue
            if not right:
                return False
        return True

    def _variable(self, blocks: int) -> Affine:
        name = f"v{next(self._names)}"
        self.ranges[name] = blocks
        return {name: 1}

    def _split(self, index: Affine, split: _SplitError) -> list[Affine]:
        """The cases of an index by blocks or residues of one of its variables."""
        if split.variable not in index:
            raise split
        blocks, left = divmod(self.ranges[split.variable], self.prime)
        if left:
            raise _TooFewError
        cases = list[Affine]()
        for q in range(self.prime):
            fresh = self._variable(blocks)
            value = plus(times(fresh, self.prime), {ONE: q}) if split.residues else plus(fresh, {N: q * blocks})
            cases.append(put_in(index, split.variable, value))
        return cases

    def _length(self, level: int) -> int:
        """How many times N a vector of a level is long."""
        blocks, left = divmod(self.parts, self.prime**level)
        if left:
            raise _TooFewError
        return int(blocks)

    def _value(self, ref: int, at: Affine, exact: bool) -> list[Term]:
        """Entry ``at`` of a vector; not ``exact``: the index is meant modulo the length."""
        if ref == 0:
            return [Term(at)]
        step, level = self.scheme.steps[ref - 1], self.scheme.levels[ref]
        if step.form.name == SUM:
            return [term for k in (0, 1) for term in self._argument(ref, k, at, exact)]
        if step.form.name == CALL:
            return self._call(ref, at, level, exact)
        primitive = self.scheme.primitive(step)
        assert primitive is not None
        radix, k, of = self.prime**step.form.levels, step.form.k, step.form.of
        match primitive.symbol:
            case "stride":
                return self._argument(ref, 0, plus(times(at, radix), {ONE: k}), exact)
            case "block":
                self._need(exact, "block")
                return self._argument(ref, 0, plus(at, {N: k * self._length(level)}), True)
            case "concatenate":
                self._need(exact, "concatenation")
                part = self._block_of(at, self._length(level + step.form.levels))
                back = {N: -part * self._length(level + step.form.levels)}
                return self._argument(ref, part, plus(at, back), True)
            case "interleave":
                part, inside = self._residue_of(at, radix)
                return self._argument(ref, part, inside, exact)
            case "twiddle" | "cosine" | "sine":
                self._need(exact or level == 0, "twiddle")
                waves = WAVES["root" if primitive.symbol == "twiddle" else primitive.symbol]
                return [
                    replace(
                        term,
                        factor=term.factor * c,
                        angle=term.angle + angle,
                        exponent=added(term.exponent, product({ONE: sign * k}, at)),
                    )
                    for c, angle, sign in waves
                    for term in self._argument(ref, 0, at, exact)
                ]
            case "root":
                return [replace(t, angle=t.angle + Fraction(k, of)) for t in self._argument(ref, 0, at, exact)]
            case "constant":
                return [
                    replace(t, factor=t.factor * HALF, angle=t.angle + sign * Fraction(k, of))
                    for sign in (1, -1)
                    for t in self._argument(ref, 0, at, exact)
                ]
            case "reverse":
                return self._argument(ref, 0, times(at, -1), False)
            case "shift":
                return self._argument(ref, 0, plus(at, {ONE: k}), False)
        raise OutOfReachError(f"the primitive {primitive.name!r} has no formula")

    def _need(self, exact: bool, what: str) -> None:
        if not exact:
            raise OutOfReachError(f"it has a {what} of a vector that is reversed or shifted")

    def _argument(self, ref: int, k: int, at: Affine, exact: bool) -> list[Term]:
        other, turn = self.scheme.steps[ref - 1].arguments[k]
        return [replace(term, angle=term.angle - turn * QUARTER) for term in self._value(other, at, exact)]

    def _call(self, ref: int, at: Affine, level: int, exact: bool) -> list[Term]:
        """Entry ``at`` of a call: the sum of the kernel times its argument, over cases of the index of the sum."""
        walsh = self.scheme.family.transform == "wht"
        self._need(exact or not walsh, "call")
        terms, cases = list[Term](), [self._variable(self._length(level))]
        while cases:
            case = cases.pop()
            try:
                inner = self._argument(ref, 0, case, True)
            except _SplitError as split:
                cases += self._split(case, split)
                continue
            summed = variables(case)[0]
            for term in inner:
                if term.summed:
                    raise OutOfReachError("it calls itself on what a call has given")
                for c, angle, sign in self.kernel:
                    exponent = added(term.exponent, product(at, case, sign * self.prime**level))
                    call = (level, at, case) if walsh else None
                    terms.append(Term(term.place, term.factor * c, term.angle + angle, exponent, summed, call))
        return terms

    def _block_of(self, at: Affine, blocks: int) -> int:
        """In which of the blocks of ``blocks * N`` entries an index stands, for every N."""
        if any(at[v] < 0 for v in variables(at)) or at.get(ONE, 0) < 0:
            raise OutOfReachError("it has a concatenation that is read backwards")
        part = at.get(N, 0) // blocks
        reach = at.get(N, 0) + sum(at[v] * self.ranges[v] for v in variables(at)) - (part + 1) * blocks
        rest = at.get(ONE, 0) - sum(at[v] for v in variables(at))
        if reach <= 0 and reach + rest <= -1:
            return part
        if not variables(at):
            raise _TooFewError
        raise _SplitError(max(variables(at), key=lambda v: at[v] * self.ranges[v]), False)

    def _residue_of(self, at: Affine, radix: int) -> tuple[int, Affine]:
        """The residue of an index, for every N, and the quotient."""
        for v in variables(at):
            if at[v] % radix:
                raise _SplitError(v, True)
        if at.get(N, 0) % radix:
            raise _TooFewError
        part = at.get(ONE, 0) % radix
        rest = plus(at, {ONE: -part})
        return part, {symbol: factor // radix for symbol, factor in rest.items()}

    def _is_definition(self, case: Affine, terms: list[Term]) -> bool:
        """Whether the terms of an entry are those of the definition."""
        stride, blocks, terms = self._alike(terms)
        sums: dict[tuple[int, int], dict[object, dict[Fraction, Fraction]]] = {}
        for c in range(stride):
            for d in range(0, self.parts, stride * blocks):
                sums[c, d] = self._wanted(case, {ONE: c, N: d, "m": stride})
        for term in terms:
            place = (term.place.get(ONE, 0), term.place.get(N, 0) % self.parts)
            if place not in sums:
                raise OutOfReachError("it reads its input in an order that is not followed")
            key, angle = self._key(term, case)
            entry = sums[place].setdefault(key, defaultdict(Fraction))
            entry[angle] += term.factor
        return all(_vanishes(entry) for entries in sums.values() for entry in entries.values())

    def _alike(self, terms: list[Term]) -> tuple[int, int, list[Term]]:
        """The terms with their sums split until all read every ``stride``-th input, ``blocks * N`` of them."""
        for term in terms:
            if not term.summed or variables(term.place) != [term.summed]:
                raise OutOfReachError("it uses its input without a call")
        terms = [self._forwards(term) for term in terms]
        stride = max(term.place[term.summed] for term in terms)
        split = [part for term in terms for part in self._by_residues(term, stride)]
        blocks = min(self.ranges[term.summed] for term in split)
        same = [part for term in split for part in self._by_blocks(term, blocks)]
        return stride, blocks, [part.put_in({"m": 1}) for part in same]

    def _forwards(self, term: Term) -> Term:
        """The term with its sum begun elsewhere, or run the other way, so that it reads its input from the front on.

        That is the same sum where place and exponent come round with its variable.
        """
        stride, offset = term.place[term.summed], term.place.get(ONE, 0)
        if 0 <= offset < stride:
            return term
        blocks = self.ranges[term.summed]
        around = term.put_in({term.summed: 1, N: blocks})
        same = reduced(around.exponent, self.parts) == reduced(term.exponent, self.parts)
        if stride * blocks % self.parts or not same or term.call is not None:
            raise OutOfReachError("it reads its input in an order that is not followed")
        if stride < 0:
            term, stride = term.put_in({term.summed: -1}), -stride
        return term.put_in({term.summed: 1, ONE: -(offset // stride)})

    def _by_residues(self, term: Term, stride: int) -> Iterator[Term]:
        several, left = divmod(stride, term.place[term.summed])
        if left or self.ranges[term.summed] % several:
            raise _TooFewError
        for q in range(several):
            fresh = variables(self._variable(self.ranges[term.summed] // several))[0]
            yield replace(term.put_in({fresh: several, ONE: q}), summed=fresh)

    def _by_blocks(self, term: Term, blocks: int) -> Iterator[Term]:
        several, left = divmod(self.ranges[term.summed], blocks)
        if left:
            raise _TooFewError
        for q in range(several):
            fresh = variables(self._variable(blocks))[0]
            yield replace(term.put_in({fresh: 1, N: q * blocks}), summed=fresh)

    def _wanted(self, case: Affine, place: Affine) -> dict[object, dict[Fraction, Fraction]]:
        """Minus the entry of the definition, by what its exponent holds besides an angle."""
        wanted: dict[object, dict[Fraction, Fraction]] = {}
        for c, angle, sign in self.kernel:
            more, key = reduced(product(case, place, sign), self.parts)
            wanted.setdefault(key, defaultdict(Fraction))[(angle + more) % 1] -= c
        return wanted

    def _key(self, term: Term, case: Affine) -> tuple[object, Fraction]:
        """What the exponent of a term holds besides an angle, and the angle."""
        if term.call is not None:
            return (), (term.angle + HALF * self._walsh(term, case)) % 1
        more, key = reduced(term.exponent, self.parts)
        return key, (term.angle + more) % 1

    def _walsh(self, term: Term, case: Affine) -> int:
        """How often -1 stands between an entry of a Walsh-Hadamard matrix and that of the shorter one which is called.

        ``H[k, j]`` is -1 to the number of ones that k and j have in common; so the digits that the call leaves out, at
        the top or at the bottom of both, give the sign.
        """
        assert term.call is not None
        level, out, inner = term.call
        length, times_ = self._length(level), 2**level
        for scale, unit, size in ((1, N, length), (times_, ONE, 1)):
            over = [plus(whole, times(part, -scale)) for whole, part in ((case, out), (term.place, inner))]
            if all(set(rest) <= {unit} and rest.get(unit, 0) % size == 0 for rest in over):
                one, other = (rest.get(unit, 0) // size for rest in over)
                if 0 <= one < times_ and 0 <= other < times_:
                    return (one & other).bit_count()
        raise OutOfReachError("it takes apart the digits of an index in another order than the Walsh-Hadamard matrix")


def _vanishes(entry: dict[Fraction, Fraction]) -> bool:
    """Whether a sum of rational multiples of roots of unity is 0, in the field of their order."""
    order = 1
    for angle in entry:
        order = math.lcm(order, angle.denominator)
    coefficients = [fmpq(0)] * order
    for angle, factor in entry.items():
        coefficients[int(angle * order) % order] += fmpq(factor.numerator, factor.denominator)
    return (fmpq_poly(coefficients) % fmpq_poly(fmpz_poly.cyclotomic(order))).degree() < 0
