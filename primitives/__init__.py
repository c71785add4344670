"""The registry of primitive sets: every module here defines one as ``SET``, so a new set is one new file."""

from __future__ import annotations

import importlib
import pkgutil
from functools import cache

from primitives.base import COST_MODELS, CostModel, PrimitiveError, PrimitiveSet, cost_model, unknown

__all__ = ["COST_MODELS", "CostModel", "PrimitiveError", "PrimitiveSet", "cost_model", "get", "names"]


@cache
def names() -> tuple[str, ...]:
    """The names of all primitive sets, sorted."""
    return tuple(sorted(m.name for m in pkgutil.iter_modules(__path__) if m.name != "base"))


@cache
def get(name: str) -> PrimitiveSet:
    """The primitive set called ``name``. Raises :class:`PrimitiveError`, which suggests the nearest name.

    >>> get("complex").scale_flops
    2
    """
    if name not in names():
        raise PrimitiveError(unknown("primitive set", name, names()))
    found = getattr(importlib.import_module(f"primitives.{name}"), "SET", None)
    if not isinstance(found, PrimitiveSet) or found.name != name:
        raise PrimitiveError(f"primitives/{name}.py must define SET, a PrimitiveSet named {name!r}")
    return found
