"""`gp-fft hunt`: an unattended search over many transforms that goes on from the records."""

from __future__ import annotations

from pathlib import Path

import click

from gp_fft import transforms
from gp_fft.errors import UsageError

USUAL = (
    [f"dft:{n}" for n in (*range(2, 17), 18, 20, 21, 24, 25, 28, 30, 32, 35, 64)]
    + [f"rdft:{n}" for n in (*range(2, 17), 32)]
    + [f"{name}:{n}" for name in ("dct2", "dct3") for n in (4, 8, 16)]
    + ["dct4:8", "dct4:16", "dst2:8", "dht:8", "dht:16", "wht:8", "wht:16"]
)


@click.command(short_help="Hunt for better records, unattended.")
@click.argument("goals", metavar="[TRANSFORM:N]...", nargs=-1)
@click.option("--seconds", type=float, default=600.0, show_default=True, help="Time for the whole hunt.")
@click.option("--slice", "slice_seconds", type=float, default=30.0, show_default=True, help="Seconds of one slice.")
@click.option("--cost", "model", default="flops", show_default=True, help="Cost model of the records.")
@click.option("--seed", type=int, default=1, show_default=True, help="Seed of the first slice.")
@click.option("--threads", type=int, default=0, show_default=True, help="Threads; 0 takes all cores.")
@click.option(
    "--records",
    "folder",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path("runs/records"),
    show_default=True,
    help="Folder of the records.",
)
def command(
    goals: tuple[str, ...], seconds: float, slice_seconds: float, model: str, seed: int, threads: int, folder: Path
) -> None:
    """Evolve one transform after the other from its record, and replace a record only by a proved better program.

    Time goes to where progress is made. The hunt may be stopped and started at any time, and two hunts may share a
    folder. Without goals it hunts for all transforms that have published counts.

    \b
    Examples:
      gp-fft hunt dft:8 --seconds 60
      gp-fft hunt dft:12 rdft:7 --seconds 3600 --slice 60
    """
    from gp_fft.hunt import Goal, hunt

    if not seconds > 0 or not slice_seconds > 0:
        raise UsageError(f"seconds must be above 0, not {min(seconds, slice_seconds)}")
    wanted = [Goal(_transform(goal), model) for goal in goals or USUAL]
    improved = 0
    try:
        for done in hunt(wanted, folder, seconds, slice_seconds, seed, threads):
            improved += done.verdict.accepted
            before = "-" if done.before is None else f"{done.before:g}"
            found = "-" if done.found is None else f"{done.found:g}"
            click.echo(f"{done.goal.transform.title}: record {before}, found {found}, {done.verdict.reason}")
    except KeyboardInterrupt:
        click.echo("stopped by Ctrl-C; the records are whole, the same command goes on", err=True)
    click.echo(f"{improved} records new or better in {folder}")


def _transform(goal: str) -> transforms.Transform:
    name, separator, size = goal.partition(":")
    if not separator or not size.isdigit():
        raise UsageError(f"a goal is TRANSFORM:N, such as dft:12, not {goal!r}")
    return transforms.get(name, int(size))
