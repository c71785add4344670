"""What a caller from Python asks for, as settings: what does not fit is one sentence, before anything runs."""

import functools
import inspect
import os
from collections.abc import Callable, Iterable
from difflib import get_close_matches
from numbers import Integral, Real
from typing import Any, ParamSpec, TypeVar

from gp_fft.ground.errors import UsageError

P = ParamSpec("P")
R = TypeVar("R")

WHOLE = ("seed", "population", "generations", "threads", "depth", "add_depth", "live", "keep_equal")
AMOUNTS = (
    *("seconds", "target_cost", "max_growth"),
    *("error_below", "cost_below", "error_price", "deviation_below", "deviation_price"),
)
EXAMPLES = {"operators": ["inline", "share"], "parts": ["dft-8@4dd3fd1b2c3d"]}
OPTIONAL = (
    *("operators", "seconds", "generations", "target_cost", "max_growth", "scaling"),
    *("depth", "add_depth", "live", "keep_equal"),
    *("error_below", "cost_below", "error_price", "deviation_below", "deviation_price"),
)


def plain(values: dict[str, Any]) -> dict[str, Any]:
    """These settings in plain types (numpy numbers become Python's, a path a text); UsageError for one of another."""
    return {name: _plain(name, value) for name, value in values.items()}


def _plain(name: str, value: Any) -> Any:
    if value is None and name in OPTIONAL:
        return None
    wanted, number = "a text", not isinstance(value, bool)
    if name in WHOLE:
        wanted = "a whole number"
        if number and isinstance(value, Integral):
            return int(value)
    elif name in AMOUNTS:
        wanted = "a number"
        if number and isinstance(value, Real):
            return float(value)
    elif name in EXAMPLES:
        wanted = f"a list of names such as {EXAMPLES[name]}"
        if isinstance(value, Iterable) and not isinstance(value, str):
            words = tuple(value)
            if all(isinstance(word, str) for word in words):
                return words
    elif isinstance(value, str) or (name == "start" and isinstance(value, os.PathLike)):
        return os.fspath(value)
    given = " ".join(repr(value).split())
    given = given if len(given) <= 60 else given[:60] + " ..."
    raise UsageError(f"{name} must be {wanted}, not {given} ({type(value).__name__})")


def one_sentence(function: Callable[P, R]) -> Callable[P, R]:
    """``function``, but arguments that do not fit its signature raise a UsageError that suggests the nearest name."""
    signature = inspect.signature(function)
    names = [name for name, parameter in signature.parameters.items() if parameter.kind is parameter.KEYWORD_ONLY]

    @functools.wraps(function)
    def checked(*args: P.args, **kwargs: P.kwargs) -> R:
        for name in kwargs:
            if name not in signature.parameters:
                near = get_close_matches(name, names, 1)
                hint = f"did you mean {near[0]!r}?" if near else f"known are {', '.join(names)}"
                raise UsageError(f"{function.__name__} has no setting {name!r}; {hint}")
        try:
            signature.bind(*args, **kwargs)
        except TypeError as error:
            raise UsageError(f"{function.__name__}: {error}; settings are given by name") from None
        return function(*args, **kwargs)

    return checked
