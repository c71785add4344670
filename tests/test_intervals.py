"""The errors of approximate programs as rigorous intervals: that they hold, and that nothing else passes for one."""

import json
import math
import random

import msgspec
import numpy as np
import pytest
from click.testing import CliRunner
from flint import acb, arb, ctx
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from gp_fft import files
from gp_fft.cli import cli
from gp_fft.construct import textbook
from gp_fft.files.best import is_exact
from gp_fft.files.certificate import WRONG, Interval, digits, short, status
from gp_fft.ground.errors import DataError
from gp_fft.program import Program
from gp_fft.program.cost import EXACT
from gp_fft.proof import check, prove, standing
from gp_fft.proof.intervals import LIMIT_ENTRIES, NARROW, interval
from gp_fft.proof.verify import verify
from gp_fft.search.front import Front
from gp_fft.search.settings import Settings
from gp_fft.store.proofs import prove_file
from gp_fft.store.runs import Run
from gp_fft.transforms import FREE, from_array, get, scaled_to
from gp_fft.transforms.measures import MEASURES
from tests.strategies import programs

DCT = get("dct2", 8, norm="ortho")


def rough(transform, seed=1, noise=0.1):
    """The definition with every constant a little off."""
    plain, rng = textbook.definition(transform), np.random.default_rng(seed)
    sizes = plain.sizes * rng.uniform(1 - noise, 1 + noise, len(plain.sizes))
    arrays = (plain.starts, plain.refs, sizes, plain.turns, plain.outputs)
    return Program(plain.inputs, plain.field, plain.title, *arrays)


def proved_file(free="none", transform=DCT):
    program = rough(transform)
    provenance = {} if free == "none" else {"scaling": free}
    return prove_file(files.describe(program, scaled_to(program.matrix(), transform, free), None, provenance)).file


def naive_error(program, transform):
    """The relative error at 400 bits, entry by entry from roots of unity, none of the code that proves it."""
    values = [[acb(int(j == k)) for j in range(program.inputs)] for k in range(program.inputs)]
    for row in program.rows():
        terms = [(acb(0, 1) ** turn * size, values[ref]) for size, turn, ref in row]
        values.append([sum((factor * value[j] for factor, value in terms), acb(0)) for j in range(program.inputs)])
    gap = norm = arb(0)
    for k, output in enumerate(program.outputs.tolist()):
        for j in range(program.inputs):
            angle = arb(-2 * k * j) / program.inputs
            wanted = (
                acb(angle.cos_pi(), angle.sin_pi()) if transform.name == "dft" else acb(float(transform.matrix[k, j]))
            )
            difference = values[program.inputs + output][j] - wanted
            gap += difference.real**2 + difference.imag**2
            norm += wanted.real**2 + wanted.imag**2
    return (gap / norm).sqrt()


@settings(max_examples=60)
@given(programs("complex", inputs=3))
def test_the_interval_contains_the_error_at_many_digits(program):
    assume(len(program.outputs) >= 3)
    program = Program.build(3, "complex", program.rows(), program.outputs.tolist()[:3], "dft 3")
    transform = get("dft", 3)
    assume(transform.error(program) > 1e-9)
    relative = interval(program, transform).errors[0]
    with ctx.workprec(400):
        error = naive_error(program, transform)
        assert arb(relative.low) < error < arb(relative.high)
    assert relative.high - relative.low <= 4 * math.ulp(relative.high)


@settings(max_examples=60)
@given(programs("real", inputs=4), st.integers(0, 1000), st.sampled_from(list(FREE)))
def test_intervals_hold_what_the_measures_say(program, seed, free):
    """For any program, orthogonal or not, zero outputs and signs that are wrong included."""
    assume(len(program.outputs) >= 4)
    program = Program.build(4, "real", program.rows(), program.outputs.tolist()[:4], "")
    for transform in (get("dct2", 4), from_array(np.random.default_rng(seed).normal(size=(4, 4)))):
        scaled = scaled_to(program.matrix(), transform, free)
        evidence = prove(program, scaled, free=free).evidence
        check(evidence, program, scaled)
        for error in evidence.errors:
            value = MEASURES[error.measure].of(program.matrix(), scaled, free)
            assert value == pytest.approx(error.low, rel=1e-6, abs=1e-9), error.measure
            assert 0 <= error.high - error.low <= NARROW * error.high


