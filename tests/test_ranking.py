"""Programs of nearly equal count are timed in turns, and what is told of them is what was measured."""

import csv
import io
from types import SimpleNamespace

import numpy as np
import pytest
from click.testing import CliRunner

import gp_fft
from gp_fft.cli import cli
from gp_fft.construct.textbook import definition, split_radix
from gp_fft.export import compiled, ranking, timing
from gp_fft.export.compiled import compile_program
from gp_fft.export.ranking import Speed, rank
from gp_fft.files import describe, save
from gp_fft.ground.errors import DataError
from gp_fft.program import Program
from gp_fft.store.alike import alike
from tests.runners.tools import needed

DFT4 = gp_fft.dft(4)
OTHER = Program.parse("""# dft 4 complex
t0 = x1 + x3
t1 = x0 - x2
y0 = t0 + x0 + x2
y1 = t1 - 1i*x1 + 1i*x3
y2 = x0 + x2 - t0
y3 = t1 + 1i*x1 - 1i*x3
""")  # of more operations than split radix needs
HALF = Program.parse("# dft 4 complex\ny0 = x0\ny1 = x1\ny2 = x2\ny3 = x3\n")


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "records" / "earlier").mkdir(parents=True)
    for place, program in (("dft-4.json", split_radix(DFT4)), ("earlier/dft-4@1.json", OTHER), ("rough.json", HALF),
                           ("dense.json", definition(DFT4)), ("copy.json", split_radix(DFT4))):  # fmt: skip
        save(tmp_path / "records" / place, describe(program, DFT4))
    dct = gp_fft.dct2(4)
    save(tmp_path / "records" / "dct2-4.json", describe(definition(dct), dct))
    (tmp_path / "records" / "bad.json").write_text("{")
    return tmp_path / "records"


def test_programs_are_alike_that_compute_one_transform_for_nearly_as_much(folder):
    told = []
    groups = {group[0].file.transform.title: group for group in alike([folder], 50, told.append)}
    assert sorted(groups) == ["dct2 4", "dft 4"]
    assert [found.flops for found in groups["dft 4"]] == [16, 20, 24]  # the copy once, and no approximation
    assert [found.path.name for found in groups["dft 4"]] == ["copy.json", "dft-4@1.json", "dense.json"]
    assert len(groups["dct2 4"]) == 1
    assert len(told) == 1
    assert "bad.json" in told[0]
    assert [len(group) for group in alike([folder], 0)] == [1, 1]
    with pytest.raises(DataError, match="is no run and holds no program files"):
        alike([folder.parent], 0)


def test_a_run_gives_its_front_and_what_it_kept(tmp_path):
    gp_fft.evolve(gp_fft.dft(8), start="split-radix", generations=3, keep_equal=2, out=tmp_path / "run")
    (group,) = alike([tmp_path / "run"], 0)
    assert [found.path.parent.name for found in group].count("equal") == 2
    assert [found.path.parent.name for found in group].count("front") == 1
    assert {found.flops for found in group} == {56}


def test_calls_take_turns():
    order = []

    def call(name, seconds):
        return lambda times: order.append(name) or seconds

    told = timing.in_turns({"a": call("a", 1e-3), "b": call("b", 2e-5)}, 3)
    assert told == {"a": [1e-3] * 3, "b": [2e-5] * 3}
    assert order[-6:] == ["a", "b"] * 3


def test_a_short_call_is_repeated_until_it_lasts():
    seen = []
    timing.in_turns({"a": lambda times: seen.append(times) or 1e-6}, 2)
    assert seen == [1, 1, 100, 100]


@pytest.mark.parametrize(
    ("second", "ratio", "faster"),
    [([1.0, 2.0, 4.0, 8.0, 16.0], 2.0, True), ([2.0, 4.0, 8.0, 16.0, 1.0], 1.0, False), ([4.0] * 5, 2.0, False)],
)
def test_ratios_are_of_each_round_and_noise_is_no_difference(monkeypatch, second, ratio, faster):
    first = [2.0, 4.0, 8.0, 16.0, 32.0]
    monkeypatch.setattr(ranking, "in_turns", lambda functions, rounds: {"0": first, "1": second})
    needed("gcc", "cc", "clang")
    speed = rank([split_radix(DFT4), OTHER], 10, 5)[1].speeds["rows"]
    assert speed.ratio == ratio
    assert speed.low <= ratio <= speed.high
    assert speed.faster == faster


