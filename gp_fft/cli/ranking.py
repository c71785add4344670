"""Programs of equal or nearly equal count side by side: which of them is the fastest on this machine."""

import csv
import sys
from collections.abc import Sequence
from pathlib import Path

import click

from gp_fft.cli.options import say
from gp_fft.cli.table import Table, name, number, print_table
from gp_fft.export.compiled import LAYOUTS
from gp_fft.export.ranking import Ranked, Speed, rank
from gp_fft.files.shelf import folders
from gp_fft.store.alike import Found, alike
from gp_fft.store.runs import find
from gp_fft.transforms.scaling import NONE

SPEED = "speed"
HEAD = ("transform", "file", "flops", "depth", "live", "adds", "muls", "fma", "shuffles", "moves")


def print_ranking(places: Sequence[str], root: Path, within: float, batch: int, as_csv: bool) -> None:
    """Measure and print the programs of runs, folders and files, a table for each transform of which there are two."""
    given = [find(place, root) for place in places] or [folder for _, folder in folders()]
    groups = [group for group in alike(given, within, say) if len(group) > 1]
    if not groups:
        where = ", ".join(map(str, given))
        click.echo(
            f"no transform has two exact programs within {within:g} % of each other in {where}; "
            "keep some with: gp-fft evolve dft 8 --keep-equal 8"
        )
        return
    writer = csv.writer(sys.stdout, lineterminator="\n") if as_csv else None
    if writer:
        writer.writerow([*HEAD, *(f"{layout} {what}" for layout in LAYOUTS for what in Speed.__dataclass_fields__)])
    for k, group in enumerate(groups):
        if sys.stderr.isatty():
            say(f"measuring {title(group)}: {len(group)} programs")
        ranked = rank([found.file.program for found in group], batch)
        if writer:
            writer.writerows(_fields(found, told) for found, told in zip(group, ranked, strict=True))
        else:
            click.echo("\n" * bool(k) + title(group))
            _print(group, ranked)


def title(group: Sequence[Found]) -> str:
    """What programs of one transform compute."""
    file = group[0].file
    return file.transform.title + ("" if file.free == NONE else f", scaling {file.free}")


def _print(group: Sequence[Found], ranked: Sequence[Ranked]) -> None:
    """The table of one transform, and which of its programs is the fastest."""
    columns = [number(head, leaves) for layout in LAYOUTS for head, leaves in ((f"{layout} us", 2), ("ratio", 0))]
    table = Table(
        *(number("flops"), number("depth", 3), number("live", 4), number("vector adds, muls, fma", 5)),
        *(number("shuffles", 6), *columns, name("file", 1)),
        more="--csv",
    )
    for found, told in zip(group, ranked, strict=True):
        cells = [cell for layout in LAYOUTS for cell in _cells(told.speeds[layout])]
        made = told.instructions
        counted = [f"{made.adds}, {made.muls}, {made.fma}", str(made.shuffles)] if made else ["", ""]
        table.add_row(
            str(found.flops), str(found.file.program.depth), str(told.live), *counted, *cells, str(found.path)
        )
    print_table(table)
    for layout in LAYOUTS:
        click.echo(f"{layout}: {_fastest(group, [told.speeds[layout] for told in ranked])}")


def _cells(speed: Speed) -> tuple[str, str]:
    return f"{1e6 * speed.median:.3g}", f"{speed.ratio:.2f} ({speed.low:.2f}-{speed.high:.2f})"


def _fastest(group: Sequence[Found], speeds: Sequence[Speed]) -> str:
    """The fastest program, in words."""
    faster = [k for k, speed in enumerate(speeds) if speed.faster]
    if not faster:
        return "none is faster than the first"
    best = max(faster, key=lambda k: speeds[k].ratio)
    return f"{group[best].path} is the fastest, {speeds[best].ratio:.2f} times as fast as the first"


def _fields(found: Found, told: Ranked) -> list[object]:
    """One line of the CSV."""
    made = told.instructions
    counted = [made.adds, made.muls, made.fma, made.shuffles, made.moves] if made else [""] * 5
    speeds = [value for layout in LAYOUTS for value in vars(told.speeds[layout]).values()]
    return [title([found]), found.path, found.flops, found.file.program.depth, told.live, *counted, *speeds]
