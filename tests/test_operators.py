"""The table of operators is the one place that numbers them: the compiled call, the tallies and the docs follow it."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from numba import njit

from gp_fft.kernels import mutations, rewrites
from gp_fft.kernels.dispatch import dispatch
from gp_fft.kernels.operators import IN_KERNELS, MUTATIONS, REWRITES, Operator, number
from gp_fft.search.loop import CHANCES
from gp_fft.search.operators import CYCLES, NAMES, OPERATORS, chances, drawn

ROOT = Path(__file__).resolve().parents[1]
SEARCH = """
from gp_fft import transforms
from gp_fft.search.loop import generations
from gp_fft.search.settings import Settings
settings = Settings(start="definition", population=4, generations=1, threads=1, operators=("share", "inline-one"))
from gp_fft.search import vary
vary.STRIDE = 40
for state, _ in generations(transforms.get("wht", 4), settings):
    pass
print(state.counters["inline-one"][0] > 0, state.counters["inline"][0], state.best_exact().cost)
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
    extended = (*table, Operator("another", table[0].kind, 0.1, "does nothing", "another"))
    kernels = {operator.kernel: marker(k, bool(more)) for k, operator in enumerate(extended)}
    call = dispatch(extended, kernels, more)
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
def test_the_table_names_the_kernels_in_the_order_of_the_tallies():
    for table, room in ((REWRITES, rewrites), (MUTATIONS, mutations)):
        for operator in table:
            assert IN_KERNELS[number(operator.name)] is operator
            assert callable(getattr(room, operator.kernel))
    assert IN_KERNELS[: len(REWRITES)] == REWRITES
    assert (*IN_KERNELS, *CYCLES) == OPERATORS
    assert len(set(NAMES)) == len(NAMES)


@pytest.mark.plain
def test_an_entry_without_a_kernel_is_refused_by_name():
    table = (*REWRITES, replace(REWRITES[0], name="forgotten", kernel="forgotten"))
    with pytest.raises(ValueError, match="no kernel for the operators forgotten"):
        dispatch(table, vars(rewrites))


def test_the_chances_that_are_told_are_those_that_are_drawn():
    for kind in ("rewrite", "mutation"):
        told = [drawn(op) for op in OPERATORS if op.kind == kind]
        assert told == chances(kind, NAMES).tolist()
        assert sum(told) == pytest.approx(1)
    assert all(drawn(operator) == CHANCES[operator.name] for operator in CYCLES)


def test_the_walk_of_the_docs_adds_a_rewrite(tmp_path):
    """In a copy of the package, without compilation: a function and an entry, and the search draws it by name."""
    page = (ROOT / "docs" / "extend.md").read_text(encoding="utf-8")
    function, entry = re.findall(r"^```py\n(.*?)^```", page, re.DOTALL | re.MULTILINE)
    for room in ("gp_fft", "primitives"):
        shutil.copytree(ROOT / room, tmp_path / room, ignore=shutil.ignore_patterns("__pycache__"))
    kernels = tmp_path / "gp_fft" / "kernels"
    with (kernels / "rewrites.py").open("a", encoding="utf-8") as file:
        file.write("\n\n" + function)
    table = (kernels / "operators.py").read_text(encoding="utf-8")
    (kernels / "operators.py").write_text(table.replace('    Operator("add",', entry + '    Operator("add",'), "utf-8")
    command = [sys.executable, "-c", SEARCH]
    plain = os.environ | {"NUMBA_DISABLE_JIT": "1", "PYTHONPATH": str(tmp_path)}
    done = subprocess.run(command, cwd=tmp_path, env=plain, capture_output=True, text=True, check=False)
    assert done.stdout == "True 0 8.0\n", done.stderr
