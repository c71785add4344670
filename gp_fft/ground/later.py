"""Later: what a value can do through rooms above its own, by name, loaded at its first use.

A program can be drawn, but does not know who draws: the face of the package says once where each of these functions is
found, and a value asks for it by name.
"""

import importlib
from collections.abc import Callable
from typing import Any

_PLACES: dict[str, str] = {}


def register(places: dict[str, str]) -> None:
    """Say where functions are found: each name with its ``module:function``."""
    _PLACES.update(places)


def later(name: str) -> Callable[..., Any]:
    """The function registered under ``name``."""
    module, _, function = _PLACES[name].partition(":")
    registered: Callable[..., Any] = getattr(importlib.import_module(module), function)
    return registered
