"""Proofs, checks and records over GF(2): the matrix itself, exactly, from the file alone."""

from __future__ import annotations

import json
from dataclasses import replace

import msgspec
import numpy as np
import pytest
from click.testing import CliRunner
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from gp_fft import files
from gp_fft.cli import cli
from gp_fft.construct.textbook import definition
from gp_fft.files import describe
from gp_fft.files.certificate import PROVED, WRONG, Certificate, Interval, Residues
from gp_fft.ground.errors import DataError
from gp_fft.kernels.growth import round_off
from gp_fft.program import Program
from gp_fft.program.accuracy import Accuracy, measure, measure_oracle
from gp_fft.proof import check, prove, standing
from gp_fft.proof.verify import verify
from gp_fft.store.records import BadRecord, load_record, offer
from gp_fft.store.suspect import suspect
from gp_fft.transforms import from_array
from tests import naive
from tests.strategies import bit_programs

BITS = [[1, 1, 0, 1], [0, 1, 1, 1], [1, 1, 0, 0]]
TRANSFORM = from_array(BITS, field="gf2")
SHARED = Program.parse("# matrix 3x4 gf2\nt0 = x1 + x3\ny0 = x0 + t0\ny1 = x2 + t0\ny2 = y0 + x3\n")


@settings(deadline=None)
@given(bit_programs())
def test_every_program_is_proved_for_its_own_matrix_and_for_no_other(program):
    matrix = np.array(naive.matrix_mod_2(program))
    other = matrix.copy()
    other[-1, 0] ^= 1
    if matrix.any():
        transform = from_array(matrix, field="gf2")
        outcome = prove(program, transform)
        assert outcome.proved
        assert outcome.program == program
        check(outcome.evidence, program, transform)
        if other.any():
            with pytest.raises(DataError):
                check(outcome.evidence, program, from_array(other, field="gf2"))
    if other.any():
        failed = prove(program, from_array(other, field="gf2"))
        assert isinstance(failed.evidence, Interval)
        check(failed.evidence, program, from_array(other, field="gf2"))
        assert (
            failed.evidence.errors[0].low
            <= from_array(other, field="gf2").error(program)
            <= failed.evidence.errors[0].high
        )


def test_the_certificate_says_what_was_proved():
    evidence = prove(SHARED, TRANSFORM).evidence
    assert isinstance(evidence, Certificate)
    assert (evidence.order, evidence.constants, evidence.residues) == (1, (), Residues(prime=2, root=1))
    assert evidence.statement == "every entry of the matrix of the program equals that of matrix 3x4 over GF(2)"
    assert (evidence.field, evidence.checked) == ("GF(2)", ("12 entries multiplied out exactly in GF(2)",))
    again = msgspec.json.decode(msgspec.json.encode(evidence), type=Certificate)
    check(again, SHARED, TRANSFORM)


@pytest.mark.parametrize(
    "change",
    [
        {"order": 4}, {"reading": "fractions"}, {"field": "Q"}, {"residues": Residues(3, 1)},
        {"statement": "all is well"}, {"checked": ()}, {"hash": "0" * 64}, {"version": 2},
    ],
)  # fmt: skip
def test_a_certificate_that_says_something_else_is_refused(change):
    evidence = prove(SHARED, TRANSFORM).evidence
    assert isinstance(evidence, Certificate)
    with pytest.raises(DataError):
        check(msgspec.structs.replace(evidence, **change), SHARED, TRANSFORM)


def test_a_program_over_another_field_proves_nothing():
    real = Program.build(4, "real", list(SHARED.rows()), SHARED.outputs.tolist())
    with pytest.raises(DataError, match="a program on real data cannot stand for matrix 3x4, which is gf2"):
        prove(real, TRANSFORM)
    with pytest.raises(DataError, match="a program on gf2 data cannot stand for matrix 3x4, which is real"):
        prove(SHARED, from_array(SHARED.matrix()))
    evidence = prove(SHARED, TRANSFORM).evidence
    assert isinstance(evidence, Certificate)
    with pytest.raises(DataError):
        check(msgspec.structs.replace(evidence, hash=real.content_hash), real, TRANSFORM)


def test_the_standing_of_a_file_is_from_the_file_alone():
    file = describe(SHARED, TRANSFORM)
    assert standing(file) == "exact to 1e-15 but unproved"
    evidence = prove(SHARED, TRANSFORM).evidence
    proved = describe(SHARED, TRANSFORM, evidence)
    assert standing(files.decode(files.encode(proved))) == PROVED
    wrong = from_array(1 - np.array(BITS), field="gf2")
    assert standing(describe(SHARED, wrong, evidence)) == WRONG
    assert standing(describe(SHARED, wrong, prove(SHARED, wrong).evidence)) == "approximate, error 1.73 proved"


