"""`gp-fft watch`: follow a run that goes on in another terminal, until it ends."""

import time
from collections.abc import Iterator
from typing import Any

import click
from rich.console import Console, Group
from rich.live import Live
from rich.progress_bar import ProgressBar
from rich.table import Column
from rich.table import Table as Grid
from rich.text import Text

from gp_fft.cli.drive import progress_line
from gp_fft.cli.table import Table, name, number
from gp_fft.cli.tables import listed
from gp_fft.ground.errors import DataError
from gp_fft.ground.words import several
from gp_fft.store import runs
from gp_fft.store.folders import RunFolder
from gp_fft.store.proofs import judged
from gp_fft.store.runs import Run, open_run
from gp_fft.store.standings import BEST, judged_by, rule_of

WIDTH = 200  # columns where the output is no terminal
SHOWN = 10  # programs of the front
EVERY = 0.5  # seconds between two looks
BLOCKS = "▁▂▃▄▅▆▇█"
TRAIL = 60  # looks that the sparklines remember


@click.command()
@click.argument("run")
@click.option("--once", is_flag=True, help="Show how the run stands now and leave.")
def command(run: str, once: bool) -> None:
    """Follow RUN, a run folder or the name of one under runs/, until it ends; Ctrl-C leaves it running.

    \b
    Examples:
      gp-fft watch runs/dft-8-001
      gp-fft watch --once dft-8-001
    """
    opened = open_run(runs.find(run))
    console = Console(highlight=False, emoji=False)
    if not console.is_terminal:
        console.width = WIDTH
    with runs.reading_records(opened.path):
        if once:
            console.print(picture(opened, _newest(opened), [], opened.running()))
        elif console.is_terminal:
            _live(opened, console)
        else:
            _plain(opened)


def _live(run: RunFolder, console: Console) -> None:
    """The picture, drawn anew at each look."""
    rates: list[float] = []
    with Live(console=console, auto_refresh=False) as live:
        for record, running in _looks(run):
            if record is not None:
                rates = [*rates, record["steps_per_second"]][-TRAIL:]
            live.update(picture(run, record, rates, running), refresh=True)


def _plain(run: RunFolder) -> None:
    """A line for each look that shows something new, for pipes and logs."""
    last = None
    for record, running in _looks(run):
        if record is not None and record["generation"] != last:
            last = record["generation"]
            click.echo(progress_line(record))
        if not running:
            click.echo(f"{run.path} is not running")


def _looks(run: RunFolder) -> Iterator[tuple[dict[str, Any] | None, bool]]:
    """The newest record and whether the run goes on, again and again until it does not; DataError if it is lost."""
    while True:
        try:
            running, record = run.running(), _newest(run)
        except DataError:
            if run.path.exists():
                raise
            raise DataError(f"the run folder {run.path} was moved or deleted while it was watched") from None
        yield record, running
        if not running:
            return
        time.sleep(EVERY)


def _newest(run: RunFolder) -> dict[str, Any] | None:
    """The newest record of the log, with what proofs have found out since."""
    record = run.last_record()
    return record if record is None or not isinstance(run, Run) else judged(run, record)


def picture(run: RunFolder, record: dict[str, Any] | None, rates: list[float], running: bool) -> Group:
    """How a run stands, for the terminal."""
    state = "running" if running else "not running"
    head = Text(f"{run.problem.title}  {run.path}  ({state})", style="bold")
    if record is None:
        return Group(head, Text("nothing logged yet: it is starting" if running else "nothing logged"))
    parts: list[Any] = [head, Text(progress_line(record))]
    share = _used(run, record)
    if share is not None:
        grid = Grid(Column(), Column(no_wrap=True), box=None, show_header=False, pad_edge=False)
        grid.add_row(ProgressBar(total=1.0, completed=share, width=30), f"{share:.0%} of the budget")
        parts.append(grid)
    published = judged_by(run.transform, rule_of(run))[1] if isinstance(run, Run) else {}
    if published and isinstance(run, Run):
        counted = run.problem.unit if _by_own_rule(run) else "flops"
        parts.append(Text(f"published {counted}: {listed(published)}"))
    if len(rates) > 1:
        parts.append(Text(f"steps/s {spark(rates)} {rates[-1]:,.0f}"))
    return Group(*parts, _front(run, record, published.get(BEST)), *_cells(record), _operators(record))


def _front(run: RunFolder, record: dict[str, Any], best: int | None) -> Table:
    """The most exact programs of the front."""
    table = Table(number("error"), number(run.problem.unit), number("vs best"))
    same = isinstance(run, Run) and _by_own_rule(run)
    for error, cost in sorted(record["front"])[:SHOWN]:
        known = best is not None and same and error == 0.0
        table.add_row("exact" if error == 0.0 else f"{error:.1e}", f"{cost:g}", f"{cost - best:+g}" if known else "")
    return table


def _cells(record: dict[str, Any]) -> list[Text]:
    """The rest of a front, a cell for each cost with its error, as many on a line as there is room for."""
    rest = sorted(record["front"])[SHOWN:]
    cells = [f"{cost:g}\u00a0{error:.2g}" for error, cost in rest]  # the two stay on one line
    return [Text(f"and {several(len(rest), 'cell')} more, cost and error: {'  '.join(cells)}")] if rest else []


def _by_own_rule(run: Run) -> bool:
    """Whether the published counts shown are under the cost model of the run."""
    return judged_by(run.transform, rule_of(run))[0].model == run.settings.cost


def _operators(record: dict[str, Any]) -> Table:
    """The operators that improved most often."""
    table = Table(name("operator"), number("tried", 1), number("accepted", 2), number("improved"))
    ranked = sorted(record["operators"].items(), key=lambda item: -item[1][2])
    for operator, tally in ranked[:5]:
        table.add_row(operator, *(f"{number:,}" for number in tally))
    return table


def _used(run: RunFolder, record: dict[str, Any]) -> float | None:
    """The part of the budget that is used, or None if there is none."""
    budgets = (("seconds", run.problem.settings.seconds), ("generation", run.problem.settings.generations))
    shares = [record[name] / budget for name, budget in budgets if budget]
    return min(1.0, max(shares)) if shares else None


def spark(values: list[float]) -> str:
    """Numbers as a line of blocks, the largest the tallest."""
    top = max(values) or 1.0
    return "".join(BLOCKS[min(len(BLOCKS) - 1, int(len(BLOCKS) * value / top))] for value in values)
