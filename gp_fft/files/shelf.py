"""The shelf: the records that lie at hand, a user's own over those that the package ships, read once into memory.

Layers lie over each other, never instead of each other: of two records for one transform and cost model the better
one counts. A record is named like its file, ``dft-8``; its citation, ``dft-8@4dd3fd1b2c3d``, carries the head of its
content hash and stands for one program and no other. Records that were replaced lie on in the folder ``earlier``
beside the others, so that what was made of them can be made again.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from gp_fft import files
from gp_fft.files import LIMIT_FILE, ProgramFile
from gp_fft.ground import shipped
from gp_fft.ground.errors import DataError
from gp_fft.program import Program
from gp_fft.program.cost import EXACT, cost
from gp_fft.transforms import Transform
from gp_fft.transforms.scaling import NONE

CHECKOUT = Path("runs") / "records"  # a user's records, below the folder that he works in
EARLIER = "earlier"  # the folder, beside the records, of those that were replaced
HEAD = 12  # digits of a content hash in a citation
CITATION = re.compile(r"(.+)@([0-9a-f]{6,64})")

Tell = Callable[[str], None]


def record_name(transform: Transform, model: str = "flops", primitives: str = "", free: str = NONE) -> str:
    """The name of a record file: ``dft-16.json``, ``dft-16.fma.json``, ``conv-3-k2_7_1d5.json``, ``wht-8.dyadic.json``.

    ``primitives`` is what the program says of its set, see :class:`gp_fft.program.Program`. Where factors at the border
    are ``free`` that is a part of it: ``dct2-8.outputs.json``.
    """
    slug = "-".join(transform.title.split())
    if transform.kernel:
        slug += "-k" + transform.kernel_words.replace(",", "_").replace(".", "d")
    chosen = re.sub("[^a-z0-9.]", "_", primitives).replace(".", "d")
    scaled = "" if free == NONE else free
    words = [slug, chosen, scaled, "" if model == "flops" else model.replace(":", "_"), "json"]
    return ".".join(filter(None, words))


def citation(name: str, program: Program) -> str:
    """The name that stands for this program and no other, such as ``dft-8@4dd3fd1b2c3d``."""
    return f"{name}@{program.content_hash[:HEAD]}"


def folders(user: Path | None = None) -> list[tuple[str, Path]]:
    """The folders of records, the upper one first, each with what it is called: a user's own, then the shipped ones.

    ``user`` is by default runs/records below the working folder. In a clone of the repository both are one.
    """
    own, beneath = user or CHECKOUT, _shipped()
    if not own.is_dir():
        return [("shipped", beneath)]
    return [(str(own), own)] + [("shipped", beneath)] * (own.resolve() != beneath.resolve())


def record_paths(user: Path | None = None) -> list[Path]:
    """The files of all records, those of a user first; several may hold one transform."""
    return [path for _, folder in folders(user) for path in sorted(folder.glob("*.json"))]


def _shipped() -> Path:
    return shipped.folder("_records")


@dataclass(frozen=True)
class Record:
    """One record and the layer that it lies in."""

    name: str  # of its file, without .json
    file: ProgramFile
    where: str  # what its layer is called: a folder, or "shipped"

    @property
    def program(self) -> Program:
        """The program itself."""
        return self.file.program

    @property
    def citation(self) -> str:
        """The name that stands for this program and no other."""
        return citation(self.name, self.program)

    @property
    def rank(self) -> tuple[float, float]:
        """Of several records for one transform and cost model the one of least rank is the best."""
        return cost(self.program, self.file.model), self.file.round_off


@dataclass(frozen=True)
class Layer:
    """The records of one folder as they were when it was read."""

    where: str
    files: Mapping[str, bytes]  # by their path below the folder

    @classmethod
    def read(cls, where: str, folder: Path) -> Layer:
        """All records of a folder, and the earlier ones; what cannot be read or is too large is noticed later."""
        paths = [*sorted(folder.glob("*.json")), *sorted((folder / EARLIER).glob("*.json"))]
        return cls(where, {path.relative_to(folder).as_posix(): _bytes(path) for path in paths})


def _bytes(path: Path) -> bytes:
    try:
        with path.open("rb") as stream:
            return stream.read(LIMIT_FILE + 1)
    except OSError:
        return b""


def _nobody(_: str) -> None:
    """Nobody listens."""


@dataclass(frozen=True)
class Shelf:
    """Layers of records in memory, the upper one first; nothing is read from the disk once it is made.

    A file that is damaged or is no record of what its name says is told of in one sentence, once, and left out: then
    the layer below counts.
    """

    layers: tuple[Layer, ...] = ()
    tell: Tell = _nobody
    _known: dict[tuple[str, str], Record | None] = field(default_factory=dict, repr=False, compare=False)

    @classmethod
    def open(cls, user: Path | None = None, tell: Tell = _nobody) -> Shelf:
        """The records of a user over the shipped ones, as they are now; ``tell`` hears of damaged ones."""
        return cls(tuple(Layer.read(where, folder) for where, folder in folders(user)), tell)

    @property
    def names(self) -> list[str]:
        """The names of the records, sorted, earlier ones not among them; what stands behind one may be damaged."""
        named = (_named(path) for layer in self.layers for path in layer.files)
        return sorted({name for name, earlier in named if not earlier})

    def find(self, transform: Transform, model: str = "flops", primitives: str = "", free: str = NONE) -> Record | None:
        """The best record of a transform in a set and under a cost model: the cheapest, then the most accurate one.

        Of equal ones it is the upper. ``free`` are the factors at the border that it may have; those of the transform
        itself do not count.
        """
        records = self.all(record_name(transform, model, primitives, free).removesuffix(".json"), earlier=False)
        fitting = [record for record in records if record.file.transform.plain.spec == transform.plain.spec]
        return min(fitting, key=lambda record: record.rank, default=None)

    def named(self, wanted: str, what: str = "part") -> Record:
        """The record that a citation or a bare name stands for; DataError says what is missing or has changed.

        A bare name is that of the best record now, a citation finds earlier records too.
        """
        match = CITATION.fullmatch(wanted)
        name, head = match.groups() if match else (wanted, "")
        known = [record for record in self.all(name, head != "") if record.program.content_hash.startswith(head)]
        if not known:
            raise DataError(self._missing(name, head, what))
        return known[0] if head else min(known, key=lambda record: record.rank)

    def has(self, name: str) -> bool:
        """Whether there is a record, or an earlier one, of this name."""
        return any(_named(path)[0] == name for layer in self.layers for path in layer.files)

    def only(self, citations: Iterable[str]) -> Shelf:
        """A shelf that holds these records and no others; DataError for one that is not here."""
        chosen = [self.named(wanted) for wanted in citations]
        alone = ((record.where, {f"{record.name}.json": files.encode(record.file)}) for record in chosen)
        return Shelf(tuple(Layer(where, held) for where, held in alone), self.tell)

    def all(self, name: str, earlier: bool = True) -> list[Record]:
        """The records of this name, earlier ones last."""
        paths = [(layer, path) for old in (False, True) for layer in self.layers for path in layer.files
                 if _named(path) == (name, old) and earlier >= old]  # fmt: skip
        return [record for layer, path in paths if (record := self._record(layer, path))]

    def _missing(self, name: str, head: str, what: str) -> str:
        places = ", ".join(layer.where for layer in self.layers)
        content = f" of content {head}" if head else ""
        others = [f"{record.program.content_hash[:HEAD]} ({record.where})" for record in self.all(name)]
        there = f"of that name there is {', '.join(others)}" if others else "there is none of that name"
        return f"the {what} {name}{content} is not among the records here ({places}); {there}"

    def _record(self, layer: Layer, path: str) -> Record | None:
        """The record in one file of a layer; None, and one sentence, where it is damaged."""
        key = layer.where, path
        if key not in self._known:
            self._known[key] = None
            place = path if layer.where == "shipped" else str(Path(layer.where) / path)
            try:
                self._known[key] = _checked(files.parse(layer.files[path], place), _named(path)[0], layer.where)
            except DataError as error:
                self.tell(f"{error}; the record is left out")
        return self._known[key]


def _checked(file: ProgramFile, name: str, where: str) -> Record:
    """The record that a file of this name holds; DataError if it holds something else."""
    if not file.error < EXACT:
        raise DataError(f"{where}: {name}.json is no record, its program has an error of {file.error:.1e}")
    meant = record_name(file.transform, file.model, file.program.primitives, file.free)
    if meant != f"{name}.json":
        raise DataError(f"{where}: {name}.json holds {file.transform.title}; its name would be {meant}")
    return Record(name, file, where)


EMPTY = Shelf()
"""No records at all."""


def _named(path: str) -> tuple[str, bool]:
    """The name of the record in a file, and whether it is an earlier one."""
    stem = path.removesuffix(".json")
    if stem.startswith(f"{EARLIER}/"):
        return stem.removeprefix(f"{EARLIER}/").rpartition("@")[0], True
    return stem, False
