"""Primitive sets and cost models: what is registered holds together, what is not is refused by name."""

import doctest
import re
from dataclasses import replace

import pytest

import primitives
from primitives import COST_MODELS, CostModel, PrimitiveError, PrimitiveSet


def test_doctests():
    assert doctest.testmod(primitives).failed == 0
    assert doctest.testmod(primitives).failed == 0


def test_names_hold_the_sets_of_the_fields_and_of_machines():
    assert set(primitives.FIELDS) | {"dyadic", "integer", "fma"} <= set(primitives.names())


@pytest.mark.parametrize("name", primitives.names())
def test_every_registered_set_conforms(name):
    held = primitives.get(name)
    assert isinstance(held, PrimitiveSet)
    assert held.name == name
    assert held.allows(1.0, 0)
    assert held.price(1.0) == 0
    assert not held.allows(1.0, 4)
    assert not any(held.allows(size, 0) for size in (0.0, -1.0, float("nan"), float("inf")))
    assert all(held.allows(size, 0) and held.price(size) == price for size, price in held.constants or ())
    assert held.cost in COST_MODELS
    assert held.make is None or held.make() == held
    for field in held.fields:
        assert set(held.turns_on(field)) <= set(held.turns)
    if name in primitives.FIELDS:
        assert held.fields == (name,)
        assert held.whole(name) or name == "gf2"


def test_turns_of_the_fields():
    assert primitives.get("complex").allows(0.5, 3)
    assert primitives.get("real").allows(0.5, 2)
    assert not primitives.get("real").allows(0.5, 1)


def test_constants_restrict_sizes():
    halves = replace(primitives.get("real"), constants=((0.5, 0.0), (2.0, 3.0)))
    assert halves.allows(0.5, 0)
    assert halves.allows(1.0, 2)
    assert not halves.allows(0.3, 0)
    assert [halves.price(size) for size in (0.5, 1.0, 2.0)] == [0, 0, 3]
    assert not halves.whole("real")


@pytest.mark.parametrize("number", [1, 3, 7, 23, 89, 90, 0.375, -11, 255])
def test_digits_are_as_few_as_canonical_signed_ones(number):
    digits = primitives.get("dyadic").digits(number)
    assert sum(digits) == number
    assert all(primitives.get("dyadic").allows(abs(digit), 0) for digit in digits)
    scaled, ones = abs(number) * 8, 0  # the weight of the non-adjacent form (Reitwiesner 1960)
    while scaled:
        ones, scaled = (ones, scaled / 2) if scaled % 2 == 0 else (ones + 1, (scaled - (2 - scaled % 4)) / 2)
    assert len(digits) == ones


def test_what_a_set_does_not_add_up_to_has_no_digits():
    assert primitives.get("dyadic").digits(1 / 3) is None
    assert primitives.get("gf2").digits(1.5) is None
    assert primitives.get("real").digits(1 / 3) == [1 / 3]


def test_options_stand_in_the_name():
    assert primitives.get("dyadic:shift=0.25").price(4.0) == 0.25
    assert primitives.get("dyadic:shift=0") is primitives.get("dyadic")
    small = primitives.get("integer:mul=3,bits=4")
    assert small.name == "integer:bits=4,mul=3"
    assert [small.price(size) for size in (2.0, 3.0, 15.0)] == [0, 3, 3]
    assert not small.allows(16.0, 0)
    assert primitives.get(small.name) == small


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("dyadic:shift=-1", "a price is from 0 to 1000 in whole parts of 1/1024, not -1"),
        ("dyadic:shift=0.3", "whole parts of 1/1024"),
        ("integer:bits=13", "have 1 to 12 bits, not 13"),
        ("integer:bits=2.5", "have 1 to 12 bits, not 2.5"),
        ("integer:bytes=2", "no option 'bytes'; its options are bits=8, add=1, mul=1, shift=0"),
        ("integer:bits=many", "is a number, not 'many'"),
        ("real:bits=2", "no option 'bits'; its options are none"),
        ("dyadik:shift=1", "did you mean dyadic"),
    ],
)
def test_bad_options_are_one_sentence(text, sentence):
    with pytest.raises(PrimitiveError, match=re.escape(sentence)):
        primitives.get(text)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"name": "Big Name"}, "lower-case word"),
        ({"fields": ("octonion",)}, "its fields are of complex, real, gf2, not"),
        ({"fields": ()}, "its fields are of complex, real, gf2, not none"),
        ({"turns": (0, 5)}, "powers of i"),
        ({"turns": (0, 2, 2)}, "distinct"),
        ({"turns": (2,)}, "must hold 0"),
        ({"turns": (0, 1)}, "closed under composition"),
        ({"constants": ((0.5, 1), (float("nan"), 1))}, "positive finite"),
        ({"constants": ((0.5, 1), (1.0, 1))}, "other than 1"),
        ({"constants": ((2.0, 1), (0.5, 1))}, "ascending"),
        ({"constants": ((2.0, -1),)}, "a price is from 0 to 1000"),
        ({"constants": tuple((2.0 + k, 1) for k in range(1 << 15))}, "at most 16384"),
        ({"fields": ("gf2",)}, "no constants beside 1"),
        ({"add": -1}, "a price is from 0 to 1000"),
        ({"add": 0, "scale": 0}, "must cost more than nothing"),
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
