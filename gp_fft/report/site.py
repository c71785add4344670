"""The catalogue: a static site of the records, one index and one page a record, that opens from a folder offline.

A page opened from a folder may fetch nothing, but may run a script that lies beside it. So what a page needs beyond its
own words (the drawing, the code, the program itself) lies packed in one script a record, which hands it over when it is
run. Everything loads from the folder alone: a content security policy in each page forbids all else.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from gp_fft import files
from gp_fft.draw.formats.svg import to_svg
from gp_fft.export.targets import TARGETS
from gp_fft.files import ProgramFile
from gp_fft.files.shelf import Record, Shelf
from gp_fft.ground.errors import DataError, GpFftError
from gp_fft.ground.version import __version__
from gp_fft.report import record_facts
from gp_fft.report.payload import VARIABLES, describe_program
from gp_fft.report.record_facts import Line
from gp_fft.report.record_tables import FIRST
from gp_fft.report.speeds import table
from gp_fft.report.spread import spread
from gp_fft.report.templates import asset, pack, style, template

MOST_DRAWN = 600  # terms of a program; the page of a larger one says how to draw it
LIMIT = 15_000_000  # bytes of the whole site
PACKED = 8_000_000  # bytes of drawings and code; the largest programs are left without once that is full
ASSETS = {"record.js": ("program.js", "graph.js", "record.js"), "index.js": ("index.js",)}
HEAVY = 4_000  # terms of all programs from which the pages are made by several processes
PAGES = "records"  # the folder of the pages, below that of the index

Follow = Callable[[list[ProgramFile]], Iterator[ProgramFile]]
Tell = Callable[[str], None]
Speed = Sequence[Mapping[str, str]]


@dataclass(frozen=True)
class Part:
    """One file of the site."""

    path: str  # below the folder of the site
    content: bytes


def records_of(shelf: Shelf) -> list[Record]:
    """The best record of each name on a shelf, by transform, size and rule; DataError where there is none.

    What is damaged the shelf tells of, and leaves out.
    """
    records = [min(known, key=lambda record: record.rank) for name in shelf.names if (known := shelf.all(name, False))]
    if not records:
        places = " and ".join(layer.where for layer in shelf.layers)
        raise DataError(f"there are no records in {places}; evolve some programs, or give a run or a program file")
    return sorted(records, key=_place)


def _place(record: Record) -> tuple[Any, ...]:
    name = record.file.transform.name
    return FIRST.index(name) if name in FIRST else len(FIRST), name, record.file.transform.shape, record.name


def site(records: Sequence[Record], speed: Speed = (), follow: Follow = iter, tell: Tell = print) -> Iterator[Part]:
    """Every file of the catalogue, the index last; the same bytes for the same records.

    Args:
        records: what :func:`records_of` found.
        speed: measured speeds, a row each by column, see :func:`gp_fft.report.speeds.read_speeds`.
        follow: passes the files on, one by one as they are drawn, and may tell how far that has come.
        tell: hears a sentence of each record that no page could be made of; the others are made.
    """
    yield Part("assets/style.css", f"{style()}\n{asset('site.css')}".encode())
    for name, sources in ASSETS.items():
        yield Part(f"assets/{name}", "\n".join(map(asset, sources)).encode())
    lines: dict[str, Line] = {}
    room = PACKED
    near, names = _neighbours(records), [record.name for record in records]
    smallest_first = sorted(records, key=lambda record: (record.program.terms, record.name))
    jobs = [Job(record, near[record.name], record_facts.measured_here(speed, record)) for record in smallest_first]
    finished = spread(_finish, jobs, heavy=sum(record.program.terms for record in records) > HEAVY)
    for job, _, done in zip(jobs, follow([job.record.file for job in jobs]), finished, strict=True):
        if isinstance(done, str):  # a fresh process does not know what was registered in this one
            done = _finish(job)
        if isinstance(done, str):
            tell(f"{job.record.name}.json is left out: {done}")
            continue
        line, parts = done
        if len(parts[0].content) > room:
            parts = _parts(job, full=False)
        room -= len(parts[0].content)
        lines[line.name] = line
        yield from parts
    yield Part("index.html", _index([lines[name] for name in names if name in lines]).encode())


@dataclass(frozen=True)
class Job:
    """What the page of one record is made of."""

    record: Record
    near: tuple[str, str]  # the names of the records before and after it
    speed: Speed


def _finish(job: Job) -> tuple[Line, list[Part]] | str:
    """The line of a record in the index and its files; what is wrong where none can be made."""
    try:
        return record_facts.line(job.record), _parts(job, full=True)
    except GpFftError as error:
        return str(error)


def _parts(job: Job, full: bool) -> list[Part]:
    """Data, page and program file of one record; without drawing and code where it is not to be the full page."""
    record = job.record
    code = record_facts.code(record, None if full else ())
    data = _data(record, code, full and record.program.terms <= MOST_DRAWN)
    page = _page(record, code, job.near, job.speed).encode()
    contents = {"js": data, "html": page, "json": files.encode(record.file)}
    return [Part(f"{PAGES}/{record.name}.{suffix}", content) for suffix, content in contents.items()]


def _data(record: Record, code: Iterable[Mapping[str, str]], drawn: bool) -> bytes:
    """The script that hands a page its program, its drawing and its code."""
    described = describe_program(record.file, record.file.model, record.name, False)
    svg = to_svg(record.program, VARIABLES) if drawn else None
    return f'take("{pack({"program": {**described, "svg": svg}, "code": [one["text"] for one in code]})}");\n'.encode()


def _neighbours(records: Sequence[Record]) -> dict[str, tuple[str, str]]:
    """The names of the records before and after each, empty at the ends."""
    names = ["", *(record.name for record in records), ""]
    return {name: (names[k], names[k + 2]) for k, name in enumerate(names[1:-1])}


def _page(record: Record, code: Sequence[Mapping[str, str]], near: tuple[str, str], speed: Speed) -> str:
    """The page of one record."""
    return template("record.html").render(
        line=record_facts.line(record),
        program=record.program,
        counts=record_facts.published_counts(record.file),
        proof=record_facts.evidence(record.file),
        found=record_facts.found(record.file),
        accuracy=record.file.provenance.get("accuracy"),
        error=record.file.error,
        hash=record.program.content_hash[:12],
        code=code,
        speed=table(speed),
        near=near,
        version=__version__,
    )


def _index(lines: Sequence[Line]) -> str:
    """The page that lists all records."""
    return template("catalogue.html").render(
        lines=lines,
        families=list(dict.fromkeys(line.family for line in lines)),
        rules={
            "set": sorted({line.primitives for line in lines}),
            "model": sorted({line.model for line in lines}),
            "scaling": sorted({line.scaling or "none" for line in lines}),
        },
        below=sum(1 for line in lines if (line.difference or 0) < 0),
        targets=list(TARGETS),
        version=__version__,
    )
