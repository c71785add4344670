"""What pip installs is whole: every package, the tables, the records, the marker of types, the script."""

import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
SHIPPED = ("gp_fft", "primitives", "benchmarks/reference", "runs/records")
FILES = ("pyproject.toml", "README.md", "LICENSE")


@pytest.fixture
def wheel(tmp_path):
    """The names and entry points in a wheel built from a copy of the sources."""
    source = tmp_path / "source"
    for name in SHIPPED:
        shutil.copytree(ROOT / name, source / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in FILES:
        shutil.copy(ROOT / name, source / name)
    words = [
        "wheel",
        "--quiet",
        "--no-deps",
        "--no-build-isolation",
        "--wheel-dir",
        str(tmp_path),
        str(source),
    ]
    subprocess.run([sys.executable, "-m", "pip", *words], check=True)
    with zipfile.ZipFile(next(tmp_path.glob("gp_fft-*.whl"))) as archive:
        scripts = next(name for name in archive.namelist() if name.endswith("entry_points.txt"))
        return set(archive.namelist()), archive.read(scripts).decode()


def test_the_wheel_is_whole(wheel):
    names, scripts = wheel
    for package in ("gp_fft", "primitives"):
        modules = {str(path.relative_to(ROOT)) for path in (ROOT / package).rglob("*.py")}
        assert modules <= names
        assert f"{package}/py.typed" in names
    earlier = (ROOT / "runs" / "records" / "earlier").glob("*.json")
    assert {f"gp_fft/_records/earlier/{path.name}" for path in earlier} <= names
    assert {f"gp_fft/_records/{path.name}" for path in (ROOT / "runs" / "records").glob("*.json")} <= names
    assert "gp_fft/_reference/op_counts.csv" in names
    assets = (ROOT / "gp_fft" / "report" / "assets").iterdir()
    assert {f"gp_fft/report/assets/{path.name}" for path in assets} <= names
    assert "gp-fft = gp_fft.cli:main" in scripts


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
