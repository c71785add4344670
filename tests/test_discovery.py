"""The search for schemes: kernels beside slow twins, the figures in small, the same bytes again, the command line."""

import json
import os
import signal
import subprocess
import sys
from dataclasses import replace

import numpy as np
import pytest
from click.testing import CliRunner

from gp_fft.cli import cli
from gp_fft.ground.errors import DataError, UsageError
from gp_fft.kernels.vectors.layout import WIDTH
from gp_fft.schemes import bursts, targets, textbook
from gp_fft.schemes.discovery import generations, score
from gp_fft.schemes.draft import Draft, rows_of
from gp_fft.schemes.family import Family, matrix
from gp_fft.schemes.forms import table
from gp_fft.schemes.operations import operations, solve
from gp_fft.schemes.running import verify_sizes
from gp_fft.schemes.settings import ALL, OPERATORS, REWRITES, Asked
from gp_fft.schemes.text import parse_scheme
from gp_fft.store.discoveries import DiscoveryRun
from gp_fft.store.folders import RunFolder
from gp_fft.store.recorder import Recorder
from gp_fft.store.runs import Run, open_run
from tests.schemes import CONJUGATE_PAIR, DECIMATION_IN_FREQUENCY, HARTLEY, THREES, WALSH
from tests.test_schemes import WRONG
from tests.test_toy_problem import content

TEXTS = [textbook.RADIX_2, textbook.SPLIT_RADIX, DECIMATION_IN_FREQUENCY, CONJUGATE_PAIR, HARTLEY, WALSH, THREES]
NAMES = ["radix-2", "split radix", "in frequency", "conjugate pair", "hartley", "walsh", "threes"]


def scored(text):
    scheme = parse_scheme(text)
    tables = table(scheme.family)
    draft = Draft(tables, rows_of(tables, scheme))
    score(tables, Asked(threads=1), [draft])
    return scheme, draft


@pytest.mark.parametrize("text", TEXTS, ids=NAMES)
def test_compiled_scores_are_those_of_the_definition(text):
    scheme, draft = scored(text)
    assert draft.error == 0.0
    assert draft.cost == operations(scheme, scheme.family.members(256)[-1])
    assert draft.scheme == scheme


