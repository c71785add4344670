"""What programs may be made of and what it costs: the registries of primitive sets and of cost models."""

from functools import lru_cache

from primitives.base import FIELDS, REAL_PARTS, CostModel, PrimitiveError, PrimitiveSet, chosen, unknown, weighted
from primitives.registry import Registry
from primitives.vectors import VectorPrimitive, check

__all__ = [
    "COST_MODELS",
    "FIELDS",
    "REAL_PARTS",
    "SETS",
    "VECTORS",
    "CostModel",
    "PrimitiveError",
    "PrimitiveSet",
    "VectorPrimitive",
    "cost_model",
    "get",
    "names",
]

SETS = Registry("gp_fft.primitive_sets", "primitives.sets", "SET", PrimitiveSet)
"""The primitive sets by name."""

COST_MODELS = Registry("gp_fft.cost_models", "primitives.models", "MODEL", CostModel)
"""The cost models by name."""

VECTORS = Registry("gp_fft.vector_primitives", "primitives.vector", "VECTOR", VectorPrimitive, check=check)
"""The vector primitives by name, of which schemes are made."""


def names() -> tuple[str, ...]:
    """The names of all primitive sets, sorted."""
    return tuple(sorted(SETS))


def get(text: str) -> PrimitiveSet:
    """The primitive set called ``text``: a name, or a name with options such as ``"dyadic:shift=0.25"``.

    Raises :class:`PrimitiveError`, which suggests the nearest name, or names the options that there are.

    >>> get("complex").fields
    ('complex',)
    >>> get("integer:bits=3").constants[-1]
    (7.0, 1.0)
    """
    name, _, options = text.partition(":")
    if name not in SETS:
        raise PrimitiveError(unknown("primitive set", name, names()))
    return _with_options(SETS[name], options) if options else SETS[name]


@lru_cache(maxsize=16)
def _with_options(entry: PrimitiveSet, options: str) -> PrimitiveSet:
    return chosen(entry, options)


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
