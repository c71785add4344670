"""Schemes as Python and C: what is written is run, at every size."""

import ctypes
import shutil
import subprocess

import numpy as np
import pytest
from click.testing import CliRunner

from gp_fft.cli import cli
from gp_fft.ground.errors import UsageError
from gp_fft.schemes import textbook
from gp_fft.schemes.c_code import c_source
from gp_fft.schemes.expand import expand
from gp_fft.schemes.family import truth
from gp_fft.schemes.python_code import python_source
from gp_fft.schemes.text import parse_scheme
from tests.test_schemes import RIGHT

SHIFTED = """# scheme dht 2^k
t1 = stride(x, 2, 0)
t2 = self(t1)
t3 = stride(x, 2, 1)
t4 = self(-t3)
t5 = reverse(t4)
t6 = cosines(-t4, 1)
t7 = sines(t5, 1)
t8 = t6 - t7
t9 = t2 + t8
t10 = t2 - t8
t11 = shift(t9, 1)
t12 = shift(t11, -1)
y = concatenate(t12, t10)
"""
TEXTS = {**RIGHT, "turned about": SHIFTED}
right = pytest.mark.parametrize("text", TEXTS.values(), ids=list(TEXTS))


def signals(scheme, n):
    x = np.random.default_rng(n).standard_normal((3, n, 2)) @ (1, 1j)
    return x if scheme.family.field == "complex" else np.ascontiguousarray(x.real)


@right
def test_python_runs_at_every_size(text, monkeypatch):
    monkeypatch.setattr("gp_fft.schemes.proving.TO", 64)  # what the head of the file says is tested elsewhere
    scheme, space = parse_scheme(text), {}
    source = python_source(scheme, "mine")
    exec(compile(source, "mine.py", "exec"), space)  # what we have written ourselves
    for n in scheme.family.members(300):
        x = signals(scheme, n)
        assert np.allclose(space["mine"](x), truth(scheme.family.transform, x.astype(complex)), atol=1e-10)
    with pytest.raises(ValueError, match="n = 6 is no power of"):
        space["mine"](np.ones(6))


def compiled(source, folder, function):
    """The C function, compiled with all warnings as errors."""
    (folder / "it.c").write_text(source)
    words = ["-std=c99", "-O2", "-Wall", "-Wextra", "-Werror", "-Wno-unused-function", "-shared", "-fPIC"]
    subprocess.run(["cc", *words, "-o", folder / "it.so", folder / "it.c", "-lm"], check=True)
    library = ctypes.CDLL(str(folder / "it.so"))
    called = getattr(library, function)
    called.argtypes = [ctypes.c_long, ctypes.c_void_p, ctypes.c_void_p]
    plan, run, free = (getattr(library, f"{function}_{word}") for word in ("plan", "run", "free"))
    plan.restype, plan.argtypes = ctypes.c_void_p, [ctypes.c_long]
    run.argtypes, free.argtypes = [ctypes.c_void_p] * 3, [ctypes.c_void_p]
    return called, plan, run, free


@pytest.mark.skipif(shutil.which("cc") is None, reason="there is no C compiler")
@pytest.mark.parametrize("leaf", [0, 1])
@right
def test_c_runs_at_every_size_also_with_programs_as_leaves(text, leaf, tmp_path):
    scheme = parse_scheme(text)
    size = scheme.family.members(16)[2]
    leaves = {size: expand(scheme, size)} if leaf else {}
    source = c_source(scheme, leaves, "mine")
    assert (f"leaf{size}(" in source) == bool(leaf)
    whole, plan, run, free = compiled(source, tmp_path, "mine")
    for n in scheme.family.members(1024):
        x = np.ascontiguousarray(signals(scheme, n))
        y, made = np.zeros_like(x), plan(n)
        assert whole(n, x[0].ctypes.data, y[0].ctypes.data) == 0
        for k in (1, 2):
            run(made, x[k].ctypes.data, y[k].ctypes.data)
        free(made)
        assert np.allclose(y, truth(scheme.family.transform, x.astype(complex)), atol=1e-9)
    assert whole(6, x.ctypes.data, y.ctypes.data) == 1
    assert plan(6) is None


@pytest.mark.parametrize("bad", ["1x", "a b", "lambda", "x" * 50])
def test_names_that_no_language_takes_are_refused(bad):
    for write in (lambda s, f: python_source(s, f), lambda s, f: c_source(s, None, f)):
        with pytest.raises(UsageError, match="a function is called by letters"):
            write(textbook.scheme("radix-2"), bad)


def call(*words):
    return CliRunner().invoke(cli, [str(word) for word in words])


def test_export_writes_the_recursion_or_one_size(tmp_path):
    path = tmp_path / "split.txt"
    path.write_text(textbook.SPLIT_RADIX)
    scheme = textbook.scheme("split radix")
    done = call("export", path, "--to", "c", "-o", tmp_path / "it.c")
    assert done.exit_code == 0, done.output
    assert (tmp_path / "it.c").read_text() == c_source(scheme)
    assert call("export", path, "--to", "python", "--function", "mine").output == python_source(scheme, "mine")
    assert "leaf16(" in call("export", path, "--to", "c", "--leaves", "records").output
    assert "def dft8(" in call("export", path, "--to", "python", "--at", 8).output
    for words, said in (
        (("--to", "rust"), "a scheme is written as python or c, not 'rust'; --at N writes one size"),
        (("--to", "c", "--at", 12), "n = 12 is no size of the family 2^k"),
        (("--to", "python", "--leaves", "records"), "--leaves is for C"),
    ):
        refused = call("export", path, *words)
        assert refused.exit_code == 2
        assert said in refused.output
