"""`gp-fft report`: a run or a program as one page that opens in any browser, the records as a catalogue."""

import time
from collections.abc import Iterator
from pathlib import Path

import click
from rich.console import Console
from rich.progress import track

from gp_fft.cli.catalogue import USUAL, Source, source_of, write_catalogue
from gp_fft.cli.options import FILE, force_option, open_program, refuse_overwrite, root_option, say
from gp_fft.cli.scheme_tables import scheme_at
from gp_fft.files import ProgramFile
from gp_fft.ground.atomic import atomic_write
from gp_fft.ground.errors import DataError, UsageError
from gp_fft.store import runs, standings

SUFFIXES = (".html", ".htm")
LINE_EVERY = 2.0  # seconds between lines of progress where the output is no terminal


@click.command()
@click.argument("target", metavar="RUN|FILE|FOLDER|records")
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    help="The .html file to write; of a catalogue the folder, by itself catalogue.",
)
@click.option("--speed", type=FILE, help="A CSV of measured speeds, shown in the pages of a catalogue.")
@force_option
@root_option
def command(target: str, output: Path | None, speed: Path | None, root: Path, force: bool) -> None:
    """Write one self-contained page about a RUN or the program in FILE, or a catalogue of records.

    A page opens offline in any browser: summary beside the published counts, Pareto front, dataflow graph,
    matrix and error, how the best program came about, how the search went.

    The word `records` stands for all records at hand, a FOLDER for the records in it. Their catalogue is a small site
    that opens from its folder offline: an index with search and filters, and for each record a page with its graph,
    equations, published counts, proof, and code in every target of `export`. With an output that ends in .html all
    records stand on one page instead.

    \b
    Examples:
      gp-fft report runs/dft-8-001 -o fft8.html
      gp-fft report fft8.txt -o program.html
      gp-fft report records
      gp-fft report records -o records.html
    """
    path = runs.find(target, root)
    source = source_of(target, path, root)
    if source is not None and (output is None or output.suffix.lower() not in SUFFIXES):
        write_catalogue(source, output or USUAL, speed, force, _follow)
        return
    if not path.exists() and (output is None or output.suffix.lower() not in SUFFIXES):
        raise DataError(f"cannot read {target}: there is no such run, file or folder")
    if output is None:
        raise UsageError("say where the page goes, such as -o page.html")
    if output.suffix.lower() not in SUFFIXES:
        raise UsageError(f"the page goes to a file that ends in .html, not {output.name!r}")
    if speed is not None:
        raise UsageError("--speed belongs to a catalogue, such as that of: gp-fft report records")
    refuse_overwrite(output, force)
    atomic_write(output, _page(path, source).encode())
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


def _page(path: Path, source: Source | None) -> str:
    from gp_fft.report import page
    from gp_fft.report.scheme_page import scheme_page

    if source is not None:
        paths = source.paths
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
