"""One rule decides which program is the best, and every command, page and notebook obeys it; one wording of a proof."""

import csv
import io
import json
import re
from pathlib import Path
from types import SimpleNamespace

import click
import pytest
from click.testing import CliRunner

import gp_fft
from gp_fft import files, transforms
from gp_fft.cli import cli
from gp_fft.cli.outcome import print_outcome
from gp_fft.construct import textbook
from gp_fft.draw.formats import write
from gp_fft.files.best import Claim, best_exact, best_of, best_place, is_exact
from gp_fft.files.certificate import APPROXIMATE, WRONG, Bound, Certificate, Residues, Unproved, short, status
from gp_fft.program import Program
from gp_fft.proof import standing
from gp_fft.report import page
from gp_fft.search.front import Front
from gp_fft.search.settings import Settings
from gp_fft.store import standings as bench
from gp_fft.store.proofs import open_file, proof_place, prove_run
from gp_fft.store.runs import Run
from tests.test_report import data_of

DFT3 = transforms.get("dft", 3)
ROUGH = "approximate, error 0.816 proved"
TRUE = textbook.definition(DFT3)
SOURCES = sorted(Path(gp_fft.__file__).parent.rglob("*.py"))


def nearly_exact():
    """The definition of dft 3, and in each output a little of another input: no constants nearby make that exact."""
    rows = [[*row, (3e-13, 0, d)] for d, row in enumerate(TRUE.rows())]
    return Program.build(3, "complex", rows, TRUE.outputs.tolist(), DFT3.title)


def roundabout():
    """The definition of dft 3 with inputs that are doubled and halved again: exact, and costs more than it should."""
    doubled = [[(2.0, 0, k)] for k in range(3)]
    tripled = [[(0.5, 0, 3 + k), (4.0, 0, k), (4.0, 2, k)] for k in range(3)]
    rows = [[(size, turn, ref + 6) for size, turn, ref in row] for row in TRUE.rows()]
    outputs = [6 + output for output in TRUE.outputs.tolist()]
    return Program.build(3, "complex", doubled + tripled + rows, outputs, DFT3.title)


@pytest.fixture
def run(tmp_path, monkeypatch):
    """A run whose cheapest program looks exact and is found by its proof to be an approximation."""
    monkeypatch.chdir(tmp_path)
    made = Run.create(DFT3, Settings(generations=1))
    programs = (nearly_exact(), roundabout(), Program.parse("# dft 3 complex\ny0 = x0\ny1 = x0\ny2 = x0\n"))
    for program in programs:
        file = files.describe(program, DFT3, provenance=made.provenance())
        files.save(made.path / "front" / f"{file.counts['flops']:05d}-{program.content_hash[:12]}.json", file)
    counts = [files.describe(program, DFT3).counts["flops"] for program in programs]
    assert counts[0] < counts[1]
    record = {
        "generation": 1, "best_exact_cost": counts[0], "best_error": 0.0, "front": [[0.0, counts[0]], [0.9, 0]],
        "operators": {}, "evaluations": 1, "steps": 1, "evaluations_per_second": 1.0, "steps_per_second": 1.0,
        "seconds": 0.5,
    }  # fmt: skip
    (made.path / "log.jsonl").write_text(json.dumps(record) + "\n")
    return made


def invoke(*words, code=0):
    result = CliRunner().invoke(cli, words)
    assert result.exit_code == code, f"{result.output}\n{result.exception!r}"
    return result


def test_every_command_crowns_the_same_program(run, tmp_path):
    fake, true = (files.describe(program, DFT3) for program in (nearly_exact(), roundabout()))
    before = best_of(run.front())
    assert before.program == fake.program
    results = list(prove_run(run))
    assert sorted(result.status for result in results[:-1]) == [APPROXIMATE, "proved"]
    assert results[-1].status == ROUGH
    best = best_of(run.front())
    assert best.counts["flops"] == true.counts["flops"]
    flops, hashed = str(best.counts["flops"]), best.program.content_hash

    assert Program.parse(invoke("show", "--text", str(run.path)).stdout) == best.program
    rows = [line.split() for line in invoke("show", str(run.path)).stdout.splitlines() if line.endswith(".json")]
    assert {row[1]: row[-2] for row in rows}[flops] == "proved"
    assert {row[1]: row[-2] for row in rows}[str(fake.counts["flops"])] == APPROXIMATE
    assert f"{flops} flops" in invoke("verify", str(run.path)).stdout
    invoke("graph", str(run.path), "-o", "best.svg", "--force")
    write(best.program, tmp_path / "wanted.svg")
    assert (tmp_path / "best.svg").read_bytes() == (tmp_path / "wanted.svg").read_bytes()
    data = data_of(page.run_page(run))
    assert data["programs"][data["first"]]["hash"] == hashed
    assert {one["hash"]: one["exact"] for one in data["programs"]}[nearly_exact().content_hash] is False
    assert f"Best program: {flops} flops, proved" in outcome(run)
    table = list(csv.DictReader(io.StringIO(bench.as_csv(bench.collect(bench._run_files(run.path))[0]))))
    assert [(row["flops"], row["status"]) for row in table] == [(flops, "proved")]
    told = invoke("prove", str(run.path), code=1).stdout
    assert [line.split()[1] for line in told.splitlines() if line.split()[:1] == [flops]] == ["proved"]
    line = invoke("runs").stdout.splitlines()[1].split()
    assert line[:3] == ["runs/dft-3-001", "1", flops]
    watched = invoke("watch", "--once", str(run.path)).stdout
    assert f"best exact {flops}" in watched
    assert not re.search(rf"exact +{fake.counts['flops']}\b", watched)
    front = Front(DFT3, [file.program for file in run.front()], evidence=[file.proof for file in run.front()])
    assert front.best_exact() == best.program
    html = front._repr_html_()
    assert html.count("<td>exact</td>") == 1


