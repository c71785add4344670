"""The registries of compositions and of starts: what ships holds together, what does not is refused in one sentence."""

from __future__ import annotations

import pytest

import gp_fft
from gp_fft.cli.evolve import command
from gp_fft.construct import METHODS, STARTS, composable, compose, textbook
from gp_fft.construct.conformance import check
from gp_fft.construct.given import Given
from gp_fft.construct.methods.norms import with_factors
from gp_fft.construct.parts import Method
from gp_fft.construct.renormed import renormed
from gp_fft.construct.textbook import Start
from gp_fft.files.shelf import Shelf
from gp_fft.ground.errors import UsageError
from gp_fft.program.cost import EXACT
from gp_fft.search.settings import starts
from gp_fft.transforms import parse_title


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


@pytest.mark.parametrize(
    ("title", "flops"),
    [
        ("dct2 8 ortho", 42),
        ("dct3 8 ortho", 42),
        ("dct4 8 ortho", 54),
        ("dct2-2d 4x4 ortho", 112),
        ("dct2 8 forward", 42),
    ],
)
def test_compositions_reach_other_norms_where_most_factors_cost_nothing(title, flops):
    transform = gp_fft.transforms.get(*parse_title(title))
    programs = compose(transform, Given(shelf=Shelf.open()))
    assert all(transform.error(program) < EXACT for program in programs)
    assert gp_fft.count(programs[0]).flops <= flops


def test_factors_at_inputs_are_found_and_another_transform_is_not_made():
    plain, wanted = gp_fft.transforms.get("dct1", 6), gp_fft.transforms.get("dct1", 6, norm="ortho")
    program = textbook.definition(plain)
    assert renormed(program, wanted) is None  # its first and last inputs have factors, too
    assert wanted.error(with_factors(program, wanted)) < EXACT
    assert with_factors(program, gp_fft.transforms.get("dct4", 6, norm="ortho")) is None
    assert with_factors(textbook.definition(gp_fft.rdft(6)), gp_fft.dht(6)) is None  # rows that have nothing of others


@pytest.mark.parametrize("title", ["dct2 8 ortho", "dft 6 forward", "dst1 5 ortho"])
def test_a_search_starts_from_a_composition_under_any_norm(title):
    front = gp_fft.evolve(gp_fft.transforms.get(*parse_title(title)), start="compose", generations=0)
    assert front.best_exact() is not None


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
