"""The tests that scipy ships of its fft module, with this backend in the place of its own."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
import scipy.fft

PLUGIN = """
import collections, functools, re, scipy.fft, gp_fft
from gp_fft.files.shelf import Layer
from gp_fft.fourier import protocol, variants
few = re.compile(r"[a-z]+[1-4]?-(2|3|4|5|7|8|16)[.]json")  # to compile all records takes long
layers = [Layer(one.where, {path: held for path, held in one.files.items() if few.fullmatch(path)})
          for one in variants.shelf().layers]
variants.shelf = functools.cache(lambda: variants.Shelf(tuple(layers)))
calls = collections.Counter()
def counted(name, function):
    def call(*args, **keywords):
        calls[name] += 1
        return function(*args, **keywords)
    return call
protocol.FUNCTIONS.update({name: counted(name, function) for name, function in protocol.FUNCTIONS.items()})
scipy.fft.set_global_backend(gp_fft.backend)
def pytest_unconfigure(config):
    print("called", len(calls), min(calls.values(), default=0))
"""
ELSEWHERE = {f"test_basic.py::test_multiprocess[{name}]" for name in ("fft", "ifft", "rfft", "irfft")}
"""They compare with processes that do not come of this one, where no backend is set, and zeros with no tolerance."""


@pytest.mark.skipif(
    not (Path(scipy.fft.__file__).parent / "tests").is_dir(), reason="this scipy came without its tests"
)
def test_scipys_own_tests_pass(tmp_path, pytestconfig):
    (tmp_path / "gp_fft_backend.py").write_text(PLUGIN)
    (tmp_path / "pytest.ini").write_text("[pytest]\n")
    options = [
        "-q",
        "-p",
        "gp_fft_backend",
        "-p",
        "no:cacheprovider",
        "-c",
        "pytest.ini",
        "--pyargs",
        "scipy.fft.tests",
    ]
    compiled = str(pytestconfig.cache.mkdir("compiled"))  # a hundred codelets, a minute of work: kept
    environment = os.environ | {"PYTHONPATH": str(tmp_path), "GP_FFT_CACHE": compiled}
    done = subprocess.run([sys.executable, "-m", "pytest", *options], cwd=tmp_path, env=environment,
                          capture_output=True, text=True, check=False)  # fmt: skip
    failed = set(re.findall(r"^(?:FAILED|ERROR) (?:\S*/)?(\S+)", done.stdout, re.MULTILINE))
    assert failed <= ELSEWHERE, done.stdout[-4000:]
    assert int(re.search(r"(\d+) passed", done.stdout)[1]) > 1000, done.stdout[-1000:]
    called, least = map(int, re.search(r"called (\d+) (\d+)", done.stdout).groups())
    assert called == 26
    assert least > 0
