"""A budget of generations gives for a seed what it always gave: stored hashes of fronts, counted in steps."""

import hashlib
import json

import pytest

from gp_fft import transforms
from gp_fft.search.loop import generations
from gp_fft.search.settings import Settings
from gp_fft.store.folders import encode_checkpoint

STORED = {  # name, size, start, generations: the exact front (its programs' hashes, hashed), evaluations, steps
    ("dft", 4, "random", 6): ("b4671d93a5cdd0b0", 64, 30352),
    ("dft", 4, "definition", 6): ("80f519ec75fec6b3", 32, 60000),
    ("dft", 4, "compose", 6): ("80f519ec75fec6b3", 32, 60000),
    ("dft", 8, "random", 4): ("71e32506bda297b6", 56, 1536),
    ("dft", 8, "definition", 4): ("98ca635cb2feda1e", 24, 40000),
    ("dft", 8, "compose", 4): ("f2c69577d8075f6e", 24, 40000),
    ("rdft", 6, "random", 4): ("244ba5e6328d82d0", 42, 20468),
    ("rdft", 6, "definition", 4): ("3cef143312148f65", 24, 40000),
    ("rdft", 6, "compose", 4): ("8c349b0de5523562", 24, 40000),
    ("dct2-2d", (2, 4), "definition", 2): ("d3596f8ebfca50d2", 16, 20000),
    ("dft", 12, "compose", 2): ("81640f0d01b04f72", 16, 20000),
    ("dft", 16, "split-radix", 2): ("abf7e3ef517b86a0", 16, 20000),
}
BESIDE = {  # the same with approximations beside the exact search, as it is where nothing is said
    ("dft", 4, "random", 6): ("fe98772cfd9dc5dc", 79, 46392),
    ("dft", 8, "definition", 4): ("a3cce00f428548aa", 34, 40800),
    ("rdft", 6, "compose", 4): ("5d5fc563ae592e6e", 45, 40800),
}


def told(name, size, start, count, **settings):
    """The hash of the front, with the evaluations and steps, after so many generations."""
    transform = transforms.get(name, size)
    chosen = Settings(start=start, seed=3, population=8, generations=count, **settings)
    for state, _ in generations(transform, chosen):
        last = state
    words = "\n".join(program.content_hash for program in last.front)
    return hashlib.sha256(words.encode()).hexdigest()[:16], last.evaluations, last.steps


@pytest.fixture
def without_records(tmp_path, monkeypatch):
    """A folder without a record, so that a composition rests on nothing that a hunt may replace."""
    (tmp_path / "runs" / "records").mkdir(parents=True)
    monkeypatch.chdir(tmp_path)


@pytest.mark.parametrize("case", STORED, ids=lambda case: " ".join(map(str, case)))
@pytest.mark.usefixtures("without_records")
def test_a_seed_gives_what_it_gave(case):
    assert told(*case, front="exact") == STORED[case]


@pytest.mark.parametrize("case", BESIDE, ids=lambda case: " ".join(map(str, case)))
@pytest.mark.usefixtures("without_records")
def test_a_seed_gives_what_it_gave_with_approximations_beside(case):
    assert told(*case) == BESIDE[case]


@pytest.mark.usefixtures("without_records")
def test_a_budget_of_seconds_that_is_not_used_up_changes_nothing():
    case = ("dft", 8, "random", 4)
    assert told(*case, seconds=1e6, front="exact") == STORED[case]


def test_a_checkpoint_holds_what_the_state_says():
    transform = transforms.get("dft", 4)
    for state, _ in generations(transform, Settings(start="definition", generations=2)):
        last = state
    table = json.loads(encode_checkpoint(last))
    assert table["state"] == json.loads(json.dumps(last.to_dict()))
    text = json.dumps(table["state"], separators=(",", ":")).encode()
    assert table["sha256"] == hashlib.sha256(text).hexdigest()
