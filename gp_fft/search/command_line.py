"""A search as the command line that asks for it."""

from __future__ import annotations

import dataclasses
import shlex
from os import PathLike
from typing import Any

from gp_fft.search.settings import Settings
from gp_fft.transforms import Transform

BUDGET = ("seconds", "generations", "target_cost", "threads")  # settings that decide when, not what


def command_line(transform: Transform, settings: Settings, budget: bool = True) -> str:
    """The command that evolves with these settings, with its seed; the budget only if asked for."""
    words = ["gp-fft", "evolve", *_transform_words(transform)]
    for field in dataclasses.fields(settings):
        value = getattr(settings, field.name)
        told = value != field.default or field.name == "seed"
        if told and (budget or field.name not in BUDGET):
            words += _option_words(field.name, value)
    return shlex.join(words)


def quoted(path: PathLike[str]) -> str:
    """A path as one word of a command that is to be pasted into a shell, and that is taken for no option."""
    return shlex.quote(f"./{path}" if str(path).startswith("-") else str(path))


def _transform_words(transform: Transform) -> list[str]:
    """The transform as arguments of `gp-fft evolve`."""
    words = [transform.name, "x".join(map(str, transform.shape)) if transform.name != "matrix" else "FILE"]
    if transform.norm != "backward":
        words += ["--norm", transform.norm]
    if transform.kernel:
        words += ["--kernel", ",".join(map(repr, transform.kernel))]
    return words


def _option_words(name: str, value: Any) -> list[str]:
    """One setting as an option of `gp-fft evolve`."""
    option = name.replace("_", "-")
    if isinstance(value, bool):
        return [f"--{option}" if value else f"--no-{option}"]
    return [f"--{option}", ",".join(value) if isinstance(value, tuple) else str(value).removesuffix(".0")]
