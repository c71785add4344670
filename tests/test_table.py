"""Tables fit the terminal: no number and no name is cut, and a line says which columns are not shown."""

import fcntl
import json
import os
import pty
import re
import struct
import sys
import termios
from pathlib import Path

import pytest
from click.testing import CliRunner
from rich.console import Console

from gp_fft import files, transforms
from gp_fft.cli import cli, table
from gp_fft.cli.drive import progress_line
from gp_fft.cli.table import Table, name, number, prose
from gp_fft.cli.watch import picture
from gp_fft.construct import textbook
from gp_fft.files import shelf
from gp_fft.search.settings import Settings
from gp_fft.store.runs import Run
from tests.test_report import record

WIDTHS = (60, 80, 120, 200)
DFT8 = transforms.get("dft", 8)
COMMANDS = [
    ("show", "dft-8-001"), ("show", "--all", "dft-8-001"), ("show", "dft-8-002"), ("runs",), ("bench",),
    ("bench", "--records"), ("transforms",), ("primitives",), ("verify", "dft-8-001"), ("verify", "dft-8-002"),
    ("prove", "dft-8-001"), ("prove", "records"),
]  # fmt: skip


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Two runs, of a usual and of another cost model, and two records."""
    root = tmp_path_factory.mktemp("tables")
    for model in ("flops", "1:2.5"):
        run = Run.create(DFT8, Settings(generations=1, cost=model), root / "runs" / f"dft-8-00{1 + (model != 'flops')}")
        approximate = textbook.definition(transforms.get("dft", 8, norm="ortho"))
        for program in (textbook.split_radix(DFT8), textbook.definition(DFT8), approximate):
            file = files.describe(program, DFT8, provenance=run.provenance())
            files.save(run.path / "front" / f"{file.counts['flops']:05d}-{program.content_hash[:12]}.json", file)
        (run.path / "log.jsonl").write_text(json.dumps(record(12345, 56.0)) + "\n")
    (root / "runs" / "records").mkdir()
    for n in (4, 64):
        file = files.describe(textbook.radix2(transforms.get("dft", n)))
        files.save(root / "runs" / "records" / f"dft-{n}.json", file)
        files.save(root / "runs" / "records" / f"dft-{n}.fma.json",
                   files.describe(file.program, provenance={"cost_model": "fma"}))  # fmt: skip
    for words in (("prove", "dft-8-001"), ("prove", "dft-8-002"), ("prove", "records")):
        CliRunner().invoke(cli, [*words, *(["--root", str(root / "runs")])])
    return root


def lines_of(monkeypatch, folder, words, width):
    monkeypatch.chdir(folder)
    monkeypatch.setattr(shelf, "_shipped", lambda: folder / "nothing")
    monkeypatch.setattr(table, "terminal_width", lambda: width)
    result = CliRunner().invoke(cli, words)
    assert result.exit_code in (0, 1), f"{result.output}\n{result.exception!r}"
    return result.stdout.splitlines()


def tokens(lines):
    """Numbers, names and words; what a wrapped cell consists of."""
    return set(re.findall(r"\S+", "\n".join(lines)))


@pytest.mark.parametrize("words", COMMANDS, ids=" ".join)
def test_at_every_width_lines_fit_and_nothing_is_cut(folder, monkeypatch, words):
    made = []
    monkeypatch.setattr(table.Table, "__init__", told(made, table.Table.__init__))
    whole = tokens(lines_of(monkeypatch, folder, words, None))
    assert made
    for width in WIDTHS:
        made.clear()
        lines = lines_of(monkeypatch, folder, words, width)
        for one in made:
            shown = list(drawn(one, width))
            assert max(map(len, shown)) <= width, shown
            missing = [column.head for k, column in enumerate(one.columns) if k not in one.chosen(width)]
            assert bool(missing) == bool(one.left_out(width))
            flat = " ".join(lines)
            assert all(head in flat for head in missing)
            for k in one.chosen(width):
                assert all(set(cell.split()) <= tokens(lines) for cell in one._cells[k])
                if not one.columns[k].wraps:
                    assert all(any(cell in line for line in lines) for cell in one._cells[k])
        cells = {word for one in made for column in one._cells for cell in column for word in cell.split()}
        strange = tokens(lines) - whole - tokens(one.left_out(width) for one in made) - cells
        assert not {word for word in strange if re.search(r"\d", word)}, "a number that is none of the table"


def told(made, init):
    """The constructor of a table, which now also tells which tables are made."""

    def remember(self, *columns, **options):
        init(self, *columns, **options)
        made.append(self)

    return remember


def drawn(one, width):
    console = Console(width=max(width, one.least_width(one.chosen(width))), highlight=False, emoji=False)
    with console.capture() as captured:
        console.print(one)
    return (line.rstrip() for line in captured.get().splitlines())


@pytest.mark.parametrize("width", WIDTHS)
def test_watch_fits(folder, width):
    run = Run.open(folder / "runs" / "dft-8-001")
    console = Console(width=width, highlight=False, emoji=False)
    with console.capture() as captured:
        console.print(picture(run, record(12345, 56.0), [1e3, 123456.0], True))
    text = captured.get()
    assert max(map(len, text.splitlines())) <= width
    assert "100% of the budget" in text
    assert {"12345", "56", "1,000", "123,456", "share", "tried", "improved"} <= tokens(text.splitlines())


@pytest.mark.parametrize("width", [20, 40, *WIDTHS])
def test_a_progress_line_leaves_out_what_does_not_fit(width):
    line = progress_line(record(12345, 56.0), width)
    whole = progress_line(record(12345, 56.0))
    assert whole == line or whole.startswith(line + " | ")
    assert len(line) <= width
    assert "12345" in line


def test_every_table_of_the_command_line_is_of_this_kind():
    """The bar of `watch` alone stands in a grid of rich."""
    sources = sorted(Path(table.__file__).parent.glob("*.py"))
    assert [path.name for path in sources if "rich.table" in path.read_text()] == ["table.py", "watch.py"]


def test_what_leaves_first_comes_back_last():
    made = Table(name("a"), number("bb", 2), number("cc", 2), number("d", 1), name("e" * 30, 3), more="--csv")
    made.add_row("name", "1", "2", "3" * 10, "4")
    assert made.chosen(200) == [0, 1, 2, 3, 4]
    assert made.chosen(made.full_width()) == [0, 1, 2, 3, 4]
    assert made.chosen(made.full_width() - 1) == [0, 1, 2, 3]
    assert made.chosen(20) == [0, 3]
    assert made.chosen(12) == [0, 1, 2]  # there is no room for d, but for what left before it
    assert made.chosen(3) == [0]
    assert made.left_out(200) == ""
    assert made.left_out(20).startswith("left out for want of width: bb, cc, ")
    assert "--csv" in made.left_out(20)


def test_what_fits_no_width_runs_over(monkeypatch, capsys):
    made = Table(name("run"), prose("text"))
    made.add_row("n" * 90, "some words and a" + "b" * 30)
    monkeypatch.setattr(table, "terminal_width", lambda: 60)
    table.print_table(made)
    out = capsys.readouterr().out
    assert "n" * 90 in out
    assert "a" + "b" * 30 in out


def test_markup_is_text(capsys):
    made = Table(prose("[bold]x"))
    made.add_row("[red]danger[/red] :smile:")
    table.print_table(made)
    assert capsys.readouterr().out == "[bold]x\n[red]danger[/red] :smile:\n"


@pytest.mark.parametrize("width", [60, 80])
def test_a_real_terminal_is_asked_for_its_width(folder, width):
    """`bench` in a pseudo-terminal: the transform is there, and every line fits."""
    told = in_terminal(width, folder, "from gp_fft.cli import main; main()", "bench")
    plain = re.sub(r"\x1b\[[0-9;]*m", "", told)
    lines = plain.splitlines()
    assert max(map(len, lines)) <= width, plain
    assert "transform" in lines[0]
    assert "best published" in lines[0]
    assert any(line.startswith("dft 64") for line in lines)
    assert "left out for want of width" in plain
    assert "--csv" in plain


def in_terminal(width, folder, code, *words):
    """What a piece of Python prints on a terminal of this width."""
    child, master = pty.fork()
    if child == 0:
        os.chdir(folder)
        fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", 24, width, 0, 0))
        environment = {key: value for key, value in os.environ.items() if key not in ("COLUMNS", "LINES")}
        environment["PYTHONPATH"] = str(Path(table.__file__).parents[2])
        os.execvpe(sys.executable, [sys.executable, "-c", code, *words], environment)
    told = b""
    while True:
        try:
            some = os.read(master, 65536)
        except OSError:  # Linux tells the end of a terminal so
            break
        if not some:
            break
        told += some
    os.waitpid(child, 0)
    os.close(master)
    return told.decode()