def one_level(scheme, x):
    """A scheme by its steps, calls answered by the true matrix."""
    vectors, n, prime = [x], len(x), scheme.family.prime
    for step, level in zip(scheme.steps, scheme.levels[1:], strict=True):
        parts = [1j**turn * vectors[ref] for ref, turn in step.arguments]
        if step.form.name == "self":
            made = matrix(scheme.family.transform, n // prime**level) @ parts[0]
        elif step.form.name == "add":
            made = parts[0] + parts[1]
        else:
            form = step.form
            says = scheme.primitive(step).entries(n // prime**level, n, prime**form.levels, form.k, form.of)
            made = says.weights() * np.stack(parts)[says.part, says.source]
        vectors.append(made)
    return vectors[-1]


@pytest.mark.parametrize("text", WRONG.values(), ids=list(WRONG))
def test_compiled_errors_are_mean_squares_over_the_sizes(text):
    scheme, draft = scored(text)
    scores = draft.table.scores
    total = 0.0
    for s, n in enumerate(scores.sizes.tolist()):
        x = scores.given[scores.start[s] : scores.start[s + 1]].reshape(-1, n)
        wanted = x @ matrix(scheme.family.transform, n).T
        off = np.array([one_level(scheme, one) for one in x]) - wanted
        total += np.sum(np.abs(off) ** 2) / np.sum(np.abs(wanted) ** 2) / len(scores.sizes)
    # the output of a draft is its best row, which is no worse than its last one
    assert 0.0 < draft.error <= total + 1e-12


@pytest.mark.parametrize("text", TEXTS, ids=NAMES)
@pytest.mark.parametrize("operator", [*REWRITES])
def test_rewrites_keep_schemes_right_at_every_size(text, operator):
    scheme = parse_scheme(text)
    tables, asked = table(scheme.family), Asked(threads=1, operators=(operator, "redraw"))
    members, steps = [rows_of(tables, scheme)], 300
    jobs = np.array([[0, -1, 7, steps, 0, bursts.OUTPUT["pair"]]])
    heats, shares = np.array([[1e4, 1e4]]), tables.scores.share[None, :]
    results = bursts.run(tables, asked, members, jobs, heats, shares, np.zeros(1, np.int64))
    tried, _, _ = results.tally[0, OPERATORS.index(operator)]
    assert tried == steps
    for k in (0, 1):
        made = Draft(tables, results.rows[k, : results.length[k]]).scheme
        assert all(one.passed for one in verify_sizes(made, 128))
        assert results.cost[k] == operations(made, scheme.family.members(256)[-1])


@pytest.mark.parametrize("text", TEXTS, ids=NAMES)
def test_what_computes_a_vector_takes_its_place(text):
    scheme = parse_scheme(text)
    tables = table(scheme.family)
    rows, asked = rows_of(tables, scheme), Asked(threads=1)
    levels, values = targets.vectors(tables, rows)
    assert tuple(levels) == scheme.levels
    assert np.allclose(values[-1], tables.scores.wanted, atol=1e-12)
    jobs = np.array([[0, -1, 3, 0, 1, bursts.OUTPUT["pair"]]])
    for at in range(1, len(rows) - 1):
        aimed = targets.goal(tables, rows, at)
        share, stop = aimed.scores.share[None, :], np.zeros(1, np.int64)
        before = [bursts.run(aimed, asked, [rows[:k]], jobs, np.zeros((1, 2)), share, stop) for k in (at, at + 1)]
        assert before[0].error[1] > 0.0
        assert before[1].error[1] == 0.0, "the row itself is what is wanted"
        made = before[1].rows[1, : before[1].length[1]]
        again = Draft(tables, targets.spliced(rows, at, made, tables.arrays.arity)).scheme
        assert all(one.passed for one in verify_sizes(again, 81))


def test_climbs_to_vectors_of_a_right_scheme_give_right_schemes():
    family = Family("dft", 2)
    asked = Asked(seed=2, threads=1, selection="targets", start=textbook.RADIX_2, generations=0)
    state = next(iter(generations(family, asked)))[0]
    found, steps = targets.aimed(table(family), asked, state, np.zeros(1, np.int64))
    assert steps > 0
    assert found
    for draft in found:
        assert draft.fresh
        assert draft.cost == operations(draft.scheme, 256)
        assert all(one.passed for one in verify_sizes(draft.scheme, 256))


def run(family, **asked):
    """The last state of a search, and the records of all."""
    records, last = [], None
    for state, record in generations(family, Asked(**asked)):
        records.append({key: value for key, value in record.items() if "second" not in key})
        last = state
    return last, records


@pytest.mark.parametrize(
    ("transform", "base", "bound", "generations_"),
    [
        ("dft", 2, 7696, 200),
        ("idft", 2, 7696, 200),
        ("wht", 2, 2048, 100),
        ("dht", 2, 7000, 200),
        ("dft", 3, 36000, 200),
    ],
)
def test_a_right_scheme_is_found_from_random_expressions(transform, base, bound, generations_):
    state, _ = run(Family(transform, base), seed=1, generations=generations_, target_cost=bound)
    best = state.best_exact()
    assert best is not None
    assert best.cost <= bound
    assert all(one.passed for one in verify_sizes(best.scheme, 729 if base == 3 else 1024))


def test_same_seed_same_bytes_whatever_the_threads():
    states = [run(Family("dft", 2), seed=3, generations=6, threads=threads) for threads in (1, 2, 5)]
    texts = [json.dumps({**state.to_dict(), "seconds": 0}) for state, _ in states]
    assert texts[0] == texts[1] == texts[2]
    assert states[0][1] == states[1][1] == states[2][1]
    other, _ = run(Family("dft", 2), seed=4, generations=6)
    assert json.dumps({**other.to_dict(), "seconds": 0}) != texts[0]


def evolve(path, generations_=8):
    """A run that is begun, or goes on from its checkpoint; its clock stands still."""
    family, asked = Family("dft", 2), Asked(seed=5, generations=generations_, population=8)
    folder = DiscoveryRun.open(path) if path.exists() else DiscoveryRun.create(family, asked, path)
    state = folder.state()
    with Recorder(folder, state, every=0.0) as recorder:
        for latest, record in generations(family, asked, state):
            still = {name: 0 if "second" in name else value for name, value in record.items()}
            recorder.add(replace(latest, seconds=0.0), still)
    return folder


KILLED = """
import os, signal, sys
from pathlib import Path
from gp_fft.store import recorder, folders
from tests.test_discovery import evolve
recorder.SHARE_OF_TIME = 1e9
left, real = int(sys.argv[2]), os.fsync

def deadly(handle):
    global left
    left -= 1
    if left == 0:
        os.kill(os.getpid(), signal.SIGKILL)
    real(handle)

os.fsync = deadly
evolve(Path(sys.argv[1]))
"""


@pytest.mark.parametrize("at", [9, 25])
def test_killed_it_goes_on_to_the_byte(tmp_path, at):
    whole = evolve(tmp_path / "whole")
    path = tmp_path / "run"
    subprocess.run([sys.executable, "-c", KILLED, str(path), str(at)], check=False, cwd=".")
    assert content(path) != content(whole.path)
    assert content(evolve(path).path) == content(whole.path)


def test_a_state_goes_through_json(tmp_path):
    folder = evolve(tmp_path / "run", 3)
    state = folder.state()
    again = folder.problem.restore(json.loads(json.dumps(state.to_dict())))
    assert again.to_dict() == state.to_dict()
    table_ = state.to_dict()
    table_["exact"][0]["rows"][1][1] = 40
    with pytest.raises(ValueError, match="refers to what does not stand before it"):
        folder.problem.restore(table_)


def test_the_front_is_on_disk_and_opens_as_a_discovery(tmp_path):
    folder = evolve(tmp_path / "run")
    opened = open_run(folder.path)
    assert isinstance(opened, DiscoveryRun)
    assert isinstance(RunFolder.open(folder.path), RunFolder)
    assert [file.scheme for file in opened.front()]
    with pytest.raises(DataError, match="is a run of the problem 'schemes', not of a search for programs"):
        Run.open(folder.path)


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"seed": -1}, "the seed is -1"),
        ({"population": 2}, "the population is 2; it must be 4 to 4096"),
        ({"operators": ("fly",)}, "operator 'fly' is unknown"),
        ({"operators": REWRITES}, "must be on: nothing would be found"),
        ({"sizes": (6,)}, "the sizes are 6; they must be powers of 2"),
        ({"sizes": (2,)}, "from 4 to 128"),
        ({"output": "none"}, "it must be one of row, last, pair"),
        ({"depth": 5}, "the depth is 5; it must be 1 to 3"),
        ({"primitives": ("butterfly",)}, "vector primitive 'butterfly' is unknown"),
        ({"primitives": ("add", "stride", "concatenate")}, "without self no scheme of dft 2^k can be made"),
    ],
)
def test_settings_that_do_not_fit_are_refused(asked, said):
    with pytest.raises(UsageError) as refused:
        Asked(**asked).check(Family("dft", 2))
    assert said in str(refused.value)


