"""Proofs of programs that keep to a set of listed constants: exactly as they are, and still of that set."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import gp_fft
import primitives
from gp_fft.construct.spelled import spelled
from gp_fft.construct.textbook import definition, split_radix
from gp_fft.files import decode, describe, encode
from gp_fft.files.certificate import PROVED, Certificate, Interval
from gp_fft.program import Program
from gp_fft.proof import check, prove, standing
from gp_fft.proof.verify import verify
from gp_fft.transforms import from_array, get


@pytest.mark.parametrize("chosen", ["dyadic", "dyadic:shift=0.25", "integer"])
@pytest.mark.parametrize(("name", "n"), [("wht", 8), ("hevc-dct2", 8), ("h264", 4)])
def test_integers_are_proved_as_they_stand(chosen, name, n):
    transform = get(name, n)
    program = spelled(definition(transform), primitives.get(chosen))
    outcome = prove(program, transform)
    assert isinstance(outcome.evidence, Certificate)
    assert outcome.program == program
    assert outcome.program.primitives == chosen
    assert {float(constant.exact) for constant in outcome.evidence.constants} == set(program.sizes.tolist()) - {1.0}
    file = describe(outcome.program, transform, outcome.evidence)
    assert standing(decode(encode(file))) == PROVED
    outcome = verify(file)
    assert outcome.passed, outcome.checks
    told = f"{file.counts['adds']}, {file.counts['muls']} and {file.counts.get('shifts')} claimed"
    assert outcome.checks[1].limit == (told if "shifts" in file.counts else f"{file.counts['adds']} and 0 claimed")


entries = st.integers(-64, 64).map(lambda k: k / 8)


@settings(deadline=None)
@given(st.lists(st.lists(entries, min_size=3, max_size=3), min_size=1, max_size=4).filter(np.any))
def test_dyadic_matrices_of_real_numbers_are_proved_exactly(rows):
    transform = from_array(rows)
    program = spelled(definition(transform), primitives.get("dyadic"))
    outcome = prove(program, transform)
    assert outcome.proved
    assert outcome.program == program
    wrong = from_array(np.array(rows) + np.eye(len(rows), 3) * 2.0**-40)
    failed = prove(program, wrong)
    assert not failed.proved
    assert isinstance(outcome.evidence, Certificate)
    with pytest.raises(gp_fft.DataError):
        check(outcome.evidence, program, wrong)


def test_a_listed_constant_that_is_no_fraction_is_recognised():
    program = spelled(split_radix(gp_fft.dft(8)), primitives.get("octant"))
    outcome = prove(program, gp_fft.dft(8))
    assert isinstance(outcome.evidence, Certificate)
    assert [constant.exact for constant in outcome.evidence.constants] == ["sqrt(2)/2"]
    assert outcome.program.primitives == "octant"


def test_constants_that_the_set_does_not_list_are_no_proof():
    """1/3 is no sum of few powers of two: what is nearly exact stays unproved and keeps its set."""
    third = sum(2.0**-k for k in range(2, 54, 2))
    rows = [[(2.0**-k, 0, 0) for k in range(2, 17, 2)], [(2.0**-16, 0, 1), (1.0, 0, 1)]]
    rows += [[(2.0**-16, 0, 2), (1.0, 0, 2)], [(2.0**-16, 0, 3), (1.0, 0, 1)]]
    program = Program.build(1, "real", rows, [3], "", "dyadic")
    assert abs(program.matrix()[0, 0] - third) < 1e-9
    outcome = prove(program, from_array([[1 / 3]]))
    assert not outcome.proved
    assert outcome.program == program
    assert isinstance(outcome.evidence, Interval)
    short = Program.build(1, "real", rows[:1], [0], "", "dyadic")
    own = prove(short, from_array(short.matrix()))
    assert own.proved
    assert own.program == short
