"""Programs as functions of arrays: generated C or Numba, any shape and stride, and what happens without a compiler."""

import os
import subprocess
import sys
import warnings

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gp_fft import Program, transforms
from gp_fft.export import compiled, compiler
from gp_fft.files.shelf import Shelf
from gp_fft.ground.errors import DataError, UsageError
from gp_fft.program import running

SHELF = Shelf.open()
BITS = Program.parse("# gf2\ny0 = x0 + x1 + x2\ny1 = x1 + x2\n")


def record(name, n):
    return SHELF.find(transforms.get(name, n)).program


def compilers():
    try:
        return [compiler.find().command]
    except DataError:
        return []


needs_compiler = pytest.mark.skipif(not compilers(), reason="no C compiler is installed")


@pytest.fixture(autouse=True)
def cache(tmp_path_factory, monkeypatch):
    """A cache of the session's own, and nothing remembered of the tests before."""
    monkeypatch.setenv("GP_FFT_CACHE", str(tmp_path_factory.getbasetemp() / "compiled"))
    compiled._compiled.cache_clear()
    compiled._large.cache_clear()
    compiled._told.clear()
    compiled._calls.clear()


def signals(program, shape, dtype, seed=0):
    rng = np.random.default_rng(seed)
    if program.field == "gf2":
        return rng.integers(0, 1 << 8, shape).astype(dtype)
    x = rng.standard_normal(shape)
    return (x + 1j * rng.standard_normal(shape) if program.field == "complex" else x).astype(dtype)


@needs_compiler
@pytest.mark.parametrize("program", [record("dft", 5), record("dct2", 8), BITS], ids=["complex", "real", "bits"])
@pytest.mark.parametrize("layout", ["rows", "columns"])
@pytest.mark.parametrize("exact", [True, False])
def test_it_gives_what_the_program_gives_in_every_type(program, layout, exact):
    for dtype in compiled.DTYPES[program.field]:
        function = program.compile(dtype, layout, exact)
        assert function.language == "C"
        x = signals(program, (3, 7, program.inputs), dtype)
        wanted = program(x)
        given = np.moveaxis(x, -1, 0) if layout == "columns" else x
        result = function(given)
        assert result.dtype == dtype == wanted.dtype
        result = np.moveaxis(result, 0, -1) if layout == "columns" else result
        tolerance = 0 if exact or program.field == "gf2" else 10 * np.finfo(dtype).eps * np.abs(wanted).max()
        np.testing.assert_allclose(result, wanted, rtol=0, atol=tolerance)


@needs_compiler
@settings(max_examples=60, deadline=None)
@given(st.data())
def test_any_shape_stride_and_out_will_do(data):
    layout = data.draw(st.sampled_from(["rows", "columns"]))
    program = record("dft", 4)
    function = program.compile(layout=layout, exact=True)
    shape = tuple(data.draw(st.lists(st.integers(0, 5), max_size=3)))
    axis = 0 if layout == "columns" else -1
    whole = signals(program, (*(2 * k for k in shape), 8), "complex128", 3)
    x = whole[(*[slice(None, None, 2)] * len(shape), slice(data.draw(st.integers(0, 4)), None, 1))][..., :4]
    wanted = np.moveaxis(program(x), -1, axis)
    x = np.moveaxis(x, -1, axis)
    if data.draw(st.booleans()):
        x = np.ascontiguousarray(x)
    if data.draw(st.booleans()):
        x = np.asfortranarray(x)
    kept = x.copy()
    np.testing.assert_array_equal(function(x), wanted)
    np.testing.assert_array_equal(x, kept)
    out = np.asfortranarray(np.empty(wanted.shape, complex)) if data.draw(st.booleans()) else np.empty_like(wanted)
    assert function(x, out) is out
    np.testing.assert_array_equal(out, wanted)
    assert function(x, out=x) is x
    np.testing.assert_array_equal(x, wanted)


@needs_compiler
@pytest.mark.parametrize("layout", ["rows", "columns"])
def test_memory_that_overlaps_otherwise_is_copied_first(layout):
    program = record("dft", 4)
    memory = signals(program, 4 * 50 + 8, "complex128")
    shape = (50, 4) if layout == "rows" else (4, 50)
    x, out = memory[:200].reshape(shape), memory[8:].reshape(shape)
    axis = -1 if layout == "rows" else 0
    wanted = np.moveaxis(program(np.moveaxis(x, axis, -1)), -1, axis)
    np.testing.assert_array_equal(program.compile(layout=layout, exact=True)(x, out), wanted)


