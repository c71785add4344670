"""Where the folders that ship with the package lie: the records and the reference tables.

In an installed package they lie inside it, as ``_records`` and ``_reference``; in a clone, also one that is installed
with ``pip install -e .``, where people look for them.
"""

from pathlib import Path

_HERE = Path(__file__).resolve().parents[1]
_IN_A_CLONE = {"_records": Path("runs", "records"), "_reference": Path("benchmarks", "reference")}


def folder(name: str) -> Path:
    """The folder ``_records`` or ``_reference``: that of the installed package, else that of the clone."""
    inside = _HERE / name
    return inside if inside.is_dir() else _HERE.parent / _IN_A_CLONE[name]
