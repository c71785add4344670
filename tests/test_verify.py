"""Verification from the file alone: right programs pass for every transform, wrong ones are found out."""

import dataclasses

import numpy as np
import pytest

from gp_fft import transforms
from gp_fft.construct import textbook
from gp_fft.files import describe
from gp_fft.ground.errors import DataError
from gp_fft.program import Program
from gp_fft.program.cost import count
from gp_fft.proof.verify import execute, verify
from tests.references import make, norms_of


def every_transform():
    for name in transforms.names():
        size = (2, 4) if name.endswith("-2d") else (4,)
        for norm in norms_of(name)[:2]:
            yield make(name, *size, norm=norm)
    yield transforms.from_array([[1.0, 2.0], [3.0, 4.0], [5.0, 6.5]])


@pytest.mark.parametrize("transform", list(every_transform()), ids=lambda transform: transform.title)
def test_the_definition_of_every_transform_verifies(transform):
    outcome = verify(describe(textbook.definition(transform), transform))
    assert outcome.exact, outcome
    assert any(check.name == "shift" for check in outcome.checks) == (transform.shift_rule is not None)


def test_odd_sizes_of_the_real_dft():
    for n in (1, 5, 7):
        transform = transforms.get("rdft", n)
        assert verify(describe(textbook.definition(transform), transform)).exact


def test_executed_operations_are_those_that_are_claimed():
    program = textbook.split_radix(transforms.get("dft", 16))
    outputs, adds, muls, _ = execute(program, np.eye(16))
    assert (adds, muls) == (144, 24) == (count(program).adds, count(program).muls)
    np.testing.assert_allclose(outputs, np.fft.fft(np.eye(16)), atol=1e-14)


def test_an_approximation_is_called_one():
    program = Program.parse("# dft 2 complex\ny0 = x0 + x1\ny1 = x0 - 0.999*x1\n")
    outcome = verify(describe(program))
    assert outcome.passed
    assert not outcome.exact


def test_a_false_claim_is_found():
    file = describe(Program.parse("# dft 2 complex\ny0 = x0 + x1\ny1 = x0 - 0.999*x1\n"))
    false = dataclasses.replace(file, error=0.0, counts={**file.counts, "adds": 2})
    assert {check.name for check in verify(false).checks if not check.passed} == {"counts", "error"}


def test_a_transform_of_another_size_is_refused():
    file = describe(Program.parse("# dft 2 complex\ny0 = x0 + x1\ny1 = x0 - x1\n"))
    with pytest.raises(DataError):
        verify(dataclasses.replace(file, transform=transforms.get("dft", 4)))