@pytest.mark.parametrize("title", ["dct2 8", "dft 8", "dct2-2d 4", "mdct 8", "dct1 5", "wht 16"])
@pytest.mark.parametrize("free", FREE)
def test_every_measure_that_means_something_is_proved(title, free):
    transform = get(title.split()[0], int(title.split()[1]))
    program = rough(transform)
    scaled = scaled_to(program.matrix(), transform, free)
    evidence = interval(program, scaled, free)
    check(evidence, program, scaled)
    some = {"dft 8": 5, "mdct 8": 5, "dct1 5": 3}.get(title, 7)
    assert [error.measure for error in evidence.errors] == list(MEASURES)[:some]
    for error in evidence.errors:
        value = MEASURES[error.measure].of(program.matrix(), scaled, free)
        assert value == pytest.approx(error.low, rel=1e-8)


def test_published_approximations_are_proved_to_be_so():
    """LODCT with free outputs: no digit of these depends on a float."""
    matrix = get("lodct", 8)
    program = textbook.definition(matrix)
    scaled = scaled_to(program.matrix(), DCT, "outputs")
    said = {error.measure: error for error in interval(program, scaled, "outputs").errors}
    assert {name: round(said[name].low, 4) for name in ("energy", "mse")} == {"energy": 0.8695, "mse": 0.0061}
    assert round(-8.75 * math.log10(1 - 0.95**2) - said["coding-gain"].high, 4) == 8.3902
    assert round(100 - said["efficiency"].high, 4) == 88.7023


def test_bits_that_are_wrong_are_counted():
    transform = get("crc", 8, kernel=(0, 0, 0, 0, 0, 1, 1, 1))
    program = textbook.definition(transform)
    rows = [list(row) for row in program.rows()]
    del rows[3][0]
    wrong = Program.build(8, "gf2", rows, program.outputs.tolist(), transform.title)
    evidence = prove(wrong, transform).evidence
    (error,) = evidence.errors
    assert error.low < math.sqrt(1 / transform.matrix.sum()) < error.high
    check(evidence, wrong, transform)
    with pytest.raises(DataError, match="is not"):
        check(evidence, wrong, get("crc", 8, kernel=(0, 0, 0, 0, 0, 1, 1, 0)))


def test_a_large_matrix_has_the_errors_that_are_cheap():
    transform = get("dct2", 96)
    assert transform.matrix.size > LIMIT_ENTRIES
    assert [error.measure for error in interval(rough(transform), transform).errors] == list(MEASURES)[:4]


def test_an_output_that_is_dropped_has_no_loss_of_gain():
    rows = [list(row) for row in textbook.definition(DCT).rows()]
    rows[textbook.definition(DCT).outputs[2]] = []
    program = Program.build(8, "real", rows, textbook.definition(DCT).outputs.tolist(), DCT.title)
    said = {error.measure: error for error in interval(program, DCT, "outputs").errors}
    assert "coding-gain" not in said
    assert said["efficiency"].low <= 100 <= said["efficiency"].high
    assert said["energy"].low <= math.pi <= said["energy"].high


def test_what_may_be_exact_is_not_called_approximate():
    program = textbook.split_radix(get("dft", 8))
    with pytest.raises(DataError, match="may be exact"):
        interval(program, get("dft", 8))
    evidence = interval(rough(DCT), DCT)
    assert not is_exact(EXACT / 2, evidence)


def test_the_words_of_a_proved_approximation():
    evidence = prove(rough(DCT), DCT).evidence
    said = status(evidence, 0.0)
    assert said == f"approximate, error {evidence.digits} proved"
    assert short(said) == "approximate"
    assert digits(0.069, 0.069) == "0.0690"
    assert digits(1.0, 1.0000000000000002) == "1.00"
    assert digits(0.06904999999, 0.06905000001) == "0.06905"
    assert digits(1.2345e-7, 1.2345e-7) == "1.23e-07"


def test_a_front_is_proved_to_its_cheap_end():
    exact = textbook.definition(DCT)
    front = Front(DCT, [rough(DCT, noise=0.3), rough(DCT, noise=0.01), exact]).prove()
    assert [said.split()[0] for said in front.statuses] == ["approximate,", "approximate,", "proved"]
    assert front[0] == rough(DCT, noise=0.3)
    assert front.best_exact() == front[2]
    assert front.prove().evidence == front.evidence


