"""Run folders: settings, log, front and checkpoint of one evolution, written so that nothing is half there.

A run folder holds::

    settings.toml     what was asked for: the problem, its settings, command line, versions
    log.jsonl         one JSON object per generation, appended and flushed
    front/*.json      the members of the front, one file each
    equal/*.json      others as cheap as the cheapest exact one, where that is asked for
    checkpoint.json   the whole state of the search at the last save, with its own checksum
    .lock             empty; held by the process that writes the run: see gp_fft.ground.locks

The folder appears by a rename, so it exists whole or not at all, and no run ever takes the folder of another.
A checkpoint is written to a temporary file, synced and renamed. After a crash the log may be ahead of the
checkpoint; resuming cuts it back, so a resumed run writes the bytes of an uninterrupted one (but for times).
Everything is JSON or TOML: a run folder from a stranger can be opened without running his code.
"""

import contextlib
import dataclasses
import glob
import hashlib
import json
import os
import re
import shutil
import tempfile
import tomllib
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

import msgspec
import tomli_w

from gp_fft.evolution.members import BUDGET, Member, Record
from gp_fft.evolution.problem import Problem
from gp_fft.evolution.state import State
from gp_fft.ground.atomic import atomic_write, reason
from gp_fft.ground.errors import DataError, GpFftError, UsageError
from gp_fft.ground.locks import FolderLock, is_held
from gp_fft.ground.nearest import nearest
from gp_fft.ground.version import __version__

FORMAT = "gp-fft run"
VERSION = 1
ROOT = Path("runs")
EQUAL = "equal"  # the folder in a run of what is kept beside its front
MISTYPED = 0.85  # how like the name of a run a name must be to be taken for it, see gp_fft.ground.nearest
LOG_TAIL = 1 << 22  # bytes from the end of a log that are searched for its last line


PROBLEMS: dict[str, Callable[[Mapping[str, Any]], Problem[Any]]] = {}
"""How a problem is read back from its settings.toml, by the kind that stands there; where none does, it is USUAL.

A reader may raise KeyError, TypeError, UsageError, DataError or msgspec's ValidationError for a damaged table.
"""
USUAL = "programs"
F = TypeVar("F", bound="RunFolder")


