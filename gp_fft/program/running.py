"""Running a program on many inputs at once: a plan of array operations, block by block, each block within the cache.

Real and imaginary parts lie apart, in planes, so that a turn is a choice of planes and signs and costs nothing. A
value keeps its slot of memory until its last use; then the slot holds another one. A product that several
definitions use is computed once, as it is counted. Sums are formed in the order of their terms, so the numbers are
those of the obvious way to the last bit, whatever the blocks are. On bits and words of bits, of programs over GF(2), a
sum is XOR.
"""

import itertools
import sys
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from gp_fft.ground.later import later
from gp_fft.program.values import Term

BLOCK_BYTES = 1 << 20
"""What the slots of a block may hold together, about the size of a second-level cache; see benchmarks.calls."""
LEAST_BLOCK, LARGEST_BLOCK = 1000, 4000  # rows; fewer are lost to the calls, more to the memory
LARGE = 200_000
"""Numbers of a result from which on the compiled kernel is used, once a process asks for the second such result."""
PAD = 8  # numbers between two planes: a power of two as their distance would crowd a few sets of the cache

_large_batches = itertools.count()

Array = NDArray[Any]


class Step(NamedTuple):
    """One array operation on slots; ``planes`` is None for whole values, else the planes of a, b and out."""

    operation: str  # add, subtract, multiply (by size), negative, copy, zero
    a: int
    b: int
    out: int
    planes: tuple[int, int, int] | None = None
    size: float = 1.0


@dataclass(frozen=True)
class Plan:
    """The steps of a program; inputs are read into the slots 0 to inputs - 1, outputs end in the last ``outputs``."""

    inputs: int
    outputs: int
    slots: int
    steps: tuple[Step, ...]


def plan(inputs: int, rows: Sequence[Sequence[Term]], outputs: Sequence[int]) -> Plan:
    """The plan of a program with these rows of terms ``(size, turn, reference)`` and these output definitions."""
    maker = _Planner(inputs, rows, outputs)
    for definition, row in enumerate(rows):
        maker.define(definition, row)
    shift = maker.used - inputs  # slots of outputs were given as negative numbers, to be put behind all others
    place = {-1 - k: inputs + shift + k for k in range(len(outputs))}
    steps = tuple(
        step._replace(a=place.get(step.a, step.a), b=place.get(step.b, step.b), out=place.get(step.out, step.out))
        for step in maker.steps
    )
    return Plan(inputs, len(outputs), maker.used + len(outputs), steps)


class _Planner:
    """Gives slots to values and products, and takes them back after the last use."""

    def __init__(self, inputs: int, rows: Sequence[Sequence[Term]], outputs: Sequence[int]) -> None:
        self.steps: list[Step] = []
        self.used = inputs
        self._inputs = inputs
        self._free: list[int] = []
        self._slots: dict[int | tuple[float, int], int] = {ref: ref for ref in range(inputs)}
        self._place = {inputs + definition: -1 - k for k, definition in enumerate(outputs)}
        self._uses: Counter[int | tuple[float, int]] = Counter()  # of values by plain terms and products, of products
        for _, ref in {(size, ref) for row in rows for size, _, ref in row if size != 1.0}:
            self._uses[ref] += 1
        for row in rows:
            self._uses.update(ref if size == 1.0 else (size, ref) for size, _, ref in row)

    def define(self, definition: int, row: Sequence[Term]) -> None:
        """The steps that compute one definition."""
        for size, _, ref in row:
            if size != 1.0 and (size, ref) not in self._slots:
                self._multiply(size, ref)
        keys = [ref if size == 1.0 else (size, ref) for size, _, ref in row]
        terms = [(self._slots[key], turn) for key, (_, turn, _) in zip(keys, row, strict=True)]
        value = self._inputs + definition
        simple = len(row) <= 2 and not any(turn % 2 for _, turn in terms)  # may be computed in the place of an operand
        if not simple:
            self._slots[value] = self._take(value)
        for key in keys:
            self._release(key)
        if simple:
            self._slots[value] = self._take(value)
        self._sum(terms, self._slots[value])

    def _multiply(self, size: float, ref: int) -> None:
        source = self._slots[ref]
        self._release(ref)
        out = self._slots[size, ref] = self._take((size, ref))
        self.steps.append(Step("multiply", source, source, out, size=size))

    def _sum(self, terms: Sequence[tuple[int, int]], out: int) -> None:
        """Add up ``terms`` (slot, turn): in whole values where no term is turned by i, else plane by plane."""
        if not any(turn % 2 for _, turn in terms):
            self._add_up([(slot, turn < 2, 0) for slot, turn in terms], out, None)
            return
        for plane in (0, 1):  # i (a + bi) is -b + ai
            parts = [(slot, turn in (0, 3 - 2 * plane), plane ^ turn % 2) for slot, turn in terms]
            self._add_up(parts, out, plane)

    def _add_up(self, parts: Sequence[tuple[int, bool, int]], out: int, plane: int | None) -> None:
        """Add up ``parts`` (slot, positive, plane) in their order; a sum that begins negative is kept negated."""

        def step(operation: str, a: tuple[int, int], b: tuple[int, int]) -> None:
            planes = None if plane is None else (a[1], b[1], plane)
            self.steps.append(Step(operation, a[0], b[0], out, planes))

        here = (out, plane or 0)
        if not parts:
            step("zero", here, here)
            return
        slot, positive, source = parts[0]
        total = (slot, source)
        for slot, sign, source in parts[1:]:
            term = (slot, source)
            if positive == sign:
                step("add", total, term)
            else:
                step("subtract", *((total, term) if positive else (term, total)))
                positive = True
            total = here
        if not positive:
            step("negative", total, total)
        elif len(parts) == 1:
            step("copy", total, total)

    def _take(self, key: int | tuple[float, int]) -> int:
        if isinstance(key, int) and key in self._place:
            return self._place[key]
        if self._free:
            return self._free.pop()
        self.used += 1
        return self.used - 1

    def _release(self, key: int | tuple[float, int]) -> None:
        self._uses[key] -= 1
        if not self._uses[key] and self._slots[key] >= 0:
            self._free.append(self._slots[key])


