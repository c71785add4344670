"""What the documentation takes from the code when it is built: pictures, the command line, the Python API.

MkDocs calls :func:`on_files`; the tests call the functions that make the pages. Nothing made here is committed, so
nothing here can be out of date.
"""

from __future__ import annotations

import inspect
import io
import re
from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

import click
import numpy as np
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files

import gp_fft
from docs.house_picture import house_picture
from gp_fft.cli import COMMANDS, cli
from gp_fft.construct import textbook
from gp_fft.draw import recursion
from gp_fft.draw.formats.svg import to_svg
from gp_fft.draw.theme import get_theme
from gp_fft.files.shelf import Shelf
from gp_fft.ground import shipped
from gp_fft.kernels.operator import Operator
from gp_fft.report.scheme_page import operations_plot
from gp_fft.schemes.family import Family
from gp_fft.schemes.files import describe
from gp_fft.schemes.settings import Asked
from gp_fft.schemes.textbook import rivals
from gp_fft.search.operators import OPERATORS, drawn
from gp_fft.search.settings import Settings
from primitives.base import FIELDS

WIDTH = 100
MODULES = (
    "gp_fft.draw.graph",
    "gp_fft.draw.formats",
    "gp_fft.construct.textbook",
    "gp_fft.transforms.measures",
    "gp_fft.transforms.published",
    "gp_fft.store.runs",
    "gp_fft.proof.verify",
)
ROLE = re.compile(r":[a-z]+:`~?([^`]+)`")


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Add the generated pages and pictures to the site."""
    made: dict[str, Callable[[], str]] = {"cli.md": cli_page, "api.md": api_page, "operators.md": operators_page}
    for name, make in made.items():
        files.append(File.generated(config, name, content=make()))
    for name, content in pictures():
        files.append(File.generated(config, f"pictures/{name}", content=content))
    for path, content in catalogue():
        files.append(File.generated(config, f"catalogue/{path}", content=content))
    return files


@cache
def catalogue() -> tuple[tuple[str, bytes], ...]:
    """The files of the catalogue of the shipped records; made once, also where the documentation is built again."""
    from gp_fft.report.site import records_of, site

    shelf = Shelf.open(shipped.folder("_records"))
    return tuple((part.path, part.content) for part in site(records_of(shelf)))


def cli_page() -> str:
    """Every command with its help text."""
    parts = ["# Command line", "What `gp-fft COMMAND --help` prints. Every example here is run by the tests.", ""]
    parts += ["```text", _help(cli, "gp-fft"), "```", ""]
    for name in COMMANDS:
        command = cli.get_command(click.Context(cli), name)
        assert command is not None
        parts += [f"## gp-fft {name}", "", "```text", _help(command, f"gp-fft {name}"), "```", ""]
    return "\n".join(parts)


def _help(command: click.Command, path: str) -> str:
    settings = {"help_option_names": ["-h", "--help"]}
    return command.get_help(click.Context(command, info_name=path, terminal_width=WIDTH, **settings))


def api_page() -> str:
    """Every public name of gp_fft, and the modules that people use directly."""
    parts = ["# Python", "Every public name of `gp_fft`, then the modules that people import from.", ""]
    for name in public_names():
        parts += _described(f"gp_fft.{name}", getattr(gp_fft, name))
    for name in MODULES:
        module = __import__(name, fromlist=["_"])
        parts += [f"## {name}", "", "```text", _docstring(module), "```", ""]
        for found, thing in vars(module).items():
            public = not found.startswith("_") and getattr(thing, "__module__", "") == name
            if public and inspect.isfunction(thing):
                parts += _described(f"{name}.{found}", thing, "###")
    return "\n".join(parts)


def public_names() -> list[str]:
    """The names that `import gp_fft` offers, but for its modules."""
    return sorted(gp_fft._PLACES)


def _described(path: str, thing: Any, level: str = "##") -> list[str]:
    """Heading, signature and docstring of one name; of a class its public methods as well."""
    told = _docstring(thing) if callable(thing) else f"= {thing!r}"
    parts = [f"{level} {path}", "", "```text", f"{path}{_signature(thing)}", "", told]
    classes = inspect.getmro(thing) if inspect.isclass(thing) else ()
    ours = [cls for cls in classes if cls.__module__.startswith("gp_fft.")]
    for name, method in {name: method for cls in ours[::-1] for name, method in vars(cls).items()}.items():
        shown = method.fget if isinstance(method, property) else getattr(method, "__func__", method)
        if not name.startswith("_") and inspect.isfunction(shown):
            parts += ["", f"    .{name}{'' if isinstance(method, property) else _signature(shown)}"]
            parts += ["        " + line for line in _docstring(shown).splitlines()]
    return [*parts, "```", ""]


def _docstring(thing: Any) -> str:
    return ROLE.sub(r"\1", inspect.getdoc(thing) or "")


def _signature(thing: Any) -> str:
    try:
        return str(inspect.signature(thing)) if callable(thing) else ""
    except ValueError:
        return ""


OPERATORS_TEXT = """The chance is that with which an operator is drawn beside those that are usual: a rewrite or
a mutation at each step of its kind (without some, the others share their part), what acts on a whole program before the
steps of a burst, what belongs to a cycle when a cycle begins. What is not usual on the data of a transform is switched
on with `--with`, and what is can be switched off with `--without`."""


def _usual_on(operator: Operator) -> str:
    return "all data" if operator.fields == FIELDS else ", ".join(operator.fields) or "nothing"


def operators_page() -> str:
    """The table of the operators of the search."""
    rows = [
        f"| `{op.name}` | {op.kind} | {_usual_on(op)} | {100 * drawn(op):.3g} % | {op.description} |"
        for op in OPERATORS
    ]
    head = ["# Operators", "", OPERATORS_TEXT, "", "| operator | kind | usual on | chance | what it does |"]
    return "\n".join([*head, "|---|---|---|--:|---|", *rows, ""])


def pictures() -> Iterator[tuple[str, str]]:
    """The pictures of the documentation by file name, as SVG; one small evolution with a fixed seed."""
    from gp_fft.search.loop import generations
    from gp_fft.search.start import random_genome

    four, eight = gp_fft.dft(4), gp_fft.dft(8)
    yield "house.svg", house_picture()
    yield "random.svg", to_svg(random_genome(four, np.random.default_rng(3)).program)
    yield "definition.svg", to_svg(textbook.definition(four))
    yield "radix2.svg", to_svg(textbook.radix2(eight))
    settings = Settings(seed=1, generations=60, target_cost=56)
    reached = list(generations(eight, settings))
    best = reached[-1][0].best_exact()
    if best is not None:
        yield "evolved.svg", to_svg(best.program)
        yield "lineage.svg", _plot(lambda axes: _draw_lineage(axes, best.lineage))
    yield "fronts.svg", _plot(lambda axes: _draw_fronts(axes, [record for _, record in reached]))
    yield from scheme_pictures()


def scheme_pictures() -> Iterator[tuple[str, str]]:
    """The pictures of docs/algorithms.md: what the run that it tells of had at three generations."""
    from gp_fft.schemes.discovery import generations

    light = get_theme("light")
    told = {2: "scheme-first.svg", 3: "scheme-halves.svg", 8: "scheme-split.svg"}
    for state, _ in generations(Family("dft", 2), Asked(seed=6, generations=8)):
        best = state.best_exact()
        if best is not None and state.generation in told:
            yield told[state.generation], recursion.to_svg(best.scheme, light)
            last = best.scheme
    yield "scheme-operations.svg", operations_plot(describe(last), rivals(last.family, 4096))


def _plot(draw: Callable[[Any], None]) -> str:
    figure = Figure(figsize=(7, 3.6), layout="constrained")
    FigureCanvasSVG(figure)
    axes = figure.subplots()
    axes.grid(alpha=0.3)
    draw(axes)
    buffer = io.StringIO()
    figure.savefig(buffer, format="svg")
    return buffer.getvalue()


def _draw_lineage(axes: Any, line: Any) -> None:
    """Counts along the line of ancestors of the champion."""
    axes.step(range(len(line)), [event.after for event in line], where="post", color="gray")
    for exact, style in ((False, "D"), (True, "o")):
        points = [(k, event.after) for k, event in enumerate(line) if (event.error == 0.0) == exact]
        label = "exact" if exact else "not exact yet"
        axes.plot([x for x, _ in points], [y for _, y in points], style, label=label)
    axes.set_xlabel("event on the line of ancestors")
    axes.set_ylabel("flops")
    axes.legend()


def _draw_fronts(axes: Any, records: list[dict[str, Any]]) -> None:
    """The front at four moments of a run; exact programs stand at 1e-3."""
    for k in sorted({0, len(records) // 3, 2 * len(records) // 3, len(records) - 1}):
        points = sorted((cost, max(error, 1e-3)) for error, cost in records[k]["front"])
        label = f"generation {records[k]['generation']}"
        axes.step([x for x, _ in points], [y for _, y in points], "o-", where="post", markersize=3, label=label)
    axes.set_yscale("log")
    axes.set_xlabel("flops")
    axes.set_ylabel("error (exact at the bottom)")
    axes.legend()
