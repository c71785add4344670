"""A whole file of C: the function, in the vector types of gcc and clang or in plain numbers, and what it calls."""

from __future__ import annotations

import functools
from dataclasses import dataclass

from gp_fft.export.c.loops import STRIDES, Layout, Writer
from gp_fft.export.c.vectors import Vector, shuffles
from gp_fft.export.c.words import BYTES, Number, comment
from gp_fft.export.target import Bare, Options, option

INTERLEAVED, SPLIT, COLUMNS = "interleaved", "split", "columns"
LANES = (0, 1, 2, 4, 8, 16)
LAYOUTS = {
    INTERLEAVED: Layout(("x", "y"), STRIDES, "at [b * distance + j * stride], in numbers of the field"),
    SPLIT: Layout(("x_re", "x_im", "y_re", "y_im"), STRIDES, "at [b * distance + j * stride] of both arrays"),
    COLUMNS: Layout(("x", "y"), ("x_stride", "y_stride"), "at [j * stride + b], in numbers of the field"),
}


@dataclass(frozen=True)
class COptions(Options):
    """What may be chosen of C."""

    layout: str = option(INTERLEAVED, "How data lie: complex numbers as pairs, real and imaginary parts split, or the "
                                      "batch innermost in columns.", tuple(LAYOUTS))  # fmt: skip
    dtype: str = option("", "Type of the numbers; by itself double, of bits uint64.", ("", *BYTES))
    lanes: int = option(0, "Numbers in a vector register, 1 for plain ones; 0: as many as the layout gains by.", LANES)
    fused: bool = option(False, "Write products into the sums that use them, for machines with fused multiply-add.")


def write(source: Bare, options: COptions) -> str:
    """A file with one function that other files may call."""
    number = Number.of(source, options.dtype)
    pairs = source.program.field == "complex" and options.layout != SPLIT
    lanes = options.lanes or min(16, (64 if options.layout == COLUMNS else 32) // number.bytes)
    layout = layout_of(source, options)
    writer = Writer(source, layout)
    wide, one = (Vector(source.function, number, k, pairs and k > 1) for k in (lanes, 2 if pairs and lanes > 1 else 1))
    functions, calls = _functions(source, options, writer, wide, one)
    lines = [*comment(source.header), "#include <stddef.h>", *["#include <stdint.h>"] * number.text.endswith("_t"), ""]
    sizes = [2**k for k in range(1, 5) if 2**k <= lanes and (2**k == lanes or pairs)]
    types = [wide.wide(size) for size in sizes]
    for vector in types:
        lines += vector.types()
    if pairs and types:
        lines += ["", *shuffles(types)]
    lines += [""] * bool(sizes) + functions
    return "\n".join([*lines, *_face(source, writer, number, calls)]) + "\n"


def _functions(
    source: Bare, options: COptions, writer: Writer, wide: Vector, one: Vector
) -> tuple[list[str], list[str]]:
    """The static functions, and how they are called: one for many vectors at a time, one for those that are left."""
    form = functools.partial(source.form, fused=options.fused)
    arrays, strides = ", ".join(writer.layout.arrays), ", ".join(writer.layout.strides)
    one_name, wide_name = f"{source.function}_one", f"{source.function}_{wide.lanes}"
    n, m = source.program.inputs, len(source.program.outputs)
    condition, given = "", strides
    if options.layout == SPLIT or wide.lanes == 1:
        parts = form(2)
        code = writer.parts(one_name, parts, one, apart=options.layout != COLUMNS)
        if wide.lanes > 1:
            code += writer.parts(wide_name, parts, wide, apart=False)
        condition, given = "x_distance == 1 && y_distance == 1", "x_stride, y_stride"
    elif options.layout == COLUMNS:
        whole = form(1)
        code = [line for each in dict.fromkeys((one, wide)) for line in writer.rows(
            one_name if each == one else wide_name, whole, each)]  # fmt: skip
    else:
        whole = form(1)
        code = writer.strided(one_name, whole, one)
        if wide != one:
            code += writer.dense(wide_name, whole, wide)
        condition, given = f"x_stride == 1 && x_distance == {n} && y_stride == 1 && y_distance == {m}", ""
    rest = f"{one_name}({arrays}, {strides}, batch);"
    if wide == one:
        return code, [rest]
    call = f"{wide_name}({', '.join(filter(None, (arrays, given)))}, whole);"
    return code, [*_most(writer.layout, wide, condition, call), rest]


def _most(layout: Layout, wide: Vector, condition: str, call: str) -> list[str]:
    """Statements that do as many vectors of the batch as fill registers, and go on to the first that is left."""
    scale = "2 * " if wide.pairs else ""
    steps = [f"const size_t whole = batch - batch % {wide.each};", call]
    for array in layout.arrays:
        distance = f" * {array[0]}_distance" if "x_distance" in layout.strides else ""
        steps.append(f"{array} += {scale}(ptrdiff_t)whole{distance};")
    steps.append("batch -= whole;")
    return [f"if ({condition}) {{", *(f"    {step}" for step in steps), "}"] if condition else steps


def layout_of(source: Bare, options: COptions) -> Layout:
    """The layout that was chosen; of what is not complex there is nothing to split."""
    return LAYOUTS[options.layout if source.program.field == "complex" or options.layout != SPLIT else INTERLEAVED]


def face(source: Bare, layout: Layout, number: Number, end: str = "") -> list[str]:
    """The head of the function that other files may call."""
    return Writer(source, layout).head(f"void {source.function}", number.text, layout.strides, end)


def _face(source: Bare, writer: Writer, number: Number, calls: list[str]) -> list[str]:
    """The function that other files may call, with its declaration."""
    n, m = source.program.inputs, len(source.program.outputs)
    about = f"{n} inputs x and {m} outputs y of each vector b of the batch; element j is {writer.layout.words}."
    lines = comment([about, "y may be x itself, with the same strides and distances; else they must not overlap."])
    lines += face(source, writer.layout, number, ";") + face(source, writer.layout, number)
    return [*lines, "{", *(f"    {call}" for call in calls), "}"]
