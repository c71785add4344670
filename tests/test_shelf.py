"""Records lie in layers: a user's over the shipped ones, never instead of them, and each is named by what it holds."""

from __future__ import annotations

import pytest

from gp_fft import transforms
from gp_fft.construct import textbook
from gp_fft.files import describe, save, shelf
from gp_fft.files.shelf import Shelf, citation, folders, record_name, record_paths
from gp_fft.ground.errors import DataError
from gp_fft.store.records import keep_earlier

DFT = transforms.dft(8)
DENSE, SPLIT = textbook.definition(DFT), textbook.split_radix(DFT)


@pytest.fixture
def places(tmp_path, monkeypatch):
    """A user's folder of records and the shipped one, both empty."""
    user, shipped = tmp_path / "user", tmp_path / "shipped"
    user.mkdir()
    shipped.mkdir()
    monkeypatch.setattr(shelf, "_shipped", lambda: shipped)
    return user, shipped


def put(folder, program, round_off=1e-16):
    file = describe(program, DFT, provenance={"accuracy": {"program": round_off, "reference": 1e-16}})
    save(folder / record_name(DFT), file)


@pytest.mark.parametrize(
    ("mine", "theirs", "where", "flops"),
    [
        (DENSE, SPLIT, "shipped", 56),
        (SPLIT, DENSE, "user", 56),
        (SPLIT, None, "user", 56),
        (None, SPLIT, "shipped", 56),
        (SPLIT, SPLIT, "user", 56),
    ],
)
def test_the_better_of_two_layers_counts(places, mine, theirs, where, flops):
    for folder, program in zip(places, (mine, theirs), strict=True):
        if program is not None:
            put(folder, program)
    found = Shelf.open(places[0]).find(DFT)
    assert found.where == ("shipped" if where == "shipped" else str(places[0]))
    assert found.file.counts["flops"] == flops
    assert found.citation == f"dft-8@{found.program.content_hash[:12]}"


def test_of_two_that_cost_the_same_the_more_accurate_counts(places):
    put(places[0], SPLIT, 2e-16)
    put(places[1], SPLIT, 1e-16)
    assert Shelf.open(places[0]).find(DFT).where == "shipped"


def test_a_clone_has_one_layer_and_an_empty_folder_the_shipped_one(places, tmp_path):
    user, shipped = places
    assert [where for where, _ in folders(shipped)] == [str(shipped)]
    assert [where for where, _ in folders(user)] == [str(user), "shipped"]
    assert [where for where, _ in folders(tmp_path / "none")] == ["shipped"]
    put(shipped, SPLIT)
    assert record_paths(shipped) == record_paths(user) == [shipped / "dft-8.json"]


@pytest.mark.parametrize("damage", ["{", "# dft 8 complex\ny0 = x0\n", "", "approximate", "other"])
def test_a_damaged_record_is_told_of_once_and_hides_nothing(places, damage):
    user, shipped = places
    put(shipped, SPLIT)
    path = user / "dft-8.json"
    path.write_text(damage)
    if damage in ("approximate", "other"):
        transform = DFT if damage == "approximate" else transforms.dft(8, norm="ortho")
        save(path, describe(textbook.definition(transforms.dft(8, norm="ortho")), transform))
    told = []
    opened = Shelf.open(user, told.append)
    for _ in range(2):
        assert opened.find(DFT).where == "shipped"
    assert len(told) == 1
    assert str(user) in told[0]
    assert "dft-8.json" in told[0]
    assert "left out" in told[0]
    assert "\n" not in told[0]


def test_a_citation_finds_one_program_in_any_layer_and_among_the_earlier_ones(places):
    user, shipped = places
    put(user, SPLIT)
    put(shipped, DENSE)
    opened = Shelf.open(user)
    assert opened.named(citation("dft-8", DENSE)).where == "shipped"
    assert opened.named(citation("dft-8", SPLIT)[:14]).where == str(user)
    assert opened.named("dft-8").program == SPLIT
    radix2 = textbook.radix2(DFT)
    keep_earlier(shipped, "dft-8", describe(radix2, DFT))
    assert Shelf.open(user).named(citation("dft-8", radix2)).program == radix2
    assert Shelf.open(user).named("dft-8").program == SPLIT


def test_what_is_missing_or_has_changed_is_named(places):
    user, _ = places
    put(user, SPLIT)
    opened = Shelf.open(user)
    with pytest.raises(DataError) as told:
        opened.named("dft-8@1a2b3c4d5e6f")
    assert str(told.value) == (
        f"the part dft-8 of content 1a2b3c4d5e6f is not among the records here ({user}, shipped); "
        f"of that name there is {SPLIT.content_hash[:12]} ({user})"
    )
    with pytest.raises(DataError, match=r"the part rdft-14 of content 1a2b3c .* there is none of that name"):
        opened.only(["rdft-14@1a2b3c"])


def test_a_shelf_of_some_records_holds_no_others_and_reads_no_disk(places):
    user, _ = places
    put(user, SPLIT)
    opened = Shelf.open(user)
    (user / "dft-8.json").unlink()
    assert opened.find(DFT).program == SPLIT
    some = opened.only([citation("dft-8", SPLIT)])
    assert some.find(DFT).program == SPLIT
    assert opened.only([]).find(DFT) is None
    assert some.find(transforms.dft(4)) is None
