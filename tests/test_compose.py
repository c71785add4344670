"""Compositions compute their transform exactly, at the counts that their parts promise."""

from __future__ import annotations

import itertools
from pathlib import Path

import numpy as np
import pytest

from gp_fft import transforms
from gp_fft.construct import METHODS, composable, compose, textbook
from gp_fft.construct.builder import Builder, negated, scaled, turned
from gp_fft.construct.given import Given
from gp_fft.construct.methods.factors import cooley_tukey, prime_factor
from gp_fft.construct.methods.inverse import inverse
from gp_fft.construct.methods.kin import fourth_of_real, real_of_second, second_of_real
from gp_fft.construct.methods.lift import lift, restrict
from gp_fft.construct.methods.split_radix import split_radix
from gp_fft.construct.methods.transpose import transpose
from gp_fft.construct.parts import Parts
from gp_fft.construct.rescale import rescale
from gp_fft.construct.tidy import tidy
from gp_fft.files.shelf import Shelf
from gp_fft.ground.errors import UsageError
from gp_fft.program import Program
from gp_fft.program.cost import count
from gp_fft.search.settings import Settings
from gp_fft.search.start import COMPOSITIONS, start
from tests.naive import executed_matrix

FAR = 1e-13
GIVEN = Given(None, Shelf.open(Path(__file__).parents[1] / "runs" / "records"))
PARTS = Parts(METHODS, GIVEN)  # parts are made once for all tests
CASES = [
    (method.name, name, n)
    for method in METHODS.values()
    for name in method.families
    if not (name.endswith("-2d") or transforms.find(name).kernel_formula)  # of which test_convolution.py tells
    for n in range(2, 17 if method.name == "odd-order" else 33)  # which asks for real DFTs of twice as many points
    if transforms.find(name).has(n) and method.serves(transforms.get(name, n), GIVEN)
]


def flops(program):
    return count(program).flops


def record(name, n):
    found = GIVEN.record(transforms.get(name, n))
    assert found is not None
    return found


def naive_error(program, transform):
    """The error of the matrix that the slow evaluator finds, and the flops that it executed."""
    matrix, tally = executed_matrix(program)
    assert tally.adds + tally.muls == flops(program)
    wanted = transform.matrix
    return np.linalg.norm(np.array(matrix) - wanted) / np.linalg.norm(wanted)


@pytest.mark.parametrize(("method", "name", "n"), CASES)
def test_every_method_makes_exact_programs_at_every_size_it_serves(method, name, n):
    transform = transforms.get(name, n)
    with PARTS.making(transform):
        made = [program for program in METHODS[method].make(transform, PARTS) if program is not None]
    assert made
    for program in made:
        assert program.field == transform.field
        assert transform.error(program) < FAR
    if n <= 8:
        assert naive_error(min(made, key=flops), transform) < FAR


@pytest.mark.parametrize("transform", [transforms.dft(12), transforms.rdft(7), transforms.dct3(8), transforms.idft(6)])
def test_compositions_are_distinct_and_the_cheapest_comes_first(transform):
    made = compose(transform, GIVEN)
    counts = [flops(program) for program in made]
    assert counts == sorted(counts)
    assert len({program.content_hash for program in made}) == len(made)
    shapes = [(program.depth, sorted(np.diff(program.starts)), sorted(program.sizes)) for program in made]
    assert all(a != b for a, b in itertools.combinations(shapes, 2))  # none is another up to signs and order


@pytest.mark.parametrize("n", [7, 11, 16, 32])
def test_lifting_costs_two_real_programs_and_two_flops_for_each_output_with_a_twin(n):
    real = record("rdft", n)
    twins = n - 1 if n % 2 else n - 2
    assert flops(lift(real, f"dft {n}")) == 2 * flops(real) + 2 * twins


def test_the_sign_of_the_imaginary_part_is_that_of_the_forward_transform():
    made = lift(textbook.definition(transforms.rdft(5)), "dft 5")
    assert transforms.dft(5).error(made) < FAR
    assert transforms.dft(5).error(made.matrix().conj()) > 1.0


@pytest.mark.parametrize("n", [4, 8, 16, 32])
def test_restricting_complex_split_radix_gives_real_split_radix(n):
    made = tidy(restrict(textbook.split_radix(transforms.dft(n)), f"rdft {n}"))
    assert flops(made) == flops(textbook.split_radix(transforms.rdft(n)))


def test_restricting_undoes_lifting():
    real = record("rdft", 16)
    assert flops(tidy(restrict(lift(real, "dft 16"), "rdft 16"))) <= flops(real)


