"""The table of counts published for other sets and models: whole, consistent, and saying the well-known numbers."""

import pytest

import primitives
from gp_fft import transforms
from gp_fft.store.standings import BEST, USUAL, Rule, judged_by, rivals
from gp_fft.transforms import published, published_sets


def test_every_row_is_consistent():
    table = published_sets.rows()
    assert len(table) > 70
    for row in table:
        chosen = primitives.get(row.primitives)
        assert transforms.FAMILIES[row.transform].field in chosen.fields
        assert primitives.cost_model(row.model).name == row.model
        assert (row.primitives, row.model) not in USUAL
        assert row.source
        assert row.by
        assert row.total > 0
        assert row.adds is None or row.muls is None or row.adds + row.muls == row.total
        assert row.muls in (None, 0) or chosen.constants is None
    assert len({(row.transform, row.n, row.primitives, row.model, row.source, row.depth) for row in table}) == len(
        table
    )


@pytest.mark.parametrize(
    ("title", "rule", "total"),
    [
        ("aes-mixcolumns 32", Rule(), 88),
        ("hevc-dct2 4", Rule("dyadic"), 14),
        ("hevc-dct2 8", Rule("dyadic"), 50),
        ("hevc-dct2 16", Rule("dyadic"), 186),
        ("hevc-dct2 32", Rule("dyadic"), 682),
        ("bc2012 8", Rule("dyadic"), 14),
        *(
            (f"dft {n}", Rule(model="fma"), total)
            for n, total in {7: 60, 8: 52, 11: 140, 13: 176, 32: 372, 64: 912}.items()
        ),
        ("dft 16", Rule(model="fma"), 144),
        ("dct2 8", Rule(free="outputs"), 34),
        ("wht 8", Rule(free="uniform"), 24),
    ],
)
def test_the_well_known_counts(title, rule, total):
    name, n = title.split()
    assert rivals(transforms.get(name, int(n)), rule)[BEST] == total


def test_shallow_circuits_are_compared_with_shallow_ones():
    totals = [published_sets.best("aes-mixcolumns", 32, "gf2", depth=depth).total for depth in (3, 4, 5, 6, 7)]
    assert totals == [99, 97, 94, 92, 88]
    assert published_sets.best("aes-mixcolumns", 32, "gf2", depth=2) is None
    assert published_sets.best("aes-mixcolumns", 32, "dyadic") is None


def test_a_fused_codelet_has_an_operation_for_each_addition_of_the_plain_one():
    """FFTW's -fma codelets put all products into sums: they count the additions of the algorithm."""
    for n in (8, 16, 32, 64):
        (plain,) = (row for row in published.rows("dft", n) if row.method == "fftw")
        assert published_sets.best("dft", n, "complex", "fma").total == plain.adds


def test_no_count_of_one_rule_stands_beside_another():
    hevc = transforms.get("hevc-dct2", 8)
    assert rivals(hevc) == {}
    assert rivals(hevc, Rule("dyadic:shift=0.25")) == {}
    assert judged_by(hevc, Rule("dyadic"))[1] == {BEST: 50}
    dft8 = transforms.get("dft", 8)
    assert judged_by(dft8, Rule(model="fma")) == (Rule(model="fma"), {BEST: 52})
    assert judged_by(dft8, Rule(model="1:2")) == (Rule(), rivals(dft8))
    assert judged_by(dft8, Rule("octant")) == (Rule("octant"), {})
    assert rivals(transforms.get("dft", 8, norm="ortho"), Rule(model="fma")) == {}
