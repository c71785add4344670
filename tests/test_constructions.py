"""The registries of compositions and of starts: what ships holds together, what does not is refused in one sentence."""

from __future__ import annotations

import pytest

import gp_fft
from gp_fft.cli.evolve import command
from gp_fft.construct import METHODS, STARTS, composable, compose, textbook
from gp_fft.construct.conformance import check
from gp_fft.construct.parts import Method
from gp_fft.construct.textbook import Start
from gp_fft.ground.errors import UsageError
from gp_fft.search.settings import starts


@pytest.mark.parametrize("name", METHODS)
def test_what_ships_holds_what_is_asked_of_an_entry_from_outside(name):
    assert check(METHODS[name], METHODS) >= 1


@pytest.mark.parametrize("name", STARTS)
def test_every_start_is_the_program_of_its_transform(name):
    for transform in (gp_fft.dft(8), gp_fft.rdft(4)):
        assert transform.error(STARTS[name].make(transform)) < 1e-15


def test_the_starts_that_are_named_are_those_that_there_are():
    assert starts() == ("random", *STARTS, "compose")
    (option,) = [param for param in command.params if param.name == "start"]
    for name in starts():
        assert name in option.help
        assert name in gp_fft.evolve.__doc__


def haar(make):
    """An entry for a family that nobody else serves."""
    return Method("mine", ("haar",), lambda transform: True, make)


def test_a_composition_from_outside_serves_at_once():
    transform = gp_fft.haar(4)
    assert not composable(transform)
    METHODS["mine"] = haar(lambda transform, parts: iter([textbook.definition(transform)]))
    try:
        assert transform.error(compose(transform)[0]) < 1e-15
    finally:
        del METHODS["mine"]
    assert not composable(transform)


@pytest.mark.parametrize(
    ("make", "sentence"),
    [
        (lambda transform, parts: iter(()), "serves haar 2, but makes no program"),
        (lambda transform, parts: iter([None]), "serves haar 2, but makes no program"),
        (
            lambda transform, parts: iter([textbook.definition(gp_fft.dft(transform.inputs))]),
            "composition 'mine' makes haar 4 with the error",
        ),
    ],
)
def test_a_composition_that_makes_nothing_or_something_else_is_refused(make, sentence):
    with pytest.raises(UsageError, match=sentence):
        METHODS["mine"] = haar(make)
    assert "mine" not in METHODS


def test_a_family_that_nobody_knows_is_refused():
    with pytest.raises(UsageError, match="unknown"):
        METHODS["mine"] = Method("mine", ("fourier",), lambda transform: True, lambda transform, parts: iter(()))


def test_a_start_from_outside_has_a_name_like_the_others():
    STARTS["dense"] = Start("dense", textbook.definition)
    try:
        front = gp_fft.evolve(gp_fft.dft(2), start="dense", generations=0)
        assert front.best_exact() is not None
        with pytest.raises(UsageError, match="did you mean dense"):
            gp_fft.Settings(start="dens").check(gp_fft.dft(2))
    finally:
        del STARTS["dense"]
