"""The rules of the house: imports only go down, files stay short, what is public says what it does."""

import ast
import doctest
import functools
import importlib
import pydoc
import subprocess
import sys
import tomllib

import networkx
import pytest
import setuptools

from tests.house import FLOORS, MODULES, ROOT, TREES, imported, imports, name_of, room

LONGEST = 400
HEAVY = {"numba", "scipy", "matplotlib", "networkx", "deap", "bokeh", "jinja2", "flint"}  # libraries that load slowly


FOLDERS = {"gp_fft.kernels.operators": ["numba"]}  # its import reads the folders of compiled rewrites and mutations


def statements(node, inside=False):
    """Every node that runs, each with whether a function runs it; what is for type checkers alone does not run."""
    if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test):
        return
    yield node, inside
    for child in ast.iter_child_nodes(node):
        yield from statements(child, inside or isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda))


def at_the_top(name):
    """What the import of a module of ours imports at once, ours and others, the packages that it lies in included."""
    above = [name.rpartition(".")[0]] if "." in name else []
    above += FOLDERS.get(name, [])
    return above + [other for node, inside in statements(TREES[name]) if not inside for other in imported(node)]


@functools.cache
def loads():
    """The heavy libraries that the import of each of our modules loads, itself or through others of ours."""
    house = networkx.DiGraph((name, other) for name in TREES for other in at_the_top(name))
    return {name: {other.partition(".")[0] for other in networkx.descendants(house, name)} & HEAVY for name in TREES}


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
        and node in [*tree.body, *(item for cls in tree.body if isinstance(cls, ast.ClassDef) for item in cls.body)]
        and not node.name.startswith("_")
        and not ast.get_docstring(node)
        and not any("overload" in ast.unparse(decorator) for decorator in node.decorator_list)
    ]
    assert not silent, f"public and without a docstring: {silent}"


@pytest.mark.parametrize("name", TREES)
def test_a_function_imports_only_what_is_heavy(name):
    """What a module needs of ours stands at its top, unless that would load a heavy library which it does not load."""
    late = [imported(node) for node, inside in statements(TREES[name]) if inside and isinstance(node, ast.ImportFrom)]
    ours = [[other for other in names if other in TREES] for names in late]
    assert not [names for names in ours if names and not set().union(*map(loads().get, names)) - loads()[name]]


def test_no_circle():
    """Also not one inside a room, nor one that a function-level import hides."""
    house = networkx.DiGraph()
    for path in MODULES:
        if (name := name_of(path)) != "gp_fft":
            house.add_edges_from((name, other) for other in imports(TREES[name]) if other != room(name))
    circles = [sorted(part) for part in networkx.strongly_connected_components(house) if len(part) > 1]
    assert not circles


def test_every_package_is_shipped():
    include = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["setuptools"]["packages"]["find"]["include"]
    folders = {name_of(path) for path in MODULES if path.name == "__init__.py"}
    assert set(setuptools.find_packages(ROOT, include=include)) == folders


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
