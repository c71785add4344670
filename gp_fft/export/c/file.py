"""A whole file of C: the function, in the vector types of gcc and clang or in plain numbers, and what it calls."""

from __future__ import annotations

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
    """The static functions, and how they are called: each with the condition, and the vectors that it takes."""
    name, strided = source.function, ", ".join(writer.layout.strides)
    whole = source.form(1, options.fused)
    parts = source.form(2, options.fused) if source.program.field == "complex" else whole
    arrays = ", ".join(writer.layout.arrays)
    n, m = whole.inputs, len(whole.outputs)
    one_name, wide_name = f"{name}_one", f"{name}_{wide.lanes}"
    if options.layout == SPLIT:
        code = writer.parts(one_name, parts, one, apart=True)
        if wide.lanes == 1:
            return code, [f"{one_name}({arrays}, {strided}, batch);"]
        code += writer.parts(wide_name, parts, wide, apart=False)
        condition, call = "x_distance == 1 && y_distance == 1", f"{wide_name}({arrays}, x_stride, y_stride, whole);"
    elif wide.lanes == 1:
        apart = options.layout != COLUMNS
        code = writer.parts(one_name, parts, one, apart)
        return code, [f"{one_name}({arrays}, {strided}, batch);"]
    elif options.layout == COLUMNS:
        code = writer.rows(one_name, whole, one)
        if wide.lanes == one.lanes:
            return code, [f"{one_name}({arrays}, {strided}, batch);"]
        code += writer.rows(wide_name, whole, wide)
        condition, call = "", f"{wide_name}({arrays}, {strided}, whole);"
    else:
        code = writer.strided(one_name, whole, one)
        if wide.lanes == one.lanes:
            return code, [f"{one_name}({arrays}, {strided}, batch);"]
        code += writer.dense(wide_name, whole, wide)
        condition = f"x_stride == 1 && x_distance == {n} && y_stride == 1 && y_distance == {m}"
        call = f"{wide_name}({arrays}, whole);"
    scale = 2 if wide.pairs else 1
    done = [f"{array} += {f'{scale} * ' * (scale > 1)}(ptrdiff_t)whole * {distance};"
            for array, distance in zip(writer.layout.arrays, _distances(writer.layout), strict=True)]  # fmt: skip
    done = [line.replace(" * 1;", ";") for line in done]
    steps = [f"const size_t whole = batch - batch % {wide.each};", call, *done, "batch -= whole;"]
    if condition:
        steps = [f"if ({condition}) {{", *(f"    {line}" for line in steps), "}"]
    return code, [*steps, f"{one_name}({arrays}, {strided}, batch);"]


def _distances(layout: Layout) -> list[str]:
    return [f"{array[0]}_distance" if "x_distance" in layout.strides else "1" for array in layout.arrays]


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
