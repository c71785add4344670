"""The benchmark of schemes runs, with a tiny budget."""

import json
import re
import shutil

import pytest
from click.testing import CliRunner

from benchmarks import schemes, speed_schemes
from gp_fft.schemes import textbook


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


def test_schemes_that_are_right_where_they_were_scored_alone_are_not_right():
    run = schemes.one(schemes.DFT, 3, schemes.RADIX_2, 12, 60.0, {"sizes": (4,)})
    assert run["faked"]
    assert not run["reached"]
    assert run["first"] is None
    honest = schemes.one(schemes.DFT, 3, schemes.RADIX_2, 12, 60.0, {})
    assert not honest["faked"]
    assert honest["first"] is not None


@pytest.mark.skipif(not (shutil.which("cc") or shutil.which("gcc")), reason="no C compiler is installed")
def test_a_scheme_in_c_is_timed_beside_fftw(tmp_path):
    (tmp_path / "split.txt").write_text(textbook.SPLIT_RADIX)
    done = CliRunner().invoke(speed_schemes.main, [str(tmp_path / "split.txt"), "--quick"], catch_exceptions=False)
    assert done.exit_code == 0
    (line,) = re.findall(r"│ 64 .*", done.output)
    cells = [float(cell) for cell in line.split("│")[1:-1]]
    assert cells[:3] == [64, 1148, 1160], "dft 16 in 164 operations as a leaf"
    assert all(cell > 0 for cell in cells)
    assert max(cells[-2:]) < 1e-15
    (tmp_path / "inverse.txt").write_text(textbook.RADIX_2.replace("dft", "idft").replace("(t4, 1)", "(t4, -1)"))
    for words, said in (([str(tmp_path / "inverse.txt")], "is a scheme of idft 2^k"), (["--sizes", "x"], "is no size")):
        refused = CliRunner().invoke(speed_schemes.main, words)
        assert refused.exit_code == 2
        assert said in refused.output
