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
from gp_fft.report.templates import asset, pack, style, template

MOST_DRAWN = 600  # terms of a program; the page of a larger one says how to draw it
LIMIT = 15_000_000  # bytes of the whole site
PACKED = 8_000_000  # bytes of drawings and code; the largest programs are left without once that is full
ASSETS = {"record.js": ("program.js", "graph.js", "record.js"), "index.js": ("index.js",)}
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
    smallest_first = sorted(records, key=lambda record: (record.program.terms, record.name))
    near = _neighbours(records)
    for record, _ in zip(smallest_first, follow([record.file for record in smallest_first]), strict=True):
        try:
            parts = list(_parts(record, near, speed, room))
        except GpFftError as error:
            tell(f"{record.name}.json is left out: {error}")
            continue
        lines[record.name] = record_facts.line(record)
        room -= len(parts[0].content)
        yield from parts
    yield Part("index.html", _index([lines[record.name] for record in records if record.name in lines]).encode())


def _parts(record: Record, near: Mapping[str, tuple[str, str]], speed: Speed, room: int) -> Iterator[Part]:
    """Data, page and program file of one record; the data without drawing and code where the room is too small."""
    drawn = record.program.terms <= MOST_DRAWN
    code = record_facts.code(record)
    data = _data(record, code, drawn)
    if len(data) > room:
        code, drawn = record_facts.code(record, ()), False
        data = _data(record, code, drawn)
    yield Part(f"{PAGES}/{record.name}.js", data)
    yield Part(f"{PAGES}/{record.name}.html", _page(record, code, near[record.name], speed).encode())
    yield Part(f"{PAGES}/{record.name}.json", files.encode(record.file))


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
        speed=record_facts.measured_here(speed, record),
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
