"""The table of published counts is whole, consistent, and says the well-known numbers."""

from gp_fft import transforms
from gp_fft.transforms import published


def test_every_row_is_consistent():
    table = [row for name in published.transforms() for row in published.rows(name)]
    assert len(table) > 500
    for row in table:
        assert row.transform in transforms.FAMILIES
        assert row.method in published.METHODS
        assert row.source
        assert row.total >= 0
        assert row.adds is None or row.muls is None or row.adds + row.muls == row.total
    assert len({(row.transform, row.n, row.method) for row in table}) == len(table)


def test_every_method_is_used():
    used = {row.method for name in published.transforms() for row in published.rows(name)}
    assert used == set(published.METHODS)


def test_the_well_known_counts():
    totals = {(row.method, row.n): row.total for row in published.rows("dft")}
    assert [totals["split_radix", n] for n in (8, 16, 32, 64)] == [56, 168, 456, 1160]
    assert [totals["radix2", n] for n in (8, 16, 32)] == [56, 176, 496]
    assert totals["tangent", 64] == 1152
    assert totals["fftw", 7] == 96


def test_best_published_counts():
    assert [published.best("dft", n).total for n in (5, 6, 7, 8, 9, 11, 15, 16)] == [
        44,
        44,
        88,
        56,
        104,
        208,
        196,
        168,
    ]
    assert published.best("dft", 64).method == "tangent"
    assert published.best("rdft", 8).total == 22
    assert published.best("dct2", 4096) is None
    assert published.best("nothing", 8) is None


def test_other_normalisations_and_rules_are_listed_but_never_best():
    methods = {row.method for row in published.rows("dct2", 8)}
    assert {"arai_scaled", "lee", "loeffler"} <= methods
    assert published.best("dct2", 8).total == 42
    assert published.best("wht", 4).total == 8


def test_sizes_ascend():
    assert published.sizes("dft")[:3] == (2, 3, 4)
    assert list(published.sizes("rdft")) == sorted(published.sizes("rdft"))
    assert published.sizes("nothing") == ()
