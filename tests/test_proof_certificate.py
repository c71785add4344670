"""Certificates: re-checked from the file alone, and whatever is wrong with one is told quickly in one sentence."""

import json
import random
import tracemalloc
from dataclasses import replace
from pathlib import Path

import msgspec
import pytest
from click.testing import CliRunner

from benchmarks.proofs import drifted
from gp_fft import files
from gp_fft.cli import cli
from gp_fft.construct import textbook
from gp_fft.files.best import best_of
from gp_fft.files.certificate import Constant, Residues, Unproved
from gp_fft.ground.errors import DataError
from gp_fft.program import Program
from gp_fft.program.accuracy import ENOUGH, measure
from gp_fft.proof import check, modular, prove, proving, standing
from gp_fft.proof.verify import verify
from gp_fft.store.proofs import prove_file
from gp_fft.store.records import load_record
from gp_fft.transforms import balls, from_array, get
from gp_fft.transforms.coded import ExactMatrix
from tests.work import calls

TRANSFORM = get("dft", 8)
OUTCOME = prove(textbook.split_radix(TRANSFORM), TRANSFORM)
CERTIFICATE, PROGRAM = OUTCOME.evidence, OUTCOME.program
SIZE = CERTIFICATE.constants[0].size


def exact(text, size=SIZE):
    return {"constants": (Constant(size, text),)}


def order(value, text=""):
    said = {"field": CERTIFICATE.field.replace("8)", f"{value})").replace("zeta_8", f"zeta_{value}")}
    checked = tuple(line.replace("zeta_8", f"zeta_{value}") for line in CERTIFICATE.checked)
    return {"order": value, "checked": checked, **said, **(exact(text) if text else {})}


def residues(prime, root):
    old = CERTIFICATE.residues.prime
    checked = tuple(line.replace(str(old), str(prime)) for line in CERTIFICATE.checked)
    return {"residues": Residues(prime, root), "checked": checked}


