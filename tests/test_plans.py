"""The compiled kernel gives the numbers of numpy's plan bit by bit, whatever comes in, and is loaded where it pays."""

import itertools
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings

from gp_fft import dct2, dft, wht
from gp_fft.construct.textbook import definition, split_radix
from gp_fft.kernels import plans
from gp_fft.program import Program, running
from tests.strategies import programs

ROOT = Path(__file__).resolve().parents[1]
DTYPES = ("f4", "f8", "c8", "c16")


def draw(dtype, shape, seed=1):
    parts = np.random.default_rng(seed).standard_normal((2, *shape))
    return (parts[0] + 1j * parts[1] if np.dtype(dtype).kind == "c" else parts[0]).astype(dtype)


def both(program, x):
    """The results of the kernel and of its twin, and whether the kernel says that it has done it."""
    whole = program.field == "complex" or x.dtype.kind == "c"
    short = x.dtype.newbyteorder("=") in (np.float32, np.complex64)
    dtype = np.result_type(np.float32 if short else np.float64, np.complex64 if whole else np.float32)
    compiled, plain = (np.full((len(x), len(program.outputs)), 7, dtype) for _ in range(2))
    with np.errstate(all="ignore"):
        done = plans.run(program._plan, x, compiled)
        running.run_numpy(program._plan, x, plain)
    return done, compiled, plain


def assert_same_bits(program, x):
    done, compiled, plain = both(program, x)
    assert done
    assert compiled.tobytes() == plain.tobytes()


@settings(deadline=None)
@given(programs())
def test_the_bits_are_those_of_numpy(program):
    for dtype, batch in zip(DTYPES, (112, 113, 300, 57), strict=True):
        done, compiled, plain = both(program, draw(dtype, (batch, program.inputs)))
        planes = 2 if compiled.dtype.kind == "c" else 1
        assert done == (planes * min(program.inputs, len(program.outputs)) >= plans.TILE)
        assert not done or compiled.tobytes() == plain.tobytes()


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("transform", [dft(4), dft(16), dct2(5), wht(8)], ids=lambda transform: transform.title)
def test_no_row_is_left_out_whatever_their_number_is(transform, dtype):
    program = definition(transform)
    block = plans.PLANE // np.dtype(dtype).type().real.itemsize
    chunk = plans.CHUNK * block
    for batch in (block, block + 1, 3 * block - 1, chunk - 1, chunk, chunk + 1, 2 * chunk + block + 3):
        assert_same_bits(program, draw(dtype, (batch, program.inputs)))


@pytest.mark.parametrize("signs", list(itertools.product(range(4), repeat=3)))
def test_every_turn_of_every_term(signs):
    rows = [[(1.0, turn, ref) for ref, turn in enumerate(signs)], [(0.5, signs[0], 3), (1.0, signs[1], 0)], []]
    program = Program.build(3, "complex", rows, [0, 1, 2])
    for dtype in ("c8", "c16", "f8"):
        assert_same_bits(program, draw(dtype, (113, 3)))


@pytest.mark.parametrize("field", ["complex", "real"])
@pytest.mark.parametrize("given", [*DTYPES, "i4", "u1", "?", "f2", "g", ">f4", ">c16"])
def test_any_type_and_layout_is_read_and_none_is_written(field, given):
    program = split_radix(dft(8)) if field == "complex" else definition(dct2(8))
    whole = (10 * draw("c16" if np.dtype(given).kind == "c" else "f8", (9000, 16))).astype(given)
    readonly = whole[:, :8].copy()
    readonly.flags.writeable = False
    shifted = np.frombuffer(b"-" + readonly.tobytes(), np.uint8)[1:].view(given).reshape(-1, 8)
    layouts = (whole[:, ::2], whole[::-1, 8:], np.asfortranarray(whole[:, :8]), np.broadcast_to(whole[0, :8], (999, 8)))
    for x in (*layouts, readonly, shifted):
        before = x.copy()
        assert_same_bits(program, x)
        np.testing.assert_array_equal(x, before)


def test_what_is_not_finite_comes_out_as_from_numpy():
    x = draw("c16", (500, 8))
    x[::7, 3], x[::5, 2], x[::3, 1], x[1] = np.inf, np.nan, 1e308, -0.0
    done, compiled, plain = both(split_radix(dft(8)), x)
    assert done
    np.testing.assert_array_equal(compiled, plain)
    rows = [[(1e300, 0, 0), (1e-300, 0, 1)], [(1.0, 2, 0)], [(1.0, 0, 3)], [(1.0, 2, 3), (1.0, 2, 2)]]
    assert_same_bits(Program.build(4, "real", rows, [0, 1, 2, 3]), np.zeros((200, 4), np.float32) + np.float32(1e-30))


def test_a_batch_that_is_too_small_is_left_to_numpy():
    assert not both(split_radix(dft(8)), draw("c16", (55, 8)))[0]
    assert not both(definition(dct2(3)), draw("f8", (1000, 3)))[0]


def test_a_kernel_that_cannot_be_kept_changes_nothing(monkeypatch):
    def full(*_):
        raise OSError("no space left on device")

    program, x = split_radix(dft(8)), draw("c16", (30_000, 8))
    wanted = program(x)
    for kernel in (full, None):
        monkeypatch.setattr(plans, "_kernel", kernel)
        assert not both(program, x)[0]
        assert program(x).tobytes() == wanted.tobytes()


CALLS = """
import sys
import numpy as np
from gp_fft import dft
from gp_fft.construct.textbook import split_radix

program, x = split_radix(dft(8)), np.random.default_rng(1).standard_normal((30_000, 8))
def call(rows):
    result = program(x[:rows])
    assert result.tobytes() == np.concatenate([program(part) for part in np.array_split(x[:rows], 100)]).tobytes()
    plans = sys.modules.get("gp_fft.kernels.plans")
    return plans and getattr(plans, "_kernel", None) is not None
"""


def told(code, **environment):
    """What a fresh process prints."""
    command = [sys.executable, "-c", CALLS + code]
    env = os.environ | environment
    return subprocess.run(command, cwd=ROOT, env=env, check=True, capture_output=True, text=True).stdout.strip()


def test_numba_is_loaded_for_the_second_large_batch():
    code = "print([call(rows) for rows in (1000, 1000, 30_000, 1000)], 'numba' in sys.modules, call(30_000))"
    assert told(code, CC="false") == "[None, None, None, None] False True"
    assert told("import numba; print(call(1000), call(30_000))") == "None True"


def test_where_there_is_a_compiler_the_second_large_batch_needs_no_numba():
    told_with = told("print([call(30_000) for _ in range(3)], 'numba' in sys.modules)")
    assert told_with in ("[None, None, None] False", "[None, True, True] True")  # the latter without a compiler


def test_without_compilation_numpy_does_it():
    assert told("print([call(30_000) for _ in range(3)])", NUMBA_DISABLE_JIT="1", CC="false") == "[None, False, False]"


def test_without_a_place_to_keep_the_kernel_numpy_does_it():
    code = "import numba.core.caching; numba.core.caching.CacheImpl._locator_classes = []; print(call(30_000))"
    assert told(code) == "False"