def call(*words):
    return CliRunner().invoke(cli, [str(word) for word in words])


@pytest.fixture(scope="module")
def discovered(tmp_path_factory):
    path = tmp_path_factory.mktemp("discovered") / "run"
    done = call("discover", "dft", "--generations", 12, "--seed", 3, "--out", path)
    assert done.exit_code == 0, done.output
    return path, done.output


def test_discover_says_what_came_out(discovered):
    path, told = discovered
    assert "generation budget used after 12 generations" in told
    assert "proved for every n of the family 2^k" in told
    assert "T(n) = " in told
    assert f"gp-fft show {path}" in told
    command = RunFolder.open(path).command()
    assert command == "gp-fft discover dft --family '2^k' --seed 3 --generations 12"


def test_show_verify_watch_and_resume_work_on_schemes(discovered, tmp_path):
    path, _ = discovered
    shown = call("show", path)
    assert "4096" in shown.output
    assert "split radix" in shown.output
    text = call("show", "--text", path).output
    assert parse_scheme(text) == DiscoveryRun.open(path).best().scheme
    (tmp_path / "scheme.txt").write_text(text)
    assert "proved for every n" in call("show", tmp_path / "scheme.txt").output
    lower = call("show", "--leaves", "records", path).output
    assert "1048576" in lower
    assert "with records" in lower
    checked = call("verify", path)
    assert checked.exit_code == 0
    assert "4096" in checked.output
    assert "all checks passed" in checked.output
    watched = call("watch", "--once", path).output
    assert "dft 2^k" in watched
    assert "100% of the budget" in watched
    went_on = call("resume", path, "--generations", 2)
    assert went_on.exit_code == 0, went_on.output
    assert "after 14 generations" in went_on.output


