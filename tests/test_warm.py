"""Warming up on two points compiles all that any evolution runs, and says so only where something is compiled."""

import subprocess
import sys
from threading import Event
from types import SimpleNamespace

import pytest

from gp_fft.ground.clock import Clock
from gp_fft.search import warm

AFTERWARDS = """
import sys
import numpy as np
from numba.core import event
from numba.core.dispatcher import Dispatcher
from gp_fft import transforms
from gp_fft.search.loop import generations
from gp_fft.search.settings import Settings
from gp_fft.search.warm import warm_up
from gp_fft.transforms import from_array, get

def forms():
    rooms = [room for name, room in sys.modules.items() if name.startswith("gp_fft")]
    found = {id(value): value for room in rooms for value in vars(room).values() if isinstance(value, Dispatcher)}
    return {value.__qualname__: len(value.signatures) for value in found.values() if value.signatures}

told = []
assert warm_up(told.append) == len(told) == 0 or told
before = forms()
matrix = np.asfortranarray(np.arange(1.0, 7.0).reshape(2, 3))
for transform, settings in (
    (get("dft", 8), Settings(generations=2)),
    (get("rdft", 6), Settings(generations=2, start="definition")),
    (get("dct2", 8), Settings(generations=2, population=64, threads=1)),
    (get("dft-2d", (2, 4)), Settings(generations=2, cost="fma", start="definition")),
    (get("dft", 32), Settings(generations=1, start="split-radix", max_growth=4.0)),
    (get("conv", 3, kernel=(1, 2, 3)), Settings(generations=2, operators=("share",), start="definition")),
    (from_array(matrix), Settings(generations=2)),
    (get("dft", 1), Settings(generations=1)),
):
    for state, _ in generations(transform, settings):
        pass
assert before and forms() == before, (before, forms())
"""


def test_nothing_is_compiled_after_two_points():
    """Counted by the compiled forms of every function: types, layouts and thread counts of the real run add none."""
    done = subprocess.run([sys.executable, "-c", AFTERWARDS], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_nothing_is_said_where_nothing_is_compiled():
    warm.warm_up()
    told = []
    assert warm.warm_up(told.append) == 0
    assert told == []


def numba_function(module):
    return SimpleNamespace(py_func=SimpleNamespace(__module__=module))


def compiling(monkeypatch, functions):
    """Let warming up pretend to compile so many functions, each for two types, and one of Numba's own."""

    def everything():
        kernels = [numba_function(f"gp_fft.kernels.k{k}") for k in range(functions)]
        for kernel in (*kernels, *kernels, numba_function("numba.np.arraymath")):
            with warm.event.trigger_event("numba:compile", data={"dispatcher": kernel}):
                pass
        Event().wait(0.3)

    monkeypatch.setattr(warm, "_everything", everything)


def test_what_is_compiled_is_told_with_progress(monkeypatch):
    compiling(monkeypatch, 3)
    monkeypatch.setattr(warm, "EVERY", 0.0)
    told = []
    assert warm.warm_up(told.append) == 3
    assert told[0] == warm.STARTED
    assert told[1].startswith("  3 functions, ")
    assert told[-1].startswith("compiled after")


def test_ctrl_c_ends_the_wait_for_the_compiler(monkeypatch):
    never = Event()
    monkeypatch.setattr(warm, "_everything", never.wait)
    clock = Clock()
    clock.stop()
    assert warm.warm_up(None, clock) == 0
    never.set()


def test_an_error_of_the_compiler_is_not_lost(monkeypatch):
    def fail():
        raise ZeroDivisionError

    monkeypatch.setattr(warm, "_everything", fail)
    with pytest.raises(ZeroDivisionError):
        warm.warm_up()
