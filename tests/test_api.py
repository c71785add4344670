"""From Python: a function with named settings, Ctrl-C that loses nothing, runs that go on, files, own steps."""

import dataclasses
import inspect
import json
import os
import re
import signal
import subprocess
import sys
import threading
import time
import typing

import numpy as np
import pytest

import gp_fft
from gp_fft import api
from gp_fft.construct.textbook import split_radix
from gp_fft.files import ProgramFile
from gp_fft.files.certificate import PROVED
from gp_fft.search import steps
from gp_fft.search.loop import generations
from gp_fft.store.runs import Run
from tests.test_house import ROOT

FOUR = gp_fft.dft(4)
BEYOND = {"transform", "out", "toolbox", "on_generation"}


def hashes(front):
    return [program.content_hash for program in front]


def test_the_keywords_are_the_settings():
    signature = inspect.signature(gp_fft.evolve)
    fields = {field.name: field for field in dataclasses.fields(gp_fft.Settings)}
    assert set(signature.parameters) == set(fields) | BEYOND
    kinds, types = typing.get_type_hints(gp_fft.Settings), inspect.get_annotations(inspect.unwrap(gp_fft.evolve))
    for name, field in fields.items():
        parameter = signature.parameters[name]
        assert parameter.kind is parameter.KEYWORD_ONLY
        assert parameter.default == (None if name == "cost" else field.default)  # what the primitive set means
        wider = {"start": "Path_", "cost": "str | None", "operators": "Sequence[str] | None", "parts": "Sequence[str]"}
        assert types[name] == wider.get(name, str(kinds[name]).removeprefix("<class '").removesuffix("'>"))


@pytest.mark.parametrize("function", [gp_fft.evolve, gp_fft.resume], ids=lambda function: function.__name__)
def test_help_says_what_each_setting_means(function):
    assert inspect.isfunction(function)
    told = subprocess.run(
        [sys.executable, "-c", f"import gp_fft; help(gp_fft.{function.__name__})"],
        cwd=ROOT, check=True, capture_output=True, text=True,
    ).stdout  # fmt: skip
    lines = [line.strip() for line in told.splitlines()]
    elsewhere = BEYOND if function is gp_fft.resume else {"transform"}
    for name in set(inspect.signature(function).parameters) - elsewhere:
        assert any(line.startswith(f"{name}: ") and len(line) > len(name) + 15 for line in lines), name


@pytest.mark.parametrize(
    ("settings", "sentence"),
    [
        ({"secons": 1}, "no setting 'secons'; did you mean 'seconds'"),
        ({"xyz": 1}, "no setting 'xyz'; known are start, "),
        ({}, "needs a budget"),
        ({"seconds": "10"}, "seconds must be a number, not '10'"),
        ({"seconds": True}, "seconds must be a number, not True"),
        ({"seconds": 1j}, "seconds must be a number"),
        ({"seconds": -1}, "seconds must be a finite number above 0"),
        ({"generations": 1.5}, "generations must be a whole number, not 1.5"),
        ({"generations": -1}, "generations must be from "),
        ({"seed": None, "generations": 1}, "seed must be a whole number, not None"),
        ({"seed": -1, "generations": 1}, "seed must be from 0"),
        ({"population": [16], "generations": 1}, "population must be a whole number"),
        ({"operators": "inline", "generations": 1}, "operators must be a list"),
        ({"operators": [1], "generations": 1}, "operators must be a list"),
        ({"operators": ["inlin"], "generations": 1}, "did you mean inline"),
        ({"start": 5, "generations": 1}, "start must be a text, not 5"),
        ({"start": "radix", "generations": 1}, "did you mean radix2"),
        ({"primitives": 5, "generations": 1}, "primitives must be a text"),
        ({"cost": 5, "generations": 1}, "cost must be a text"),
        ({"out": 5, "generations": 1}, "out must be a path"),
        ({"on_generation": "f", "generations": 1}, "on_generation must be a function"),
        ({"toolbox": object(), "generations": 1}, "no step 'start'"),
    ],
)
def test_what_does_not_fit_is_one_sentence(settings, sentence):
    with pytest.raises(gp_fft.UsageError) as caught:
        gp_fft.evolve(FOUR, **settings)
    assert sentence in str(caught.value)
    assert "\n" not in str(caught.value)


