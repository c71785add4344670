"""The command of a shipped record does in an empty folder what its file says: the same program, or one as good."""

from __future__ import annotations

import shlex
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner

from gp_fft import files, transforms
from gp_fft.cli import cli
from gp_fft.cli.evolve import command
from gp_fft.files.shelf import CITATION, Shelf
from gp_fft.program.cost import EXACT, cost
from gp_fft.report.facts import origin
from gp_fft.search.loop import generations
from gp_fft.search.settings import Settings, usual_cost
from gp_fft.store.lending import COUNT, START, WHOLE, lend

RECORDS = Path(__file__).resolve().parents[1] / "runs" / "records"
SHORT = 16  # inputs; larger compositions take longer than a second
SOON = 150  # generations, some hundredths of a second each
NAMES = sorted(path.stem for path in RECORDS.glob("*.json"))
PROVENANCE = {name: files.load(RECORDS / f"{name}.json").provenance for name in NAMES}
REPEATING = [name for name in NAMES if PROVENANCE[name]["repeats"] in (WHOLE, COUNT)]


def search(name):
    """The transform, the settings and what is given, as the command of a record says, in the folder one stands in."""
    told = shlex.split(PROVENANCE[name]["command"])
    assert told[:2] == ["gp-fft", "evolve"]
    words = command.make_context("evolve", told[2:]).params
    kernel = tuple(float(word) for word in words["kernel"].split(",")) if words["kernel"] else ()
    transform = transforms.get(words["transform"], int(words["size"]), norm=words["norm"], kernel=kernel)
    chosen = {key: words[key] for key in ("start", "primitives", "scaling", "seed", "generations", "front")}
    chosen["cost"] = usual_cost(words["primitives"], words["cost"])
    parts = tuple(words["parts"].split(",")) if words["parts"] else ()
    return transform, *lend(transform, Settings(**chosen, parts=parts, threads=1), Shelf.open())


@pytest.fixture
def empty(tmp_path, monkeypatch):
    """A folder without records, to stand in."""
    monkeypatch.chdir(tmp_path)


@pytest.mark.parametrize("name", REPEATING)
def test_a_command_finds_its_start_and_its_parts(name, empty):
    transform, settings, given = search(name)
    settings.check(transform)
    assert settings.generations is not None
    assert name not in [part.partition("@")[0] for part in settings.parts]
    if CITATION.fullmatch(settings.start):
        assert transform.error(given.program) < EXACT
        assert f"{name}@{files.load(RECORDS / f'{name}.json').program.content_hash[:12]}" != settings.start


def is_short(name):
    """Whether there is time to run the command of a record to its end."""
    words = shlex.split(PROVENANCE[name]["command"])
    generations = int(words[words.index("--generations") + 1])
    return files.load(RECORDS / f"{name}.json").transform.inputs <= SHORT and generations <= SOON


@pytest.mark.parametrize("name", [name for name in REPEATING if is_short(name)])
def test_a_short_command_repeats_its_record(name, empty):
    transform, settings, given = search(name)
    *_, (state, _) = generations(transform, settings, given=given)
    best, record = state.best_exact(), files.load(RECORDS / f"{name}.json")
    if PROVENANCE[name]["repeats"] == WHOLE:
        assert best.program.content_hash == PROVENANCE[name]["found_as"]
    assert best.cost <= cost(record.program, settings.cost)


@pytest.mark.parametrize("name", [name for name in NAMES if PROVENANCE[name]["repeats"] == START])
def test_a_long_command_begins_as_its_record_says(name, empty):
    transform, settings, given = search(name)
    (state, _), *_ = generations(transform, replace(settings, generations=0), given=given)
    assert state.exact[0].program.content_hash == PROVENANCE[name]["started_as"]
    assert PROVENANCE[name]["command"] in PROVENANCE[name]["note"]


@pytest.mark.parametrize("name", ["dct3-4", "dft-17"])
def test_a_command_as_people_type_it(name, empty):
    told = CliRunner().invoke(cli, [*shlex.split(PROVENANCE[name]["command"])[1:], "--threads", "1", "--out", "again"])
    assert told.exit_code == 0, told.output
    found = {files.load(path).program.content_hash for path in Path("again", "front").iterdir()}
    assert PROVENANCE[name]["found_as"] in found


@pytest.mark.parametrize("name", NAMES)
def test_pages_show_no_command_that_does_not_repeat(name):
    told = origin(files.load(RECORDS / f"{name}.json"))
    assert bool(told.again) == (name in REPEATING)
    assert bool(told.note) == (told.repeats != WHOLE)
    assert told.note.count("\n") == 0


def test_no_record_is_made_of_itself_by_way_of_others():
    """Parts lead down to what was found by a search: no record is made of a part that is made of it."""
    made_of = {name: [part.partition("@")[0] for part in told.get("parts", ())] for name, told in PROVENANCE.items()}

    def below(name, seen):
        for part in made_of.get(name, ()):
            if part not in seen:
                seen.add(part)
                below(part, seen)
        return seen

    assert not [name for name in NAMES if name in below(name, set())]