def test_verify_refuses_a_wrong_scheme(tmp_path):
    (tmp_path / "wrong.txt").write_text(WRONG["a sign"])
    done = call("verify", tmp_path / "wrong.txt")
    assert done.exit_code == 1
    assert "the scheme is wrong at n = " in done.output


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("dct2",), "schemes are known for dft, idft, dht, wht"),
        (("dft", "--family", "7^k"), "the vector primitives reach the families 2^k, 3^k, 4^k, 5^k, not 7^k"),
        (("dft", "--family", "even"), "it must be a base and ^k, such as 2^k"),
        (("wht", "--family", "3^k"), "wht has sizes that are powers of two"),
        (("dft", "--without-primitives", "self"), "without self no scheme"),
        (("dft", "--without-primitives", "fly"), "vector primitive 'fly' is unknown"),
        (("dft", "--without", "fly"), "operator 'fly' is unknown"),
        (("dft", "--sizes", "a"), "--sizes is 'a'"),
    ],
)
def test_the_command_refuses_in_one_sentence(words, said):
    done = call("discover", *words, "--generations", 1)
    assert done.exit_code == 2
    assert said in done.output
    assert "Traceback" not in done.output


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("t1 = stride(x, 2, 0)\ny = x + t1", "arguments of the lengths n and n/2; they must be the same"),
        ("t1 = self(x)\ny = t1 + x", "the recursion does not shrink"),
        ("t1 = stride(x, 2, 0)\nt2 = butterfly(t1)\ny = x + x", "'butterfly' is no vector primitive"),
    ],
    ids=["lengths", "does not shrink", "unknown"],
)
def test_commands_refuse_a_file_that_is_no_scheme(body, said, tmp_path):
    path = tmp_path / "it.txt"
    path.write_text(f"# scheme dft 2^k\n{body}\n")
    page = tmp_path / "it.html"
    for words in (
        *(("show", path), ("verify", path), ("graph", path, "-o", tmp_path / "it.svg"), ("report", path, "-o", page)),
        *(("export", path, "--to", "c"), ("discover", "dft", "--start", path), ("evolve", "dft", 8, "--start", path)),
    ):
        done = call(*words)
        assert done.exit_code == 1, words
        (line,) = (line for line in done.output.splitlines() if said in line)
        assert str(path) in line
        assert "Traceback" not in done.output
        assert [one.name for one in tmp_path.iterdir()] == ["it.txt"]


def test_rows_have_the_width_of_the_kernels():
    assert rows_of(table(Family("dft", 2)), textbook.scheme("radix-2")).shape == (9, WIDTH)
    assert set(OPERATORS) < set(ALL)