def test_arguments_in_the_wrong_place_are_one_sentence():
    for call, told in (
        (lambda: gp_fft.evolve(), "missing a required argument: 'transform'"),
        (lambda: gp_fft.evolve(FOUR, "random"), "settings are given by name"),
        (lambda: gp_fft.evolve("dft 8", seconds=1), r"such as gp_fft.dft\(8\) first, not 'dft 8'"),
        (lambda: gp_fft.resume("x", second=1), "did you mean 'seconds'"),
        (lambda: gp_fft.resume(5), "run must be a path"),
        (lambda: gp_fft.load(None), "path must be a path"),
        (lambda: gp_fft.save("x.json", 5), "save takes a Program"),
    ):
        with pytest.raises(gp_fft.UsageError, match=told):
            call()


def test_numbers_of_numpy_are_numbers(tmp_path):
    front = gp_fft.evolve(FOUR, seed=np.int64(1), generations=np.int32(3), max_growth=np.float32(9), out=tmp_path / "a")
    assert hashes(front) == hashes(gp_fft.evolve(FOUR, seed=1, generations=3, max_growth=9.0))
    assert type(Run.open(tmp_path / "a").settings.seed) is int


def interrupt_after(seconds):
    threading.Timer(seconds, lambda: os.kill(os.getpid(), signal.SIGINT)).start()


def test_ctrl_c_returns_the_front_so_far(tmp_path, capsys):
    before = signal.getsignal(signal.SIGINT)
    seen = []

    def strike(state, record):
        seen.append(hashes(state.front))
        if record["generation"] == 5:
            os.kill(os.getpid(), signal.SIGINT)

    front = gp_fft.evolve(FOUR, seed=1, seconds=1000, out=tmp_path / "run", on_generation=strike)
    assert hashes(front) == seen[5]
    assert len(seen) == 6
    told = capsys.readouterr().err
    assert "stopped by Ctrl-C after 5 generations" in told
    assert f"gp_fft.resume('{tmp_path / 'run'}')" in told
    assert signal.getsignal(signal.SIGINT) is before
    assert hashes(gp_fft.load(tmp_path / "run")) == hashes(front)


def test_ctrl_c_in_the_middle_of_a_generation_returns_the_front_so_far(capsys):
    toolbox = gp_fft.make_toolbox(FOUR, gp_fft.Settings(seed=1, seconds=1000))
    vary, entered = toolbox.vary, []

    def struck(state):
        if state.generation == 3:
            entered.append(state)
            os.kill(os.getpid(), signal.SIGINT)
            os.kill(os.getpid(), signal.SIGINT)  # the second acts at once
            time.sleep(100)
        return vary(state)

    toolbox.register("vary", struck)
    front = gp_fft.evolve(FOUR, seed=1, seconds=1000, toolbox=toolbox)
    assert hashes(front) == hashes(entered[0].front)
    assert "after 3 generations" in capsys.readouterr().err


def test_ctrl_c_before_anything_was_found_gives_an_empty_front(monkeypatch, capsys):
    monkeypatch.setattr("gp_fft.api.warm_up", lambda *_: os.kill(os.getpid(), signal.SIGINT))
    front = gp_fft.evolve(FOUR, seed=1, seconds=1000)
    assert len(front) == 0
    assert front.best_exact() is None
    assert "the front is empty" in capsys.readouterr().err
    assert front._repr_html_()


def test_it_works_in_a_thread_of_its_own():
    found = []
    thread = threading.Thread(target=lambda: found.append(gp_fft.evolve(FOUR, seed=1, generations=3)))
    thread.start()
    thread.join()
    assert hashes(found[0]) == hashes(gp_fft.evolve(FOUR, seed=1, generations=3))


def test_a_run_that_is_resumed_ends_as_it_would_have_ended(tmp_path):
    whole = gp_fft.evolve(FOUR, seed=2, generations=12, out=tmp_path / "whole")
    stopped = gp_fft.evolve(
        FOUR, seed=2, generations=12, out=tmp_path / "parts", on_generation=lambda state, _: state.generation == 4
    )
    assert len(list(Run.open(tmp_path / "parts").log())) == 5
    assert hashes(stopped) == hashes(gp_fft.load(tmp_path / "parts"))
    assert hashes(gp_fft.resume(tmp_path / "parts")) == hashes(whole)
    assert len(list(Run.open(tmp_path / "parts").log())) == 13
    with pytest.raises(gp_fft.UsageError, match="stopped for good"):
        gp_fft.resume(tmp_path / "parts")
    more = gp_fft.resume(tmp_path / "parts", generations=3)
    assert hashes(more) == hashes(gp_fft.evolve(FOUR, seed=2, generations=15))


