"""Vector types: as many numbers as there are lanes, complex ones as pairs side by side.

They are the vector types of gcc and clang, for any machine; where its vectors are shorter the compiler takes several.
Multiplication by i swaps the neighbours of each pair and changes the sign of the first: in a sum that is a swap and one
fused multiply-add with a vector of signs, where the compiler may fuse, and otherwise a product by 1 and -1.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from gp_fft.export.c.words import Number


@dataclass(frozen=True)
class Vector:
    """The type of a value in the code: ``lanes`` numbers; one lane is a plain number."""

    prefix: str  # of all names, the name of the function
    number: Number
    lanes: int
    pairs: bool  # whether numbers are complex, as pairs

    @property
    def name(self) -> str:
        """The type of a value."""
        return self.number.text if self.lanes == 1 else f"{self.prefix}_v{self.lanes}"

    @property
    def loose(self) -> str:
        """The type of a value in memory, where it may lie anywhere."""
        return self.number.text if self.lanes == 1 else f"{self.prefix}_u{self.lanes}"

    @property
    def each(self) -> int:
        """Numbers of the field in one vector."""
        return self.lanes // 2 if self.pairs else self.lanes

    def wide(self, lanes: int) -> Vector:
        """The same with other lanes."""
        return Vector(self.prefix, self.number, lanes, self.pairs)

    def types(self) -> list[str]:
        """The definitions of the types."""
        if self.lanes == 1:
            return []
        size, text = self.lanes * self.number.bytes, self.number.text
        loose = f"vector_size({size}), aligned({self.number.bytes}), may_alias"
        return [
            f"typedef {text} {self.name} __attribute__((vector_size({size})));",
            f"typedef {text} {self.loose} __attribute__(({loose}));",
        ]

    def filled(self, value: str) -> str:
        """All lanes one number."""
        return value if self.lanes == 1 else f"{{{', '.join([value] * self.lanes)}}}"

    def alternating(self, value: str) -> str:
        """Every first of a pair the negative of a number, every second the number."""
        return f"{{{', '.join([f'-{value}', value] * (self.lanes // 2))}}}"

    def shuffles(self) -> tuple[list[str], list[str]]:
        """Macros that swap neighbours, take a pair and join two halves; and the same for old compilers."""
        up, lanes = self.prefix.upper(), range(self.lanes)
        new = [f"#define {up}_SWAP{self.lanes}(v) __builtin_shufflevector(v, v, {_listed(k ^ 1 for k in lanes)})"]
        mask = f"__builtin_shuffle(v, ({self.prefix}_m{self.lanes}){{{_listed(k ^ 1 for k in lanes)}}})"
        size = self.lanes * self.number.bytes
        word = "long long" if self.number.bytes == 8 else "int"
        old = [
            f"typedef {word} {self.prefix}_m{self.lanes} __attribute__((vector_size({size})));",
            f"#define {up}_SWAP{self.lanes}(v) {mask}",
        ]
        if self.lanes > 2:
            half = self.lanes // 2
            pair, parts = self.wide(2), [f"(a)[{k}]" for k in range(half)] + [f"(b)[{k}]" for k in range(half)]
            new += [
                f"#define {up}_JOIN{self.lanes}(a, b) __builtin_shufflevector(a, b, {_listed(lanes)})",
                f"#define {up}_PAIR{self.lanes}(v, k) __builtin_shufflevector(v, v, 2 * (k), 2 * (k) + 1)",
            ]
            old += [
                f"#define {up}_JOIN{self.lanes}(a, b) (({self.name}){{{', '.join(parts)}}})",
                f"#define {up}_PAIR{self.lanes}(v, k) (({pair.name}){{(v)[2 * (k)], (v)[2 * (k) + 1]}})",
            ]
        return new, old


def shuffles(vectors: list[Vector]) -> list[str]:
    """The macros of several types, by the builtin that the compiler has: all but gcc before version 12 the new one."""
    name = f"{vectors[0].prefix.upper()}_SHUFFLEVECTOR"
    new, old = ([line for both in map(Vector.shuffles, vectors) for line in both[k]] for k in (0, 1))
    ask = ["#ifdef __has_builtin", "#if __has_builtin(__builtin_shufflevector)", f"#define {name}", "#endif", "#endif"]
    return [*ask, f"#ifdef {name}", *new, "#else", *old, "#endif"]


def _listed(numbers: Iterable[int]) -> str:
    return ", ".join(map(str, numbers))
