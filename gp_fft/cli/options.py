"""What several commands share: options, and how a transform, a program or a run is named on the command line."""

import functools
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from gp_fft import transforms
from gp_fft.files import ProgramFile
from gp_fft.files.best import best_of
from gp_fft.files.shelf import Shelf
from gp_fft.ground.errors import DataError, UsageError
from gp_fft.ground.words import quoted
from gp_fft.store import runs
from gp_fft.store.proofs import open_file
from gp_fft.transforms import Transform
from gp_fft.transforms.matrix_files import corner

Decorator = Callable[[Callable[..., Any]], Callable[..., Any]]

RECORDS = "records"  # the word that stands for all records
FOLDER = click.Path(path_type=Path, file_okay=False)
FILE = click.Path(path_type=Path, dir_okay=False)

force_option: Decorator = click.option("--force", is_flag=True, help="Overwrite the file if it exists.")
root_option: Decorator = click.option(
    "--root", type=FOLDER, default=runs.ROOT, show_default=True, help="The folder that holds the runs."
)
records_option: Decorator = click.option(
    "--records", type=FOLDER,
    help="Folder of your own records, which lie over the shipped ones; the default is runs/records.",
)  # fmt: skip
growth_option: Decorator = click.option(
    "--max-growth", type=float,
    help="Refuse programs with more than this many times the round-off of numpy.fft (scipy.fft where numpy has none): "
    "in the search by a first-order estimate of the program's, in records by the measured one.",
)  # fmt: skip
scaling_option: Decorator = click.option(
    "--scaling", default="none", show_default=True,
    help="What is free at the border: none, uniform (one factor of all outputs), outputs (one of each), both (of each "
    "input, too). The factors stand in the program file.",
)  # fmt: skip
_OBJECTIVES: tuple[Decorator, ...] = (
    click.option("--depth", type=int, help="Keep programs with at most so many levels of operations."),
    click.option("--add-depth", type=int, help="Keep programs with at most so many levels of additions."),
    click.option("--live", type=int, help="Keep programs with at most so many values alive at once."),
    click.option("--axis", default="", help="A third axis of the front beside error and cost: depth, add-depth, live."),
)
_FRONT: tuple[Decorator, ...] = (
    click.option(
        "--front", default="beside", show_default=True,
        help="What is looked for: exact (programs), beside (them approximations, with a part of the time), full (the "
        "least error of every count).",
    ),
    click.option("--error", default="relative", show_default=True,
        help="How an error is measured: relative, worst-output, worst-entry, energy, mse, coding-gain, efficiency."),
    click.option("--error-below", type=float, help="Look for the cheapest program with at most this error."),
    click.option("--cost-below", type=float, help="Look for the least error with at most this cost."),
    click.option("--orthogonal", "deviation_below", flag_value=0.0, type=float, default=None,
        help="Keep approximations whose outputs are orthogonal alone."),
    click.option("--deviation-below", type=float, help="Keep approximations with at most this deviation from it."),
    click.option("--deviation-price", type=float, help="What a mean squared cosine of outputs counts."),
    click.option("--error-price", type=float, help="What an error e times as large is worth in operations."),
)  # fmt: skip
_BUDGET: tuple[Decorator, ...] = (
    click.option("--seconds", type=float, help="Stop after so many seconds of evolution."),
    click.option("--generations", type=int, help="Stop after so many generations (exactly reproducible)."),
    click.option("--target-cost", type=float, help="Stop when an exact program costs no more than this."),
    click.option("--threads", type=int, help="Threads to use; 0 means all cores. Does not change results."),
)


def budget_options(function: Callable[..., Any]) -> Callable[..., Any]:
    """Add --seconds, --generations, --target-cost and --threads."""
    return functools.reduce(lambda command, option: option(command), reversed(_BUDGET), function)


def objective_options(function: Callable[..., Any]) -> Callable[..., Any]:
    """Add --depth, --add-depth, --live and --axis."""
    return functools.reduce(lambda command, option: option(command), reversed(_OBJECTIVES), function)


def front_options(function: Callable[..., Any]) -> Callable[..., Any]:
    """Add what is said of approximations, from --front to --error-price."""
    return functools.reduce(lambda command, option: option(command), reversed(_FRONT), function)


def refuse_overwrite(path: Path, force: bool) -> None:
    """Raise UsageError, before any work is done, if `path` is a file already and --force was not given."""
    if path.is_file() and not force:
        raise UsageError(f"{path} exists already; --force overwrites it")


def say(sentence: str) -> None:
    """Print a line on stderr: what is not the result of the command."""
    click.echo(sentence, err=True)


def open_shelf(folder: Path | str | None) -> Shelf:
    """The records in a folder of the user's (None: the usual one) over the shipped ones; damaged ones are told of."""
    return Shelf.open(Path(folder) if folder else None, say)


def find_transform(name: str, size: str, norm: str, kernel: str, field: str = "") -> Transform:
    """The transform that the words of the command line mean.  UsageError or DataError says what is wrong.

    Of a matrix from a file one line tells shape and corner, so that a file that was misread is seen at once; the field
    that it is over may be said, all others have their own.
    """
    if name == transforms.MATRIX:
        if norm != "backward" or kernel:
            raise UsageError("a matrix from a file has no --norm and no --kernel: it is taken as it stands")
        read = transforms.from_file(Path(size), field)
        say(f"read {size}: {read.field} {'x'.join(map(str, read.shape))} matrix, corner {corner(read.matrix)}")
        return read
    if field and field != (own := transforms.find(name).field):
        raise UsageError(f"{name} is over its own field, {own}; --field is for a matrix from a file")
    try:
        taps = tuple(float(word) for word in kernel.replace(",", " ").split())
    except ValueError:
        raise UsageError(f"--kernel is {kernel!r}; it must be numbers such as 1,2,0.5") from None
    try:
        shape = [int(word) for word in size.lower().split("x")]
    except ValueError:
        raise not_a_size(size) from None
    return transforms.get(name, shape[0] if len(shape) == 1 else tuple(shape), norm=norm, kernel=taps)


def not_a_size(word: str) -> UsageError:
    """The error that says what a size looks like."""
    return UsageError(f"the size is {word!r}; it must be a number such as 8, or 4x4 in 2-D")


def open_program(target: str) -> ProgramFile:
    """The program in the file `target`, or the best one on the front of the run `target`, with what proofs say."""
    path = runs.find(target)
    if not path.is_dir():
        return open_file(path)
    run, front = open_front(path)
    return best_of(front, run.settings.cost)


def open_front(path: Path) -> tuple[runs.Run, list[ProgramFile]]:
    """The run in the folder `path` and its front, most exact first; DataError where it is empty."""
    run = runs.Run.open(path)
    if front := run.front():
        return run, front
    raise DataError(f"the run {path} has no program on its front yet; go on with: gp-fft resume {quoted(path)}")
