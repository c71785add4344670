"""Primitive sets and cost models: what is registered holds together, what is not is refused by name."""

import doctest
from dataclasses import replace

import pytest

import primitives
from primitives import COST_MODELS, CostModel, PrimitiveError, PrimitiveSet


def test_doctests():
    assert doctest.testmod(primitives).failed == 0
    assert doctest.testmod(primitives).failed == 0


def test_names_hold_complex_and_real():
    assert {"complex", "real"} <= set(primitives.names())


@pytest.mark.parametrize("name", primitives.names())
def test_every_registered_set_conforms(name):
    found = primitives.get(name)
    assert isinstance(found, PrimitiveSet)
    assert found.name == name
    assert found.allows(1.0, 0)
    assert not found.allows(1.0, 4)
    assert not any(found.allows(size, 0) for size in (0.0, -1.0, float("nan"), float("inf")))
    assert found.scale_flops == found.add_flops == (2 if found.field == "complex" else 1)


def test_turns_of_the_fields():
    assert primitives.get("complex").allows(0.5, 3)
    assert primitives.get("real").allows(0.5, 2)
    assert not primitives.get("real").allows(0.5, 1)


def test_constants_restrict_sizes():
    dyadic = replace(primitives.get("real"), constants=(0.5, 2.0))
    assert dyadic.allows(0.5, 0)
    assert dyadic.allows(1.0, 2)
    assert not dyadic.allows(0.3, 0)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"name": "Big Name"}, "lower-case word"),
        ({"field": "octonion"}, "complex or real"),
        ({"turns": (0, 5)}, "powers of i"),
        ({"turns": (0, 2, 2)}, "distinct"),
        ({"turns": (2,)}, "must hold 0"),
        ({"turns": (0, 1)}, "closed under composition"),
        ({"turns": (0, 1, 2, 3)}, "turns 0 and 2 only"),
        ({"constants": (0.5, float("nan"))}, "positive finite"),
        ({"constants": (0.5, 1.0)}, "other than 1"),
        ({"constants": (2.0, 0.5)}, "ascending"),
        ({"add_flops": 0}, "at least one flop"),
        ({"description": " "}, "description"),
    ],
)
def test_a_set_checks_itself(change, sentence):
    with pytest.raises(PrimitiveError, match=sentence):
        replace(primitives.get("real"), **change)


def test_unknown_names_suggest_the_nearest():
    with pytest.raises(PrimitiveError, match="did you mean complex"):
        primitives.get("komplex")
    with pytest.raises(PrimitiveError, match="did you mean flops"):
        primitives.cost_model("flop")


@pytest.mark.parametrize("name", COST_MODELS)
def test_cost_models_are_registered_under_their_names(name):
    assert primitives.cost_model(name).name == name


def test_weighted_models():
    model = primitives.cost_model("1:2.5")
    assert (model.name, model.add, model.scale, model.fused) == ("1:2.5", 1.0, 2.5, False)
    assert primitives.cost_model("0:.5").scale == 0.5


@pytest.mark.parametrize(
    "text", ["", "1:", ":1", "1:-2", "nan:1", "1:inf", "0:0", "1:2:3", "1e9:1", "9" * 400 + ":1", "٣:1"]
)
def test_bad_weights_are_refused(text):
    with pytest.raises(PrimitiveError):
        primitives.cost_model(text)


def test_a_model_without_weight_is_refused():
    with pytest.raises(PrimitiveError, match="not both zero"):
        CostModel("free", 0, 0, False, "nothing costs anything")