def test_a_run_is_refused_before_anything_is_written(tmp_path):
    gp_fft.evolve(FOUR, seed=2, generations=3, out=tmp_path / "run")
    before = {path: path.read_bytes() for path in (tmp_path / "run").rglob("*") if path.is_file()}
    for settings in ({"seconds": -1}, {"generations": 0}, {"threads": -1}, {"seconds": "x"}, {"toolbox": object()}):
        with pytest.raises(gp_fft.UsageError):
            gp_fft.resume(tmp_path / "run", **settings)
    with pytest.raises(gp_fft.DataError, match="exists already"):
        gp_fft.evolve(FOUR, seed=2, generations=3, out=tmp_path / "run")
    with pytest.raises(gp_fft.UsageError):
        gp_fft.evolve(gp_fft.dct2(5), start="radix2", generations=3, out=tmp_path / "other")
    assert not (tmp_path / "other").exists()
    assert before == {path: path.read_bytes() for path in (tmp_path / "run").rglob("*") if path.is_file()}


def test_it_starts_from_a_file_and_its_programs_are_titled_like_the_transform(tmp_path):
    butterfly = gp_fft.Program.parse("# something 2 complex\ny0 = x0 + x1\ny1 = x0 - x1\n")
    gp_fft.save(tmp_path / "known.json", butterfly, gp_fft.dft(2))
    front = gp_fft.evolve(gp_fft.dft(2), start=tmp_path / "known.json", generations=1)
    assert max(front.costs) == front.costs[front.errors.index(0.0)] == 4.0
    assert {program.title for program in front} == {"dft 2"}


def test_a_callback_that_fails_leaves_a_run_that_goes_on(tmp_path):
    def fail(state, record):
        if state.generation == 3:
            raise KeyError("mine")

    with pytest.raises(KeyError, match="mine"):
        gp_fft.evolve(FOUR, seed=1, generations=6, out=tmp_path / "run", on_generation=fail)
    assert hashes(gp_fft.resume(tmp_path / "run")) == hashes(gp_fft.evolve(FOUR, seed=1, generations=6))


def test_the_callback_sees_the_log(tmp_path):
    records = []
    gp_fft.evolve(FOUR, generations=3, out=tmp_path / "run", on_generation=lambda state, record: records.append(record))
    assert records == [json.loads(line) for line in (tmp_path / "run" / "log.jsonl").read_text().splitlines()]


def test_a_program_is_saved_as_what_it_says_it_is(tmp_path):
    program = split_radix(gp_fft.dft(8))
    gp_fft.save(tmp_path / "a.json", program)
    kept = gp_fft.load(tmp_path / "a.json")
    assert isinstance(kept, ProgramFile)
    assert kept.program == program
    assert kept.transform == gp_fft.dft(8)
    assert set(kept.provenance) == {"origin", "version"}
    assert "not known" in kept.provenance["origin"]
    gp_fft.save(str(tmp_path / "b.json"), program, gp_fft.dft(8))
    assert (tmp_path / "a.json").read_bytes() == (tmp_path / "b.json").read_bytes()
    gp_fft.save(tmp_path / "c.json", kept)
    assert (tmp_path / "a.json").read_bytes() == (tmp_path / "c.json").read_bytes()
    with pytest.raises(gp_fft.UsageError, match="which has its transform"):
        gp_fft.save(tmp_path / "d.json", kept, gp_fft.dft(8))
    with pytest.raises(gp_fft.DataError):
        gp_fft.save(tmp_path / "d.json", program, gp_fft.dft(4))
    assert not (tmp_path / "d.json").exists()


def test_a_front_says_what_is_proved_and_proves_it(tmp_path):
    front = gp_fft.evolve(FOUR, start="radix2", generations=2, out=tmp_path / "run")
    best = front.costs.index(16.0)
    assert "unproved" in front.statuses[best]
    assert "unproved" in repr(front)
    assert "unproved" in front._repr_html_()
    proved = front.prove()
    assert proved.statuses[best] == PROVED
    assert {status.partition(",")[0] for status in proved.statuses} <= {PROVED, "approximate"}
    assert "16 flops, proved" in repr(proved)
    assert "<td>proved</td>" in proved._repr_html_()
    assert proved.prove().evidence == proved.evidence
    subprocess.run(
        [sys.executable, "-m", "gp_fft", "prove", str(tmp_path / "run")], cwd=ROOT, check=True, capture_output=True
    )
    loaded = gp_fft.load(tmp_path / "run")
    assert loaded.statuses == proved.statuses
    assert loaded.costs == sorted(loaded.costs)


