"""The one step of the build that pyproject.toml cannot say: the records and the reference tables go into the wheel.

They lie where people look for them, in ``runs/records`` and ``benchmarks/reference``, and are copied into the package
when a wheel is built. An editable install finds them where they are (:mod:`gp_fft.ground.shipped`), and needs nothing
but the path of this folder, which type checkers understand.
"""

from __future__ import annotations

import shutil
from pathlib import Path

from setuptools import setup
from setuptools.command.build_py import build_py

HERE = Path(__file__).parent
SHIPPED = {
    "_records": (HERE / "runs" / "records", (".json",)),
    "_reference": (HERE / "benchmarks" / "reference", (".csv", ".md")),
}


class BuildWithTables(build_py):
    """Copies modules as usual, and the tables beside them."""

    def run(self) -> None:
        """Build; an editable install copies nothing."""
        super().run()
        if self.editable_mode:
            return
        for name, (source, endings) in SHIPPED.items():
            target = Path(self.build_lib) / "gp_fft" / name
            shutil.rmtree(target, ignore_errors=True)
            for path in sorted(path for path in source.rglob("*") if path.suffix in endings):
                copy = target / path.relative_to(source)
                copy.parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(path, copy)
            (target / "__init__.py").write_text(f'"""Copied from {source.relative_to(HERE).as_posix()}."""\n')


setup(cmdclass={"build_py": BuildWithTables})
