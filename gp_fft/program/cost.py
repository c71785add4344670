"""What a program costs: one plain count of its operations, and one number under a named cost model.

The rule (FFTW's; Johnson and Frigo 2007; Burrus): a definition with T terms costs T-1 additions, each
distinct (size, reference) with size != 1 in the whole program costs one multiplication, turns and signs are
free. On complex data each is two real flops, on real data one; over GF(2) an addition is one XOR. A primitive set
that lists its constants says the price of each; its powers of two are shifts, which are counted apart.
"""

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from math import frexp

import numpy as np

import primitives
from gp_fft.ground.arguments import expect
from gp_fft.ground.errors import DataError, UsageError
from gp_fft.program import Program
from primitives import REAL_PARTS, CostModel, PrimitiveError, PrimitiveSet

EXACT = 1e-12
"""A program whose error is below this computes its transform exactly, up to round-off."""


@dataclass(frozen=True)
class Counts:
    """Operation counts of one program, in real flops of its field (``depth`` in definitions)."""

    adds: int
    muls: int
    flops: int  # adds + muls
    fma: int  # with fused multiply-add, see primitives.base.CostModel
    depth: int
    shifts: int = 0  # products by powers of two, where the set lists its constants; no part of muls

    def table(self) -> dict[str, int]:
        """Plain data for a file: the shifts only where there are some."""
        return {key: value for key, value in asdict(self).items() if key != "shifts" or value}


def primitive_set(name: str) -> PrimitiveSet:
    """The primitive set called ``name``, options included; raises :class:`UsageError` that suggests the nearest."""
    try:
        return primitives.get(name)
    except PrimitiveError as error:
        raise UsageError(str(error)) from None


def set_of(program: Program) -> PrimitiveSet:
    """The primitive set that a program keeps to: the one that it names, or the one called like its field."""
    return primitive_set(program.primitives or program.field)


def offence(program: Program, chosen: PrimitiveSet) -> str:
    """What in a program first breaks a set, a term or the field itself, in words; empty where nothing does."""
    if program.field not in chosen.fields:
        return f"it is on {program.field} data, the primitive set {chosen.name!r} is for {' or '.join(chosen.fields)}"
    if chosen.whole(program.field):
        return ""
    return next(_offending_terms(program, chosen), "")


def _offending_terms(program: Program, chosen: PrimitiveSet) -> Iterator[str]:
    names = [f"x{k}" for k in range(program.inputs)]
    outputs = {d: f"y{k}" for k, d in enumerate(program.outputs.tolist())}
    for d, row in enumerate(program.rows()):
        names.append(outputs.get(d) or f"t{d - sum(output < d for output in outputs)}")
        for size, turn, ref in row:
            if not chosen.allows(size, turn):
                term = f"{'-' * (turn >= 2)}{size:.12g}{'i' * (turn % 2)}*{names[ref]}"
                yield f"the term {term} of {names[-1]} is not allowed in the primitive set {chosen.name!r}"


def keep_to(program: Program, chosen: PrimitiveSet) -> None:
    """Raise :class:`DataError` that names the first term of a program that its set does not allow."""
    if fault := offence(program, chosen):
        raise DataError(fault)


def cost_model(model: CostModel | str) -> CostModel:
    """The cost model called ``model``, such as ``"fma"`` or ``"1:2.5"``; raises :class:`UsageError`."""
    if isinstance(model, CostModel):
        return model
    try:
        return primitives.cost_model(model)
    except PrimitiveError as error:
        raise UsageError(str(error)) from None


def keep_to_own(program: Program) -> None:
    """Raise :class:`DataError` for a program that names a set that there is not, or breaks its own."""
    try:
        keep_to(program, set_of(program))
    except UsageError as error:
        raise DataError(str(error), ("primitives", None)) from None


def _products(program: Program) -> list[float]:
    """The size of each distinct (size, reference) other than 1."""
    scaled = program.sizes != 1.0
    pairs = zip(program.sizes[scaled].tolist(), program.refs[scaled].tolist(), strict=True)
    return [size for size, _ in dict.fromkeys(pairs)]


def _sums(program: Program) -> tuple[int, int]:
    """Additions and fused operations, as operations on the field."""
    lengths = np.diff(program.starts)
    adds = int(np.maximum(lengths - 1, 0).sum())
    rows = np.repeat(np.arange(program.definitions), lengths)
    plain = np.bincount(rows[program.sizes == 1.0], minlength=program.definitions)
    return adds, adds + int(((plain == 0) & (lengths > 0)).sum())


def unit(field: str, primitives: str = "") -> str:
    """What the operations are called where they are counted: flops; over GF(2) XORs, and with shifts alone adders.

    ``primitives`` is what a program says of its set.
    """
    if field == "gf2":
        return "XORs"
    constants = primitive_set(primitives or field).constants
    return "adders" if constants and all(frexp(size)[0] == 0.5 for size, _ in constants) else "flops"


def unit_of(program: Program) -> str:
    """What the operations of a program are called, see :func:`unit`."""
    return unit(program.field, program.primitives)


def count(program: Program) -> Counts:
    """The operation counts of ``program`` in real flops; UsageError for what is no program."""
    expect(program, Program, "count")
    parts, products = REAL_PARTS[program.field], _products(program)
    shifts = 0
    if set_of(program).constants is not None:
        shifts = sum(frexp(size)[0] == 0.5 for size in products)
    adds, fused = (parts * operations for operations in _sums(program))
    muls = parts * (len(products) - shifts)
    return Counts(adds, muls, adds + muls, fused, program.depth, parts * shifts)


def cost(program: Program, model: CostModel | str = "flops") -> float:
    """The cost of ``program`` under ``model``, at the prices of its primitive set; an int where it is whole.

    Raises :class:`DataError` for a program that breaks its set.
    """
    chosen, prices = cost_model(model), set_of(program)
    parts, (adds, fused) = REAL_PARTS[program.field], _sums(program)
    keep_to(program, prices)
    scales = sum(map(prices.price, _products(program)))
    total = chosen.add * fused if chosen.fused else chosen.add * prices.add * adds + chosen.scale * scales
    return int(parts * total) if float(parts * total).is_integer() else float(parts * total)
