"""The C function, compiled with the compilers that are there, warnings as errors and sanitizers on where they are.

It is called for batches of several lengths, with strides, and in place where that is allowed; in a process of its own,
as sanitizers ask for.
"""

import itertools
import shutil
import subprocess

import numpy as np
import pytest

LAYOUTS = ("interleaved", "split", "columns")
VARIANTS = [
    {},
    *({"layout": layout, "lanes": lanes} for layout, lanes in itertools.product(LAYOUTS, (1, 4))),
    *({"layout": layout, "dtype": "float", "lanes": 16} for layout in LAYOUTS),
    {"layout": "columns", "fused": True},
]
COMPILERS = [name for name in ("gcc", "clang", "clang-14") if shutil.which(name)]
STRICT = "-std=c99 -O1 -g -Wall -Wextra -Wconversion -pedantic -Werror -fsanitize=address,undefined "
STRICT += "-fno-sanitize-recover=all"
MAIN = """
#include <stdio.h>
#include <stdlib.h>
int main(int count, char **words)  /* the number of arrays, their sizes, strides and distances, the batch */
{{
    const int arrays = atoi(words[1]);
    long size[4], at[5];
    {number} *data[4];
    for (int k = 0; k < arrays; ++k) {{
        size[k] = atol(words[2 + k]);
        data[k] = malloc((size_t)size[k] * sizeof({number}));
        if (!data[k] || fread(data[k], sizeof({number}), (size_t)size[k], stdin) != (size_t)size[k])
            return 2;
    }}
    for (int k = 0; k < {numbers}; ++k)
        at[k] = atol(words[2 + arrays + k]);
    {function}({pointers}, {strides}, (size_t)at[{numbers} - 1]);
    for (int k = 0; k < arrays; ++k) {{
        fwrite(data[k], sizeof({number}), (size_t)size[k], stdout);
        free(data[k]);
    }}
    return count > 1 ? 0 : 1;
}}
"""
FEW = ("complex", "turns at the border", "real", "bits")  # kinds of programs that the rarer variants are run for


def run(text, function, file, x, folder, layout="interleaved", dtype="double", lanes=0, fused=False):
    if not COMPILERS:
        pytest.skip("no C compiler is installed")
    inputs, outputs = x.shape[1], len(file.program.outputs)
    number, kind = ("uint64_t", np.uint64) if file.program.field == "gf2" else (dtype, np.dtype(dtype[0]).type)
    pair = file.program.field == "complex"
    split = layout == "split" and pair
    count, numbers = (4 if split else 2), (3 if layout == "columns" else 5)
    main = MAIN.format(
        number=number,
        numbers=numbers,
        function=function,
        pointers=", ".join(f"data[{k} % arrays]" for k in range(count)),
        strides=", ".join(f"at[{k}]" for k in range(numbers - 1)),
    )
    binaries = [compiled(text + main, folder / function, compiler) for compiler in COMPILERS[: 1 if fused else 2]]
    results = []
    cases = [(len(x), 1, 0, False), (len(x), 3, 1, False), (1, 1, 0, False)]
    for batch, stride, distance, in_place in cases + [(len(x), 1, 0, True)] * (inputs == outputs):
        if layout == "columns":
            strides = [batch + distance] * 2
            spread = [(stride, 1) for stride in strides]
        else:
            spread = [(stride, stride * size + distance) for size in (inputs, outputs)]
            strides = [step for pair_ in spread for step in pair_]
        given = laid(x[:batch], *spread[0], pair, split, kind)
        data = given if in_place else given + laid(np.zeros((batch, outputs)), *spread[1], pair, split, kind)
        sizes = [len(array) for array in data]
        words = [str(word) for word in (len(data), *sizes, *strides, batch)]
        for binary in binaries:
            ran = subprocess.run([str(binary), *words], input=b"".join(array.tobytes() for array in data),
                                 capture_output=True, check=False)  # fmt: skip
            assert ran.returncode == 0, ran.stderr.decode()
            flat = np.split(np.frombuffer(ran.stdout, kind), np.cumsum(sizes)[:-1])
            results.append(taken(flat[-(count // 2) :], batch, outputs, *spread[1], pair))
    for result in results:
        np.testing.assert_array_equal(result, results[0][: len(result)])
    return results[0]


def compiled(source, place, compiler):
    """The program, compiled with warnings as errors."""
    place.with_suffix(".c").write_text(source)
    binary = place.with_suffix(f".{compiler}")
    command = [compiler, *STRICT.split(), "-ffp-contract=off", str(place.with_suffix(".c")), "-o", str(binary)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return binary


def PRECISION(dtype="double", **_):
    """Of the numbers that a variant computes with."""
    return 1e-6 if dtype == "float" else 1e-14


def laid(x, stride, distance, pair, split, kind):
    """Vectors as flat arrays of numbers, with NaN, or garbage, in between."""
    batch, size = x.shape
    flat = np.full((batch - 1) * distance + (size - 1) * stride + 1, 77 if kind is np.uint64 else np.nan,
                   kind if not pair else complex)  # fmt: skip
    flat[np.add.outer(np.arange(batch) * distance, np.arange(size) * stride)] = x
    if split:
        return [np.ascontiguousarray(part).astype(kind) for part in (flat.real, flat.imag)]
    return [flat.view(float).astype(kind) if pair else flat.astype(kind)]


def taken(flat, batch, size, stride, distance, pair):
    """The vectors of flat arrays."""
    whole = flat[0]
    if len(flat) == 2:
        whole = flat[0] + 1j * flat[1]
    elif pair:
        whole = flat[0].astype(float).view(complex)
    return whole[np.add.outer(np.arange(batch) * distance, np.arange(size) * stride)]
