"""Textbook programs compute their transforms, at exactly the published counts."""

import pytest

from gp_fft.construct.textbook import definition, radix2, split_radix
from gp_fft.ground.errors import UsageError
from gp_fft.program.cost import count
from gp_fft.transforms import NORMS, dft, from_array, get, names
from gp_fft.transforms import published as reference
from tests.test_transforms import make, norms_of

POWERS = (1, 2, 4, 8, 16, 32, 64)
BUILDERS = {"radix2": radix2, "split_radix": split_radix}


@pytest.mark.parametrize(
    ("builder", "flops"),
    [
        (definition, {4: 24, 8: 152, 16: 792, 32: 3672}),
        (radix2, {4: 16, 8: 56, 16: 176, 32: 496}),
        (split_radix, {4: 16, 8: 56, 16: 168, 32: 456, 64: 1160}),
    ],
)
def test_counts_known_by_heart(builder, flops):
    assert {n: count(builder(dft(n))).flops for n in flops} == flops


@pytest.mark.parametrize("method", BUILDERS)
@pytest.mark.parametrize("name", ["dft", "rdft"])
def test_counts_agree_with_the_table_of_published_ones(name, method):
    known = [row for row in reference.rows(name) if row.method == method and row.n in POWERS]
    assert known or (name, method) == ("rdft", "radix2")
    for row in known:
        counts = count(BUILDERS[method](get(name, row.n)))
        assert counts.flops == row.total
        assert row.adds is None or (counts.adds, counts.muls) == (row.adds, row.muls)


def test_hartley_and_walsh_hadamard_counts_agree_with_the_table():
    for row in reference.rows("wht"):
        if row.method == "butterfly" and row.n in POWERS:
            assert count(radix2(get("wht", row.n))).flops == row.total
    for row in reference.rows("dht"):
        if row.method == "via_rdft" and row.n in POWERS[:-1]:
            assert count(split_radix(get("dht", row.n))).flops == row.total


@pytest.mark.parametrize("norm", NORMS)
@pytest.mark.parametrize("name", ["dft", "idft", "rdft", "dht", "wht", "dft-2d", "idft-2d", "dht-2d", "wht-2d"])
def test_programs_compute_their_transforms(name, norm):
    for n in (1, 2, 4, 8, 16) if name.endswith("-2d") else POWERS:
        transform = get(name, (4, n) if name.endswith("-2d") else n, norm)
        for builder in BUILDERS.values() if not name.startswith("wht") else (radix2,):
            program = builder(transform)
            assert transform.error(program) < 1e-15
            assert (program.field, program.title) == (transform.field, transform.title)


@pytest.mark.parametrize("name", names())
def test_definitions_are_the_matrix_bit_for_bit(name):
    for norm in norms_of(name):
        transform = make(name, 4, 2, norm=norm)
        assert (definition(transform).matrix() == transform.matrix).all()


def test_the_definition_of_a_file_matrix_may_have_an_empty_row():
    transform = from_array([[1.5, 0, 2j], [0, 0, 0]])
    program = definition(transform)
    assert transform.error(program) == 0
    assert count(program).adds == 2


@pytest.mark.parametrize(
    ("builder", "transform", "sentence"),
    [
        (radix2, get("dct2", 8), "radix-2 does not apply to dct2 8"),
        (split_radix, get("wht", 8), "split radix does not apply to wht 8"),
        (radix2, dft(6), "power of two; dft 6"),
        (split_radix, get("dft-2d", (4, 3)), "power of two; dft-2d 4x3"),
    ],
)
def test_where_they_do_not_apply_they_say_so(builder, transform, sentence):
    with pytest.raises(UsageError, match=sentence):
        builder(transform)
