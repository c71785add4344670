"""Winograd's nesting: for coprime factors the multiplications of one go into those of the other.

An inner program of the form additions, one multiplication each, additions (C D A) makes n points of outer transforms
that are scaled by the constants of D; the scale meets the constants inside the outer program (S. Winograd 1978,
D. P. Kolba and T. W. Parks 1977). Either factor can be the inner one. Whether a program has the form is read off it.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from gp_fft.construct.builder import Builder, turned
from gp_fft.construct.methods.factors import coprime
from gp_fft.construct.parts import Method, Parts
from gp_fft.construct.rescale import rescale
from gp_fft.program import Program, Term
from gp_fft.program.cost import count
from gp_fft.transforms import Transform

VARIANTS = 8  # so many of the cheapest programs of a factor are tried


@dataclass(frozen=True)
class NormalForm:
    """``after diag(constants) before``: both programs without multiplications, the constants above zero."""

    before: Program
    constants: tuple[float, ...]
    after: Program


def normal_form(program: Program) -> NormalForm | None:
    """The normal form of a program; None where a product goes into another product."""
    first = Builder(program.inputs, program.field)
    early = dict(enumerate(first.x))  # the values that no product goes into
    late: dict[int, list[Term]] = {}
    for at, row in enumerate(program.rows(), program.inputs):
        if any(size != 1.0 and ref in late for size, _, ref in row):
            return None
        if any(size != 1.0 or ref in late for size, _, ref in row):
            late[at] = row
        else:
            early[at] = first.resolve(row, early)
    outputs = [program.inputs + d for d in program.outputs.tolist()]
    crossing = {(size, ref) for row in late.values() for size, _, ref in row if ref in early}
    products = sorted(crossing | {(1.0, at) for at in outputs if at in early})
    second = Builder(len(products), program.field)
    values = dict(zip(products, second.x, strict=True))
    for at, row in late.items():  # a value is one more product, by 1
        values[1.0, at] = second.sum(*(turned(values[size, ref], turn) for size, turn, ref in row))
    after = second.program([values[1.0, at] for at in outputs], program.title)
    before = first.program([early[ref] for _, ref in products], program.title)
    return NormalForm(before, tuple(size for size, _ in products), after)


def nest(outer: Sequence[Program], inner: NormalForm, title: str) -> Program:
    """``dft n`` from programs of two coprime sizes; for each constant that outer program which takes it cheapest."""
    first, second = outer[0].inputs, inner.before.inputs
    n = first * second
    build = Builder(n, "complex")
    rows = [
        build.apply(inner.before, [build.x[(second * j + first * k) % n] for k in range(second)]) for j in range(first)
    ]
    scales = {
        constant: min((rescale(program, constant) for program in outer), key=lambda program: count(program).flops)
        for constant in set(inner.constants)
    }
    products = zip(inner.constants, zip(*rows, strict=True), strict=True)
    columns = [build.apply(scales[constant], column) for constant, column in products]
    y = [build.apply(inner.after, row) for row in zip(*columns, strict=True)]
    return build.program([y[k % first][k % second] for k in range(n)], title)


def _nested(transform: Transform, parts: Parts) -> Iterator[Program]:
    for first in coprime(transform.inputs):
        outer = parts.known("dft", first)[:VARIANTS]
        forms = [form for form in map(normal_form, parts.known("dft", transform.inputs // first)) if form]
        scaling = [form for form in forms if set(form.constants) != {1.0}]  # the others are the prime-factor algorithm
        for form in (scaling or forms)[:VARIANTS]:
            if outer:
                yield nest(outer, form, transform.title)


METHOD = Method("nesting", ("dft",), lambda transform: bool(coprime(transform.inputs)), _nested, smaller=True)