def test_what_is_told_of_programs_is_right():
    needed("gcc", "cc", "clang")
    programs = [split_radix(gp_fft.dft(8)), definition(gp_fft.dft(8))]
    best, dense = rank(programs, 100, 9)
    assert set(best.speeds) == {"rows", "columns"}
    for layout in best.speeds:
        assert (best.speeds[layout].low, best.speeds[layout].ratio, best.speeds[layout].high) == (1.0, 1.0, 1.0)
        assert not best.speeds[layout].faster
        assert dense.speeds[layout].ratio < 1.0  # nine times the operations
    assert 8 <= best.live <= 10
    if best.instructions is not None:
        assert best.instructions.arithmetic < dense.instructions.arithmetic


@pytest.mark.parametrize("kind", ["complex", "real", "gf2"])
@pytest.mark.parametrize("layout", ["rows", "columns"])
def test_what_is_timed_is_the_program(kind, layout):
    needed("gcc", "cc", "clang")
    program = {"complex": split_radix(gp_fft.dft(8)), "real": definition(gp_fft.dct2(4)),
               "gf2": Program.parse("# gf2\ny0 = x0 + x1\ny1 = x0 + x1 + x2\n")}[kind]  # fmt: skip
    function = compile_program(program, layout=layout)
    x, y = (ranking._batch(size, 7, layout, function.dtype) for size in (program.inputs, len(program.outputs)))
    ranking._fill(x)
    assert timing.timed(function, x, y)(2) > 0.0
    np.testing.assert_array_equal(y, function(x))
    assert x.ctypes.data % 64 == 0
    assert len(np.unique(x)) > 4


def ranked(*words, code=0):
    done = CliRunner().invoke(cli, ["bench", "--rank", "speed", *map(str, words)])
    assert done.exit_code == code, done.output
    return done


def quick(monkeypatch):
    monkeypatch.setattr(rank, "__defaults__", (10, 3))


def test_the_command_prints_a_table_and_a_line_for_each_layout(folder, monkeypatch):
    needed("gcc", "cc", "clang")
    quick(monkeypatch)
    done = ranked(folder, "--within", "50", "--batch", "10")
    assert done.stdout.startswith("dft 4\n")
    assert done.stdout.count("dft-4@1.json") >= 1
    assert "\nrows: " in done.stdout
    assert "\ncolumns: " in done.stdout
    assert "bad.json" in done.stderr
    rows = list(csv.DictReader(io.StringIO(ranked(folder, "--within", "50", "--csv").stdout)))
    assert [row["flops"] for row in rows] == ["16", "20", "24"]
    assert rows[0]["rows ratio"] == "1.0"
    assert float(rows[1]["columns median"]) > 0


def test_where_there_is_nothing_to_compare_it_says_so(folder):
    done = ranked(folder, "--within", "0")
    assert "no transform has two exact programs within 0 %" in done.stdout
    assert "--keep-equal" in done.stdout


def test_the_words_for_the_fastest(monkeypatch):
    from gp_fft.cli.ranking import _fastest

    group = [SimpleNamespace(path="a"), SimpleNamespace(path="b"), SimpleNamespace(path="c")]
    same, noise, better = Speed(1, 1, 1, 1), Speed(1, 1.3, 0.9, 1.5), Speed(1, 1.2, 1.1, 1.3)
    assert _fastest(group, [same, Speed(1, 0.9, 0.8, 0.95), same]) == "none is faster than the first"
    assert _fastest(group, [same, same, better]) == "c is the fastest, 1.20 times as fast as the first"
    assert _fastest(group, [same, noise, better]) == "c is the fastest, 1.20 times as fast as the first"


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["bench", "some"], "some is for --rank speed"),
        (["bench", "--within", "5"], "--within is for --rank speed"),
        (["bench", "--batch", "5"], "--batch is for --rank speed"),
        (["bench", "--rank", "speed", "--markdown"], "--rank times programs"),
        (["bench", "--rank", "size"], "is not 'speed'"),
        (["bench", "--rank", "speed", "nowhere.json"], "nowhere.json"),
        (["bench", "--rank", "speed", "--within", "-1"], "--within"),
    ],
)
def test_bad_input_is_one_sentence(words, told, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    done = CliRunner().invoke(cli, words)
    assert done.exit_code in (1, 2)
    assert told in done.output
    assert "Traceback" not in done.output


def test_without_a_compiler_it_says_so(monkeypatch):
    monkeypatch.setenv("CC", "/nowhere/cc")
    monkeypatch.setattr(compiled, "_told", set())
    fresh = Program.parse("# complex\ny0 = 3*x0 + x1\ny1 = x0 - 5*x1\n")
    with pytest.warns(UserWarning, match="Numba"), pytest.raises(DataError, match="no C compiler that works"):
        rank([fresh, fresh], 10, 3)
