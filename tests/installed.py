"""Copies of the sources that tests build and install from, and environments of their own to install into."""

import shutil
import subprocess
import sys
import venv
from pathlib import Path

import numpy
import setuptools

ROOT = Path(__file__).resolve().parents[1]
SHIPPED = ("gp_fft", "primitives", "benchmarks/reference", "runs/records")
FILES = ("pyproject.toml", "setup.py", "MANIFEST.in", "README.md", "LICENSE")


def copy_sources(target):
    """The sources that an install needs, copied to `target`."""
    for name in SHIPPED:
        shutil.copytree(ROOT / name, target / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in FILES:
        shutil.copy(ROOT / name, target / name)
    return target


def make_environment(target):
    """An environment that sees the libraries of this one, but not its gp-fft; the path of its python."""
    venv.create(target, with_pip=False, symlinks=True)
    packages = next(target.glob("lib/python*/site-packages"))
    libraries = {str(Path(module.__file__).resolve().parents[1]) for module in (numpy, setuptools)}
    (packages / "libraries.pth").write_text("\n".join(sorted(libraries)) + "\n")
    return target / "bin" / "python"


def pip(*words):
    """Run pip without network."""
    subprocess.run([sys.executable, "-m", "pip", "--quiet", *words], check=True, capture_output=True, text=True)


def install(python, *what):
    """Install what pip calls `what` with the interpreter `python`."""
    pip("--python", str(python), "install", "--no-deps", "--no-build-isolation", "--no-index", *what)
