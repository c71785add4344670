"""What the execution of a target needs: without it the tests fail in CI, and are skipped elsewhere."""

import importlib
import os
import shutil
from pathlib import Path

import pytest


def missing(reason):
    if os.environ.get("CI"):
        pytest.fail(reason)
    pytest.skip(reason)


def needed(*names):
    """The path of the first of these programs that is here."""
    homes = [shutil.which(name) or shutil.which(name, path=Path.home() / ".cargo" / "bin") for name in names]
    found = next(filter(None, homes), None)
    if found is None:
        missing(f"no {' or '.join(names)} here; `make toolchains` installs what Debian has")
    return found


def library(name):
    """A library; `make test` installs it."""
    try:
        return importlib.import_module(name)
    except ImportError:
        return missing(
            f"the library {name} is not installed here; `make {'torch' if name == 'torch' else 'test'}` does"
        )
