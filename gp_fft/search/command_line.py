"""A search as the command line that asks for it."""

import dataclasses
import shlex
from typing import Any

from gp_fft.evolution.members import BUDGET
from gp_fft.search.settings import Settings, usual_operators
from gp_fft.transforms import Transform


def command_line(transform: Transform, settings: Settings, budget: bool = True) -> str:
    """The command that evolves with these settings, with its seed; the budget only if asked for."""
    words = ["gp-fft", "evolve", *_transform_words(transform)]
    for field in dataclasses.fields(settings):
        value = getattr(settings, field.name)
        asked = value != field.default or field.name == "seed"
        if field.name == "operators" and value is not None:
            words += _operator_words(value, usual_operators(transform))
        elif asked and (budget or field.name not in BUDGET):
            words += _option_words(field.name, value)
    return shlex.join(words)


def _transform_words(transform: Transform) -> list[str]:
    """The transform as arguments of `gp-fft evolve`."""
    words = [transform.name, "x".join(map(str, transform.shape)) if transform.name != "matrix" else "FILE"]
    if transform.name == "matrix" and transform.field == "gf2":
        words += ["--field", "gf2"]
    if transform.norm != "backward":
        words += ["--norm", transform.norm]
    if transform.kernel:
        words += ["--kernel", ",".join(map(repr, transform.kernel))]
    return words


def _operator_words(chosen: tuple[str, ...], usual: tuple[str, ...]) -> list[str]:
    """The operators as an option of `gp-fft evolve`: none for the usual ones, of more than these only what is more."""
    if chosen == usual:
        return []
    more = tuple(name for name in chosen if name not in usual)
    return _option_words("with", more) if set(usual) < set(chosen) else _option_words("operators", chosen)


def _option_words(name: str, value: Any) -> list[str]:
    """One setting as an option of `gp-fft evolve`."""
    option = name.replace("_", "-")
    if isinstance(value, bool):
        return [f"--{option}" if value else f"--no-{option}"]
    return [f"--{option}", ",".join(value) if isinstance(value, tuple) else str(value).removesuffix(".0")]
