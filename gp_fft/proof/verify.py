"""Checking a program file from the file alone: run it operation by operation, then test it as a black box.

The program is executed by a small interpreter that performs and counts every addition and multiplication, so
matrix, counts and error come from what was executed. Then it is compared with numpy.fft and scipy.fft (never
with gp-fft's own matrices) on random signals and impulses, and put through the self-tests for linearity and
shift (Ergun, "Testing multivariate linear functions", STOC 1995; FFTW's libbench2/verify-dft.c). A proof in the
file is made again. Over GF(2) signals are bits and differences are XOR, so that nothing is lost to round-off. Of a
scaled program the factors are divided out first, as its user does.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from gp_fft.files import ProgramFile
from gp_fft.files.certificate import Bound, Claimed, Interval, status, upper
from gp_fft.ground.errors import DataError
from gp_fft.ground.words import several
from gp_fft.program import Program
from gp_fft.program.cost import EXACT, set_of
from gp_fft.proof.proving import check
from gp_fft.transforms import Transform

Array = npt.NDArray[Any]
Signals = Callable[[Array], Array]

SIGNALS = 64
ROUND_OFF = 1e-13  # relative error that is put down to float64 arithmetic
MARGIN = 10.0  # a test on random signals may be off by this factor from the error of the matrix


@dataclass(frozen=True)
class Check:
    """One test: what was measured, the limit that it had to keep, and whether it did."""

    name: str
    measured: str
    limit: str
    passed: bool


@dataclass(frozen=True)
class Verification:
    """All checks of one program file and the error recomputed from it."""

    checks: tuple[Check, ...]
    error: float
    status: str  # what the evidence in the file amounts to, if the check of it passed

    @property
    def passed(self) -> bool:
        """Whether every check held."""
        return all(check.passed for check in self.checks)

    @property
    def exact(self) -> bool:
        """Whether the program computes its transform up to round-off."""
        return self.passed and self.error < EXACT


def verify(file: ProgramFile, seed: int = 0) -> Verification:
    """Check `file` with signals drawn from `seed`; a failed check is reported, not raised."""
    program, transform = file.program, file.transform
    if (len(program.outputs), program.inputs) != transform.matrix.shape:
        raise DataError(
            f"the program has {program.inputs} inputs and {len(program.outputs)} outputs, "
            f"{transform.title} has {transform.inputs} and {transform.outputs}"
        )
    known, run = transform.plain.oracle, _unscaled(program, transform)
    units = np.eye(program.inputs, dtype=np.uint8 if transform.field == "gf2" else np.float64)
    executed, *operations = execute(program, units)
    columns = executed
    if transform.scaling:
        columns = executed / np.outer(*transform.scaling.over(transform.outputs, transform.inputs)).T
    error = _relative(_gap(columns, known(units)), known(units))
    limit = MARGIN * (error * np.sqrt(program.inputs) if transform.field == "gf2" else max(error, ROUND_OFF))
    rng = np.random.default_rng(seed)
    x, z = (_signals(rng, transform) for _ in range(2))
    checks = [
        _check("matrix", _relative(_gap(program.matrix().T, executed), executed), ROUND_OFF),
        _counts(file, *operations),
        _check("error", error, max(MARGIN * ROUND_OFF, 1.01 * file.error)),
        _check("random signals", _relative(_gap(run(x), known(x)), known(x)), limit),
        _check("impulse", max(_impulses(run, known, units)), limit * np.sqrt(program.inputs)),
        _check("linearity", _linearity(run, x, z), MARGIN * ROUND_OFF),
    ]
    if (shift := transform.shift_rule) is not None:
        moved, expected = run(shift.inputs(x)), shift.outputs(run(x))
        checks.append(_check("shift", _relative(_gap(moved, expected), expected), limit))
    if transform.field == "gf2":
        checks.append(_check("words", _words(program, x), 0.0))
    if isinstance(file.proof, Claimed):
        checks.append(_proof(file, file.proof))
    return Verification(tuple(checks), error, status(file.proof, file.error))


def _unscaled(program: Program, transform: Transform) -> Signals:
    """The program as its user has it: the factors of a scaled transform divided out."""
    rows, columns = transform.scaling.over(transform.outputs, transform.inputs)
    return (lambda x: program(x / columns) / rows) if transform.scaling else program


def execute(program: Program, x: Array) -> tuple[Array, int, int, int]:
    """Run `program` on ``(batch, inputs)`` one operation at a time: outputs, additions, multiplications, shifts.

    Operations are counted as they happen, in real flops: two for complex data, one for real, and XORs for bits. A
    product of the same size and reference is computed once and kept; by a power of two it is a shift where the
    primitive set lists its constants. Turns and signs only relabel parts.
    """
    values: list[Any] = list(np.asarray(x).T)
    products: dict[tuple[float, int], npt.NDArray[np.number]] = {}
    adds = muls = shifts = 0
    listed = set_of(program).constants is not None
    for row in program.rows():
        total = None
        for size, turn, ref in row:
            part = values[ref]
            if size != 1.0:
                if (size, ref) not in products:
                    products[size, ref] = size * part
                    shifted = listed and math.frexp(size)[0] == 0.5
                    shifts, muls = shifts + shifted, muls + (not shifted)
                part = products[size, ref]
            part = part if turn == 0 else -part if turn == 2 else (1j if turn == 1 else -1j) * part
            if total is None:
                total = part
            else:
                total = total ^ part if program.field == "gf2" else total + part
                adds += 1
        values.append(np.zeros_like(values[0]) if total is None else total)
    outputs = np.array([values[program.inputs + output] for output in program.outputs]).T
    flops = 2 if program.field == "complex" else 1
    return outputs, flops * adds, flops * muls, flops * shifts


def _counts(file: ProgramFile, adds: int, muls: int, shifts: int) -> Check:
    claimed = file.counts["adds"], file.counts["muls"], file.counts.get("shifts", 0)
    passed = (adds, muls, shifts) == claimed
    if file.program.field == "gf2":
        return Check("counts", f"{adds} XORs executed", f"{claimed[0]} claimed", passed)
    if shifts or claimed[2]:
        executed = f"{adds} additions, {muls} multiplications and {shifts} shifts executed"
        return Check("counts", executed, f"{claimed[0]}, {claimed[1]} and {claimed[2]} claimed", passed)
    executed = f"{adds} additions and {muls} multiplications executed"
    return Check("counts", executed, f"{claimed[0]} and {claimed[1]} claimed", passed)


def _proof(file: ProgramFile, evidence: Claimed) -> Check:
    """The proof in the file, made again in exact arithmetic, or the bound or the intervals in ball arithmetic."""
    limit = "exactly equal"
    if isinstance(evidence, Bound):
        limit = f"error at most {upper(evidence.bound)}"
    elif isinstance(evidence, Interval):
        limit = f"error {evidence.digits}"
    try:
        check(evidence, file.program, file.transform)
    except DataError as error:
        return Check("proof", str(error), limit, passed=False)
    if isinstance(evidence, Interval):
        return Check("proof", several(len(evidence.errors), "interval"), limit, passed=True)
    entries = file.transform.matrix.size
    return Check("proof", "1 entry" if entries == 1 else f"{entries} entries", limit, passed=True)


def _impulses(run: Signals, known: Signals, units: Array) -> list[float]:
    """Relative error of the response to a unit impulse at each input, and to their sum."""
    inputs = len(units)
    impulses = np.vstack([units, np.ones((1, inputs), units.dtype)])
    got, expected = run(impulses), known(impulses)
    scale = np.linalg.norm(expected, axis=1)
    typical = float(np.linalg.norm(expected[:-1])) / np.sqrt(inputs)
    differences = np.linalg.norm(_gap(got, expected), axis=1)
    return [float(value) for value in differences / np.maximum(scale, typical)]


def _linearity(run: Signals, x: Array, z: Array) -> float:
    a, b = x[::-1, :1], z[::-1, :1]
    add = np.bitwise_xor if x.dtype.kind in "bu" else np.add
    together, apart = run(add(a * x, b * z)), add(a * run(x), b * run(z))
    return _relative(_gap(together, apart), apart)


def _words(program: Program, x: Array) -> float:
    """Relative error of the bits of 64 signals that run side by side in words."""
    places = np.arange(SIGNALS, dtype=np.uint64)[:, None]
    words = program(np.bitwise_xor.reduce(x.astype(np.uint64) << places))
    apart = program(x)
    return _relative(_gap((words >> places).astype(np.uint8) & 1, apart), apart)


def _gap(got: Array, expected: Array) -> Array:
    """The difference of two results; of bits where they differ."""
    return got.astype(expected.dtype) ^ expected if expected.dtype.kind in "bu" else got - expected


def _signals(rng: np.random.Generator, transform: Transform) -> Array:
    if transform.field == "gf2":
        return rng.integers(0, 2, (SIGNALS, transform.inputs), np.uint8)
    x = rng.standard_normal((SIGNALS, transform.inputs))
    return x if transform.field == "real" else x + 1j * rng.standard_normal(x.shape)


def _relative(difference: Array, expected: Array) -> float:
    norm = float(np.linalg.norm(expected))
    return float(np.linalg.norm(difference)) / (norm or 1.0)


def _check(name: str, measured: float, limit: float) -> Check:
    return Check(name, f"{measured:.1e}", f"{limit:.1e}", bool(measured <= limit))