@settings(deadline=None)
@given(bit_programs(outputs=3, inputs=4), st.integers(0, 9))
def test_verify_passes_what_is_right_and_measures_what_is_not(program, seed):
    file = describe(program, TRANSFORM)
    outcome = verify(file, seed)
    assert outcome.passed, outcome.checks
    assert outcome.error == pytest.approx(TRANSFORM.error(program))
    assert [check.name for check in outcome.checks] == [
        "matrix", "counts", "error", "random signals", "impulse", "linearity", "words"
    ]  # fmt: skip
    assert outcome.checks[1].measured == f"{file.counts['adds']} XORs executed"


def test_verify_notices_what_a_file_claims_wrongly():
    wrong = from_array(1 - np.array(BITS), field="gf2")
    file = describe(SHARED, wrong)
    false = replace(file, error=0.0, counts={**file.counts, "adds": 3})
    failed = {check.name for check in verify(false).checks if not check.passed}
    assert failed == {"error", "counts"}
    proved = describe(SHARED, wrong, prove(SHARED, TRANSFORM).evidence)
    assert [check.name for check in verify(proved).checks if not check.passed] == ["proof"]


def test_there_is_no_round_off():
    assert measure(SHARED, TRANSFORM) == Accuracy(0.0, 0.0)
    assert (measure_oracle(TRANSFORM), round_off(SHARED)) == (0.0, 0.0)
    assert (measure(SHARED, TRANSFORM).ratio, str(measure(SHARED, TRANSFORM))) == (0.0, "none")


def test_a_record_is_kept_and_replaced_only_by_a_cheaper_one(tmp_path):
    first = offer(tmp_path, definition(TRANSFORM), TRANSFORM)
    assert (first.accepted, first.reason) == (True, "new record")
    assert offer(tmp_path, SHARED, TRANSFORM, max_growth=1.0).reason == "better than the record"
    assert not offer(tmp_path, SHARED, TRANSFORM).accepted
    assert not offer(tmp_path, definition(TRANSFORM), TRANSFORM).accepted
    (path,) = tmp_path.glob("*.json")
    kept = load_record(path)
    assert (kept.program, kept.counts["flops"], kept.round_off) == (SHARED, 4, 0.0)
    wrong = Program.parse(str(SHARED).replace("x2 + t0", "x0 + t0"))
    told = offer(tmp_path / "empty", wrong, TRANSFORM).reason
    assert told == "not proved: its error is 0.500"


@pytest.mark.parametrize(("line", "other"), [("t0 = x1 + x3", "t0 = x1 + x2"), ("y1 = x2 + t0", "y1 = t0")])
def test_a_wrong_line_of_a_record_is_named(tmp_path, line, other):
    offer(tmp_path, SHARED, TRANSFORM)
    (path,) = tmp_path.glob("*.json")
    wrong = Program.parse(str(SHARED).replace(line, other))
    evidence = prove(SHARED, TRANSFORM).evidence
    assert isinstance(evidence, Certificate)
    damaged = describe(wrong, TRANSFORM, msgspec.structs.replace(evidence, hash=wrong.content_hash))
    files.save(path, damaged)
    with pytest.raises(BadRecord, match=f"{other.split(' = ')[0]} = .* is wrong for matrix 3x4"):
        load_record(path)


@settings(deadline=None)
@given(bit_programs(inputs=4, most=7), st.data())
def test_the_definition_that_alone_was_changed_is_suspected_or_another_that_would_mend_it(program, data):
    rows = [{ref for _, _, ref in row} for row in program.rows()]
    d = data.draw(st.integers(0, len(rows) - 1))
    ref = data.draw(st.integers(0, program.inputs + d - 1))
    changed = [sorted(row ^ {ref}) if k == d else sorted(row) for k, row in enumerate(rows)]
    damaged = Program.build(4, "gf2", [[(1.0, 0, ref) for ref in row] for row in changed], program.outputs.tolist())
    assume(damaged.definitions == program.definitions)  # else what is wrong is gone
    target = program.matrix()
    blamed = suspect(damaged, target)
    if (damaged.matrix() == target).all():
        assert blamed is None
        return
    assert blamed is not None
    gap = np.array(naive.matrix_mod_2(damaged)) != target
    error = gap[int(gap.any(axis=1).argmax())]
    mended = [list(row) for row in damaged.rows()]
    mended[blamed] += [(1.0, 0, k) for k in np.flatnonzero(error).tolist()]
    again = Program.build(4, "gf2", mended, damaged.outputs.tolist())
    np.testing.assert_array_equal(again.matrix(), target)


def test_commands_on_a_file_alone(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    files.save("p.json", describe(SHARED, TRANSFORM))

    def said(*words):
        result = CliRunner().invoke(cli, words)
        assert result.exit_code == 0, result.output
        return result.output

    assert "multiplied out in GF(2)" in said("prove", "p.json")
    assert json.loads((tmp_path / "p.json").read_text())["proof"]["kind"] == "equality"
    page = said("verify", "p.json")
    assert "4 XORs executed" in page
    assert "proved: the program computes the matrix in its file exactly" in page
