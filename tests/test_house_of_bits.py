"""Programs over GF(2) through the rest of the house: the search, commands, pictures, tables and starts."""

from __future__ import annotations

import json

import networkx as nx
import numpy as np
import pytest
from click.testing import CliRunner
from hypothesis import given, settings

import gp_fft
from gp_fft.cli import bench, cli
from gp_fft.construct import compose
from gp_fft.construct.parts import Parts
from gp_fft.construct.textbook import definition, radix2, split_radix
from gp_fft.construct.tidy import tidy
from gp_fft.draw.formats import FORMATS, write
from gp_fft.draw.graph import to_graph
from gp_fft.files import describe, save
from gp_fft.files.certificate import PROVED
from gp_fft.ground.errors import UsageError
from gp_fft.program import Program
from gp_fft.program.cost import count
from gp_fft.proof import prove, standing
from gp_fft.report import count_plot, record_tables
from gp_fft.report import page as pages
from gp_fft.report.notebook import front_html
from gp_fft.store import standings
from gp_fft.store.records import offer
from gp_fft.store.runs import Run
from gp_fft.transforms import get
from tests.strategies import bit_programs

TRANSFORM = get("reed-muller", 4)
BUTTERFLIES = Program.parse("# reed-muller 4 gf2\nt0 = x2 + x3\ny0 = x0\ny1 = x0 + x1\ny2 = x0 + x2\ny3 = y1 + t0\n")


def invoke(*words):
    result = CliRunner().invoke(cli, [str(word) for word in words])
    assert result.exit_code == 0, result.output
    return result.stdout


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    """A small run from the definition."""
    path = tmp_path_factory.mktemp("runs") / "bits"
    front = gp_fft.evolve(get("reed-muller", 8), start="definition", seed=1, generations=4, out=path)
    return Run.open(path), front


def test_a_search_finds_the_butterflies(run):
    folder, front = run
    best = front.best_exact()
    assert (best.field, best.primitives, count(best).flops) == ("gf2", "", 12)
    assert {program.field for program in front} == {"gf2"}
    proved = front.prove()
    assert PROVED in proved.statuses
    again = gp_fft.evolve(get("reed-muller", 8), start="definition", seed=1, generations=4, threads=1)
    assert list(again) == list(front)
    assert folder.front()


def test_random_programs_of_bits_are_scored_and_kept(run):
    front = gp_fft.evolve(TRANSFORM, seed=3, generations=6)
    assert len(front)
    for program in front:
        assert program.field == "gf2"
        assert TRANSFORM.error(program) <= 1.5


def test_a_run_with_a_limit_on_growth_goes_through():
    front = gp_fft.evolve(TRANSFORM, start="definition", seed=1, generations=1, max_growth=1.0)
    assert front.best_exact() is not None


def test_commands_show_a_run_of_bits(run, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    path = run[0].path
    table = invoke("show", path)
    assert "XORs" in table
    assert not {"flops", "muls", "fma"} & set(table.split())
    assert "# reed-muller 8 gf2" in invoke("show", "--text", path)
    assert "XORs executed" in invoke("verify", path)
    assert "none" in invoke("prove", path)
    invoke("report", path, "-o", "page.html")
    invoke("watch", path)
    assert "12 XORs" in invoke("resume", path, "--generations", "1")


@pytest.mark.parametrize("suffix", FORMATS)
def test_every_picture_is_drawn(suffix, tmp_path):
    write(BUTTERFLIES, tmp_path / f"p{suffix}")
    assert (tmp_path / f"p{suffix}").stat().st_size > 200


def test_the_graph_holds_plain_numbers():
    graph = to_graph(BUTTERFLIES)
    assert graph.graph["field"] == "gf2"
    assert all(isinstance(edge["coefficient"], float) and edge["label"] == "1" for _, _, edge in graph.edges(data=True))
    np.testing.assert_array_equal(graph.nodes["y3"]["vector"], TRANSFORM.matrix[3])
    assert nx.is_directed_acyclic_graph(graph)


def test_records_of_bits_stand_in_tables_and_pages(tmp_path, capsys):
    for transform, program in ((TRANSFORM, BUTTERFLIES), (get("dft", 4), radix2(get("dft", 4)))):
        assert offer(tmp_path, program, transform).accepted
    entries, bad = standings.collect(sorted(tmp_path.glob("*.json")))
    assert (len(entries), bad) == (2, [])
    (bits,) = (entry for entry in entries if entry.family == "reed-muller")
    assert (bits.flops, standing(bits.file), record_tables.round_off(bits.file)) == (4, PROVED, "none")
    assert "\nreed-muller,4,gf2,flops,none,4,4,0,0,4,2,0.0,proved," in standings.as_csv(entries)
    assert "reed-muller" in record_tables.markdown("all", entries, [])
    assert "reed-muller" in pages.records_page(entries)
    count_plot.plot(entries, tmp_path / "p.svg")
    bench._print(entries)
    assert "reed-muller 4" in capsys.readouterr().out


def test_notebooks_show_a_front_of_bits(run):
    assert "reed-muller 8" in front_html(run[1])


@settings(deadline=None)
@given(bit_programs(most=10))
def test_tidying_keeps_the_matrix_and_costs_no_more(program):
    made = tidy(program)
    np.testing.assert_array_equal(made.matrix(), program.matrix())
    assert count(made).flops <= count(program).flops


def test_the_definition_and_what_tidying_makes_of_it():
    start = definition(get("aes-mixcolumns", 32))
    assert (start.field, count(start).flops) == ("gf2", 152)
    twice = Program.parse("# matrix gf2\nt0 = x0 + x1\nt1 = x1 + x2\nt2 = x0 + x2\ny0 = t0 + t1\ny1 = t2 + x1\n")
    made = tidy(twice)
    assert (made.field, count(made).flops) == ("gf2", 2)
    np.testing.assert_array_equal(made.matrix(), twice.matrix())


@pytest.mark.parametrize("make", [radix2, split_radix, compose])
def test_other_starts_refuse_in_a_sentence(make):
    with pytest.raises(UsageError, match="reed-muller 4"):
        make(TRANSFORM)


def test_parts_of_bits_are_their_definition_at_least():
    best = Parts({}).best("reed-muller", 4)
    assert best is not None
    assert best.field == "gf2"
    assert TRANSFORM.error(best) == 0


def test_a_proved_file_is_one_line_of_json_a_key(tmp_path):
    save(tmp_path / "p.json", describe(BUTTERFLIES, TRANSFORM, prove(BUTTERFLIES, TRANSFORM).evidence))
    content = json.loads((tmp_path / "p.json").read_text())
    assert (content["field"], content["proof"]["constants"], content["counts"]["flops"]) == ("gf2", [], 4)
    assert gp_fft.load(tmp_path / "p.json").program == BUTTERFLIES
