"""Types reach the users of a wheel and of an editable install: a strict script passes, its mistakes are found."""

import ast
import importlib
import re
import subprocess
import sys

import pytest

import gp_fft
from tests.installed import ROOT, copy_sources, install, make_environment

GOOD = """
from collections.abc import Sequence
from typing import Any, assert_type

import numpy as np

import gp_fft

transform = gp_fft.dft(8)
assert_type(transform, gp_fft.Transform)
assert_type(gp_fft.conv(3, kernel=(1.0, 2.0, 3.0)), gp_fft.Transform)
assert_type(gp_fft.conv(3, kernel=np.arange(1, 4)), gp_fft.Transform)
assert_type(gp_fft.from_file("a.csv"), gp_fft.Transform)


def told(state: Any, record: dict[str, Any]) -> bool:
    return bool(record["generation"] > 5)


front = gp_fft.evolve(transform, seed=1, seconds=1.5, operators=["inline"], out="run", on_generation=told)
assert_type(front, gp_fft.Front)
assert_type(front.prove().statuses, list[str])
assert_type(front[1:], Sequence[gp_fft.Program])
assert_type(gp_fft.resume("run", generations=3), gp_fft.Front | Any)  # Any: of a run of discover
best = front.best_exact() or front[-1]
assert_type(best, gp_fft.Program)
counts = gp_fft.count(best)
assert_type(counts, gp_fft.Counts)
assert_type(counts.flops, int)
assert_type(best([1.0] * 8).ndim, int)
assert_type(gp_fft.prove(best, transform).proved, bool)
loaded = gp_fft.load("run")
if isinstance(loaded, gp_fft.ProgramFile):
    assert_type(loaded.program, gp_fft.Program)
discovered = gp_fft.discover("dft", family="2^k", seconds=1.5)
assert_type(discovered, gp_fft.Discovered)
assert_type(discovered.best, gp_fft.Algorithm | None)
gp_fft.save("best.json", best)
assert_type(gp_fft.Settings(seed=2).population, int)
try:
    gp_fft.Program.parse("nothing")
except gp_fft.DataError as error:
    print(error)
"""

BAD = """
import gp_fft

transform = gp_fft.dft(8)
front = gp_fft.evolve(transform, seed=1, seconds=10)
program = front[0]
print(gp_fft.count(program).flopz)
print(gp_fft.count(transform))
print(gp_fft.evlove)
gp_fft.evolve(transform, second=10)
gp_fft.evolve(transform, seconds="10")
gp_fft.evolve("dft 8", seconds=10)
gp_fft.dft("8")
gp_fft.rdft(8, nrom="ortho")
front.best_exact().matrix()
program.inputs = 3
gp_fft.save("a.json", transform)
gp_fft.resume(3)
gp_fft.Settings(sead=1)
gp_fft.load("run").program
"""
RIGHT = 6  # so many lines of BAD, with the empty one, have no mistake


@pytest.fixture(scope="module", params=["wheel", "editable"])
def checked(request, tmp_path_factory):
    """A function that runs strict mypy on a script against an installed copy: what it says, by line."""
    folder = tmp_path_factory.mktemp(request.param)
    source, python = copy_sources(folder / "source"), make_environment(folder / "environment")
    install(python, *(["-e"] if request.param == "editable" else []), str(source))
    words = [sys.executable, "-m", "mypy", "--strict", "--config-file=", "--python-executable", str(python)]

    def check(script):
        (folder / "script.py").write_text(script)
        done = subprocess.run(
            [*words, "--cache-dir", str(folder / "cache"), "script.py"], cwd=folder, capture_output=True, text=True
        )
        assert done.returncode in (0, 1), done.stderr
        found = re.findall(r"^script\.py:(\d+): error: (.*)$", done.stdout, re.MULTILINE)
        assert bool(found) == bool(done.returncode), done.stdout
        return [(int(line), told) for line, told in found]

    return check


def test_a_strict_script_passes_and_its_mistakes_are_found(checked):
    assert checked(GOOD) == []
    found = checked(BAD)
    assert '"Counts" has no attribute "flopz"' in dict(found)[7]
    assert sorted({line for line, _ in found}) == list(range(RIGHT + 1, len(BAD.splitlines()) + 1))


def static_names():
    """What gp_fft tells a type checker: each name and its module."""
    tree = ast.parse((ROOT / "gp_fft" / "__init__.py").read_text())
    guarded = [node for node in tree.body if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING"]
    imports = [node for block in guarded for node in block.body if isinstance(node, ast.ImportFrom)]
    assert all(alias.asname == alias.name for node in imports for alias in node.names)
    return [(alias.name, node.module) for node in imports for alias in node.names]


def test_the_static_and_the_lazy_names_agree():
    names = static_names()
    assert len(dict(names)) == len(names)
    assert dict(names) == gp_fft._PLACES
    for name, module in names:
        assert getattr(gp_fft, name) is getattr(importlib.import_module(module), name)


def test_an_unknown_name_is_an_attribute_error():
    with pytest.raises(AttributeError, match="no attribute 'evlove'"):
        gp_fft.evlove  # noqa: B018