def outcome(run):
    """What `evolve` says at the end."""
    state = SimpleNamespace(generation=1, seconds=0.5)
    recorder = SimpleNamespace(run=run, check=lambda: None)
    return CliRunner().invoke(click.Command("end", callback=lambda: print_outcome(recorder, state, "done"))).stdout


def test_the_end_of_a_run_reads_each_program_once(run, monkeypatch):
    """At 256 points each reading computes a large matrix, while somebody who pressed Ctrl-C waits."""
    real, paths = files.load, []
    monkeypatch.setattr(files, "load", lambda path: paths.append(path) or real(path))
    outcome(run)
    assert sorted(paths) == run.front_paths()
    assert len(run.proof_paths()) == 3
    outcome(run)
    assert len(paths) == 2 * len(run.front_paths())


def test_a_file_of_the_front_knows_the_proof_beside_it(run, monkeypatch):
    list(prove_run(run))
    for path in run.front_paths():
        proof = run.path / "proofs" / path.name
        known = files.load(proof if proof.exists() else path)
        assert open_file(path) == known
        assert invoke("show", str(path)).stdout.count(standing(known)) == 1
        assert Program.parse(invoke("show", "--text", str(path)).stdout) == known.program
        assert f"{standing(known)}: the program" in invoke("verify", str(path)).stdout
        invoke("report", str(path), "-o", "page.html", "--force")
        assert data_of(Path("page.html").read_text())["programs"][0]["status"] == standing(known)
    path = run.front_paths()[-1].absolute()
    monkeypatch.chdir(path.parent)
    assert open_file(Path(path.name)) == open_file(path)


def test_a_file_of_the_front_is_proved_beside_itself(run):
    path = next(path for path in run.front_paths() if files.load(path).program == roundabout())
    before = path.read_bytes()
    told = invoke("prove", str(path))
    assert path.read_bytes() == before
    assert f"wrote {run.path}/proofs/{path.name}" in told.stderr
    assert standing(open_file(path)) == "proved"
    (line,) = (run.path / "proofs.jsonl").read_text().splitlines()
    assert json.loads(line)["status"] == "proved"
    assert [result.status for result in prove_run(run)] == [APPROXIMATE, ROUGH]  # and is not proved twice
    assert "proved" in invoke("show", str(path)).stdout


def test_the_place_of_a_proof(run):
    path = run.front_paths()[0]
    assert proof_place(path) == run.path / "proofs" / path.name
    assert proof_place(run.path / "settings.toml") is None
    (run.path / "settings.toml").rename(run.path / "gone.toml")
    assert proof_place(path) is None


def test_the_rule():
    note = Unproved(1, APPROXIMATE, "for the test", "")
    proof = Certificate(1, "", "", 1, "", (), Residues(2, 1), (), "")
    assert best_exact([]) is None
    assert best_exact([Claim(1, 1e-3), Claim(2, 1e-13, note)]) is None
    assert best_exact([Claim(1, 1e-3), Claim(2, 1e-13, note), Claim(4, 1e-16), Claim(3, 1e-14)]) == 3
    assert best_exact([Claim(3, 0.0), Claim(3, 1e-15, proof), Claim(3, 1e-16)]) == 1
    assert best_exact([Claim(3, 1e-15), Claim(3, 1e-16)]) == 1
    assert is_exact(9e-13)
    assert not is_exact(1e-12)
    assert not is_exact(0.0, note)


def test_without_an_exact_program_the_most_exact_is_the_best(run):
    front = [file for file in run.front() if file.program != roundabout()]
    assert front[best_place(front)].program == nearly_exact()
    assert is_exact(front[best_place(front)].error)
    list(prove_run(run))
    front = [file for file in run.front() if file.counts["flops"] != files.describe(roundabout()).counts["flops"]]
    assert best_of(front).program == nearly_exact()
    assert not Front(DFT3, [file.program for file in front], evidence=[file.proof for file in front]).best_exact()


def test_one_wording_for_a_proof():
    """Only gp_fft.files.certificate has the words, only gp_fft.proof.standing joins them to a check."""
    for words in ("WRONG PROOF", "but unproved"):
        told = [path.name for path in SOURCES if words in re.sub(r'""".*?"""', "", path.read_text(), flags=re.DOTALL)]
        assert told == ["certificate.py"], words
    for words in ("< EXACT and", ">= EXACT:", "error < EXACT"):
        told = {path.name for path in SOURCES if path.parent.name in ("cli", "report") and words in path.read_text()}
        assert not told, words
    table = [("proved", "proved"), (WRONG, WRONG), (APPROXIMATE, APPROXIMATE)]
    table += [("exact to 1e-15 but unproved", "unproved"), (status(Bound(1, "", 1.21e-16, ""), 1e-16), "<1.3e-16")]
    assert [short(told) for told, _ in table] == [word for _, word in table]
