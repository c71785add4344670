"""The page of a run, a program or the records: one HTML file that opens offline, rendered from a Jinja template.

Everything that comes from files is escaped: text by the template engine; data are packed (gzip, base64), so that no
markup can occur in them. A content security policy in the page forbids every request.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict
from typing import Any

from bokeh.embed import json_item
from bokeh.resources import Resources
from markupsafe import Markup

from gp_fft.files import ProgramFile, describe
from gp_fft.files.best import best_place
from gp_fft.files.shelf import Shelf
from gp_fft.ground.errors import DataError
from gp_fft.ground.version import __version__
from gp_fft.ground.words import quoted, several
from gp_fft.program.cost import cost
from gp_fft.report import charts, facts, listing
from gp_fft.report.payload import (
    DRAWN_BESIDE,
    DRAWN_RECORDS,
    HELD_BESIDE,
    choose,
    describe_program,
    describe_target,
)
from gp_fft.report.templates import asset, pack, style, template
from gp_fft.search.objectives import asked
from gp_fft.search.settings import Settings
from gp_fft.store.alternatives import beside, measure_of, measured
from gp_fft.store.runs import Run, reading_records
from gp_fft.store.standings import BEST, Entry, Other, Rule, rivals, rule_of

SCRIPTS = ("program.js", "graph.js", "page.js")
MOST_MOMENTS = 600  # lines of the log that a page draws; of a longer log, evenly spaced ones and every improvement
Context = dict[str, Any]
Follow = Callable[[list[ProgramFile]], Iterator[ProgramFile]]


def run_page(run: Run) -> str:
    """The page of a run; DataError if nothing was found yet."""
    files, log = run.look()
    if not files:
        again = f"gp-fft resume {quoted(run.path)}"
        raise DataError(f"the run {run.path} has no program on its front yet; go on with: {again}")
    model = run.settings.cost
    files.sort(key=lambda file: (cost(file.program, model), file.error))
    total = len(files)
    files = [files[k] for k in choose(files, best_place(files, model), HELD_BESIDE)]
    best = best_place(files, model)
    context = _programs(files, [file.program.content_hash[:12] for file in files], best, model)
    with reading_records(run.path):
        moments = thin_out(log)
    again = run.command(budget=False) + (f" --generations {moments[-1]['generation']}" if moments else "")
    _add_champion(context, files[best], again)
    context["listed_title"] = "Pareto front"
    context["list"] = listing.front(
        context["listed"], run.problem.unit, _objectives(run.settings, files, context["listed"])
    )
    context["created"], context["left_out"] = run.created, total - len(files)
    shown = context["data"]["programs"][: len(files)]
    shown = [{**told, "error": error} for told, error in zip(shown, measured(run, files), strict=True)]
    others, title = beside(run, Shelf.open(), most=1), measure_of(run).title
    context["charts"]["chart-front"] = charts.front_chart(shown, run.problem.unit, others, title)
    with reading_records(run.path):
        known = rivals(run.transform, rule_of(run))
        _add_search(context, moments, run.problem.unit, known)
        return render(context)


def _objectives(
    settings: Settings, files: Sequence[ProgramFile], listed: Sequence[dict[str, Any]]
) -> dict[str, list[int]]:
    """What the settings limit, or have as an axis, of each program that is listed, by name."""
    programs = {file.program.content_hash: file.program for file in files}
    return {
        objective.column.replace("_", " "): [getattr(programs[told["hash"]], objective.column) for told in listed]
        for objective in asked(settings)
    }


def program_page(file: ProgramFile) -> str:
    """The page of one program."""
    context = _programs([file], [file.program.content_hash[:12]], 0, "flops")
    _add_champion(context, file)
    return render(context)


def records_page(entries: list[Entry], others: Sequence[Other] = (), follow: Follow = iter) -> str:
    """The page of all records, each beside the published counts; DataError if there are none.

    Args:
        entries: the best program of each transform under ``flops``.
        others: the records under other cost models.
        follow: passes the files on, one by one as they are drawn, and may tell how far that has come.
    """
    if not entries:
        raise DataError("there are no records; evolve some programs, or give a run or a program file")
    records: list[Entry | Other] = [*entries, *others]
    records.sort(key=lambda record: (record.file.transform.name, record.file.transform.shape))
    names = [listing.name(record.file.transform) for record in records]
    context = _programs([record.file for record in records], names, 0, "flops", DRAWN_RECORDS, follow)
    context["list"] = listing.records(records, [program["status"] for program in context["listed"]])
    context |= {"title": "Records", "listed_title": "Best known programs"}
    return render(context)


def thin_out(log: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The first and the last line of a log, every improvement and evenly spaced lines between."""
    step = max(1, len(log) // MOST_MOMENTS)
    costs = [None, *(line["best_exact_cost"] for line in log)]
    last = len(log) - 1
    return [line for k, line in enumerate(log) if costs[k] != costs[k + 1] or k % step == 0 or k == last]


def render(context: Context) -> str:
    """The HTML of a context whose charts are Bokeh figures."""
    items = {place: json_item(chart) for place, chart in context["charts"].items()}
    context["data"]["charts"] = items
    page = template("page.html").render(
        context,
        css=Markup(style()),
        packed=pack(context["data"]),
        bokeh=Markup(Resources(mode="inline", components=["bokeh"], log_level="warn").render_js()),
        script=Markup("\n".join(asset(name) for name in SCRIPTS)),
        version=__version__,
    )
    return str(page)


def _programs(
    files: list[ProgramFile], labels: list[str], first: int, model: str, room: int = DRAWN_BESIDE,
    follow: Follow = iter,
) -> Context:  # fmt: skip
    """What every page has: its programs, their targets, the textbook programs beside them, heat maps."""
    drawn = choose(files, first, room)
    programs = [
        describe_program(file, model, label, k in drawn)
        for k, (file, label) in enumerate(zip(follow(files), labels, strict=True))
    ]
    listed = list(programs)  # the textbook programs follow
    targets, textbook = {}, {}
    for k, file in enumerate(files):
        key = programs[k]["target"] = repr(sorted(file.transform.spec.items()))
        if key not in targets:
            targets[key] = describe_target(file.transform)
            twin = facts.textbooks(file.transform).get("radix-2")
            if twin is not None:
                textbook[key] = len(programs)
                described = describe_program(describe(twin, file.transform), model, "radix-2", True)
                programs.append({**described, "target": key})
    rows, columns = targets[programs[first]["target"]]["shape"]
    heats = (("heat-program", "the program"), ("heat-target", "the transform"), ("heat-error", "where the error sits"))
    return {
        "title": listing.name(files[first].transform),
        "data": {"programs": programs, "targets": targets, "textbook": textbook, "first": first},
        "listed": listed,
        "list": None,
        "charts": {f"chart-{name}": charts.heat_chart(name, title, rows, columns) for name, title in heats},
        **dict.fromkeys(("champion", "factors", "created", "search", "listed_title", "left_out"), ""),
        "events": [],
    }


def _add_champion(context: Context, file: ProgramFile, again: str = "") -> None:
    """The summary of the best program."""
    context["champion"] = context["data"]["programs"][context["data"]["first"]]
    context["verdict"] = facts.verdict(file)
    context["rivals"] = facts.compare(file)
    context["checks"] = facts.checks(file)
    context["origin"] = asdict(facts.origin(file, again))
    context["proof"] = facts.proof(file)
    context["accuracy"] = facts.accuracy(file)
    context["factors"] = facts.factors(file)
    context["events"] = facts.lineage(file)
    if context["events"]:
        known = rivals(file.transform, Rule.of(file))
        best = {BEST: known[BEST]} if BEST in known else {}
        context["charts"]["chart-lineage"] = charts.lineage_chart(context["events"], best)


def _add_search(context: Context, log: list[dict[str, Any]], unit: str, known: dict[str, int]) -> None:
    """The charts of the log; nothing if it is empty."""
    if not log:
        return
    last = log[-1]
    context["search"] = (
        f"{several(last['generation'], 'generation')} in {last['seconds']:.4g} s: "
        f"{last['steps']:,} steps, {last['evaluations']:,} programs scored."
    )
    exact = any(line["best_exact_cost"] is not None for line in log)
    context["convergence"] = "Best exact count" if exact else "Smallest error"
    context["charts"] |= charts.search_charts(log, unit, known)