def test_an_overridden_step_is_used_and_the_run_says_so(tmp_path):
    settings = gp_fft.Settings(seed=1, generations=4)
    toolbox = gp_fft.make_toolbox(FOUR, settings)
    vary, called = toolbox.vary, []

    def twice(state):
        called.append(state.generation)
        brood = vary(state)
        return dataclasses.replace(brood, litters=(brood.litters[0], *brood.litters))

    toolbox.register("vary", twice)
    front = gp_fft.evolve(FOUR, seed=1, generations=4, toolbox=toolbox, out=tmp_path / "run")
    assert called == [0, 1, 2, 3]
    assert hashes(front) == hashes(list(generations(FOUR, settings, toolbox=toolbox))[-1][0].front)
    for path in (tmp_path / "run" / "front").glob("*.json"):
        assert "steps of its own" in gp_fft.load(path).provenance["note"]
    assert len(gp_fft.resume(tmp_path / "run", generations=2, toolbox=toolbox)) >= 1
    assert called[-2:] == [4, 5]
    gp_fft.evolve(FOUR, seed=1, generations=1, out=tmp_path / "plain")
    assert all("note" not in gp_fft.load(path).provenance for path in (tmp_path / "plain" / "front").glob("*.json"))


def test_each_step_has_a_documented_signature():
    toolbox = gp_fft.make_toolbox(FOUR, gp_fft.Settings(generations=1))
    registered = {name for name, value in vars(toolbox).items() if hasattr(value, "func")} - {"clone", "map"}
    documented = {name for name, _ in inspect.getmembers(gp_fft.Steps, inspect.isfunction) if name[0] != "_"}
    assert registered == documented == set(steps.NAMES)
    for name in registered:
        assert len(inspect.getdoc(getattr(gp_fft.Steps, name))) > 40
        typing.get_type_hints(getattr(gp_fft.Steps, name))
        wanted = list(inspect.signature(getattr(gp_fft.Steps, name)).parameters.values())[1:]
        free = inspect.signature(getattr(toolbox, name)).parameters.values()
        taken = [parameter.name for parameter in free if parameter.kind is not parameter.KEYWORD_ONLY]
        assert [parameter.name for parameter in wanted] == taken[: len(wanted)]
        assert all(parameter.default is not parameter.empty for parameter in list(free)[len(wanted) :])


def test_a_toolbox_that_lacks_a_step_is_refused():
    toolbox = gp_fft.make_toolbox(FOUR, gp_fft.Settings(generations=1))
    toolbox.unregister("select")
    with pytest.raises(gp_fft.UsageError, match="no step 'select'"):
        gp_fft.evolve(FOUR, generations=1, toolbox=toolbox)


def test_any_object_with_the_steps_will_do():
    settings = gp_fft.Settings(generations=2)
    toolbox = gp_fft.make_toolbox(FOUR, settings)

    class Mine:
        def __getattr__(self, name):
            return getattr(toolbox, name)

    assert hashes(gp_fft.evolve(FOUR, generations=2, toolbox=Mine())) == hashes(gp_fft.evolve(FOUR, generations=2))


def test_the_documentation_shows_the_steps_as_they_are():
    text = (ROOT / "docs" / "extend.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `(\w+)` \| (nothing|`[\w, ]+`) \|", text, re.MULTILINE)
    assert [name for name, _ in rows] == list(steps.NAMES)
    for name, told in rows:
        wanted = ", ".join(list(inspect.signature(getattr(gp_fft.Steps, name)).parameters)[1:])
        assert told.strip("`") == (wanted or "nothing")


def test_a_toolbox_serves_again_after_ctrl_c():
    toolbox = gp_fft.make_toolbox(FOUR, gp_fft.Settings(seed=1, generations=3))
    strike = lambda state, record: os.kill(os.getpid(), signal.SIGINT)  # noqa: E731
    assert len(gp_fft.evolve(FOUR, seed=1, generations=3, toolbox=toolbox, on_generation=strike)) == 1
    again = gp_fft.evolve(FOUR, seed=1, generations=3, toolbox=toolbox)
    assert hashes(again) == hashes(gp_fft.evolve(FOUR, seed=1, generations=3))


