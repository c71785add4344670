"""Where inputs are read and outputs written: pointers, strides, and lanes from vectors side by side or apart."""

from __future__ import annotations

from dataclasses import dataclass

from gp_fft.export.c.vectors import Vector

BASE = 7  # elements between two pointers that are kept
MOST_BASES = 4
_STEPS = ("", "{0}_1", "2 * {0}_1", "{0}_3", "4 * {0}_1", "{0}_5", "2 * {0}_3")


@dataclass(frozen=True)
class Memory:
    """One array of a function, of elements ``[element * stride + vector * distance]``."""

    name: str  # of its pointer
    vector: Vector
    size: int  # elements of one vector
    stride: str = ""  # an expression, in numbers of the field; empty where it is 1
    distance: str = ""  # empty where it is 1

    @property
    def scale(self) -> int:
        """Numbers in one element."""
        return 2 if self.vector.pairs else 1

    def _index(self, element: int, lane: int) -> str:
        """The index of one element of one vector."""
        parts = []
        if element:
            parts.append(f"{self.scale * element} * {self.stride}" if self.stride else f"{self.scale * element}")
        if lane:
            parts.append(f"{self.scale * lane} * {self.distance}" if self.distance else f"{self.scale * lane}")
        return " + ".join(parts)

    def at(self, element: int, lane: int = 0) -> str:
        """A pointer to an element of a vector beside this one."""
        return f"({self.name} + {index})" if (index := self._index(element, lane)) else self.name

    def load(self, element: int) -> str:
        """An element of as many vectors as there are lanes for."""
        vector = self.vector
        if vector.lanes == 1:
            return f"{self.name}[{self._index(element, 0) or 0}]"
        if not self.distance or vector.each == 1:
            return f"*(const {vector.loose} *){self.at(element)}"
        if not vector.pairs:
            return f"({vector.name}){{{', '.join(f'*{self.at(element, k)}' for k in range(vector.lanes))}}}"
        pair = vector.wide(2)
        return self._joined([f"*(const {pair.loose} *){self.at(element, k)}" for k in range(vector.each)], 2)

    def _joined(self, parts: list[str], lanes: int) -> str:
        """Parts joined two by two, until one is left."""
        if len(parts) == 1:
            return parts[0]
        macro = f"{self.vector.prefix.upper()}_JOIN{2 * lanes}"
        return self._joined([f"{macro}({a}, {b})" for a, b in zip(parts[::2], parts[1::2], strict=True)], 2 * lanes)

    def store(self, element: int, value: str) -> list[str]:
        """Statements that write an element of as many vectors."""
        vector = self.vector
        if vector.lanes == 1:
            return [f"{self.name}[{self._index(element, 0) or 0}] = {value};"]
        if not self.distance or vector.each == 1:
            return [f"*({vector.loose} *){self.at(element)} = {value};"]
        if not vector.pairs:
            return [f"*{self.at(element, k)} = {value}[{k}];" for k in range(vector.lanes)]
        pair, macro = vector.wide(2), f"{vector.prefix.upper()}_PAIR{vector.lanes}"
        return [f"*({pair.loose} *){self.at(element, k)} = {macro}({value}, {k});" for k in range(vector.each)]


@dataclass(frozen=True)
class Rows(Memory):
    """An array whose vectors lie side by side, one number apart, with pointers to every seventh element.

    From a pointer p the machine reaches p, p + s, p + 2 s, p + 4 s with one register for s, and with those for 3 s and
    5 s the elements 3, 5 and 6: so a few registers serve all rows, where one for each would not fit.
    """

    @property
    def kept(self) -> bool:
        """Whether there are registers enough for the pointers."""
        return 2 < self.size <= BASE * MOST_BASES

    def at(self, element: int, lane: int = 0) -> str:
        """A pointer to an element, by the nearest pointer before it."""
        if not self.kept or lane:
            return super().at(element, lane)
        base, step = divmod(element, BASE)
        offset = _STEPS[step].format(self.name)
        return f"({self.name}_at{base * BASE} + {offset})" if offset else f"{self.name}_at{base * BASE}"

    def load(self, element: int) -> str:
        """An element of as many vectors as there are lanes for."""
        if self.vector.lanes == 1 and self.kept:
            return f"*{self.at(element)}"
        return super().load(element)

    def store(self, element: int, value: str) -> list[str]:
        """Statements that write an element of as many vectors."""
        if self.vector.lanes == 1 and self.kept:
            return [f"*{self.at(element)} = {value};"]
        return super().store(element, value)

    def begin(self, number: str) -> list[str]:
        """Statements before the loop: the pointers and the steps between them."""
        if not self.kept:
            return []
        steps = [f"const ptrdiff_t {self.name}_{k} = {k * self.scale} * {self.stride};" for k in self._used()]
        bases = range(-(-self.size // BASE))
        return steps + [f"{number} *{self.name}_at{k * BASE} = {super(Rows, self).at(k * BASE)};" for k in bases]

    def _used(self) -> list[int]:
        most = min(self.size, BASE) - 1
        return [k for k in (1, 3, 5) if k <= most]

    def end(self) -> list[str]:
        """Statements at the end of a turn of the loop."""
        if not self.kept:
            return [f"{self.name} += {self.vector.lanes};"]
        return [f"{self.name}_at{k} += {self.vector.lanes};" for k in range(0, self.size, BASE)]