def test_what_does_not_fit_is_one_sentence():
    program = record("dft", 4)
    function = program.compile()
    for call, sentence in (
        (lambda: program.compile("float64"), "complex data computes with complex128 or complex64, not float64"),
        (lambda: program.compile("complx"), "not complx"),
        (lambda: program.compile(layout="colums"), "rows or columns, not 'colums'; did you mean columns"),
        (lambda: function(np.zeros(5)), r"complex128 of shape \(..., 4\) in rows, not \(5,\)"),
        (lambda: function(1.0), r"not \(\)"),
        (lambda: program.compile(layout="columns")(np.zeros((5, 4))), r"shape \(4, ...\) in columns, not \(5, 4\)"),
        (
            lambda: function(np.zeros((2, 4)), out=np.zeros((2, 4))),
            r"out is .* complex128 of shape \(2, 4\), not float",
        ),
        (lambda: function(np.zeros(4), out=[0] * 4), "out is an array .*, not a list"),
    ):
        with pytest.raises(UsageError, match=sentence):
            call()


@needs_compiler
def test_large_batches_are_run_by_it_with_the_same_bits(monkeypatch):
    program = record("dft", 8)
    calls = []
    monkeypatch.setattr(compiled.Compiled, "_fill", lambda self, x, out, do=compiled.Compiled._fill: calls.append(
        len(x)) or do(self, x, out))  # fmt: skip
    monkeypatch.setattr(compiled, "CHUNK", 1 << 17)
    for dtype in (np.complex128, np.complex64, np.float32):
        x = signals(program, (40_000, 8), "complex128").astype(np.complex64 if dtype != np.complex128 else dtype)
        x = x.real.astype(dtype) if dtype == np.float32 else x
        results = [program(x) for _ in range(3)]
        expected = np.empty_like(results[0])
        running.run_numpy(program._plan, x, expected)
        for result in results:
            np.testing.assert_array_equal(result, expected)
    assert len(calls) > 3
    assert max(calls) <= (1 << 17) // 8


@pytest.mark.parametrize("command", ["/nowhere/cc", "false", "true"])
def test_without_a_compiler_that_works_it_is_numba_and_said_once(monkeypatch, command):
    monkeypatch.setenv("CC", command)
    program = record("dft", 4)
    with warnings.catch_warnings(record=True) as said:
        warnings.simplefilter("always")
        function = program.compile(exact=True)
        columns = program.compile(layout="columns")
    assert ["Numba is used in its place" in str(one.message) for one in said] == [True]
    assert function.language == columns.language == "Numba"
    x = signals(program, (9, 4), "complex128")
    np.testing.assert_allclose(function(x), program(x), atol=1e-14)
    np.testing.assert_allclose(columns(x.T), program(x).T, atol=1e-14)
    big = signals(program, (60_000, 4), "complex128")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        np.testing.assert_array_equal(program(big), program(big))


@needs_compiler
def test_a_compiler_that_fails_is_said_with_its_words(monkeypatch, tmp_path):
    script = tmp_path / "cc"
    real = compiler.find().command[0]
    script.write_text(f'#!/bin/sh\ncase "$*" in *-shared*) echo "out of order" >&2; exit 3;; esac\nexec {real} "$@"\n')
    script.chmod(0o755)
    monkeypatch.setenv("CC", str(script))
    monkeypatch.setenv("GP_FFT_CACHE", str(tmp_path / "cache"))
    with pytest.warns(UserWarning, match="failed with exit code 3: out of order; Numba is used in its place"):
        record("dft", 2).compile()
    assert not list((tmp_path / "cache").iterdir())


@needs_compiler
def test_a_damaged_library_is_made_again(monkeypatch, tmp_path):
    monkeypatch.setenv("GP_FFT_CACHE", str(tmp_path))
    source = "int answer(void);\nint answer(void) { return 42; }\n"
    place = compiler.find().library(source)
    assert list(tmp_path.iterdir()) == [place]
    place.write_bytes(b"nothing")
    assert compiler.find().load(source).answer() == 42


@needs_compiler
def test_two_processes_make_the_same_library_at_once(tmp_path):
    code = (
        "import numpy as np, gp_fft\n"
        "p = gp_fft.Program.parse('# dft 2 complex\\ny0 = x0 + x1\\ny1 = x0 - x1\\n')\n"
        "f = p.compile(); assert f.language == 'C'; print(f(np.array([1, 2j]))[1])\n"
    )
    environment = os.environ | {"GP_FFT_CACHE": str(tmp_path)}
    running_ = [subprocess.Popen([sys.executable, "-c", code], env=environment, stdout=subprocess.PIPE, text=True)
                for _ in range(3)]  # fmt: skip
    assert [process.communicate()[0] for process in running_] == ["(1-2j)\n"] * 3
    assert len(list(tmp_path.iterdir())) == 1
