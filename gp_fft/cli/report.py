"""`gp-fft report`: a run, a program or all records as one page that opens in any browser."""

import time
from collections.abc import Iterator
from pathlib import Path

import click
from rich.console import Console
from rich.progress import track

from gp_fft.cli.options import FILE, RECORDS, force_option, open_program, refuse_overwrite, root_option, say
from gp_fft.cli.scheme_tables import scheme_at
from gp_fft.files import ProgramFile
from gp_fft.ground.atomic import atomic_write
from gp_fft.ground.errors import UsageError
from gp_fft.store import runs, standings

LINE_EVERY = 2.0  # seconds between lines of progress where the output is no terminal


@click.command()
@click.argument("target", metavar="RUN|FILE|records")
@click.option("-o", "--output", type=FILE, required=True, help="The .html file to write.")
@force_option
@root_option
def command(target: str, output: Path, root: Path, force: bool) -> None:
    """Write one self-contained page about a RUN, the program in FILE, or all records (the word `records`).

    The page opens offline in any browser: summary beside the published counts, Pareto front, dataflow graph,
    matrix and error, how the best program came about, how the search went.

    \b
    Examples:
      gp-fft report runs/dft-8-001 -o fft8.html
      gp-fft report fft8.txt -o program.html
      gp-fft report records -o records.html
    """
    if output.suffix.lower() not in (".html", ".htm"):
        raise UsageError(f"the page goes to a file that ends in .html, not {output.name!r}")
    refuse_overwrite(output, force)
    atomic_write(output, _page(target, root).encode())
    say(f"wrote {output}")


def _follow(programs: list[ProgramFile]) -> Iterator[ProgramFile]:
    """Pass programs on and tell on stderr how many are drawn: a bar on a terminal, else a line now and then."""
    console = Console(stderr=True, highlight=False)
    if console.is_terminal:
        yield from track(programs, "drawing the records", console=console, transient=True)
        return
    due = 0.0
    for done, file in enumerate(programs, 1):
        if time.monotonic() >= due or done == len(programs):
            say(f"drawing {done} of {len(programs)} records: {file.transform.title}")
            due = time.monotonic() + LINE_EVERY
        yield file


def _page(target: str, root: Path) -> str:
    from gp_fft.report import page
    from gp_fft.report.scheme_page import scheme_page

    path = runs.find(target, root)
    if target == RECORDS and not path.is_file():
        paths = standings.record_files(root)
        say(f"reading {len(paths)} records")
        entries, bad = standings.collect(paths)
        for sentence in bad:
            say(sentence)
        return page.records_page(entries, standings.others(paths, entries), _follow)
    scheme = scheme_at(str(path)) if path.exists() else None
    if scheme is not None:
        return scheme_page(scheme, list(runs.open_run(path).log()) if path.is_dir() else ())
    if path.is_dir():
        return page.run_page(runs.Run.open(path))
    return page.program_page(open_program(str(path)))
