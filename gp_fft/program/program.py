"""A program: a frozen list of sums of terms, each term a size times a turn times an earlier value.

It is a strictly lower-triangular sparse matrix in compressed rows, ``v = L v + inputs``: row d holds terms
that refer to inputs and to definitions before it. To refer to a value twice is to share it. What flows through it is
a field: complex or real numbers, or bits, GF(2), whose sum is XOR and whose only coefficient is 1.
"""

from __future__ import annotations

import hashlib
import itertools
import re
import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from graphlib import CycleError, TopologicalSorter
from operator import index
from typing import Any, Protocol

import numpy as np
from numpy.typing import ArrayLike, DTypeLike, NDArray

from gp_fft.ground.arguments import expect, refuse_masked
from gp_fft.ground.errors import DataError, UsageError
from gp_fft.ground.later import later
from gp_fft.ground.words import several
from gp_fft.program import bits, levels, live
from gp_fft.program.given import check_border, clean_title, frozen_array
from gp_fft.program.running import LARGE, Plan, plan, run
from gp_fft.program.values import LIMIT_HELD, Term, over_inputs

LIMIT_TERMS = 200_000
LIMIT_SIZE = 1e100
"""Largest coefficient, in size, of a program that is searched for or kept in a file."""

_SET = re.compile(r"[a-z0-9_:=.,+-]{0,100}")
_ARRAYS = {"starts": "i4", "refs": "i4", "sizes": "f8", "turns": "i1", "outputs": "i4"}


class Compiled(Protocol):
    """A program as a function of batches; made by :meth:`Program.compile`."""

    def __call__(self, x: ArrayLike, out: NDArray[Any] | None = None) -> NDArray[Any]:
        """The outputs, in ``out`` if it is given, which may be ``x`` itself."""
        ...


