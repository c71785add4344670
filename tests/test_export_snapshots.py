"""What every target writes for a small program, as files to be read: tests/snapshots/export/.

Whoever changes what a target writes renews them, `python -m tests.test_export_snapshots`, and reads the difference.
"""

import pytest

from gp_fft import __version__, transforms
from gp_fft.export.targets import TARGETS, export
from gp_fft.files.shelf import Shelf
from tests.house import ROOT

FOLDER = ROOT / "tests" / "snapshots" / "export"
VARIANTS = {
    **{target: (target, {}) for target in TARGETS},
    "jax-all": ("jax", {"train": "all"}),
    "torch-constants": ("torch", {"train": "constants", "channels": "pairs"}),
    "latex-matrices": ("latex", {"show": "matrices", "fragment": True}),
    "rust-fused": ("rust", {"fused": True}),
    "verilog-pipeline": ("verilog", {"pipeline": True, "width": 8}),
}


def written(name):
    target, options = VARIANTS[name]
    file = Shelf.open().find(transforms.get("dft", 3)).file
    return export(file, target, options, "dft 3").replace(f"gp-fft {__version__}", "gp-fft VERSION").replace(
        f'producer_version: "{__version__}"', 'producer_version: "VERSION"'
    )  # fmt: skip


@pytest.mark.parametrize("name", VARIANTS)
def test_what_is_written_is_what_was_read(name):
    kept = (FOLDER / f"{name}.txt").read_text(encoding="utf-8")
    assert written(name) == kept, "if this is meant: python -m tests.test_export_snapshots"


def test_no_snapshot_is_left_over():
    assert {path.stem for path in FOLDER.iterdir()} == set(VARIANTS)


if __name__ == "__main__":
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name in VARIANTS:
        (FOLDER / f"{name}.txt").write_text(written(name), encoding="utf-8")
