"""Where `gp-fft report` puts a catalogue: which records it is of, and a folder that nothing else is lost in."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import click
from click.core import ParameterSource

from gp_fft.cli.options import RECORDS, say
from gp_fft.files import ProgramFile
from gp_fft.files.shelf import Layer, Shelf
from gp_fft.ground.atomic import atomic_write, reason
from gp_fft.ground.errors import DataError, UsageError
from gp_fft.ground.words import several
from gp_fft.report.speeds import read_speeds
from gp_fft.store import standings

USUAL = Path("catalogue")  # the folder that it goes to where none is said
MARK = ' catalogue">'  # what the head of its index says of itself, see assets/catalogue.html
HEAD = 2_000  # characters of a page in which its head stands

Follow = Callable[[list[ProgramFile]], Iterator[ProgramFile]]


@dataclass(frozen=True)
class Source:
    """The records that a report is about: all at hand, or those of one folder alone."""

    folder: Path
    alone: bool

    @property
    def shelf(self) -> Shelf:
        """The records by name; damaged ones are told of."""
        if self.alone:
            return Shelf((Layer.read(str(self.folder), self.folder),), say)
        return Shelf.open(self.folder, say)

    @property
    def paths(self) -> list[Path]:
        """Their files."""
        return sorted(self.folder.glob("*.json")) if self.alone else standings.record_files(self.folder.parent)


def source_of(target: str, path: Path, root: Path) -> Source | None:
    """The records that the words of the command line mean; None for a run or a program file.

    The bare word `records` means those at hand, unless it is a file; ``path`` is what else it may be, such as a folder
    of records.
    """
    if target == RECORDS and not path.is_file():
        said = click.get_current_context().get_parameter_source("root")
        if said is not ParameterSource.DEFAULT and not root.is_dir():
            raise UsageError(f"there is no folder {root}")
        return Source(root / "records", alone=False)
    is_run = any((path / part).exists() for part in ("settings.toml", "front", "checkpoint.json"))
    return Source(path, alone=True) if path.is_dir() and not is_run and any(path.glob("*.json")) else None


def write_catalogue(source: Source, folder: Path, speed: Path | None, force: bool, follow: Follow) -> None:
    """Write a catalogue into a folder; pages of an earlier one that this one does not have are taken away."""
    from gp_fft.report.site import PAGES, records_of, site

    _refuse(folder, force)
    rows = [] if speed is None else read_speeds(speed)
    records = records_of(source.shelf)
    say(f"read {several(len(records), 'record')}")
    sizes: dict[Path, int] = {}
    for part in site(records, rows, follow, say):
        place = folder / part.path
        try:
            place.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise DataError(f"cannot write {place.parent}: {reason(error)}") from None
        atomic_write(place, part.content)
        sizes[place] = len(part.content)
    for old in (folder / PAGES).glob("*"):
        if old not in sizes and old.suffix in (".html", ".js", ".json"):
            old.unlink()
    pages = sum(place.suffix == ".html" for place in sizes) - 1
    total = sum(sizes.values()) / 1e6
    say(f"wrote {several(pages, 'record')}, {total:.1f} MB; open {folder / 'index.html'}")


def _refuse(folder: Path, force: bool) -> None:
    """Raise UsageError, before any work is done, if a catalogue cannot go there, or not without --force."""
    if folder.exists() and not folder.is_dir():
        raise UsageError(f"{folder} is a file; a catalogue goes into a folder, a single page to a file called .html")
    if not folder.is_dir() or not any(folder.iterdir()):
        return
    index = folder / "index.html"
    if not index.is_file() or MARK not in index.read_text(encoding="utf-8", errors="replace")[:HEAD]:
        raise UsageError(f"{folder} holds something else than a catalogue; name a new folder with -o")
    if not force:
        raise UsageError(f"{folder} holds a catalogue already; --force makes it afresh")
