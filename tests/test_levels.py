"""Levels of operations, and values alive at once, against every tree and every order tried."""

import pytest
from hypothesis import given, settings

from gp_fft import files, transforms
from gp_fft.construct import textbook
from gp_fft.files.shelf import record_paths
from gp_fft.program import Program
from gp_fft.program.levels import merged, paid
from gp_fft.program.live import best_order, steps_of
from tests import naive
from tests.strategies import programs

CHAIN = "# real\ny0 = x0 + x1 + x2 + x3 + x4\nt0 = x0 + x1\nt1 = t0 + x2\ny1 = 0.5*t1 + x3\n"
"""One sum as a tree of three levels, one as a chain of three additions with a product in it."""


SMALL = ("dft-5", "dft-8", "dft-12", "dft-16", "rdft-9", "dct2-8", "dct2-16", "dht-8", "wht-16", "conv-4-k2_7_11_3")


def test_a_sum_is_a_tree_and_a_product_a_level():
    program = Program.parse(CHAIN)
    assert (program.add_levels, program.levels) == (3, 4)
    assert program.depth == 3


@pytest.mark.parametrize(
    ("leaves", "level"),
    [([], 0), ([3], 3), ([0, 0], 1), ([0, 0, 0], 2), ([2, 0, 0], 3), ([0, 1, 2, 3], 4), ([9, 0], 10)],
)
def test_the_level_of_a_sum(leaves, level):
    assert merged(leaves) == level


def test_what_costs_nothing_is_no_level():
    program = Program.parse("# complex\ny0 = x1\ny1 = -1i*x0\n")
    assert (program.add_levels, program.levels, program.live) == (0, 0, 2)


@given(programs())
@settings(max_examples=200, deadline=None)
def test_levels_are_those_of_the_best_trees(program):
    assert program.add_levels == naive.levels(program, products=False)
    assert program.levels == naive.levels(program, products=True)


@pytest.mark.parametrize(("size", "level"), [(2, 1), (4, 2), (8, 3), (16, 4)])
def test_a_dense_sum_of_all_inputs_has_the_levels_that_it_needs(size, level):
    program = textbook.definition(transforms.get("wht", size))
    assert (program.depth, program.add_levels, program.levels) == (1, level, level)


def test_levels_of_records():
    radix = textbook.radix2(transforms.get("dft", 4))
    assert (radix.levels, radix.add_levels, radix.live) == (2, 2, 5)
    assert textbook.radix2(transforms.get("dft", 8)).add_levels == 4  # a product with a root is a sum of two


def named(program, order):
    """The steps of an order under the names that the slow twin has for them."""
    work = steps_of(program, paid(program))
    rows = list(program.rows())
    products = {}
    for d, row in enumerate(rows):
        for size, _, ref in row:
            if size != 1.0:
                products.setdefault((size, ref), set()).add(d)
    shared = iter([("p", *key) for key, users in products.items() if len(users) > 1])
    names = [("t", 0.0, d) if d >= 0 else next(shared) for d in work.definitions]
    return [names[step] for step in order]


@given(programs(most=6))
@settings(max_examples=150, deadline=None)
def test_live_is_what_the_order_found_holds_and_no_order_holds_less(program):
    order = best_order(steps_of(program, paid(program)))
    assert program.live == order.live == naive.held(program, named(program, order.steps))
    assert program.live == naive.least_held(program)


@pytest.mark.parametrize("path", [p for p in record_paths() if p.stem in SMALL], ids=lambda path: path.stem)
def test_live_of_a_record_is_what_its_order_holds(path):
    program = files.load(path).program
    order = best_order(steps_of(program, paid(program)))
    assert program.live == naive.held(program, named(program, order.steps))
    assert max(program.inputs, len(program.outputs)) <= program.live <= program.inputs + len(program.outputs)


def test_a_butterfly_holds_one_value_more_than_it_reads():
    assert Program.parse("# real\ny0 = x0 + x1\ny1 = x0 - x1\n").live == 3
    assert Program.parse("# real\ny0 = x0 + x1\n").live == 2  # the sum takes the place of an input


def test_a_product_of_several_definitions_has_a_place_of_its_own():
    alone = Program.parse("# real\ny0 = x0 + 0.5*x1\ny1 = x1\n")
    shared = Program.parse("# real\ny0 = x0 + 0.5*x1\ny1 = x1\ny2 = x2 - 0.5*x1\n")
    assert (alone.live, shared.live) == (2, 4)


def test_a_long_chain_takes_no_recursion():
    rows = [[(1.0, 0, k), (0.5, 0, k)] for k in range(3000)]
    program = Program.build(1, "real", rows, [2999])
    assert (program.levels, program.add_levels, program.live) == (6000, 3000, 1)