def test_graph_draws_the_recursion_and_unrolls_it(discovered, tmp_path):
    path, _ = discovered
    assert call("graph", path, "-o", tmp_path / "one.svg").exit_code == 0
    picture = (tmp_path / "one.svg").read_text()
    scheme = DiscoveryRun.open(path).best().scheme
    assert picture.count("<rect") == len(scheme.steps) + 2  # the input and the paper
    assert picture.count(">dft<") == sum(scheme.calls.values())
    assert call("graph", path, "-o", tmp_path / "one.dot").exit_code == 0
    assert (tmp_path / "one.dot").read_text().count(" -> ") == sum(len(step.arguments) for step in scheme.steps)
    assert call("graph", path, "--unroll", 8, "-o", tmp_path / "eight.svg").exit_code == 0
    assert "<svg" in (tmp_path / "eight.svg").read_text()
    for words, said in (
        (("-o", tmp_path / "one.tex"), "one level of a scheme is drawn as .svg, .dot"),
        (("--unroll", 12, "-o", tmp_path / "more.svg"), "n = 12 is no size of the family 2^k"),
    ):
        done = call("graph", path, *words)
        assert done.exit_code == 2
        assert said in done.output


def test_the_report_holds_recursion_plot_lineage_sizes_and_proof(discovered, tmp_path):
    path, _ = discovered
    done = call("report", path, "-o", tmp_path / "it.html")
    assert done.exit_code == 0, done.output
    page = (tmp_path / "it.html").read_text()
    for part in ("The recursion", "Operations", "Sizes verified", "Lineage", "How the search went", "split radix"):
        assert part in page
    assert "proved for every n of the family 2^k" in page
    assert "<script" not in page
    assert page.count("<svg") == 3
    best = DiscoveryRun.open(path).best()
    assert f"<td>{best.operations[256]}</td></tr>" in page.split("Lineage")[1], "where the lineage ends"
    assert solve(best.scheme).recurrence in page
    assert "<td>1024</td>" in page.split("Sizes verified")[1].split("Lineage")[0]
    (tmp_path / "evil.txt").write_text(call("show", "--text", path).output)
    table_ = json.loads(next((path / "front").glob("*.json")).read_text())
    table_["provenance"]["command"] = "<script>alert(1)</script>"
    (tmp_path / "evil.json").write_text(json.dumps(table_))
    assert call("report", tmp_path / "evil.json", "-o", tmp_path / "evil.html").exit_code == 0
    assert "<script" not in (tmp_path / "evil.html").read_text()


def test_bench_and_runs_know_schemes(discovered):
    path, _ = discovered
    benched = call("bench", "--root", path.parent)
    assert benched.exit_code == 0, benched.output
    assert "dft 2^k" in benched.output
    assert "radix-2 7696" in benched.output
    listed = call("runs", "--root", path.parent).output
    assert "dft 2^k" in listed
    assert "damaged" not in listed


def test_a_scheme_is_a_start_of_the_search_for_programs(tmp_path):
    (tmp_path / "scheme.txt").write_text(textbook.RADIX_2)
    out = tmp_path / "run"
    done = call("evolve", "dft", 8, "--start", tmp_path / "scheme.txt", "--generations", 0, "--out", out)
    assert done.exit_code == 0, done.output
    assert "56" in done.output
    for words, said in (
        (("dft", 12), "n = 12 is no size of the family 2^k"),
        (("wht", 8), "holds a scheme of dft 2^k, and wht 8 is not of that family"),
    ):
        refused = call("evolve", *words, "--start", tmp_path / "scheme.txt", "--generations", 0)
        assert refused.exit_code in (1, 2)
        assert said in refused.output


def test_discover_from_python(tmp_path):
    import gp_fft

    found = gp_fft.discover("dft", seed=3, generations=6, threads=1, out=tmp_path / "run")
    best = found.best
    assert best is not None
    assert best.exact
    assert best.prove().status == "every n"
    x = np.random.default_rng(1).standard_normal((2, 512))
    assert np.allclose(best(x), np.fft.fft(x))
    assert best.operations(256)[256] == min(one.operations(256)[256] for one in found if one.exact)
    assert best.expand(8).inputs == 8
    best.save(tmp_path / "best.json")
    assert gp_fft.Algorithm.load(tmp_path / "best.json").scheme == best.scheme
    assert gp_fft.Algorithm.parse(str(best)).scheme == best.scheme
    assert "def dft(x)" in best.python()
    assert "int dft(long n" in best.c()
    with pytest.raises(UsageError, match="n = 6 is no size of the family"):
        best(np.ones(6))
    with pytest.raises(UsageError, match="discover needs a budget"):
        gp_fft.discover("dft")
    with pytest.raises(UsageError, match="discover takes the names of a transform"):
        gp_fft.discover(gp_fft.dft(8), seconds=1)


