"""The table of operators is the one place that numbers them: the compiled call, the tallies and the docs follow it."""

from __future__ import annotations

import os
import re
import runpy
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pytest
from numba import njit

from gp_fft.kernels import operators
from gp_fft.kernels.dispatch import dispatch
from gp_fft.kernels.operator import Operator
from gp_fft.kernels.operators import APPROXIMATIONS, IN_KERNELS, MUTATIONS, REWRITES, WHOLE, number
from gp_fft.kernels.step import choose
from gp_fft.search.loop import CHANCES
from gp_fft.search.operators import CYCLES, NAMES, OPERATORS, chances, drawn, usual

ROOT = Path(__file__).resolve().parents[1]
KERNELS = ROOT / "gp_fft" / "kernels"
SEARCH = """
from gp_fft import transforms
from gp_fft.search.loop import generations
from gp_fft.search.settings import Settings
settings = Settings(start="definition", population=4, generations=1, threads=1, operators=("share", "inline-one"))
from gp_fft.search import vary
vary.STRIDE = 40
for state, _ in generations(transforms.get("wht", 4), settings):
    pass
from gp_fft.search.operators import OPERATORS
listed = any(operator.name == "inline-one" for operator in OPERATORS)
print(state.counters["inline-one"][0] > 0, state.counters["inline"][0], state.best_exact().cost, listed)
"""


def marker(k: int, further: bool):
    """A stand-in for a kernel, which leaves its number on the bench."""
    if further:

        @njit(no_cpython_wrapper=True)
        def apply(b, row):
            b[0] = k
            return row
    else:

        @njit(no_cpython_wrapper=True)
        def apply(b):
            b[0] = k

    return apply


@pytest.mark.plain
@pytest.mark.parametrize(("table", "more"), [(REWRITES, ""), (MUTATIONS, "row")], ids=["rewrites", "mutations"])
def test_a_number_leads_to_the_kernel_of_its_entry(table, more):
    extended = (*table, Operator("another", table[0].kind, 0.1, "does nothing"))
    call = dispatch([replace(entry, kernel=marker(k, bool(more))) for k, entry in enumerate(extended)], more)
    if more:

        @njit
        def apply(b, operator):
            return call(b, operator, b[1])
    else:

        @njit
        def apply(b, operator):
            call(b, operator)
            return b[1]

    b = np.array([-1, 5])
    for k in range(len(extended)):
        assert apply(b, k) == 5
        assert b[0] == k
    with pytest.raises(ValueError, match="no operator has this number"):
        apply(b, len(extended))


@pytest.mark.plain
@pytest.mark.parametrize(
    ("table", "folder"), [(REWRITES, "rewrites"), (MUTATIONS, "mutations"), (APPROXIMATIONS, "approximations")]
)
def test_every_entry_is_one_file_named_like_it(table, folder):
    files = {path.stem for path in (KERNELS / folder).glob("[a-z]*.py")}
    assert files == {operator.name.replace("-", "_") for operator in table}
    places = [operator.place for operator in table]
    assert places == sorted(set(places)), "the order, which decides the draws, does not hang on names"
    for operator in table:
        assert f"{operator.kind}s" == folder
        assert operator.kernel.__module__ == f"gp_fft.kernels.{folder}.{operator.name.replace('-', '_')}"
        assert operator.kernel.__doc__


@pytest.mark.plain
def test_the_tallies_follow_the_table():
    assert (*REWRITES, *MUTATIONS, *APPROXIMATIONS, *WHOLE) == IN_KERNELS
    assert [number(operator.name) for operator in IN_KERNELS] == list(range(len(IN_KERNELS)))
    assert (*IN_KERNELS, *CYCLES) == OPERATORS
    assert len(set(NAMES)) == len(NAMES)


def test_the_chances_that_are_told_are_those_that_are_drawn():
    for kind in ("rewrite", "mutation", "approximation"):
        told = [drawn(op) for op in OPERATORS if op.kind == kind and "complex" in op.fields]
        assert told == [chance for chance in chances(kind, usual("complex")).tolist() if chance]
        assert sum(told) == pytest.approx(1)
    assert all(drawn(operator) == CHANCES[operator.name] for operator in CYCLES)


