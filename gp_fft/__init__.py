"""gp-fft evolves programs for small linear transforms; each public name here is loaded at first use."""

from __future__ import annotations

import importlib
import importlib.util
from typing import Any

__version__ = "0.1.0"

_PLACES = {
    "Front": "gp_fft.search.front",
    "Settings": "gp_fft.search.settings",
    "Transform": "gp_fft.transforms",
    "Counts": "gp_fft.cost",
    "DataError": "gp_fft.errors",
    "EXACT": "gp_fft.cost",
    "GpFftError": "gp_fft.errors",
    "Program": "gp_fft.program",
    "ProgramFile": "gp_fft.files",
    "UsageError": "gp_fft.errors",
    "count": "gp_fft.cost",
    "evolve": "gp_fft.api",
    "load": "gp_fft.files",
    "prove": "gp_fft.proof",
    "save": "gp_fft.files",
}
_TRANSFORMS = (
    *("dft", "idft", "rdft", "dct1", "dct2", "dct3", "dct4", "dst1", "dst2", "dst3", "dst4", "dht", "wht"),
    *("conv", "toeplitz", "from_array", "from_file"),
)
_PLACES |= dict.fromkeys(_TRANSFORMS, "gp_fft.transforms")


def _draw(program: Any) -> str:
    """The drawing of a program for notebooks; the drawing code is loaded when one is shown."""
    return str(importlib.import_module("gp_fft.graph").to_svg(program))


def _show_front(front: Any) -> str:
    """A front for notebooks, as HTML."""
    return str(importlib.import_module("gp_fft.report.notebook").front_html(front))


def __getattr__(name: str) -> Any:
    """Load the public object ``name`` from its module, once."""
    if name not in _PLACES:
        return _registered(name)
    found = getattr(importlib.import_module(_PLACES[name]), name)
    globals()[name] = found
    return found


def _registered(name: str) -> Any:
    """The function of a transform that was added to the table; modules of that name are left to the import."""
    if not name.startswith("_") and importlib.util.find_spec(f"gp_fft.{name}") is None:
        transforms = importlib.import_module("gp_fft.transforms")
        if name in transforms.FAMILIES:
            return getattr(transforms, name)
    raise AttributeError(f"module 'gp_fft' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted({*globals(), *_PLACES})
