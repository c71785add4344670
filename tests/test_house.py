"""The rules of the house: imports only go down, files stay short, what is public says what it does."""

import ast
import doctest
import importlib
import pydoc
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
MODULES = sorted([*(ROOT / "gp_fft").rglob("*.py"), *(ROOT / "primitives").rglob("*.py")])
LONGEST = 400
FLOORS = {  # the longest name that fits counts; gp_fft itself is the lazy face of the whole, which types alone show
    "primitives": 0,
    "gp_fft": 1,
    "gp_fft.kernels": 2,
    "gp_fft.search": 3,
    "gp_fft.api": 4,
    "gp_fft.lending": 4,
    "gp_fft.hunt": 4,
    "gp_fft.proof": 4,
    "gp_fft.records": 4,
    "gp_fft.recorder": 4,
    "gp_fft.command_line": 4,
    "gp_fft.runs": 4,
    "gp_fft.verify": 4,
    "gp_fft.export": 5,
    "gp_fft.graph": 5,
    "gp_fft.report": 5,
    "gp_fft.cli": 6,
    "gp_fft.__main__": 6,
}
HEAVY = ("numba", "scipy", "matplotlib", "networkx", "deap", "bokeh", "jinja2")


def name_of(path):
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


def floor(name):
    parts = name.split(".")
    fitting = (".".join(parts[:length]) for length in range(len(parts), 0, -1))
    return next((FLOORS[prefix] for prefix in fitting if prefix in FLOORS), None)


def imports(tree):
    """Every module of ours that is imported anywhere in the file, `from package import module` included."""
    for node in ast.walk(tree):
        names = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "imports are absolute"
            names = [node.module, *(f"{node.module}.{alias.name}" for alias in node.names)]
        yield from (name for name in names if name in map(name_of, MODULES) and name != "gp_fft")


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_a_module_keeps_the_rules(path):
    source = path.read_text(encoding="utf-8")
    tree = ast.parse(source)
    assert ast.get_docstring(tree), "a file opens with its idea"
    assert len(source.splitlines()) < LONGEST
    run = [node for node in tree.body if name_of(path) != "gp_fft" or "TYPE_CHECKING" not in ast.unparse(node)[:20]]
    above = [name for node in run for name in imports(node) if floor(name) > floor(name_of(path))]
    assert not above, f"imports go down only: {above}"
    silent = [
        node.name
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.ClassDef)
        and node
        in [*tree.body, *(item for cls in tree.body if isinstance(cls, ast.ClassDef) for item in cls.body)]
        and not node.name.startswith("_")
        and not ast.get_docstring(node)
        and not any("overload" in ast.unparse(decorator) for decorator in node.decorator_list)
    ]
    assert not silent, f"public and without a docstring: {silent}"


def test_every_package_is_shipped():
    packages = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["setuptools"]["packages"]
    folders = {name_of(path) for path in MODULES if path.name == "__init__.py"}
    assert set(packages) == folders


def test_importing_gp_fft_is_cheap():
    code = f"import gp_fft, gp_fft.cli, sys; print([name for name in {HEAVY} if name in sys.modules])"
    told = subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True, capture_output=True, text=True)
    assert told.stdout.strip() == "[]"


def test_every_public_name_is_there():
    face = importlib.import_module("gp_fft")
    for name in dir(face):
        assert getattr(face, name) is not None or name.startswith("_")


def test_what_is_called_alike_stays_a_function():
    for first in ("", "import gp_fft.search.settings; ", "import gp_fft.runs; "):
        code = f"import gp_fft; {first}assert callable(gp_fft.evolve)"
        subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True)


@pytest.mark.parametrize("path", [path for path in MODULES if ">>>" in path.read_text(encoding="utf-8")], ids=name_of)
def test_examples_in_docstrings_hold(path):
    tried = doctest.testmod(importlib.import_module(name_of(path)))
    assert tried.attempted > 0
    assert tried.failed == 0


def test_help_and_completion_show_what_is_public():
    import gp_fft

    shown = [name for name in dir(gp_fft) if not name.startswith("__")]
    assert shown == gp_fft.__all__ == sorted(gp_fft._PLACES)
    assert "evolve(transform" in pydoc.plain(pydoc.render_doc(gp_fft))
