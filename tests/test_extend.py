"""The walk of docs/extend.md: each new thing is one file in a folder of the house, or one entry of another package."""

import ast
import os
import subprocess
import sys

import pytest

from tests.installed import ROOT, copy_sources, pip
from tests.test_docs import DOCS, blocks

PLACES = {  # what the page calls each entry, the file that holds it, and the folder of the house that it goes into
    "FAMILY": ("centred.py", "gp_fft/transforms/families"),
    "METHOD": ("even_odd.py", "gp_fft/construct/methods"),
    "START": ("merged.py", "gp_fft/construct/starts"),
    "SET": ("halves.py", "primitives/sets"),
    "FORMAT": ("edges.py", "gp_fft/draw/formats"),
    "TARGET": ("listing.py", "gp_fft/export/targets"),
}
TEXT = "# wht 2 real\ny0 = x0 + x1\ny1 = x0 - x1\n"
COMPOSE = """
import gp_fft
from gp_fft.construct import METHODS
from gp_fft.construct.parts import Parts
transform = gp_fft.wht(8)
(program,) = METHODS["even-odd"].make(transform, Parts(METHODS))
print(gp_fft.count(program).flops, transform.error(program))
"""


def entries():
    """The source of every entry on the page, from its first line to where it is made."""
    sources = {}
    for code in blocks(DOCS / "extend.md", "python"):
        for node in ast.parse(code).body:
            if isinstance(node, ast.Assign) and (name := ast.unparse(node.targets[0])) in PLACES:
                sources[name] = '"""Of docs/extend.md."""\n' + "".join(code.splitlines(True)[: node.end_lineno])
    return sources


def run(folder, home, *words):
    """What a command prints in a working folder, with `home` on the path of Python."""
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(map(str, home)), "PYTHONWARNINGS": "error"}
    done = subprocess.run(
        [sys.executable, *words], cwd=folder, env=environment, check=False, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture(scope="module", params=["folders", "package"])
def home(request, tmp_path_factory):
    """The path of Python with every entry: as files of a copy of the house, or in an installed package beside it."""
    folder = tmp_path_factory.mktemp(request.param)
    assert set(entries()) == set(PLACES)
    if request.param == "folders":
        copy_sources(folder)
        for name, source in entries().items():
            file, room = PLACES[name]
            (folder / room / file).write_text(source)
        return [folder]
    package = folder / "source" / "my_package"
    package.mkdir(parents=True)
    (package / "__init__.py").touch()
    for name, source in entries().items():
        (package / PLACES[name][0]).write_text(source)
    (toml,) = blocks(DOCS / "extend.md", "toml")
    (folder / "source" / "pyproject.toml").write_text(toml)
    words = ("--no-deps", "--no-build-isolation", "--no-index")
    pip("install", *words, "--target", str(folder / "site"), str(folder / "source"))
    return [folder / "site", ROOT]


def test_a_transform(home, tmp_path):
    assert "cdft-2d" in run(tmp_path, home, "-m", "gp_fft", "transforms")


def test_a_construction(home, tmp_path):
    assert run(tmp_path, home, "-c", COMPOSE).split() == ["24", "0.0"]


def test_a_start(home, tmp_path):
    make = "dft = gp_fft.dft(4); print(dft.error(STARTS['merged'].make(dft)))"
    code = f"import gp_fft; from gp_fft.construct import STARTS; {make}"
    assert float(run(tmp_path, home, "-c", code)) < 1e-15


def test_a_primitive_set(home, tmp_path):
    assert "halves" in run(tmp_path, home, "-m", "gp_fft", "primitives")


def test_a_graph_format(home, tmp_path):
    (tmp_path / "wht.txt").write_text(TEXT)
    run(tmp_path, home, "-m", "gp_fft", "graph", "wht.txt", "-o", "wht.edges")
    assert (tmp_path / "wht.edges").read_text() == "x0 y0 1\nx0 y1 1\nx1 y0 1\nx1 y1 −1\n"


def test_a_target(home, tmp_path):
    (tmp_path / "wht.txt").write_text(TEXT)
    words = ("export", "wht.txt", "--to", "listing", "--arrow", "<-")
    assert run(tmp_path, home, "-m", "gp_fft", *words).endswith("\ny0 <- sum x0 x1\ny1 <- sum x0 x1\n")