@dataclass(frozen=True, eq=False, repr=False)
class Program:
    """A straight-line program for one linear map; immutable, equal to another by content (not by title).

    A reference r < inputs is input r; r >= inputs is definition r - inputs, which must come earlier. Each
    output is a definition of its own; only an output may be empty (it is zero). The constructor validates and
    raises :class:`DataError`; :meth:`build`, the normal way in, also sorts, prunes and canonicalises.
    """

    inputs: int
    field: str  # "complex", "real" or "gf2"
    title: str  # a label such as "dft 8"; no part of equality
    starts: NDArray[np.int32]  # (definitions + 1,) row d is terms starts[d] to starts[d + 1]
    refs: NDArray[np.int32]  # (terms,)
    sizes: NDArray[np.float64]  # (terms,) finite, > 0; over GF(2) 1
    turns: NDArray[np.int8]  # (terms,) power of i, 0 to 3; in a real program 0 or 2, over GF(2) 0
    outputs: NDArray[np.int32]  # (m,) distinct definitions
    primitives: str = ""  # the primitive set that it keeps to and is priced by; "": the one called like its field

    def __post_init__(self) -> None:
        put = object.__setattr__
        for name, dtype in _ARRAYS.items():
            put(self, name, frozen_array(name, getattr(self, name), np.dtype(dtype)))
        check_border(self.inputs, self.field, len(self.outputs))
        put(self, "inputs", int(self.inputs))
        put(self, "title", clean_title(self.title))
        if not isinstance(self.primitives, str) or not _SET.fullmatch(self.primitives):
            raise DataError(f"a primitive set has a name such as dyadic:shift=0.5, not {ascii(self.primitives)[:40]}")
        put(self, "primitives", "" if self.primitives == self.field else self.primitives)
        _check_rows(self)
        _check_terms(self)

    @classmethod
    def build(
        cls,
        inputs: int,
        field: str,
        rows: Sequence[Sequence[Term]],
        outputs: Sequence[int],
        title: str = "",
        primitives: str = "",
    ) -> Program:
        """The canonical program of ``rows``, which may come in any order.

        ``rows[d]`` lists the terms ``(size, turn, reference)`` of definition d, a reference to definition e
        being ``inputs + e``; ``outputs`` lists definitions. Definitions that no output needs are left out,
        the rest is sorted level by level and by content, so the result depends on the content alone, up to
        the order of rows that are equal term by term. Over GF(2) what is added an even number of times vanishes.
        Raises :class:`DataError` for a cycle, a reference to nothing or a coefficient that is not finite.
        """
        check_border(inputs, field, len(outputs))
        table = _checked_table(inputs, rows, outputs)
        if field == "gf2":
            table = bits.cancelled(inputs, table, [index(d) for d in outputs])
        place, placed = _canonical(inputs, table, [int(d) for d in outputs])
        return cls(
            inputs,
            field,
            title,
            starts=np.cumsum([0, *map(len, placed)]),
            refs=np.array([ref for terms in placed for ref, _, _ in terms], np.int64),
            sizes=np.array([size for terms in placed for _, _, size in terms], np.float64),
            turns=np.array([turn for terms in placed for _, turn, _ in terms], np.int64),
            outputs=np.array([place[int(d)] for d in outputs], np.int64),
            primitives=primitives,
        )

    @classmethod
    def parse(cls, text: str) -> Program:
        """The program of a text form, see :mod:`gp_fft.program.text`; raises :class:`DataError` with the line."""
        expect(text, str, "Program.parse")
        parsed: Program = later("parse a program")(text)
        return parsed

    @classmethod
    def from_json(cls, text: str | bytes) -> Program:
        """The program of a program file's JSON, see :mod:`gp_fft.files`; raises :class:`DataError`."""
        read: Program = later("decode a program file")(text.encode() if isinstance(text, str) else text).program
        return read

    def to_json(self) -> str:
        """This program as the JSON of a program file, with counts and error."""
        encoded: bytes = later("encode a program")(self)
        return encoded.decode()

    @property
    def definitions(self) -> int:
        """The number of definitions, outputs included."""
        return len(self.starts) - 1

    @property
    def terms(self) -> int:
        """The number of terms in all definitions."""
        return len(self.refs)

    def rows(self) -> Iterator[list[Term]]:
        """Each definition in order, as a list of ``(size, turn, reference)`` in plain Python numbers."""
        starts = self.starts.tolist()
        flat = list(zip(self.sizes.tolist(), self.turns.tolist(), self.refs.tolist(), strict=True))
        for begin, end in itertools.pairwise(starts):
            yield flat[begin:end]

    @cached_property
    def depth(self) -> int:
        """The number of definitions on the longest way from an input to an output."""
        above = [0] * self.inputs
        for row in self.rows():
            above.append(1 + max((above[ref] for _, _, ref in row), default=0))
        return max(above)

    @cached_property
    def levels(self) -> int:
        """The levels of all operations, each of two operands; see :mod:`gp_fft.program.levels`."""
        return levels.depth(self, levels.paid(self))

    @cached_property
    def add_levels(self) -> int:
        """The levels of additions alone."""
        return levels.depth(self)

    @cached_property
    def live(self) -> int:
        """The values alive at once in the best order of the operations found; see :mod:`gp_fft.program.live`."""
        return live.live(self, levels.paid(self))

    @cached_property
    def content_hash(self) -> str:
        """SHA-256 over everything but the title, 64 hexadecimal digits, the same on every machine."""
        digest = hashlib.sha256(b"gp-fft program 1\n")
        sizes = (self.inputs, self.definitions, self.terms, len(self.outputs))
        kind = f"{self.field} {self.primitives}".strip()
        digest.update(struct.pack("<4q", *sizes) + kind.encode() + b"\n")
        for name in _ARRAYS:
            array = getattr(self, name)
            digest.update(array.astype(array.dtype.newbyteorder("<")).tobytes())
        return digest.hexdigest()

    def matrix(self) -> NDArray[Any]:
        """The matrix of the map: ``(outputs, inputs)`` complex128, or float64 if it is real or, of 0 and 1, bits."""
        dtype = {"complex": np.complex128, "real": np.float64}.get(self.field, np.bool_)
        if (self.inputs + self.definitions) * self.inputs <= LIMIT_HELD:
            whole: NDArray[Any] = over_inputs(self.inputs, self.rows(), self.field)[self.inputs + self.outputs]
            return whole
        columns = self(np.eye(self.inputs, dtype=dtype))
        return np.ascontiguousarray(columns.T, np.result_type(columns, np.float64))

    def __call__(self, x: ArrayLike) -> NDArray[Any]:
        """Apply to numbers ``x`` ``(..., inputs)``: ``(..., outputs)``, complex if the program or ``x`` is, else real.

        float32 and complex64 give float32 or complex64, everything else float64 or complex128; any memory layout, any
        batch shape and an empty batch will do. ``x`` is not changed. From the second large batch on it is compiled C
        that runs, where there is a compiler (see :meth:`compile`), with the same numbers to the last bit.

        A program over GF(2) takes booleans or whole numbers of any type and gives back the same type: bits, or words,
        of which it takes all bits at once. So 8 signals in each byte of a uint8 array, 32 in a uint32, run bit-sliced.

        Raises :class:`UsageError` if the last axis of ``x`` is not the inputs or it does not hold such numbers.
        """
        refuse_masked(x, "what the program is given")
        try:
            given = np.asarray(x)
        except ValueError:
            raise UsageError(f"the program takes numbers of shape (..., {self.inputs}), not a ragged list") from None
        if given.ndim == 0 or given.shape[-1] != self.inputs or given.dtype.kind not in "biufc":
            raise UsageError(
                f"the program takes numbers of shape (..., {self.inputs}), not {given.dtype} of shape {given.shape}"
            )
        batch = given.reshape(-1, self.inputs)
        result = np.empty((len(batch), len(self.outputs)), self._result(given.dtype))
        large = result.size >= LARGE and result.dtype.kind in "fc"
        with np.errstate(all="ignore"):
            if not (large and later("run a large batch")(self, batch, result)):
                run(self._plan, batch, result)
        return result.reshape((*given.shape[:-1], len(self.outputs)))

    def _result(self, given: np.dtype[Any]) -> np.dtype[Any]:
        """The type of the outputs for inputs of a type; UsageError where there is none."""
        if self.field == "gf2":
            return bits.same_words(given)
        whole = self.field == "complex" or given.kind == "c"
        short = given.newbyteorder("=") in (np.float32, np.complex64)
        return np.result_type(np.float32 if short else np.float64, np.complex64 if whole else np.float32)

    @cached_property
    def _plan(self) -> Plan:
        """How this program is run."""
        return plan(self.inputs, list(self.rows()), self.outputs.tolist())

    def __reduce__(self) -> tuple[Any, ...]:
        """Copy and pickle through the constructor, so that arrays stay read-only."""
        arrays = (getattr(self, name) for name in _ARRAYS)
        return Program, (self.inputs, self.field, self.title, *arrays, self.primitives)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Program) and self.content_hash == other.content_hash

    def __hash__(self) -> int:
        return int(self.content_hash[:15], 16)

    def __str__(self) -> str:
        return str(later("format a program")(self))

    def __repr__(self) -> str:
        label = f"{self.title} {self.field}".strip()
        return f"<Program {label}: {several(self.definitions, 'definition')}, {several(self.terms, 'term')}>"

    def export(self, target: str, **options: Any) -> str:
        """This program as code for a target, such as ``export("c", layout="split")``, with its sharing kept.

        The targets and their options are those of ``gp-fft export``. Raises :class:`UsageError` for an unknown one, or
        for a program that the target cannot express.
        """
        return str(later("export a program")(self, target, **options))

    def compile(self, dtype: DTypeLike = "", layout: str = "rows", exact: bool = False) -> Compiled:
        """This program as a function ``f(x, out=None)`` of batches, at speed.

        It is generated C, compiled by the compiler of this machine (``$CC``, else cc, gcc or clang) for this processor
        and kept in ``~/.cache/gp-fft`` (or ``$GP_FFT_CACHE``); without a compiler it is Numba, which is said once.

        Args:
            dtype: of x and of the outputs: complex128 (as by itself) or complex64 of a complex program, float64 or
                float32 of a real one, uint64 to uint8 over GF(2).
            layout: ``"rows"`` for x ``(..., inputs)``, ``"columns"`` for ``(inputs, ...)``, the batch innermost.
            exact: numbers as ``program(x)`` gives them, to the last bit; else products may be fused into sums.

        Raises :class:`UsageError` for another type or layout.
        """
        made: Compiled = later("compile a program")(self, dtype, layout, exact)
        return made

    def _repr_svg_(self) -> str:
        return str(later("draw a program")(self))