@pytest.mark.plain
def test_what_is_not_usual_changes_no_draw_and_can_be_switched_on():
    """The chances of the others, to the last bit, are those of a table that does not hold it."""
    extra = [op for op in REWRITES if not op.fields]
    assert extra, "nothing would be tested"
    for field in ("complex", "real"):
        on = usual(field)
        assert not {op.name for op in extra} & set(on)
        raw = [op.chance for op in REWRITES if op.name in on]
        assert [c for c in chances("rewrite", on).tolist() if c] == (np.array(raw) / np.array(raw).sum()).tolist()
        for op in extra:
            more = chances("rewrite", (*on, op.name))
            assert more[REWRITES.index(op)] == drawn(op, field) > 0
            assert more.sum() == pytest.approx(1)


class Stream(NamedTuple):
    """All of a workbench that a draw needs."""

    state: np.ndarray


@njit
def chosen(state, chances_of):
    return choose(Stream(state), chances_of)


def test_what_is_off_is_not_drawn_where_the_chances_round_to_less_than_one():
    short = np.array([0.0, 1e-3, 0.0])  # as if rounding had lost nearly all: most draws are beyond their sum
    assert {int(chosen(np.array([seed]), short)) for seed in range(50)} == {1}


@pytest.mark.plain
def test_an_entry_that_is_on_for_data_that_does_not_exist_is_refused():
    with pytest.raises(ValueError, match=r"on for .'quaternion',.; fields are complex, real"):
        operators._check(Operator("another", "rewrite", 0.1, "does nothing", lambda b: None, fields=("quaternion",)))


def test_the_walk_of_the_docs_adds_a_rewrite(tmp_path):
    """In a copy of the package, without compilation: one file, and the search draws it, tallies it and lists it."""
    page = (ROOT / "docs" / "extend.md").read_text(encoding="utf-8")
    (path,) = re.findall(r"`(gp_fft/kernels/rewrites/\w+\.py)`", page)
    (source,) = re.findall(r"^```py\n(.*?)^```", page, re.DOTALL | re.MULTILINE)
    for room in ("gp_fft", "primitives"):
        shutil.copytree(ROOT / room, tmp_path / room, ignore=shutil.ignore_patterns("__pycache__"))
    (tmp_path / path).write_text(source, encoding="utf-8")
    command = [sys.executable, "-c", SEARCH]
    plain = os.environ | {"NUMBA_DISABLE_JIT": "1", "PYTHONPATH": str(tmp_path)}
    done = subprocess.run(command, cwd=tmp_path, env=plain, capture_output=True, text=True, check=False)
    assert done.stdout == "True 0 8.0 True\n", done.stderr


def test_compiled_kernels_are_forgotten_when_a_source_changes_comes_or_goes(tmp_path):
    """In a copy of the room; nothing is compiled: an index of Numba's is only a file here."""
    room = shutil.copytree(KERNELS, tmp_path / "kernels", ignore=shutil.ignore_patterns("__pycache__"))
    forget = runpy.run_path(str(room / "__init__.py"))["forget_stale"]
    caches = [room / "__pycache__", room / "rewrites" / "__pycache__", tmp_path / "tests" / "__pycache__"]
    changes = (
        lambda: None,
        lambda: (room / "rewrites" / "another.py").write_text("", encoding="utf-8"),
        lambda: (room / "rewrites" / "another.py").unlink(),
        lambda: os.utime(room / "edits.py", (1, 1)),  # also where it becomes older
    )
    forget(tmp_path / "tests")
    for number_of_change, change in enumerate(changes):
        for cache in caches:
            (cache / "kernel.nbi").write_bytes(b"")
        change()
        forget(tmp_path / "tests")
        assert [(cache / "kernel.nbi").exists() for cache in caches] == [number_of_change == 0] * 3
