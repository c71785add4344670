"""A folder of C: a file for each transform, one header, a dispatch by name, Makefile, CMake file and self-test."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from gp_fft.export.c.file import COptions, face, layout_of, write
from gp_fft.export.c.loops import STRIDES, Layout, Writer
from gp_fft.export.c.words import Number, comment
from gp_fft.export.target import Source
from gp_fft.ground.errors import UsageError

PREFIX = "gp_fft"
BATCH = 11  # vectors of the self-test: more than one register holds, and no multiple of it
FLAGS = "-std=c99 -O2 -fno-math-errno -fno-trapping-math -Wall -Wextra"


def library(sources: Sequence[Source], options: COptions) -> dict[str, str]:
    """The files of a library by name.

    Args:
        sources: each with a function name of its own.
        options: of the target ``c``, the same for all.

    Raises :class:`UsageError` for no source, or two of one name, or of several fields.
    """
    names = [source.function for source in sources]
    if not names:
        raise UsageError("a library needs a transform at least")
    if twice := [name for name in names if names.count(name) > 1]:
        raise UsageError(f"a library has one function of a name, but {twice[0]} was asked for twice")
    fields = sorted({source.program.field for source in sources})
    if len(fields) > 1:
        raise UsageError(f"a library is of one field, these are {' and '.join(fields)}")
    layout, number = layout_of(sources[0], options), Number.of(sources[0], options.dtype)
    files = {f"{source.function}.c": write(source, options) for source in sources}
    return files | {
        f"{PREFIX}.h": _header(sources, layout, number),
        f"{PREFIX}.c": _dispatch(sources),
        "test.c": _test(sources, layout, number, options),
        "Makefile": _makefile(names),
        "CMakeLists.txt": _cmake(names),
    }


def _header(sources: Sequence[Source], layout: Layout, number: Number) -> str:
    parameters = Writer(sources[0], layout).parameters(number.text, layout.strides)
    about = [
        "Functions for one transform and size each, and how to find them by their names.",
        f"Element j of vector b of the batch is {layout.words}.",
        "y may be x itself, with the same strides and distances; else they must not overlap.",
    ]
    lines = [*comment(about), f"#ifndef {PREFIX.upper()}_H", f"#define {PREFIX.upper()}_H", "", "#include <stddef.h>"]
    lines += ["#include <stdint.h>"] * number.text.endswith("_t")
    lines += ["", "#ifdef __cplusplus", 'extern "C" {', "#endif", ""]
    for source in sources:
        lines += [*comment(source.header[:2]), *face(source, layout, number, ";"), ""]
    lines += [f"typedef void {PREFIX}_function({parameters});", "", "struct gp_fft_entry {", "    const char *name;"]
    lines += ["    size_t inputs, outputs;", f"    {PREFIX}_function *run;", "};", ""]
    lines += ["/* The entry of a name such as dft8, or NULL; all of them, the last with a name that is NULL. */"]
    lines += [f"const struct {PREFIX}_entry *{PREFIX}_find(const char *name);"]
    lines += [f"extern const struct {PREFIX}_entry {PREFIX}_entries[];", ""]
    return "\n".join([*lines, "#ifdef __cplusplus", "}", "#endif", "", "#endif"]) + "\n"


def _dispatch(sources: Sequence[Source]) -> str:
    rows = [f'    {{"{source.function}", {source.program.inputs}, {len(source.program.outputs)}, {source.function}}},'
            for source in sources]  # fmt: skip
    lines = [f'#include "{PREFIX}.h"', "#include <string.h>", ""]
    lines += [f"const struct {PREFIX}_entry {PREFIX}_entries[] = {{", *rows, "    {NULL, 0, 0, NULL},", "};", ""]
    lines += [f"const struct {PREFIX}_entry *{PREFIX}_find(const char *name)", "{"]
    lines += [f"    for (const struct {PREFIX}_entry *entry = {PREFIX}_entries; entry->name; ++entry)"]
    lines += ["        if (strcmp(entry->name, name) == 0)", "            return entry;"]
    return "\n".join([*lines, "    return NULL;", "}"]) + "\n"


def _numbers(values: Any, binary: bool) -> str:
    """Numbers of an array in C, complex ones as pairs."""
    array = np.ascontiguousarray(values)
    flat = array.view(np.float64) if np.iscomplexobj(array) else array
    return ", ".join(f"{int(value)}u" if binary else repr(float(value)) for value in flat.ravel())


def _test(sources: Sequence[Source], layout: Layout, number: Number, options: COptions) -> str:
    """A program that runs every function on a batch and compares with outputs by the matrix of the program."""
    binary, pairs = sources[0].program.field == "gf2", sources[0].program.field == "complex"
    kind, scale = ("unsigned" if binary else "double"), 2 if pairs else 1
    lines = [f'#include "{PREFIX}.h"', "#include <math.h>", "#include <stdio.h>", "#include <stdlib.h>", ""]
    tables = []
    for source in sources:
        rng = np.random.default_rng(0)
        x = rng.integers(0, 200, source.program.inputs) if binary else rng.standard_normal(source.program.inputs)
        x = x + 1j * rng.standard_normal(len(x)) if pairs else x
        y = source.program(x) if binary else source.program.matrix() @ x
        for side, values in (("x", x), ("y", y)):
            name = f"{source.function}_{side}"
            lines.append(f"static const {kind} {name}[] = {{{_numbers(values, binary)}}};")
        tables.append(f"    {{{source.function}_x, {source.function}_y}},")
    lines += [f"static const {kind} *const tables[][2] = {{", *tables, "};", "", "int main(void)", "{"]
    tolerance = "0.5" if binary else "2e-6" if options.dtype == "float" else "1e-14"
    split = len(layout.arrays) == 4
    index = "b + j * batch" if "x_distance" not in layout.strides else "b * size + j"
    lines += [f"    const size_t batch = {BATCH};", "    int failed = 0;"]
    lines += [f"    for (size_t k = 0; {PREFIX}_entries[k].name; ++k) {{"]
    lines += [f"        const struct {PREFIX}_entry *entry = &{PREFIX}_entries[k];"]
    lines += ["        const size_t n = entry->inputs, m = entry->outputs;", "        double worst = 0, most = 1e-300;"]
    for array in layout.arrays:
        size = "n" if array.startswith("x") else "m"
        room = f"{scale} * {size}" if pairs and not split else size
        lines.append(f"        {number.text} *{array} = calloc({room} * batch, sizeof *{array});")
    gone = " || ".join(f"!{array}" for array in layout.arrays)
    lines += [f"        if ({gone})", "            return 2;"]
    place = index.replace("size", "n")
    lines += ["        for (size_t b = 0; b < batch; ++b)", "            for (size_t j = 0; j < n; ++j) {"]
    for part in range(scale):
        source_ = f"tables[k][0][{f'{scale} * j + {part}' if pairs else 'j'}]"
        target = f"{layout.inputs[part]}[{place}]" if split else (
            f"x[2 * ({place}) + {part}]" if pairs else f"x[{place}]")  # fmt: skip
        lines.append(f"                {target} = ({number.text}){source_};")
    lines += ["            }"]
    strides = {"x_stride": "1", "x_distance": "(ptrdiff_t)n", "y_stride": "1", "y_distance": "(ptrdiff_t)m"}
    if "x_distance" not in layout.strides:
        strides = dict.fromkeys(STRIDES, "(ptrdiff_t)batch")
    words = ", ".join([*layout.arrays, *(strides[name] for name in layout.strides), "batch"])
    lines += [f"        entry->run({words});"]
    place = index.replace("size", "m")
    lines += ["        for (size_t b = 0; b < batch; ++b)", "            for (size_t j = 0; j < m; ++j) {"]
    for part in range(scale):
        wanted = f"(double)tables[k][1][{f'{scale} * j + {part}' if pairs else 'j'}]"
        got = f"{layout.outputs[part]}[{place}]" if split else (
            f"y[2 * ({place}) + {part}]" if pairs else f"y[{place}]")  # fmt: skip
        lines += [f"                worst = fmax(worst, fabs((double){got} - {wanted}));"]
        lines += [f"                most = fmax(most, fabs({wanted}));"]
    lines += ["            }", f"        const int good = worst <= {tolerance} * (double)n * most;"]
    lines += [
        '        printf("%s: %s, farthest from the true outputs %.1e\\n", entry->name, good ? "ok" : "WRONG", worst);'
    ]
    lines += ["        failed += !good;", *(f"        free({array});" for array in layout.arrays), "    }"]
    return "\n".join([*lines, "    return failed != 0;", "}"]) + "\n"


def _makefile(names: Sequence[str]) -> str:
    objects = " ".join(f"{name}.o" for name in (*names, PREFIX))
    return (
        f"CFLAGS ?= {FLAGS} -march=native\n"
        f"OBJECTS = {objects}\n\n"
        f"lib{PREFIX}.a: $(OBJECTS)\n\t$(AR) rcs $@ $(OBJECTS)\n\n"
        f"$(OBJECTS) test.o: {PREFIX}.h\n\n"
        f"self-test: test.o lib{PREFIX}.a\n\t$(CC) $(CFLAGS) -o $@ test.o lib{PREFIX}.a -lm\n\n"
        f"test: self-test\n\t./self-test\n\n"
        f"clean:\n\trm -f $(OBJECTS) test.o lib{PREFIX}.a self-test\n\n"
        ".PHONY: test clean\n"
    )


def _cmake(names: Sequence[str]) -> str:
    files = " ".join(f"{name}.c" for name in (*names, PREFIX))
    return (
        "cmake_minimum_required(VERSION 3.10)\n"
        f"project({PREFIX} C)\n"
        "set(CMAKE_C_STANDARD 99)\n"
        "if(NOT CMAKE_BUILD_TYPE)\n  set(CMAKE_BUILD_TYPE Release)\nendif()\n"
        f"add_library({PREFIX} {files})\n"
        f"target_include_directories({PREFIX} PUBLIC ${{CMAKE_CURRENT_SOURCE_DIR}})\n"
        "enable_testing()\n"
        f"add_executable(self-test test.c)\ntarget_link_libraries(self-test {PREFIX} m)\n"
        "add_test(NAME self-test COMMAND self-test)\n"
    )
