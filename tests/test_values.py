"""Every value over the inputs: to the last bit what a program says that has that value for its output."""

from __future__ import annotations

import numpy as np
import pytest

from gp_fft import transforms
from gp_fft.construct.textbook import definition, split_radix
from gp_fft.program import Program
from gp_fft.program.values import over_inputs


@pytest.mark.parametrize(
    "program", [split_radix(transforms.dft(8)), split_radix(transforms.rdft(16)), definition(transforms.dft(5))]
)
def test_each_value_is_what_the_program_of_it_alone_computes(program):
    rows = list(program.rows())
    values = over_inputs(program.inputs, rows, program.field)
    assert values.shape == (program.inputs + program.definitions, program.inputs)
    assert values.dtype == (np.complex128 if program.field == "complex" else np.float64)
    np.testing.assert_array_equal(values[: program.inputs], np.eye(program.inputs))
    for d in range(program.definitions):
        alone = Program.build(program.inputs, program.field, rows[: d + 1], [d])
        wanted = alone(np.eye(program.inputs, dtype=values.dtype))[:, 0]
        np.testing.assert_array_equal(values[program.inputs + d], wanted)


def test_rows_may_come_one_by_one_and_be_empty():
    assert over_inputs(2, iter([[(0.5, 2, 0)], [], [(2.0, 0, 2), (1.0, 0, 1)]]), "real").tolist() == [
        [1, 0], [0, 1], [-0.5, 0], [0, 0], [-1, 1]
    ]  # fmt: skip


def test_a_number_that_overflows_is_no_warning():
    rows = [[(1e308, 0, 0)], [(1e308, 1, 1)], [(1.0, 0, 2), (1.0, 2, 2)]]
    values = over_inputs(1, rows, "complex")
    assert np.isinf(values[2, 0].imag)
    assert np.isnan(values[3, 0].imag)
