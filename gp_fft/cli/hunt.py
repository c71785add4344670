"""`gp-fft hunt`: an unattended search over many transforms that goes on from the records."""

from __future__ import annotations

import functools
import re
import shlex
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from gp_fft import transforms
from gp_fft.cli import stopping
from gp_fft.cli.options import find_transform, growth_option, records_option, say, scaling_option
from gp_fft.files.shelf import CHECKOUT
from gp_fft.ground.errors import DataError, UsageError
from gp_fft.search.settings import usual_cost
from gp_fft.transforms.scaling import NONE, check_free

if TYPE_CHECKING:
    from gp_fft.hunt import Slice

USUAL = (
    [f"dft:{n}" for n in (*range(2, 17), 18, 20, 21, 24, 25, 28, 30, 32, 35, 64)]
    + [f"rdft:{n}" for n in (*range(2, 17), 32)]
    + [f"{name}:{n}" for name in ("dct2", "dct3") for n in (4, 8, 16)]
    + ["dct4:8", "dct4:16", "dst2:8", "dst2:16", "dht:8", "dht:16", "wht:8", "wht:16"]
    + ["conv:3:2,7,11", "conv:4:2,7,11,3", "conv:5:2,7,11,3,23", "conv:8:2,7,11,3,23,5,31,13"]
)


@click.command()
@click.argument("goals", metavar="[TRANSFORM:N]...", nargs=-1)
@click.option("--seconds", type=float, default=600.0, show_default=True, help="Time for the whole hunt.")
@click.option("--slice", "slice_seconds", type=float, default=30.0, show_default=True, help="Seconds of one slice.")
@click.option("--cost", "model", help="Cost model of the records; the default is that of the primitive set.")
@click.option("--primitives", default="", help="Primitive set; the default is that of the transform's field.")
@scaling_option
@click.option("--seed", type=int, default=1, show_default=True, help="Seed of the first slice.")
@growth_option
@click.option("--threads", type=int, default=0, show_default=True, help="Threads; 0 takes all cores.")
@records_option
def command(
    goals: tuple[str, ...],
    records: Path | None,
    model: str | None,
    primitives: str,
    scaling: str,
    seconds: float,
    slice_seconds: float,
    **options: Any,
) -> int:
    """Evolve one transform after the other from its record, and replace a record only by a proved better program.

    Time goes to where progress is made. A program must be better than the shipped record and than your own, and goes
    to your own records; no others are written. The hunt may be stopped and started at any time, and two hunts may
    share a folder. Without goals it hunts for the usual small transforms. A record that does not verify is reported
    with the line that is wrong, left as it is, and its transform given up; then the exit code is 1.

    \b
    Examples:
      gp-fft hunt dft:8 --seconds 60
      gp-fft hunt dft:12 rdft:7 --seconds 3600 --slice 60
      gp-fft hunt dct2-2d:4x4 conv:3:2,7,11 --seconds 600
      gp-fft hunt dft:16 --cost fma --max-growth 2 --seconds 600
      gp-fft hunt hevc-dct2:8 --primitives dyadic --seconds 600
      gp-fft hunt dct2:8 dct2:16 --scaling outputs --seconds 600
    """
    from gp_fft.hunt import Goal, hunt

    for name, value in (("--seconds", seconds), ("--slice", slice_seconds)):
        if not value > 0:
            raise UsageError(f"{name} is {value}; it must be more than 0")
    folder = records or CHECKOUT
    model = usual_cost(primitives, model)
    wanted = [Goal(_transform(goal), model, primitives, check_free(scaling)) for goal in goals or USUAL]
    tell = functools.cache(say)  # of each damaged record once
    slices: list[Slice] = []
    reason = "stopped by the error below"
    try:
        for done in hunt(wanted, folder, seconds, slice_seconds, tell=tell, **options):
            slices.append(done)
            _print(done)
        given_up = [done.goal.transform for done in slices if done.broken]
        all_given_up = all(goal.transform in given_up for goal in wanted)
        reason = "no transform is left to hunt for" if all_given_up else f"{seconds:g} seconds used"
    except KeyboardInterrupt as stop:
        reason = f"{stopping.reason(stop)}, the records are whole"
        if not slices:
            click.echo(f"{reason}: not one slice was finished")
    finally:
        if slices:
            click.echo(_summary(slices, reason, records, goals))
    if broken := [done.goal.transform.title for done in slices if done.broken]:
        names = ", ".join(broken)
        raise DataError(f"{len(broken)} of the records in {folder} do not verify and were left as they are: {names}")
    return stopping.exit_code(reason)


def _print(done: Slice) -> None:
    """One line for one slice."""
    title = done.goal.transform.title
    if done.broken:
        say(f"{title}: given up, {done.verdict.reason}")
        return
    before, best = ("-" if value is None else f"{value:g}" for value in (done.before, done.best))
    click.echo(f"{title}: record {before}, found {best}, {done.verdict.reason}")


def _summary(slices: list[Slice], reason: str, records: Path | None, asked: tuple[str, ...]) -> str:
    """What the hunt did, why it stopped, and what to try next."""
    better = [done for done in slices if done.verdict.accepted]
    changes = ", ".join(
        f"{done.goal.transform.title} {'new' if done.before is None else f'{done.before:g} ->'} {done.best:g}"
        for done in better
    )
    goals = list(dict.fromkeys(_goal(done) for done in better)) or list(asked)
    hunted = len({done.goal.transform.title for done in slices})
    goal = slices[0].goal
    chosen = ["--primitives", goal.primitives] if goal.primitives else []
    model = ["--cost", goal.model] if goal.model != usual_cost(goal.primitives) else []
    scaled = ["--scaling", goal.free] if goal.free != NONE else []
    options = [*chosen, *model, *scaled, *(["--records", str(records)] if records else [])]
    again = shlex.join(["gp-fft", "hunt", *goals, *options, "--seconds", "3600"])
    hint = "go on where progress was made"
    if not better:
        again, hint = f"{again} --slice 120 --seed 2", "nothing improved: try longer slices and another seed"
    return (
        f"\n{reason}: {len(slices)} slices on {hunted} transforms, "
        f"{len(better)} records new or better in {records or CHECKOUT}{f': {changes}' if changes else ''}\n"
        f"  {again}    {hint}\n"
        f"  {_bench(records)}    the counts beside the published ones"
    )


def _bench(records: Path | None) -> str:
    """The command that shows the records of the hunt, where they lie in a folder of that name."""
    if records is None or records == CHECKOUT or records.name != CHECKOUT.name:
        return "gp-fft bench"
    return f"gp-fft bench --root {shlex.quote(str(records.parent))}"


def _goal(done: Slice) -> str:
    """The goal of a slice as the command line takes it."""
    transform = done.goal.transform
    return ":".join(filter(None, [*transform.title.split(" "), transform.kernel_words]))


def _transform(goal: str) -> transforms.Transform:
    name, _, rest = goal.partition(":")
    size, _, kernel = rest.partition(":")
    if not re.fullmatch(r"\d+(x\d+)*", size):
        known = "such as dft:12, in 2-D dct2-2d:4x4, with a kernel conv:3:2,7,1.5"
        raise UsageError(f"a goal is TRANSFORM:N, {known}, not {goal!r}")
    if name == transforms.MATRIX:
        raise UsageError(f"hunt takes transforms with a name, no matrix from a file, not {goal!r}")
    return find_transform(name, size, "backward", kernel)
