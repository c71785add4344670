"""Where the records lie and how one is found: one program file for each transform and cost model."""

from __future__ import annotations

import importlib.resources
from pathlib import Path

from gp_fft.files import ProgramFile, load
from gp_fft.transforms import Transform

CHECKOUT = Path("runs") / "records"
SHIPPED = "gp_fft._records"


def record_name(transform: Transform, model: str = "flops") -> str:
    """The name of a record file, such as ``dft-16.json``, ``dft-16.fma.json`` or ``conv-3-k2_7_1d5.json``."""
    slug = "-".join(transform.title.split())
    if transform.kernel:
        slug += "-k" + transform.kernel_words.replace(",", "_").replace(".", "d")
    return f"{slug}.json" if model == "flops" else f"{slug}.{model.replace(':', '_')}.json"


def shelf() -> Path:
    """The folder of records: that of the checkout one stands in, else the one that the package ships."""
    if CHECKOUT.is_dir():
        return CHECKOUT
    beside = Path(__file__).resolve().parent.parent / CHECKOUT
    if beside.is_dir():
        return beside
    return Path(str(importlib.resources.files(SHIPPED)))


def find_record(transform: Transform, model: str = "flops", folder: Path | None = None) -> ProgramFile | None:
    """The record of a transform under a cost model, or None; DataError if its file is damaged."""
    path = (folder or shelf()) / record_name(transform, model)
    return load(path) if path.is_file() else None