def corrupted(evidence, rng):
    """Every way in which somebody might make more, or less, of what was proved."""
    first, *others = evidence.errors
    last = others[-1]
    for factor in (0.5, 1 - 1e-9, 1 + 1e-9, 2.0):
        yield replaced(evidence, first, low=first.low * factor, high=first.high * factor)
        yield replaced(evidence, last, low=last.low * factor, high=last.high * factor)
    yield replaced(evidence, last, low=last.low * (1 - 1e-6))
    yield replaced(evidence, last, low=0.0, high=1e300)
    yield replaced(evidence, last, low=last.high, high=last.low)
    yield replaced(evidence, last, low=last.high, high=math.nextafter(last.high, math.inf))
    yield replaced(evidence, last, measure="speed")
    yield msgspec.structs.replace(evidence, errors=())
    yield msgspec.structs.replace(evidence, errors=tuple(others))
    yield msgspec.structs.replace(evidence, errors=(*evidence.errors, rng.choice(evidence.errors)))
    yield msgspec.structs.replace(evidence, statement=evidence.statement.replace("0.", "0.0"))
    yield msgspec.structs.replace(evidence, version=2)
    yield msgspec.structs.replace(evidence, free="sometimes")
    yield msgspec.structs.replace(evidence, hash="0" * 64)


def replaced(evidence, error, **fields):
    changed = msgspec.structs.replace(error, **fields)
    errors = tuple(changed if one == error else one for one in evidence.errors)
    return msgspec.structs.replace(evidence, errors=errors)


@pytest.mark.parametrize("free", ["none", "outputs"])
def test_a_changed_interval_is_refused(free):
    file = proved_file(free)
    check(file.proof, file.program, file.transform)
    for wrong in corrupted(file.proof, random.Random(1)):
        assert wrong != file.proof
        with pytest.raises(DataError):
            check(wrong, file.program, file.transform)


def test_free_outputs_are_not_said_of_what_was_proved_without():
    scaled = proved_file("outputs")
    for free in ("none", "uniform"):
        with pytest.raises(DataError, match="other factors"):
            check(msgspec.structs.replace(scaled.proof, free=free), scaled.program, scaled.transform)


def test_the_interval_of_another_transform_is_refused():
    file = proved_file()
    with pytest.raises(DataError, match="do not state"):
        check(file.proof, file.program, get("dct2", 8))


def run(*words, code=0):
    result = CliRunner().invoke(cli, list(map(str, words)))
    assert result.exit_code == code, result.output
    return result


def tampered(path, change):
    table = json.loads(path.read_text())
    change(table)
    path.write_text(json.dumps(table))


def test_on_the_command_line(tmp_path):
    path, kept = tmp_path / "mine.txt", tmp_path / "mine.json"
    path.write_text("# dft 2 complex\ny0 = x0 + x1\ny1 = x0 - 1.1*x1\n")
    told = run("prove", path).stdout
    assert "approximate, error 0.0500 proved in" in told
    assert "errors proved: relative 0.0500, worst-entry 0.100, worst-output 0.0707" in told
    assert isinstance(files.load(kept).proof, Interval)
    told = run("show", kept).stdout
    assert "approximate, error 0.0500 proved" in told
    assert "errors proved: relative 0.0500" in told
    told = run("verify", kept).stdout
    assert "5 intervals" in told
    assert "approximate, error 0.0500 proved: the program computes its transform with the error 5.0e-02" in told
    assert verify(files.load(kept)).passed


@pytest.mark.parametrize("key", ["low", "high"])
def test_a_tampered_file_is_refused(tmp_path, key):
    path = tmp_path / "mine.json"
    files.save(path, proved_file())

    def change(table):
        table["proof"]["errors"][3][key] *= 1 - 1e-9 if key == "high" else 1 + 1e-9

    tampered(path, change)
    assert standing(files.load(path)) == WRONG
    told = run("verify", path, code=1)
    assert "failed: proof" in told.stderr
    told = run("show", path).stdout
    assert WRONG in told
    assert "errors proved" not in told


def test_a_file_that_claims_another_error_is_refused(tmp_path):
    path = tmp_path / "mine.json"
    files.save(path, proved_file())
    tampered(path, lambda table: table.update(error=table["error"] * 0.5))
    assert "the key 'error' is" in run("verify", path, code=1).stderr
    assert "the key 'error' is" in run("prove", path, code=1).stderr


def test_a_run_of_approximations_is_proved(tmp_path):
    made = Run.create(DCT, Settings(generations=1), tmp_path / "run")
    front = [files.describe(rough(DCT, noise=noise), DCT, None, made.provenance()) for noise in (0.3, 0.1, 0.01)]
    for k, file in enumerate(front):
        files.save(made.path / "front" / f"{k:05d}-{file.program.content_hash[:12]}.json", file)
    told = run("prove", tmp_path / "run")
    assert "errors proved" in told.stderr
    assert "approximate, error" in told.stdout
    known = [json.loads(line) for line in (tmp_path / "run" / "proofs.jsonl").read_text().splitlines()]
    assert len(known) == len(front)
    assert all(line["status"].endswith("proved") for line in known)
    assert "errors proved" not in run("prove", tmp_path / "run").stderr  # nothing is proved twice
    run("verify", tmp_path / "run")