def _check_rows(p: Program) -> None:
    """The row pointers and the outputs fit the terms."""
    if not len(p.starts) or p.starts[0] != 0 or p.starts[-1] != len(p.refs) or (np.diff(p.starts) < 0).any():
        raise DataError(f"starts must rise from 0 to the number of terms, {len(p.refs)}", ("starts", None))
    if not len(p.refs) == len(p.sizes) == len(p.turns):
        raise DataError(
            f"refs, sizes and turns must be equally long, not {len(p.refs)}, {len(p.sizes)} and {len(p.turns)}",
            ("refs" if len(p.sizes) == len(p.turns) else "sizes" if len(p.refs) == len(p.turns) else "turns", None),
        )
    if p.terms > LIMIT_TERMS:
        raise DataError(f"a program has at most {LIMIT_TERMS} terms, not {p.terms}")
    if p.outputs.min() < 0 or p.outputs.max() >= p.definitions:
        raise DataError(f"outputs must be definitions 0 to {p.definitions - 1}", ("outputs", None))
    if len(np.unique(p.outputs)) < len(p.outputs):
        raise DataError("outputs must be distinct definitions", ("outputs", None))
    empty = np.diff(p.starts) == 0
    empty[p.outputs] = False
    if empty.any():
        at = int(empty.argmax())
        raise DataError(f"definition {at} has no terms, which only an output may have", ("starts", at))