WRONG = {
    "another number": (exact("1"), "differ modulo"),
    "nearly the same number": (exact("sqrt(2)/2 + 1/10000000000000000000000000000000"), "differ modulo"),
    "another size": (exact("sqrt(2)/2", 0.5), "are not the sizes"),
    "truncated": ({"constants": ()}, "are not the sizes"),
    "the same size twice": ({"constants": CERTIFICATE.constants * 2}, "are not the sizes"),
    "a zero denominator": (exact("1/0"), "denominator zero"),
    "a zero cosine below": (exact("1/cos(pi/2)"), "denominator zero"),
    "a zero below pi": (exact("cos(pi/0)"), "denominator zero"),
    "a tangent that is infinite": (exact("tan(pi/2)"), "denominator zero"),
    "a million digits": (exact("1/" + "3" * 10**6), "characters"),
    "many digits": (exact("1/" + "3" * 1000), "digits"),
    "junk": (exact("__import__('os')"), "cannot be read"),
    "nothing": (exact(""), "cannot be read"),
    "brackets": (exact("(" * 2000 + "1" + ")" * 2000), "brackets"),
    "a quotient of sums": (exact("1/(1+sqrt(2))"), "only whole numbers"),
    "unbalanced": (exact("sqrt(2"), "expected"),
    "powers": (exact("2**100000"), "out of place"),
    "a root outside the field": (exact("sqrt(3)"), "not lie|none of a root"),
    "a cosine outside the field": (exact("cos(pi/5)"), "no cosine|none of a root"),
    "a huge root": (exact("sqrt(123456789123456789)"), "up to 1000000"),
    "a field of absurd degree": (order(10**9), "order"),
    "a field of an order that is too large for its degree": (order(4 * 2039), "degree"),
    "no order at all": (order(0), "order"),
    "a negative order": (order(-8), "order"),
    "a field that is too small": (order(4, "1"), "none that a proof"),
    "a field that is needlessly large": (order(2048), "none that a proof"),
    "another version": ({"version": 2}, "version 2"),
    "another reading": ({"reading": "fractions"}, "cannot be read|does not state"),
    "an unknown reading": ({"reading": "lips"}, "cannot be read|does not state"),
    "another statement": ({"statement": "every entry is right"}, "does not state"),
    "more than was checked": ({"checked": (*CERTIFICATE.checked, "by a notary")}, "does not state"),
    "a composite modulus": (residues((1 << 61) - 9, 3), "prime of 61 bits"),
    "a small prime": (residues(17, 2), "prime of 61 bits"),
    "a root of the wrong order": (residues(CERTIFICATE.residues.prime, 1), "root of unity of order 8"),
    "another program": ({"hash": "0" * 64}, "another program"),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_certificate_is_refused_quickly(name):
    change, sentence = WRONG[name]
    wrong = msgspec.structs.replace(CERTIFICATE, **change)
    tracemalloc.start()
    told = []

    def refuse():
        with pytest.raises(DataError, match=sentence) as caught:
            check(wrong, PROGRAM, TRANSFORM)
        told.append(str(caught.value))

    try:
        refuse()
        assert tracemalloc.get_traced_memory()[1] < 64 << 20
    finally:
        tracemalloc.stop()
    assert calls(refuse) < 50_000
    assert len(told[0]) < 400
    assert "\n" not in told[0]


def test_the_right_certificate_is_accepted():
    check(CERTIFICATE, PROGRAM, TRANSFORM)
    for text in ("cos(pi/4)", "sqrt(2)/2", "1/sqrt(2)", "sin(pi/4)", "2*cos(pi/4) - sqrt(2)/2", "(1+sqrt(2)-1)*1/2"):
        check(msgspec.structs.replace(CERTIFICATE, **exact(text)), PROGRAM, TRANSFORM)


def test_a_proof_does_not_carry_over_to_another_transform():
    """Not even to one with the same matrix, let alone another sign."""
    with pytest.raises(DataError, match="does not state"):
        check(CERTIFICATE, PROGRAM, get("idft", 8))
    with pytest.raises(DataError, match="does not state"):
        check(CERTIFICATE, PROGRAM, from_array(TRANSFORM.matrix))
    with pytest.raises(DataError, match="inputs and outputs"):
        check(CERTIFICATE, PROGRAM, get("dft", 4))
    said = {"statement": CERTIFICATE.statement.replace("dft 8", "idft 8")}
    with pytest.raises(DataError, match="differ modulo"):
        check(msgspec.structs.replace(CERTIFICATE, **said), PROGRAM, get("idft", 8))


def test_a_proof_does_not_carry_over_to_another_program():
    rows = [list(row) for row in PROGRAM.rows()]
    rows[3][0] = (rows[3][0][0], (rows[3][0][1] + 2) % 4, rows[3][0][2])
    other = Program.build(8, "complex", rows, PROGRAM.outputs.tolist(), PROGRAM.title)
    with pytest.raises(DataError, match="another program"):
        check(CERTIFICATE, other, TRANSFORM)
    stolen = msgspec.structs.replace(CERTIFICATE, hash=other.content_hash)
    with pytest.raises(DataError, match="differ modulo"):
        check(stolen, other, TRANSFORM)


def test_exact_multiplication_stands_alone(monkeypatch):
    """With the modular check switched off the exact one still finds what is wrong, rounding or entry."""
    monkeypatch.setattr(modular, "agrees", lambda *_: True)
    check(CERTIFICATE, PROGRAM, TRANSFORM)
    for text, sentence in (
        ("sqrt(2)/2 + 1/10000000000000000000000000000000", r"entry \(\d, \d\)"),
        ("sqrt(2)/2 + 1/1000000000000000", "does not round"),
    ):
        with pytest.raises(DataError, match=sentence):
            check(msgspec.structs.replace(CERTIFICATE, **exact(text)), PROGRAM, TRANSFORM)


def test_the_modular_check_stands_alone():
    for seed in range(20):
        drawn = modular.draw(8, random.Random(seed))
        assert modular.agrees(CERTIFICATE, PROGRAM, TRANSFORM.exact, drawn)
        wrong = msgspec.structs.replace(CERTIFICATE, **exact("sqrt(2)/2 + 1/10000000000000000000000000000000"))
        assert not modular.agrees(wrong, PROGRAM, TRANSFORM.exact, drawn)


def test_proofs_are_deterministic_and_survive_files():
    again = prove(textbook.split_radix(TRANSFORM), TRANSFORM)
    assert again.evidence == CERTIFICATE
    file = files.describe(PROGRAM, TRANSFORM, CERTIFICATE)
    assert files.decode(files.encode(file)) == file
    assert standing(file) == "proved"


def test_verify_checks_a_proof_and_finds_a_forged_one(tmp_path):
    file = files.describe(PROGRAM, TRANSFORM, CERTIFICATE)
    good = verify(file)
    assert good.passed
    assert good.status == "proved"
    assert any(one.name == "proof" for one in good.checks)
    table = json.loads(files.encode(file))
    table["proof"]["constants"][0]["exact"] = "5/7"
    path = tmp_path / "forged.json"
    path.write_text(json.dumps(table))
    assert not verify(files.load(path)).passed
    result = CliRunner().invoke(cli, ["verify", str(path)])
    assert result.exit_code == 1
    assert "failed: proof" in result.stderr
    assert "WRONG PROOF" in CliRunner().invoke(cli, ["show", str(path)]).stdout


def test_a_note_cannot_claim_a_proof():
    note = Unproved(1, "proved", "believe me", PROGRAM.content_hash)
    assert standing(files.describe(PROGRAM, TRANSFORM, note)) == "exact to 1e-15 but unproved"


def test_the_best_program_of_a_front_is_none_that_was_found_out():
    note = Unproved(1, "approximate", "for the test", PROGRAM.content_hash)
    cheap = files.describe(PROGRAM, TRANSFORM, note)
    dear = files.describe(textbook.definition(TRANSFORM), TRANSFORM)
    assert best_of([cheap, dear]) == dear
    assert best_of([files.describe(PROGRAM, TRANSFORM), dear]).program == PROGRAM


def test_prove_on_the_command_line(tmp_path):
    path, kept = tmp_path / "mine.txt", tmp_path / "mine.json"
    transform = get("dft", 5)
    path.write_text(str(drifted(textbook.definition(transform), 1)))
    result = CliRunner().invoke(cli, ["prove", str(path)])
    assert result.exit_code == 0, result.output
    assert "proved in" in result.stdout
    assert "cos(2*pi/5)" in result.stdout
    assert standing(files.load(kept)) == "proved"
    assert "proved" in CliRunner().invoke(cli, ["show", str(kept)]).stdout
    again = CliRunner().invoke(cli, ["prove", str(path)])
    assert again.exit_code == 2
    assert "exists already" in again.stderr
    path.write_text("# dft 2 complex\ny0 = x0 + x1\ny1 = x0 - 1.001*x1\n")
    result = CliRunner().invoke(cli, ["prove", str(path), "-o", str(tmp_path / "no.json")])
    assert result.exit_code == 0
    assert "errors proved: relative 0.000500" in result.stdout
    assert standing(files.load(tmp_path / "no.json")) == "approximate, error 0.000500 proved"


def test_records_are_proved_in_place(tmp_path):
    folder = tmp_path / "records"
    folder.mkdir()
    for n in (3, 4):
        transform = get("dft", n)
        files.save(folder / f"dft-{n}.json", files.describe(drifted(textbook.definition(transform), n), transform))
    for _ in range(2):
        result = CliRunner().invoke(cli, ["prove", "records", "--root", str(tmp_path)])
        assert result.exit_code == 0, result.output
        assert result.stdout.count("proved") == 2
        assert [standing(files.load(path)) for path in sorted(folder.glob("*.json"))] == ["proved"] * 2


def test_every_record_is_proved_and_accurate_or_says_why_not():
    for path in sorted((Path(__file__).resolve().parents[1] / "runs" / "records").glob("*.json")):
        file = load_record(path)
        accuracy = measure(file.program, file.transform)
        assert accuracy.ratio < ENOUGH or file.provenance["accuracy"]["note"], path


def test_a_proved_file_is_left_alone():
    proved = prove_file(files.describe(drifted(textbook.definition(TRANSFORM), 2), TRANSFORM)).file
    assert prove_file(proved).file == proved


def test_the_modular_check_does_without_flint(monkeypatch):
    """What it reads of the transform is made of plain Python numbers, too."""
    for name in [name for name in vars(balls) if callable(getattr(balls, name)) and name[:2] != "__"]:
        monkeypatch.setattr(balls, name, None)
    goal = ExactMatrix(TRANSFORM.exact.values, TRANSFORM.exact.index)
    drawn = modular.draw(CERTIFICATE.order, random.Random(3))
    assert modular.agrees(CERTIFICATE, PROGRAM, goal, drawn)


def test_the_evidence_of_a_program_is_checked_once_in_a_process(monkeypatch):
    four = get("dft", 4)
    outcome = prove(textbook.radix2(four), four)
    file = files.describe(outcome.program, four, proof=outcome.evidence)
    checked, real = [], proving.check
    monkeypatch.setattr(proving, "check", lambda *given: checked.append(given) or real(*given))
    proving._holds.cache_clear()
    again = files.decode(files.encode(file))
    wrong = replace(file, proof=msgspec.structs.replace(file.proof, residues=Residues(7, 2)))
    assert {standing(file), standing(again)} == {"proved"}
    assert {standing(wrong), standing(wrong)} == {"WRONG PROOF"}
    assert len(checked) == 2