def test_ctrl_c_while_the_search_is_made_ready_is_no_traceback(tmp_path, monkeypatch, capsys):
    look = api.lend

    def lend(*given):
        os.kill(os.getpid(), signal.SIGINT)
        return look(*given)

    monkeypatch.setattr(api, "lend", lend)
    before = signal.getsignal(signal.SIGINT)
    assert len(gp_fft.evolve(FOUR, seed=1, generations=3, out=tmp_path / "run")) == 0
    assert "stopped by Ctrl-C before the first generation" in capsys.readouterr().err
    assert len(gp_fft.resume(tmp_path / "run")) == 0, "lend is called again, and interrupted again"
    monkeypatch.undo()
    assert hashes(gp_fft.resume(tmp_path / "run")) == hashes(gp_fft.evolve(FOUR, seed=1, generations=3))
    assert signal.getsignal(signal.SIGINT) is before


@pytest.mark.parametrize("number", [np.int16(2), np.int64(2)])
def test_a_run_goes_on_for_a_number_of_numpy(tmp_path, number):
    gp_fft.evolve(FOUR, seed=1, generations=1, out=tmp_path / "run")
    gp_fft.resume(tmp_path / "run", generations=number, threads=np.uint8(1))
    assert Run.open(tmp_path / "run").settings.generations == 3


@pytest.mark.parametrize("yes", [True, np.True_])
def test_true_from_a_callback_ends_the_evolution(yes):
    seen = []
    gp_fft.evolve(FOUR, seed=1, generations=3, on_generation=lambda state, record: seen.append(0) or yes)
    assert len(seen) == 1


def test_what_is_no_program_and_no_transform_is_one_sentence(tmp_path):
    program = gp_fft.Program.parse("# dft 2 complex\ny0 = x0 + x1\ny1 = x0 - x1\n")
    for call, told in (
        (lambda: gp_fft.count(None), "count takes a Program, not None"),
        (lambda: gp_fft.count("y0 = x0"), "count takes a Program, not a str"),
        (lambda: gp_fft.prove("x", gp_fft.dft(2)), "prove takes a Program, not a str"),
        (lambda: gp_fft.prove(program, "dft 2"), "prove, after the program, takes a Transform, not a str"),
        (lambda: gp_fft.save(tmp_path / "x.json", program, "dft 2"), "takes a Transform, not a str"),
        (lambda: gp_fft.Program.parse(None), "Program.parse takes a str, not None"),
        (lambda: gp_fft.Program.parse(b"# dft 2 complex"), "Program.parse takes a str, not a bytes"),
        (lambda: gp_fft.make_toolbox("dft 4", gp_fft.Settings()), "make_toolbox takes a Transform, not a str"),
        (lambda: gp_fft.make_toolbox(FOUR, {"seed": 1}), "takes a Settings, not a dict"),
        (lambda: gp_fft.from_file(None), "must be given as a path, not NoneType"),
    ):
        with pytest.raises(gp_fft.UsageError, match=told):
            call()
    assert not list(tmp_path.iterdir())


def test_masked_entries_are_not_read_from_behind_the_mask():
    masked = np.ma.masked_array([1.0, 2.0], [0, 1])
    program = gp_fft.Program.parse("# dft 2 complex\ny0 = x0 + x1\ny1 = x0 - x1\n")
    for take in (program, lambda x: gp_fft.from_array(x[None]), lambda x: gp_fft.conv(2, kernel=x)):
        with pytest.raises(gp_fft.UsageError, match="has masked entries"):
            take(masked)
        take(np.ma.masked_array([1.0, 2.0], [0, 0]))


POOL = """
import multiprocessing
from concurrent.futures import ProcessPoolExecutor
import gp_fft

def job(seed):
    return [program.content_hash for program in gp_fft.evolve(gp_fft.dft(4), seed=seed, generations=3)]

here = job(1)
with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("fork")) as pool:
    assert pool.submit(job, 1).result() == here
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork here")
def test_a_forked_process_evolves_as_its_parent_does():
    done = subprocess.run([sys.executable, "-c", POOL], capture_output=True, text=True, timeout=600)
    assert done.returncode == 0, done.stderr