def test_a_scheme_is_a_start_and_what_it_needs_must_be_on(tmp_path):
    path = tmp_path / "radix2.txt"
    path.write_text(textbook.RADIX_2)
    out = tmp_path / "run"
    done = call("discover", "dft", "--start", path, "--generations", 0, "--out", out)
    assert done.exit_code == 0, done.output
    run_ = DiscoveryRun.open(out)
    assert run_.best().operations[256] == 7696
    assert f"--start {path}@" in run_.command()
    again = call("discover", "dft", "--start", run_.settings.started, "--generations", 0, "--out", tmp_path / "again")
    assert again.exit_code == 0, again.output
    (tmp_path / "wrong.txt").write_text(WRONG["a sign"])
    for words, said in (
        (
            ("dft", "--start", path, "--without-primitives", "twiddle"),
            "the start needs the vector primitive 'twiddle', which is switched off",
        ),
        (
            ("dft", "--start", path, "--without-primitives", "turn,subtract,negate"),
            "the start needs subtract, negate or turn",
        ),
        (("idft", "--start", path), "the start is a scheme of dft 2^k, not of idft 2^k"),
        (("dft", "--start", tmp_path / "wrong.txt"), "the start is a wrong scheme"),
        (("dft", "--start", f"{path}@000000000000"), "and the search should start from 000000000000"),
        (("dft", "--start", tmp_path / "none.txt"), "none.txt cannot be read"),
    ):
        refused = call("discover", *words, "--generations", 1, "--out", tmp_path / "refused")
        assert refused.exit_code in (1, 2)
        assert said in refused.output
        assert not (tmp_path / "refused").exists()


def test_resumed_from_python_it_ends_as_it_would_have_ended(tmp_path):
    import gp_fft

    def texts(found):
        return [str(one) for one in found]

    whole = gp_fft.discover("dft", seed=3, generations=6, out=tmp_path / "whole")
    gp_fft.discover(
        "dft", seed=3, generations=6, out=tmp_path / "run", on_generation=lambda state, _: state.generation == 2
    )
    assert RunFolder.open(tmp_path / "run").state().generation == 2
    heard = []
    again = gp_fft.resume(tmp_path / "run", on_generation=lambda state, record: heard.append(record["generation"]))
    assert isinstance(again, gp_fft.Discovered)
    assert heard == [3, 4, 5, 6]
    assert texts(again) == texts(whole)
    assert texts(gp_fft.load(tmp_path / "run")) == texts(again)
    with pytest.raises(UsageError, match="stopped for good"):
        gp_fft.resume(tmp_path / "run")
    with pytest.raises(UsageError, match="a toolbox is for the search for programs"):
        gp_fft.resume(tmp_path / "run", generations=1, toolbox=gp_fft.make_toolbox(gp_fft.dft(4), gp_fft.Settings()))
    assert len(gp_fft.resume(tmp_path / "run", generations=1, threads=1)) >= 1
    whole.best.save(tmp_path / "best.json")
    assert gp_fft.load(tmp_path / "best.json").scheme == whole.best.scheme


def test_ctrl_c_gives_the_schemes_so_far(tmp_path, capsys):
    import gp_fft

    def interrupt(state, _):
        if state.generation == 2:
            os.kill(os.getpid(), signal.SIGINT)

    found = gp_fft.discover("dft", seed=3, generations=50, out=tmp_path / "run", on_generation=interrupt)
    assert len(found) > 0
    told = capsys.readouterr().err
    assert "stopped by Ctrl-C after 2 generations; go on with gp_fft.resume(" in told
    assert RunFolder.open(tmp_path / "run").state().generation == 2
