"""What pip installs is whole: every package, the tables, the records, the marker of types, the script."""

import json
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tests.installed import ROOT, copy_sources, install, make_environment, pip


@pytest.fixture
def wheel(tmp_path):
    """The names and entry points in a wheel built from a copy of the sources."""
    source = copy_sources(tmp_path / "source")
    pip("wheel", "--no-deps", "--no-build-isolation", "--wheel-dir", str(tmp_path), str(source))
    with zipfile.ZipFile(next(tmp_path.glob("gp_fft-*.whl"))) as archive:
        scripts = next(name for name in archive.namelist() if name.endswith("entry_points.txt"))
        return set(archive.namelist()), archive.read(scripts).decode()


def test_the_wheel_is_whole(wheel):
    names, scripts = wheel
    for package in ("gp_fft", "primitives"):
        modules = {str(path.relative_to(ROOT)) for path in (ROOT / package).rglob("*.py")}
        assert modules <= names
        assert f"{package}/py.typed" in names
    records = ROOT / "runs" / "records"
    shipped = {f"gp_fft/_records/{path.relative_to(records).as_posix()}" for path in records.rglob("*.json")}
    assert len(shipped) > 100
    assert shipped <= names
    assert "gp_fft/_reference/op_counts.csv" in names
    assets = (ROOT / "gp_fft" / "report" / "assets").iterdir()
    assert {f"gp_fft/report/assets/{path.name}" for path in assets} <= names
    assert "gp-fft = gp_fft.cli:main" in scripts


FIND = """
import json, gp_fft
from gp_fft.files.shelf import Shelf
from gp_fft.ground import shipped
from gp_fft.transforms import published
record, known = Shelf.open().find(gp_fft.dft(8)), published.best("dft", 8)
places = [str(shipped.folder(name)) for name in ("_records", "_reference")]
print(json.dumps([gp_fft.__file__, *places, record.file.counts["flops"], known.total]))
"""


@pytest.mark.parametrize("way", ["wheel", "editable"])
def test_records_and_tables_are_found_where_they_were_installed(way, tmp_path):
    source, python = copy_sources(tmp_path / "source"), make_environment(tmp_path / "environment")
    install(python, *(["-e"] if way == "editable" else []), str(source))
    done = subprocess.run([str(python), "-c", FIND], cwd=tmp_path, check=True, capture_output=True, text=True)
    face, records, tables, flops, published = json.loads(done.stdout)
    home = Path(face).parent
    if way == "wheel":
        assert (tmp_path / "environment") in home.parents
        assert [records, tables] == [str(home / "_records"), str(home / "_reference")]
    else:
        assert home == source / "gp_fft"
        assert [records, tables] == [str(source / "runs" / "records"), str(source / "benchmarks" / "reference")]
    assert (flops, published) == (56, 56)


def test_the_installed_script_runs_from_end_to_end(tmp_path):
    script = Path(sys.executable).with_name("gp-fft")
    words = [str(script)] if script.exists() else [sys.executable, "-m", "gp_fft"]
    environment = {} if script.exists() else {"PYTHONPATH": str(ROOT)}

    def run(*more):
        done = subprocess.run(
            [*words, *more], cwd=tmp_path, env=environment, check=True, capture_output=True, text=True
        )
        return done.stdout

    told = run("evolve", "dft", "4", "--seed", "1", "--generations", "30", "--target-cost", "16")
    assert "target cost reached" in told
    assert "gp-fft verify runs/dft-4-001" in told
    assert "all checks passed" in run("verify", "runs/dft-4-001")
    (tmp_path / "fft4.txt").write_text(run("show", "--text", "runs/dft-4-001"))
    assert "16 flops" in run("show", "fft4.txt")
    run("graph", "fft4.txt", "-o", "fft4.svg")
    assert "<svg" in (tmp_path / "fft4.svg").read_text()