def test_prime_factors_need_no_twiddles():
    three, four = record("dft", 3), record("dft", 4)
    made = prime_factor(three, four, "dft 12")
    assert flops(made) == 4 * flops(three) + 3 * flops(four) == 112
    assert flops(made) < flops(cooley_tukey(three, four, "dft 12"))


def test_cooley_tukey_keeps_conjugates_together_so_that_real_data_cost_half():
    five = record("dft", 5)
    whole = cooley_tukey(five, five, "dft 25")
    half = tidy(restrict(whole, "rdft 25"))
    assert transforms.rdft(25).error(half) < FAR
    assert 2 * flops(half) + 2 * 24 < flops(whole)


def test_cooley_tukey_of_two_and_two_is_radix_2():
    two = textbook.radix2(transforms.dft(2))
    assert flops(cooley_tukey(two, two, "dft 4")) == 16


@pytest.mark.parametrize("other", [-1, 3])
def test_split_radix_over_split_radix_is_split_radix(other):
    half, quarter = (textbook.split_radix(transforms.dft(n)) for n in (16, 8))
    assert flops(split_radix(half, quarter, other, "dft 32")) == 456


@pytest.mark.parametrize("transform", [transforms.dft(8), transforms.rdft(8), transforms.dct2(5), transforms.wht(8)])
def test_transposing_gives_the_transposed_matrix_and_twice_gives_the_matrix_back(transform):
    program = textbook.definition(transform)
    once = transpose(program, "turned")
    assert np.abs(once.matrix() - transform.matrix.T).max() < FAR
    assert transform.error(transpose(once, transform.title)) < FAR


@pytest.mark.parametrize(("name", "n"), [("dft", 16), ("dft", 7), ("rdft", 9), ("dht", 16), ("dct4", 8)])
def test_transposing_keeps_the_cost_of_a_square_program(name, n):
    program = record(name, n)
    assert flops(transpose(program, "turned")) == flops(program)


def test_transposing_a_program_with_more_outputs_adds_their_number():
    program = Program.parse("# matrix 3x2 real\ny0 = x0 + x1\ny1 = x0 - x1\ny2 = x0 + 2*x1\n")
    turned_program = transpose(program, "turned")
    assert turned_program.matrix().tolist() == [[1, 1, 1], [1, -1, 2]]
    assert flops(turned_program) == flops(program) + 1


def test_type_three_comes_from_type_two_with_one_scale_less():
    made = METHODS["transpose"].make(transforms.dct3(8), Parts(METHODS))
    assert flops(next(made)) == flops(record("dct2", 8)) - 1


def test_the_inverse_of_split_radix_costs_a_scale_for_every_input_less_those_that_meet_a_constant():
    made = inverse(textbook.split_radix(transforms.dft(8)), "idft 8")
    assert flops(made) == 56 + 2 * (8 - 2)
    assert transforms.idft(8).error(made) < FAR


def test_tidying_merges_what_is_equal_up_to_a_turn_and_drops_what_is_zero():
    program = Program.parse(
        "# dft 3 complex\nt0 = x0 + x1\nt1 = x1 + x0\nt2 = t0 - t1\nt3 = 1i*x0 + 1i*x1\n"
        "y0 = t1 + t2 + x2\ny1 = t3 - x2\n"
    )
    neat = tidy(program)
    assert np.abs(neat.matrix() - program.matrix()).max() < FAR
    assert flops(neat) == 6


def test_a_builder_keeps_signs_and_turns_free_and_makes_no_sum_twice():
    build = Builder(2, "complex")
    total = build.sum(build.x[0], build.x[1])
    assert build.sum(turned(build.x[1], 1), turned(build.x[0], 1)) == turned(total, 1)
    assert build.difference(total, total)[0] == 0.0
    assert build.sum(scaled(total, -2.0)) == scaled(negated(total), 2.0)
    assert len(build.rows) == 1


@pytest.mark.parametrize(
    "transform",
    [transforms.dft(1), transforms.haar(8), transforms.haar(4), transforms.dct1(4)],
)
def test_what_cannot_be_composed_is_refused_in_one_sentence(transform):
    assert not composable(transform)
    with pytest.raises(UsageError, match="compose"):
        compose(transform)


@pytest.mark.parametrize("name", ["dft", "rdft", "dct1", "dct2", "dct3", "dct4", "dst1", "dst2", "dst3", "dst4", "dht"])
def test_what_is_said_to_be_composable_is(name):
    for n in range(2, 12):
        transform = transforms.get(name, n)
        assert bool(PARTS.compositions(transform)) == composable(transform, GIVEN)