@dataclasses.dataclass(frozen=True)
class RunFolder:
    """One run folder on disk: where it lies and what was asked for; the rest is read when it is wanted."""

    path: Path
    problem: Problem[Any]
    created: str = ""
    note: str = ""  # what the settings cannot say, such as steps of one's own
    records: str = ""  # the folder of a user's records that was named; "": the usual one

    @classmethod
    def make(
        cls: type[F],
        problem: Problem[Any],
        path: Path | None = None,
        root: Path = ROOT,
        note: str = "",
        records: str = "",
    ) -> F:
        """Make a new run folder at `path`, or at the next free name under `root`, in one step.

        Raises DataError if `path` exists already or cannot be written; then nothing is left behind.
        """
        created = datetime.now(UTC).isoformat(timespec="seconds")
        while True:
            run = cls(path or _free_name(root, _slug(problem.title)), problem, created, note, records)
            if os.path.lexists(run.path):
                raise DataError(f"{run.path} exists already; a run overwrites nothing: choose another folder")
            if run._make():
                return run

    def _make(self) -> bool:
        """Write the folder aside and rename it into place; False if another run took the name first."""
        temporary = None
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            temporary = Path(tempfile.mkdtemp(prefix=f".{self.path.name}.", dir=self.path.parent))
            (temporary / "front").mkdir()
            (temporary / "log.jsonl").touch()
            atomic_write(temporary / "settings.toml", self._settings_toml())
            temporary.chmod(0o755)
            temporary.rename(self.path)
        except OSError as error:
            if os.path.lexists(self.path):
                return False
            raise DataError(f"cannot make the run folder {self.path}: {self.path.parent}: {error.strerror}") from error
        finally:
            if temporary is not None:
                shutil.rmtree(temporary, ignore_errors=True)
        return True

    @classmethod
    def open(cls: type[F], path: Path | str) -> F:
        """Read the run folder at `path`; DataError says in one sentence why it cannot be."""
        path = Path(path)
        if not path.is_dir():
            raise DataError(f"{path} is not a run folder; `gp-fft runs` lists those under {ROOT}/")
        try:
            table = tomllib.loads((path / "settings.toml").read_text(encoding="utf-8"))
        except FileNotFoundError:
            raise DataError(f"{path} is not a run folder: it holds no settings.toml") from None
        except (OSError, UnicodeError, tomllib.TOMLDecodeError) as error:
            raise damaged(path, f"settings.toml: {reason(error)}") from error
        _check_version(path / "settings.toml", table)
        kind = str(table.get("problem", USUAL))
        if kind not in PROBLEMS:
            raise DataError(f"{path} is a run of the problem {kind!r}; known here are {', '.join(PROBLEMS)}")
        try:
            words = (str(table.get(word, "")) for word in ("note", "records"))
            return cls(path, PROBLEMS[kind](table), str(table["created"]), *words)
        except KeyError as error:
            raise damaged(path, f"settings.toml lacks {error}") from error
        except (UsageError, DataError, msgspec.ValidationError, TypeError) as error:
            raise damaged(path, f"settings.toml: {reason(error)}") from error

    def with_settings(self: F, settings: Any, lock: FolderLock | None = None) -> F:
        """The same run with other settings (a new budget), written to its settings.toml.

        Who holds the run hands in the `lock`; DataError, and nothing is changed, if another process does.
        """
        problem: Any = self.problem
        run = dataclasses.replace(self, problem=dataclasses.replace(problem, settings=settings))
        with hold(self.path) if lock is None else contextlib.nullcontext():
            atomic_write(self.path / "settings.toml", run._settings_toml())
        return run

    def beside(self: F) -> F:
        """A new, empty run folder with the settings of this one, beside it: its name with -saved- and a number."""
        while True:
            run = dataclasses.replace(self, path=_free_name(self.path.parent, f"{self.path.name}-saved"))
            if run._make():
                return run

    def state(self) -> Any:
        """The state of the problem at the last checkpoint, or None where the run was stopped before its first one."""
        table = self._checkpoint()
        if table is None:
            return None
        try:
            return self.problem.restore(table)
        except (KeyError, TypeError, ValueError) as error:
            raise DataError(f"the checkpoint of {self.path} is damaged: {reason(error)}") from error

    def _checkpoint(self) -> dict[str, Any] | None:
        path = self.path / "checkpoint.json"
        try:
            table = json.loads(path.read_bytes())
        except FileNotFoundError:
            if sum(1 for _ in zip(self.log(), range(2), strict=False)) > 1:
                raise damaged(self.path, "checkpoint.json is missing") from None
            return None
        except (OSError, ValueError, RecursionError) as error:
            raise DataError(f"the checkpoint {path} is damaged: {reason(error)}") from error
        _check_version(path, table)
        state = table.get("state")
        if not isinstance(state, dict) or table.get("sha256") != _checksum(state):
            raise DataError(f"the checkpoint {path} is damaged: its checksum does not fit its content")
        return state

    def front_paths(self) -> list[Path]:
        """The files of the front as the search saved it last."""
        return sorted((self.path / "front").glob("*.json"))

    def equal_paths(self) -> list[Path]:
        """The files of what is kept beside the front, where the run was asked for it."""
        return sorted((self.path / EQUAL).glob("*.json"))

    def log(self) -> Iterator[Record]:
        """The records of log.jsonl, one dict per generation; a torn last line is left out."""
        with self._reading("log.jsonl"), (self.path / "log.jsonl").open("rb") as handle:
            yield from (_parse_line(line, self.path) for line in handle if line.endswith(b"\n"))

    def last_record(self) -> Record | None:
        """The newest record of the log, or None: read from the end of the file, however long it is."""
        with self._reading("log.jsonl"), (self.path / "log.jsonl").open("rb") as handle:
            handle.seek(max(0, handle.seek(0, os.SEEK_END) - LOG_TAIL))
            lines = handle.read().split(b"\n")[:-1]
        return _parse_line(lines[-1], self.path) if lines else None

    def running(self) -> bool:
        """Whether a process is writing this run now (where the system knows no locks: always)."""
        with self._reading("its lock"):
            return is_held(self.path)

    @contextlib.contextmanager
    def _reading(self, what: str) -> Iterator[None]:
        """Say in one sentence what the operating system refused."""
        try:
            yield
        except OSError as error:
            raise damaged(self.path, f"{what}: {reason(error)}") from error

    def provenance(self) -> dict[str, Any]:
        """Where a member of this run comes from: all that decides what is found, but for the budget."""
        settings = {key: value for key, value in self._settings().items() if key not in BUDGET}
        noted = {"note": self.note} if self.note else {}
        return {"command": self.command(budget=False), "version": __version__, "settings": settings, **noted}

    def command(self, budget: bool = True) -> str:
        """The command line that makes this run again, with its seed; the budget only if asked for."""
        return self.problem.command(budget)

    def _settings(self) -> dict[str, Any]:
        return _without_none(dataclasses.asdict(self.problem.settings))

    def _settings_toml(self) -> bytes:
        kind = self.problem.kind
        words = {"records": self.records, "note": self.note, "problem": "" if kind == USUAL else kind}
        table = {
            **{name: word for name, word in words.items() if word},
            "format": FORMAT,
            "version": VERSION,
            "command": self.command(),
            "gp_fft": __version__,
            "created": self.created,
            **{name: _without_none(part) for name, part in self.problem.subject().items()},
            "settings": self._settings(),
        }
        return tomli_w.dumps(table).encode()


