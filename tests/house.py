"""The house as its files are: floors, rooms, and who imports whom; for the tests and for the picture in the docs."""

import ast
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
MODULES = sorted([*(ROOT / "gp_fft").rglob("*.py"), *(ROOT / "primitives").rglob("*.py")])
FLOORS = {  # every room and every module beside the rooms; a room imports from rooms on lower floors alone
    "primitives": 0,
    "gp_fft.ground": 0,
    "gp_fft.evolution": 1,
    "gp_fft.transforms": 1,
    "gp_fft.program": 2,
    "gp_fft.files": 3,
    "gp_fft.kernels": 3,
    "gp_fft.construct": 4,
    "gp_fft.proof": 5,
    "gp_fft.schemes": 5,
    "gp_fft.search": 5,
    "gp_fft.store": 6,
    "gp_fft.draw": 6,
    "gp_fft.export": 7,
    "gp_fft.api": 7,
    "gp_fft.hunt": 7,
    "gp_fft.fourier": 8,
    "gp_fft.discovering": 7,
    "gp_fft.report": 8,
    "gp_fft.cli": 9,
    "gp_fft.__main__": 10,
    "gp_fft": 11,  # the lazy face, which type checkers see as importing everything
}


def name_of(path):
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


def room(name):
    """The room that a module stands in, or the module itself where it stands beside the rooms."""
    parts = name.split(".")
    return ".".join(parts[:2]) if parts[0] == "gp_fft" else parts[0]


TREES = {name_of(path): ast.parse(path.read_text(encoding="utf-8")) for path in MODULES}


def imported(node):
    """The names in an import statement, `from package import module` included; none of any other node."""
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    if isinstance(node, ast.ImportFrom):
        assert node.level == 0, "imports are absolute"
        return [node.module, *(f"{node.module}.{alias.name}" for alias in node.names)]
    return []


def imports(tree):
    """Every module of ours that is imported anywhere in the file."""
    for node in ast.walk(tree):
        yield from (name for name in imported(node) if name in TREES and name != "gp_fft")
