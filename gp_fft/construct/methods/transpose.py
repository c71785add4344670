"""Transposition: the flow graph of a program read backwards computes the transposed matrix at the same cost.

Every edge keeps its coefficient and turns round, branches become sums and sums branches (Tellegen's theorem;
S. J. Mason 1953, C. S. Burrus and T. W. Parks 1985). A product that several sums use stays one product.
"""

from collections.abc import Iterator

from gp_fft.construct.builder import ZERO, Builder, scaled, turned
from gp_fft.construct.methods.factors import divisors
from gp_fft.construct.parts import Method, Parts
from gp_fft.program import Program, Term
from gp_fft.transforms import Transform

SYMMETRIC = ("dft", "dht", "wht", "dct4", "dst1", "dst4")
OTHER = {"dct2": "dct3", "dct3": "dct2", "dst2": "dst3", "dst3": "dst2"}
VARIANTS = 3  # so many programs are turned round


def transpose(program: Program, title: str) -> Program:
    """The program of the transposed matrix; its inputs are the outputs of the given one."""
    build = Builder(len(program.outputs), program.field)
    known = program.inputs + program.definitions
    arriving: list[dict[float, list[Term]]] = [{} for _ in range(known)]  # by size, still without it
    for k, d in enumerate(program.outputs.tolist()):
        arriving[program.inputs + d].setdefault(1.0, []).append(build.x[k])
    values = [ZERO] * known
    rows = list(program.rows())
    for at in range(known - 1, -1, -1):
        products = [scaled(build.sum(*used), size) for size, used in arriving[at].items() if size != 1.0]
        values[at] = build.sum(*arriving[at].get(1.0, []), *products)
        for size, turn, ref in rows[at - program.inputs] if at >= program.inputs else []:
            arriving[ref].setdefault(size, []).append(turned(values[at], turn))
    return build.program(values[: program.inputs], title)


def _mirrored(transform: Transform, parts: Parts) -> Iterator[Program]:
    """Other programs of a symmetric matrix: its record and its compositions turned round."""
    record = parts.given.record(transform)
    for program in [*([record] if record else []), *parts.descending(transform)[:VARIANTS]]:
        yield transpose(program, transform.title)


def _partner(transform: Transform, parts: Parts) -> Iterator[Program]:
    """Type II from type III and back; scipy halves one column of type III, which one row of type II lacks."""
    n, title = transform.inputs, transform.title
    special = 0 if transform.name.startswith("dct") else n - 1
    for given in parts.known(OTHER[transform.name], n)[:VARIANTS]:
        build = Builder(n, "real")
        x = list(build.x)
        if transform.name.endswith("3"):
            x[special] = scaled(x[special], 0.5)
        y = build.apply(transpose(given, title), x)
        if transform.name.endswith("2"):
            y[special] = scaled(y[special], 2.0)
        yield build.program(y, title)


def _descends(transform: Transform) -> bool:
    return transform.name == "dft" and bool(divisors(transform.inputs))


METHOD = (
    Method("mirror", SYMMETRIC, _descends, _mirrored, of_record=True, rank=1),
    Method("transpose", tuple(OTHER), lambda transform: transform.inputs > 1, _partner, rank=1),
)
