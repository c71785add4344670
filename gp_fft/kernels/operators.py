"""The table of the operators that the kernels apply, read from their folders: the order here is their number.

A rewrite is a file in ``rewrites/``, a mutation one in ``mutations/``, an approximation one in ``approximations/``,
each with the compiled function and its entry ``OPERATOR``; what acts on a whole program is called by name in
``burst.py``.
"""

from gp_fft.kernels.operator import Operator
from primitives.base import FIELDS
from primitives.registry import Registry


def _check(operator: Operator) -> None:
    """What an entry from outside must hold."""
    if not callable(operator.kernel) or not operator.chance > 0.0:
        raise ValueError(f"the operator {operator.name!r} needs a kernel and a chance above 0")
    if not set(operator.fields) <= set(FIELDS):
        raise ValueError(f"the operator {operator.name!r} is on for {operator.fields}; fields are {', '.join(FIELDS)}")


def _table(kind: str) -> Registry[Operator]:
    package = f"{kind}s"
    return Registry(
        f"gp_fft.{package}", f"gp_fft.kernels.{package}", "OPERATOR", Operator, _check, lambda entry: entry.place
    )


REWRITES = tuple(_table("rewrite").values())
MUTATIONS = tuple(_table("mutation").values())
APPROXIMATIONS = tuple(_table("approximation").values())
WHOLE = (
    Operator("share", "whole", 1.0, "extract the pair of terms that saves most, again and again"),
    Operator("merge", "whole", 1.0, "let definitions with proportional vectors become one"),
    Operator(
        "crossover",
        "whole",
        0.2,
        "exchange outputs and definitions with another program when a cycle begins with the best (inexact ones: 10 %)",
    ),
    Operator("expand", "whole", 1.0, "inline everything in a program of very many terms and share it afresh"),
)
IN_KERNELS: tuple[Operator, ...] = (*REWRITES, *MUTATIONS, *APPROXIMATIONS, *WHOLE)
TALLIES = len(IN_KERNELS)  # rows of a tally
_NUMBERS = {operator.name: k for k, operator in enumerate(IN_KERNELS)}
if len(_NUMBERS) < TALLIES:
    raise ValueError("two operators of the kernels have one name")


def number(name: str) -> int:
    """The number of an operator among those that the kernels apply: its row in a tally."""
    return _NUMBERS[name]
