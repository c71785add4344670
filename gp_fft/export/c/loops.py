"""Functions with a loop over the batch: several vectors of the batch at a time, or one after the other."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from gp_fft.export.c.body import Body
from gp_fft.export.c.memory import Memory, Rows
from gp_fft.export.c.vectors import Vector
from gp_fft.export.form import Form
from gp_fft.export.target import Bare

STRIDES = ("x_stride", "x_distance", "y_stride", "y_distance")


class Layout(NamedTuple):
    """How arrays lie: which there are, and which numbers say where an element of a vector is."""

    arrays: tuple[str, ...]  # of the inputs, then as many of the outputs
    strides: tuple[str, ...]  # of STRIDES, those that the function takes
    words: str  # for the comment

    @property
    def inputs(self) -> tuple[str, ...]:
        """The arrays of the inputs."""
        return self.arrays[: len(self.arrays) // 2]

    @property
    def outputs(self) -> tuple[str, ...]:
        """The arrays of the outputs."""
        return self.arrays[len(self.arrays) // 2 :]


@dataclass(frozen=True)
class Writer:
    """Writes the functions of one file."""

    source: Bare
    layout: Layout

    def parameters(self, number: str, strides: tuple[str, ...]) -> str:
        """The parameters of a function."""
        arrays = [f"const {number} *{name}" for name in self.layout.inputs]
        arrays += [f"{number} *{name}" for name in self.layout.outputs]
        return ", ".join([*arrays, *(f"ptrdiff_t {name}" for name in strides), "size_t batch"])

    def head(self, name: str, number: str, strides: tuple[str, ...], end: str = "") -> list[str]:
        """The head of a function, strides on a line of their own."""
        arrays, comma, rest = self.parameters(number, strides).partition(", ptrdiff_t ")
        if not comma:
            return [f"{name}({arrays}){end}"]
        return [f"{name}({arrays},", f"    ptrdiff_t {rest}){end}"]

    def dense(self, name: str, form: Form, vector: Vector) -> list[str]:
        """Vectors of the batch that lie one behind the other, each whole: all distances are known."""
        inputs, outputs = form.inputs, len(form.outputs) // form.parts
        x, y = Memory("x", vector, inputs, "", str(inputs)), Memory("y", vector, outputs, "", str(outputs))
        return self._loop(name, form, vector, x, y, strides=())

    def rows(self, name: str, form: Form, vector: Vector) -> list[str]:
        """Vectors of the batch side by side, element by element: those of several in one vector register."""
        x = Rows("x", vector, form.inputs, "x_stride")
        y = Rows("y", vector, len(form.outputs), "y_stride")
        return self._loop(name, form, vector, x, y, strides=("x_stride", "y_stride"))

    def strided(self, name: str, form: Form, vector: Vector) -> list[str]:
        """One vector of the batch after the other, elements anywhere; a complex number is one register."""
        x = Memory("x", vector, form.inputs, "x_stride", "x_distance")
        y = Memory("y", vector, len(form.outputs), "y_stride", "y_distance")
        return self._loop(name, form, vector, x, y, strides=STRIDES)

    def _loop(self, name: str, form: Form, vector: Vector, x: Memory, y: Memory, strides: tuple[str, ...]) -> list[str]:
        body = Body(form, vector, x.load, y.store)
        before, after = list[str](), list[str]()
        if isinstance(x, Rows) and isinstance(y, Rows):
            number = vector.number.text
            before, after = [*x.begin(f"const {number}"), *y.begin(number)], [*x.end(), *y.end()]
        else:
            for memory in (x, y):
                step = memory.scale * vector.each
                after.append(f"{memory.name} += {f'{step} * ' if step > 1 else ''}{memory.distance};")
        return self._function(name, body, vector, strides, before, after)

    def parts(self, name: str, form: Form, vector: Vector, apart: bool) -> list[str]:
        """Parts, real and imaginary, as numbers of their own; vectors of the batch anywhere if ``apart``, else near.

        Where numbers lie as pairs a plain one is every second.
        """
        pairs = len(self.layout.arrays) == 2 and form.parts == 2
        strides = STRIDES if apart else ("x_stride", "y_stride")
        scale = 2 if pairs else 1

        def place(side: tuple[str, ...], stride: str, value: int) -> str:
            element, part = divmod(value, form.parts)
            array = side[0] if len(side) == 1 else side[part]
            index = [f"{scale * element} * {stride}"] * bool(element) + ["1"] * (len(side) == 1 and part)
            return f"({array} + {' + '.join(index)})" if index else array

        def load(value: int) -> str:
            cast = f"(const {vector.loose} *)" if vector.lanes > 1 else ""
            return f"*{cast}{place(self.layout.inputs, 'x_stride', value)}"

        def store(k: int, name: str) -> list[str]:
            cast = f"({vector.loose} *)" if vector.lanes > 1 else ""
            return [f"*{cast}{place(self.layout.outputs, 'y_stride', k)} = {name};"]

        step = [f"{scale} * " * (scale > 1) + f"{array[0]}_distance" for array in self.layout.arrays]
        after = [
            f"{array} += {distance if apart else scale * vector.lanes};"
            for array, distance in zip(self.layout.arrays, step, strict=True)
        ]
        return self._function(name, Body(form, vector, load, store), vector, strides, [], after)

    def _function(
        self, name: str, body: Body, vector: Vector, strides: tuple[str, ...], before: list[str], after: list[str]
    ) -> list[str]:
        """A whole static function, which does as many vectors of the batch as fill its registers."""
        turns = f"batch / {vector.each}" if vector.each > 1 else "batch"
        turn = f"for (size_t left = {turns}; left > 0; --left) {{"
        lines = [*self.head(f"static void {name}", vector.number.text, strides), "{"]
        lines += [f"    {line}" for line in (*body.constants(self.source), *before, turn)]
        lines += [f"        {line}" for line in (*body.lines(), *after)]
        return [*lines, "    }", "}", ""]
