"""The benchmark of schemes runs, with a tiny budget."""

import json

import pytest

from benchmarks import schemes


@pytest.mark.parametrize(
    ("what", "only"), [("figures", "wht 2^k"), ("ablations", "cost counted per tree"), ("past", "as it is")]
)
def test_it_prints_a_line_for_a_setting(what, only, capsys, tmp_path):
    words = [what, "--only", only, "--seeds", "2", "--generations", "3", "--json", str(tmp_path / "lines.json")]
    schemes.main([*words, "--plot", str(tmp_path / "it.svg")])
    assert f"| {only} |" in capsys.readouterr().out
    (line,) = json.loads((tmp_path / "lines.json").read_text())
    assert line["right"].endswith("of 2")
    assert (tmp_path / "it.svg").stat().st_size > 1000


def test_every_setting_is_one_that_a_search_takes():
    for changes in (*schemes.ABLATIONS.values(), *schemes.PAST.values()):
        schemes.Asked(**changes).check(schemes.DFT)