def _check_terms(p: Program) -> None:
    """Every coefficient is a finite size and a turn, every reference goes back."""
    allowed = np.repeat(np.arange(p.definitions), np.diff(p.starts)) + p.inputs
    wrong = (p.refs < 0) | (p.refs >= allowed)
    if wrong.any():
        at = int(wrong.argmax())
        raise DataError(
            f"definition {int(allowed[at]) - p.inputs} refers to value {p.refs[at]}, "
            "but a reference must be an input or an earlier definition",
            ("refs", at),
        )
    if p.field == "gf2":
        bits.check(p.starts, p.refs, p.sizes, p.turns)
    real = "a real program has no imaginary coefficients: every turn must be 0 or 2"
    for fault, name, sentence in (
        (~(np.isfinite(p.sizes) & (p.sizes > 0)), "sizes", "every size must be finite and above zero"),
        ((p.turns < 0) | (p.turns > 3), "turns", "every turn must be 0, 1, 2 or 3"),
        ((p.turns % 2 == 1) & (p.field == "real"), "turns", real),
    ):
        if fault.any():
            raise DataError(sentence, (name, int(fault.argmax())))


def _checked_table(inputs: int, rows: Sequence[Sequence[Term]], outputs: Sequence[int]) -> list[list[Term]]:
    """``rows`` as lists of plain terms, with coefficients, references and outputs in range."""
    try:
        table = [[(float(size), index(turn), index(ref)) for size, turn, ref in row] for row in rows]
        chosen = [index(d) for d in outputs]
    except (TypeError, ValueError, OverflowError):
        raise DataError("a row must be a list of terms (size, turn, reference) and an output a number") from None
    known, total = inputs + len(table), sum(map(len, table))
    if total > LIMIT_TERMS:
        raise DataError(f"a program has at most {LIMIT_TERMS} terms, not {total}")
    for d, row in enumerate(table):
        for size, turn, ref in row:
            if not 0 <= ref < known:
                raise DataError(f"definition {d} refers to value {ref}, but there are only {known}")
            if not (0.0 < size < float("inf") and 0 <= turn <= 3):
                raise DataError(f"definition {d} has a coefficient that is no finite size above 0 with a turn 0 to 3")
    if not all(0 <= d < len(table) for d in chosen) or len(set(chosen)) < len(chosen):
        raise DataError(f"outputs must be distinct definitions, 0 to {len(table) - 1}")
    return table


def _levels(inputs: int, table: list[list[Term]], outputs: Sequence[int]) -> Iterator[tuple[int, ...]]:
    """The definitions that the outputs need, level by level: each is one above the highest it refers to."""
    below: dict[int, set[int]] = {}
    stack = list(outputs)
    while stack:
        d = stack.pop()
        if d not in below:
            below[d] = {ref - inputs for _, _, ref in table[d] if ref >= inputs}
            stack.extend(below[d])
    order = TopologicalSorter(below)
    try:
        order.prepare()
    except CycleError as error:
        stuck = min(error.args[1])
        raise DataError(f"the definitions refer to each other in a cycle, see definition {stuck}") from None
    while order.is_active():
        level = order.get_ready()
        yield level
        order.done(*level)


def _canonical(
    inputs: int, table: list[list[Term]], outputs: Sequence[int]
) -> tuple[dict[int, int], list[list[tuple[int, int, float]]]]:
    """The place of each needed definition in canonical order, and its terms, reference first."""
    place: dict[int, int] = {}
    placed: list[list[tuple[int, int, float]]] = []
    shown = {d: k for k, d in enumerate(outputs)}
    for level in _levels(inputs, table, outputs):
        keyed = []
        for d in level:
            row = [(ref if ref < inputs else inputs + place[ref - inputs], turn, size) for size, turn, ref in table[d]]
            keyed.append((sorted(row), shown.get(d, -1), d))
        for terms, _, d in sorted(keyed):
            place[d] = len(placed)
            placed.append(terms)
    return place, placed