_OPERATIONS: dict[str, Callable[[Array, Array, Array], object]] = {
    "add": np.add,
    "subtract": np.subtract,
    "multiply": np.multiply,
    "copy": lambda a, _, out: np.copyto(out, a),
    "negative": lambda a, _, out: np.negative(a, out),
    "zero": lambda _, __, out: out.fill(0),
}


_ON_BITS = _OPERATIONS | {"add": np.bitwise_xor}


def _bound(step: Step, slots: Array) -> tuple[Callable[[Array, Array, Array], object], Array, Array, Array]:
    """A step as a function and the arrays that it is to be called with."""
    if step.planes is None:
        a, b, out = slots[step.a], slots[step.b], slots[step.out]
    else:
        a, b, out = (slots[k, plane] for k, plane in zip((step.a, step.b, step.out), step.planes, strict=True))
    if step.operation == "multiply":
        b = np.array(step.size, slots.dtype)
    operations = _OPERATIONS if slots.dtype.kind == "f" else _ON_BITS
    return operations[step.operation], a, b, out


def run(plan: Plan, x: Array, result: Array) -> None:
    """Apply a plan to ``x`` ``(batch, inputs)``, real, complex or bits: fills ``result`` ``(batch, outputs)``.

    ``result`` is C-contiguous, float32, float64, complex64 or complex128, and complex where ``x`` or the program is;
    or whole numbers or booleans, of which every sum is XOR: the plan is that of a program over GF(2).
    Large batches are left to the compiled kernel where there is one, which gives the same bits.
    """
    large = result.size >= LARGE and result.dtype.kind in "fc"
    if not (large and _pays() and later("run a plan compiled")(plan, x, result)):
        run_numpy(plan, x, result)


def _pays() -> bool:
    """Whether the compiled kernel is worth its load: not for the first large batch of a process without Numba."""
    return "numba" in sys.modules or next(_large_batches) > 0


def run_numpy(plan: Plan, x: Array, result: Array) -> None:
    """What :func:`run` does, in array operations of numpy."""
    real = result.real.dtype
    planes = 1 if result.dtype == real else 2
    batch = len(result)
    room = BLOCK_BYTES // (plan.slots * planes * real.itemsize)
    block = min(max(1, batch), max(LEAST_BLOCK, min(LARGEST_BLOCK, room)))
    slots = np.zeros((plan.slots, planes, block + PAD), real)[:, :, :block]
    calls = [_bound(step, slots) for step in plan.steps]
    read, written = slots[: plan.inputs], slots[plan.slots - plan.outputs :]
    parts = result.view(real).reshape(batch, plan.outputs, planes)
    for begin in range(0, batch, block):
        rows = x[begin : begin + block]
        here = len(rows)
        read[:, 0, :here] = rows.real.T
        if planes == 2:  # of a real x as well: the block before has left its values in the slots
            read[:, 1, :here] = rows.imag.T
        for operation, a, b, out in calls:
            operation(a, b, out)
        parts[begin : begin + here] = written[:, :, :here].transpose(2, 0, 1)