def find(name: str, root: Path = ROOT) -> Path:
    """The folder or file that `name` means: a path, or the name of a run under `root`.

    UsageError for an empty name; DataError for one such as `dtf-8-001`, which is nothing, but nearly that of a run.
    """
    if not name:
        raise UsageError("the name of a run or of a file is empty")
    direct, below = Path(name), root / name
    if direct.exists() or below.exists():
        return direct if direct.exists() else below
    near = nearest(direct.name, (path.name for path in list_runs(root)), MISTYPED)
    if near is not None:
        raise DataError(f"{name} does not exist; did you mean {root / near}?")
    return direct


def list_runs(root: Path = ROOT) -> list[Path]:
    """The run folders under `root`, oldest name first (a folder with settings.toml in it)."""
    folders = (path.parent for path in root.glob("*/settings.toml"))
    return sorted(folder for folder in folders if not folder.name.startswith("."))


def encode_checkpoint(state: State[Any]) -> bytes:
    """The bytes of checkpoint.json: format, version, checksum and the whole state (floats round-trip).

    A member that stands there many times, as after the start, is encoded once.
    """
    places: dict[Member, int] = {}
    table = _dump(state.to_dict(lambda member: f"\0{places.setdefault(member, len(places))}"))
    members = [_dump(member.to_dict()) for member in places]
    table = re.sub(rb'"\\u0000(\d+)"', lambda place: members[int(place[1])], table)
    head = _dump({"format": FORMAT, "version": VERSION, "sha256": hashlib.sha256(table).hexdigest()})
    return head[:-1] + b',"state":' + table + b"}"


def hold(path: Path) -> FolderLock:
    """Keep the run at `path` for this process alone; take it before anything of the run is read to be changed.

    Raises DataError if another process has it, if it is no run, or if nothing can be written there.
    """
    if not (path / "settings.toml").is_file():
        RunFolder.open(path)  # says what is wrong, and no lock file comes into what is no run
    try:
        return FolderLock(path, f"the run {path} is in the hands of another process; wait until it stops")
    except OSError as error:
        raise DataError(f"cannot write to the run {path}: {reason(error)}") from error


def _slug(title: str) -> str:
    """The title of a transform as a part of a file name."""
    return re.sub(r"[^a-z0-9]+", "-", title.lower()).strip("-")


def _free_name(root: Path, stem: str) -> Path:
    """The next free numbered name, such as runs/dft-8-003."""
    pattern = re.compile(re.escape(stem) + r"-(\d+)")
    names = [pattern.fullmatch(path.name) for path in root.glob(f"{glob.escape(stem)}-*")]
    return root / f"{stem}-{max((int(name[1]) for name in names if name), default=0) + 1:03d}"


def _check_version(path: Path, table: Any) -> None:
    if not isinstance(table, dict) or table.get("format") != FORMAT:
        raise DataError(f"{path} is damaged: it is not a file of the format {FORMAT!r}")
    if table.get("version") != VERSION:
        raise DataError(f"{path} is of version {table.get('version')!r}, this gp-fft reads version {VERSION}")


def _parse_line(line: bytes, path: Path) -> dict[str, Any]:
    try:
        record = json.loads(line)
    except (ValueError, RecursionError):
        record = None
    if not isinstance(record, dict) or not isinstance(record.get("generation"), int):
        raise damaged(path, "log.jsonl has a line that is no record")
    return record


def _dump(value: Any) -> bytes:
    return json.dumps(value, separators=(",", ":")).encode()


def _checksum(value: Any) -> str:
    return hashlib.sha256(_dump(value)).hexdigest()


def _without_none(table: dict[str, Any]) -> dict[str, Any]:
    """The table as TOML can hold it: no None, lists for tuples."""
    return {key: list(item) if isinstance(item, tuple) else item for key, item in table.items() if item is not None}


@contextlib.contextmanager
def reading_records(path: Path) -> Iterator[None]:
    """Turn what goes wrong with records that lack a key or hold something else into the error of a damaged run."""
    try:
        yield
    except GpFftError:
        raise
    except (LookupError, TypeError, ValueError, AttributeError, ArithmeticError) as error:
        raise damaged(path, f"log.jsonl has a record that cannot be read ({reason(error)})") from error


def damaged(path: Path, what: str) -> DataError:
    """The error that says what is wrong with the run folder `path`."""
    return DataError(f"the run folder {path} is damaged: {what}")
