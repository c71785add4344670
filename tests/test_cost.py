"""Operation counts agree with a scalar machine that really executes them, and with counts known by heart."""

import pytest
from hypothesis import given, settings

from gp_fft.ground.errors import UsageError
from gp_fft.program import Program
from gp_fft.program.cost import Counts, cost, cost_model, count, primitive_set
from tests.naive import execute
from tests.strategies import programs

BUTTERFLY = "# dft 2 complex\ny0 = x0 + x1\ny1 = x0 - x1\n"
HALF = 0.7071067811865476
SHARED = f"""# thing complex inputs=3
t0 = x0 + {HALF}*x1
t1 = x0 - {HALF}i*x1
y0 = 0.5*t0 + 0.25*t1
y1 = -0.5*t0
y2 = 0
"""


@settings(max_examples=60, deadline=None)
@given(programs())
def test_counts_agree_with_execution(program):
    _, tally = execute(program, [1.0 + 0j] * program.inputs)
    counts = count(program)
    assert (counts.adds, counts.muls) == (tally.adds, tally.muls)
    assert counts.flops == counts.adds + counts.muls
    assert counts.depth == program.depth


def test_counts_known_by_heart():
    assert count(Program.parse(BUTTERFLY)) == Counts(adds=4, muls=0, flops=4, fma=4, depth=1)
    assert count(Program.parse(BUTTERFLY.replace("complex", "real"))) == Counts(2, 0, 2, 2, 1)


def test_a_product_used_twice_is_computed_once_but_fused_each_time():
    # Rows have 2, 2, 2, 1 and 0 terms: 3 additions; products: HALF x1, 0.5 t0, 0.25 t1.
    # Fused: one each for t0 and t1, two for y0 (no term of size 1), one for y1.
    assert count(Program.parse(SHARED)) == Counts(adds=6, muls=6, flops=12, fma=10, depth=2)


@settings(max_examples=40, deadline=None)
@given(programs())
def test_models_are_weights_of_the_same_counts(program):
    counts = count(program)
    assert cost(program) == cost(program, "1:1") == counts.flops
    assert cost(program, "adds") == counts.adds
    assert cost(program, "muls") == counts.muls
    assert cost(program, "fma") == counts.fma
    assert cost(program, "1:2.5") == pytest.approx(counts.adds + 2.5 * counts.muls)


def test_whole_costs_are_ints():
    assert isinstance(cost(Program.parse(BUTTERFLY), "1:2.5"), int)
    assert isinstance(cost(Program.parse(SHARED), "0.3:0.1"), float)


def test_unknown_names_are_usage_errors():
    with pytest.raises(UsageError, match="did you mean fma"):
        cost(Program.parse(BUTTERFLY), "fmaa")
    with pytest.raises(UsageError, match="did you mean real"):
        primitive_set("reel")
    assert cost_model(cost_model("fma")).fused