@pytest.mark.parametrize(
    ("title", "limit"),
    [
        ("dct2 16", 112), ("dct3 16", 111), ("dct4 16", 144), ("dst2 8", 42), ("dht 8", 28), ("wht 8", 24),
        ("dct2 9", 45), ("dct2 15", 87), ("dct1 9", 35), ("dst1 7", 27), ("idft 8", 68),
        ("rdft 12", 46), ("dft 28", 440),
    ],
)  # fmt: skip
def test_compositions_do_not_get_dearer(title, limit):
    name, shape, _ = transforms.parse_title(title)
    assert flops(PARTS.compositions(transforms.get(name, shape))[0]) <= limit


@pytest.mark.parametrize("factor", [2.0, 0.5, 1 / 3])
@pytest.mark.parametrize(("name", "n"), [("dct2", 8), ("dft", 8), ("rdft", 9)])
def test_a_factor_goes_where_it_costs_no_more_than_at_the_inputs(name, n, factor):
    program = record(name, n)
    made = rescale(program, factor)
    assert np.abs(made.matrix() - factor * program.matrix()).max() < FAR
    assert flops(made) <= flops(program) + n * (2 if name == "dft" else 1)


def test_a_factor_that_the_program_takes_back_is_a_gain():
    double = rescale(record("dct2", 8), 0.5)  # the plain sum, without scipy's factor 2
    assert flops(double) < flops(record("dct2", 8))


@pytest.mark.parametrize("n", [3, 5, 7, 9, 11, 13, 15])
def test_an_odd_dct_is_a_real_dft_in_another_order(n):
    real = record("rdft", n) if n > 5 else textbook.definition(transforms.rdft(n))
    second = second_of_real(real, f"dct2 {n}")
    assert transforms.dct2(n).error(second) < FAR
    assert flops(second) <= flops(real) + n
    back = real_of_second(second, f"rdft {n}")
    assert transforms.rdft(n).error(back) < FAR
    assert transforms.dct4(n).error(fourth_of_real(real, f"dct4 {n}")) < FAR


@pytest.mark.parametrize("name", ["dft-2d", "idft-2d", "dct2-2d", "dst3-2d", "wht-2d", "dct1-2d"])
@pytest.mark.parametrize("shape", [(2, 2), (2, 4), (4, 2)])
def test_two_dimensions_are_rows_and_columns(name, shape):
    transform = transforms.get(name, shape)
    best = compose(transform, GIVEN)[0]
    assert transform.error(best) < FAR
    down, across = (PARTS.best(name.removesuffix("-2d"), n) for n in shape)
    assert flops(best) <= shape[1] * flops(down) + shape[0] * flops(across)


def test_a_population_starts_from_several_distinct_compositions():
    genomes = start(transforms.dft(12), Settings(start="compose", population=8), GIVEN)
    assert len(genomes) == 8
    assert len({genome.key() for genome in genomes}) == COMPOSITIONS


def test_a_composition_that_is_much_dearer_gets_no_share_of_a_population():
    transform = transforms.dct4(16)
    made = compose(transform, GIVEN)
    assert flops(made[-1]) > 2 * flops(made[0])  # what comes from a definition
    genomes = start(transform, Settings(start="compose", population=8), GIVEN)
    assert max(flops(genome.program) for genome in genomes) <= 1.25 * flops(made[0])


@pytest.mark.parametrize(
    ("name", "n", "most"),
    [
        *(("dst7", 4, 16), ("dst7", 8, 84), ("dst7", 16, 135), ("dct8", 8, 84), ("dct7", 8, 39), ("dst8", 6, 38)),
        *(("mdct", 8, 62), ("imdct", 8, 54), ("walsh", 16, 64)),
        *(("hevc-dct2", 4, 14), ("hevc-dct2", 8, 46), ("vvc-dst7", 8, 83), ("vvc-dct8", 8, 83), ("vvc-dct8", 16, 170)),
    ],
)
def test_transforms_beyond_scipy_are_composed_at_the_counts_of_their_parts(name, n, most):
    """As the real DFTs of 9, 17 and 33 points promise; direct DST VII and DCT VIII cost 19 or 120 and more."""
    transform = transforms.get(name, n)
    best = compose(transform, GIVEN)[0]
    assert naive_error(best, transform) < FAR
    assert flops(best) <= most
