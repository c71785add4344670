"""The statements of a form as C: on vectors or on plain numbers, inputs read late and outputs written early.

Output k is written after input k is read, so outputs may be written over inputs; that this costs anything could not be
measured.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from gp_fft.export.c.vectors import Vector
from gp_fft.export.c.words import constant_names, exact_comment
from gp_fft.export.form import Form, Statement
from gp_fft.export.target import Bare


class Body:
    """Writes the statements of one form with values of one vector type."""

    def __init__(
        self,
        form: Form,
        vector: Vector,
        load: Callable[[int], str],
        store: Callable[[int, str], list[str]],
    ) -> None:
        self.form, self.vector, self.load, self.store = form, vector, load, store
        self._size = constant_names(form)
        self._loaded = set[int]()
        self._swapped = set[int]()
        self._shown: dict[int, list[int]] = {}
        for k, value in enumerate(form.outputs):
            self._shown.setdefault(value, []).append(k)
        self._waiting: dict[int, str] = {}  # outputs whose place still holds an input that is to be read

    def constants(self, source: Bare) -> list[str]:
        """The constants, those that are needed with alternating signs too, and the vector of signs."""
        vector, lines = self.vector, []
        kinds = {(abs(s.size), s.turn % 2) for s in self.form.statements if s.operation in ("product", "fused")}
        for size, name in self._size.items():
            value, exact = vector.number.literal(size), exact_comment(source, size)
            if (size, 0) in kinds:
                lines.append(f"const {vector.name} {name} = {vector.filled(value)};{exact}")
            if (size, 1) in kinds:
                lines.append(f"const {vector.name} {name}i = {vector.alternating(value)};{exact}")
        if any(s.turn % 2 and s.operation in ("sum", "turned") for s in self.form.statements):
            lines.append(f"const {vector.name} signs = {vector.alternating(vector.number.literal(1.0))};")
        return lines

    def lines(self) -> Iterator[str]:
        """All statements, loads and stores."""
        for value in self._shown:
            if self._is_input(value):
                yield from self._read(value)
                yield from self._write(value)
        for statement in self.form.statements:
            for value in statement.reads:
                yield from self._read(value)
            if statement.turn % 2:
                yield from self._swap(statement.b if statement.b >= 0 else statement.a)
            name = self.form.names[statement.out]
            yield f"const {self.vector.name} {name} = {self._expression(statement)};"
            yield from self._write(statement.out)
        for k, name in self._waiting.items():
            yield from self.store(k, name)

    def _is_input(self, value: int) -> bool:
        return value < self.form.inputs * self.form.parts

    def _read(self, value: int) -> Iterator[str]:
        if not self._is_input(value) or value in self._loaded:
            return
        self._loaded.add(value)
        yield f"const {self.vector.name} {self.form.names[value]} = {self.load(value)};"
        if value in self._waiting:
            yield from self.store(value, self._waiting.pop(value))

    def _write(self, value: int) -> Iterator[str]:
        """The stores of a value; those wait whose place would be an input still to be read, were it one array."""
        name = self.form.names[value]
        for k in self._shown.get(value, ()):
            if self._is_input(k) and k not in self._loaded:
                self._waiting[k] = name
            else:
                yield from self.store(k, name)

    def _swap(self, value: int) -> Iterator[str]:
        if value in self._swapped:
            return
        self._swapped.add(value)
        name = self.form.names[value]
        macro = f"{self.vector.prefix.upper()}_SWAP{self.vector.lanes}"
        yield f"const {self.vector.name} {name}s = {macro}({name});"

    def _expression(self, s: Statement) -> str:
        names = self.form.names
        a, b = (names[value] if value >= 0 else "" for value in (s.a, s.b))
        minus = "-" if s.size < 0 else ""
        size = self._size.get(abs(s.size), "")
        match s.operation:
            case "sum" if self.form.field == "gf2":
                return f"{a} ^ {b}" if self.vector.lanes > 1 or self.vector.number.bytes >= 4 else self._narrow(a, b)
            case "sum":
                return f"{a} {'-' if s.turn >= 2 else '+'} {f'signs * {b}s' if s.turn % 2 else b}"
            case "product":
                return f"{minus}{size} * {a}"
            case "fused":
                return f"{a} {minus or '+'} {f'{size}i * {b}s' if s.turn % 2 else f'{size} * {b}'}"
            case "turned":
                minus = "-" if s.turn >= 2 else ""
                return f"{minus}(signs * {a}s)" if s.turn % 2 else f"-{a}"
        return self._zero()

    def _narrow(self, a: str, b: str) -> str:
        return f"({self.vector.number.text})({a} ^ {b})"

    def _zero(self) -> str:
        zero = "0" if self.form.field == "gf2" else self.vector.number.literal(0.0)
        return zero if self.vector.lanes == 1 else f"({self.vector.name}){self.vector.filled(zero)}"
