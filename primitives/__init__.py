"""What programs may be made of and what it costs: the registries of primitive sets and of cost models."""

from primitives.base import CostModel, PrimitiveError, PrimitiveSet, unknown, weighted
from primitives.registry import Registry

__all__ = ["COST_MODELS", "SETS", "CostModel", "PrimitiveError", "PrimitiveSet", "cost_model", "get", "names"]

SETS = Registry("gp_fft.primitive_sets", "primitives.sets", "SET", PrimitiveSet)
"""The primitive sets by name."""

COST_MODELS = Registry("gp_fft.cost_models", "primitives.models", "MODEL", CostModel)
"""The cost models by name."""


def names() -> tuple[str, ...]:
    """The names of all primitive sets, sorted."""
    return tuple(sorted(SETS))


def get(name: str) -> PrimitiveSet:
    """The primitive set called ``name``. Raises :class:`PrimitiveError`, which suggests the nearest name.

    >>> get("complex").scale_flops
    2
    """
    if name not in SETS:
        raise PrimitiveError(unknown("primitive set", name, names()))
    return SETS[name]


def cost_model(text: str) -> CostModel:
    """The cost model called ``text``: a name in :data:`COST_MODELS`, or ``"A:M"`` such as ``"1:2.5"``.

    ``"A:M"`` weighs an addition with A and a multiplication with M. Raises :class:`PrimitiveError`.

    >>> cost_model("1:2.5").scale
    2.5
    """
    model = COST_MODELS.get(text) or weighted(text)
    if model is None:
        raise PrimitiveError(unknown("cost model", text, COST_MODELS, " or weights such as 1:2.5"))
    return model
