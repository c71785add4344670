"""The rules of the house: imports only go down, files stay short, what is public says what it does."""

import ast
import doctest
import importlib
import pydoc
import subprocess
import sys
import tomllib
from pathlib import Path

import networkx
import pytest

ROOT = Path(__file__).resolve().parents[1]
MODULES = sorted([*(ROOT / "gp_fft").rglob("*.py"), *(ROOT / "primitives").rglob("*.py")])
LONGEST = 400
FLOORS = {  # every room and every module beside the rooms; a room imports from rooms on lower floors alone
    "primitives": 0,
    "gp_fft.ground": 0,
    "gp_fft.transforms": 1,
    "gp_fft.program": 2,
    "gp_fft.files": 3,
    "gp_fft.kernels": 3,
    "gp_fft.construct": 4,
    "gp_fft.proof": 5,
    "gp_fft.search": 5,
    "gp_fft.store": 6,
    "gp_fft.draw": 6,
    "gp_fft.api": 7,
    "gp_fft.hunt": 7,
    "gp_fft.report": 8,
    "gp_fft.cli": 9,
    "gp_fft.__main__": 10,
    "gp_fft": 11,  # the lazy face, which type checkers see as importing everything
}
HEAVY = ("numba", "flint", "scipy", "matplotlib", "networkx", "deap", "bokeh", "jinja2")


def name_of(path):
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


def room(name):
    """The room that a module stands in, or the module itself where it stands beside the rooms."""
    parts = name.split(".")
    return ".".join(parts[:2]) if parts[0] == "gp_fft" else parts[0]


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
    here = room(name_of(path))
    others = [name for node in run for name in imports(node) if room(name) != here]
    assert not [name for name in others if FLOORS[room(name)] >= FLOORS[here]], "imports go down only"
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


def test_no_circle():
    """Also not one inside a room, nor one that a function-level import hides."""
    house = networkx.DiGraph()
    for path in MODULES:
        if (name := name_of(path)) != "gp_fft":
            imported = imports(ast.parse(path.read_text(encoding="utf-8")))
            house.add_edges_from((name, other) for other in imported if other != room(name))
    circles = [sorted(part) for part in networkx.strongly_connected_components(house) if len(part) > 1]
    assert not circles


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
    for first in ("", "import gp_fft.search.settings; ", "import gp_fft.store.runs; "):
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
