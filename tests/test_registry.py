"""Registries: the entries that ship, those that are added, and those that another package offers."""

import importlib.metadata
import sys
from dataclasses import dataclass
from importlib.metadata import EntryPoint, EntryPoints

import pytest

from primitives.registry import Registry


@dataclass(frozen=True)
class Colour:
    name: str
    light: float = 0.5


RED = Colour("red")
PALE = (Colour("rose", 0.9), Colour("cream", 0.95))


def refuse_black(colour):
    if not colour.light:
        raise ValueError("black is no colour")


@pytest.fixture
def offered(monkeypatch):
    """What other packages offer, to be filled by a test."""
    points = []
    monkeypatch.setattr(importlib.metadata, "entry_points", lambda group: EntryPoints(points).select(group=group))
    return points


@pytest.fixture
def colours(tmp_path, monkeypatch, offered):
    """A registry of two files, one with two entries."""
    folder = tmp_path / "some_colours"
    folder.mkdir()
    (folder / "__init__.py").touch()
    (folder / "strong.py").write_text(f"from {__name__} import RED as COLOUR\n")
    (folder / "pale.py").write_text(f"from {__name__} import PALE as COLOUR\n")
    monkeypatch.setitem(sys.modules, __name__, sys.modules[__name__])
    monkeypatch.syspath_prepend(tmp_path)
    yield Registry("test.colours", "some_colours", "COLOUR", Colour, refuse_black)
    for name in [name for name in sys.modules if name.startswith("some_colours")]:
        del sys.modules[name]


def test_entries_stand_in_the_order_of_their_files(colours):
    assert list(colours) == ["rose", "cream", "red"]
    assert colours["red"] is RED
    assert len(colours) == 3


def test_an_entry_can_be_added_and_taken_out(colours):
    blue = Colour("blue")
    assert colours.add(blue) is blue
    assert "blue" in colours
    del colours["blue"]
    assert "blue" not in colours
    colours["blue"] = blue
    colours.forget()
    assert list(colours) == ["rose", "cream", "red"]


def test_what_does_not_fit_is_refused(colours):
    with pytest.raises(ValueError, match="the name 'red' is taken"):
        colours.add(RED)
    with pytest.raises(TypeError, match="holds Colours, not a str"):
        colours.add("blue")
    with pytest.raises(ValueError, match="black is no colour"):
        colours.add(Colour("black", 0.0))
    with pytest.raises(ValueError, match="'blue' cannot be held under the name 'green'"):
        colours["green"] = Colour("blue")
    assert list(colours) == ["rose", "cream", "red"]


def test_a_file_without_an_entry_is_named(colours, tmp_path):
    (tmp_path / "some_colours" / "empty.py").write_text("COLOUR = 3\n")
    with pytest.raises(TypeError, match=r"some_colours.empty must define COLOUR, one Colour or a tuple of them"):
        list(colours)


def test_other_packages_offer_entries(colours, offered, tmp_path):
    (tmp_path / "paint.py").write_text(f"from {__name__} import Colour\nOCHRE = Colour('ochre'), Colour('umber')\n")
    offered.append(EntryPoint("earth", "paint:OCHRE", "test.colours"))
    offered.append(EntryPoint("other", "paint:NOTHING", "test.sounds"))
    assert list(colours) == ["rose", "cream", "red", "ochre", "umber"]


@pytest.mark.parametrize(
    ("value", "sentence"),
    [
        ("paint:BLACK", "black is no colour"),
        ("paint:RED", "the name 'red' is taken"),
        ("paint:GONE", "has no attribute 'GONE'"),
        ("no_such_module:COLOUR", "No module named 'no_such_module'"),
        ("paint:NUMBER", "holds Colours, not a int"),
    ],
)
def test_what_cannot_be_used_is_said_and_left_out(colours, offered, tmp_path, value, sentence):
    lines = (f"from {__name__} import RED, Colour", "BLACK = Colour('black', 0.0)", "NUMBER = 3")
    (tmp_path / "paint.py").write_text("\n".join(lines))
    sys.modules.pop("paint", None)
    offered.append(EntryPoint("one", value, "test.colours"))
    with pytest.warns(UserWarning, match=sentence):
        assert list(colours) == ["rose", "cream", "red"]
