"""The page of a scheme: the recursion drawn, T(n) beside the textbook, the lineage, the sizes verified, the proof.

One self-contained HTML file without a script; everything that comes from files is escaped by the template engine.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any

from jinja2 import Environment
from markupsafe import Markup

from gp_fft.draw.recursion import to_svg
from gp_fft.draw.theme import get_theme
from gp_fft.evolution.members import Record
from gp_fft.ground.version import __version__
from gp_fft.schemes.files import SchemeFile
from gp_fft.schemes.operations import solve
from gp_fft.schemes.proving import prove
from gp_fft.schemes.running import verify_sizes
from gp_fft.schemes.textbook import definition, rivals

_PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>{{ title }}</title>
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:">
<meta name="viewport" content="width=device-width">
<style>
body { font: 15px/1.5 sans-serif; max-width: 62rem; margin: 2rem auto; padding: 0 1rem; color: #1b1f24; }
pre { background: #f6f8fa; padding: .8rem; overflow-x: auto; } figure { margin: 1rem 0; overflow-x: auto; }
table { border-collapse: collapse; } td, th { padding: .15rem .7rem; text-align: right; border-bottom: 1px solid #ddd; }
svg { max-width: 100%; height: auto; }
</style></head><body>
<h1>{{ title }}</h1>
<p><b>{{ headline }}</b>; {{ proof }}.</p>
<h2 id="recursion">The recursion</h2>
<figure>{{ drawn }}</figure>
<pre>{{ text }}</pre>
<h2 id="operations">Operations</h2>
<p>{{ recurrence }}{% if closed %}, which is T(n) = {{ closed }}{% endif %}; it grows as {{ growth }}.</p>
<figure>{{ plot }}</figure>
<table><tr>{% for head in heads %}<th>{{ head }}</th>{% endfor %}</tr>
{% for row in rows %}<tr>{% for cell in row %}<td>{{ cell }}</td>{% endfor %}</tr>
{% endfor %}</table>
<h2 id="verified">Sizes verified</h2>
<p>By real recursion on random vectors; sizes above {{ scored }} were never scored.</p>
<table><tr><th>n</th><th>relative error</th><th></th></tr>
{% for one in sizes %}<tr><td>{{ one.n }}</td><td>{{ "%.1e"|format(one.error) }}</td>
<td>{{ "ok" if one.passed else "FAILED" }}</td></tr>
{% endfor %}</table>
<h2 id="lineage">Lineage</h2>
{% if lineage %}<table><tr><th>generation</th><th>schemes scored</th><th>error</th><th>T({{ priced }})</th></tr>
{% for event in lineage %}<tr>{% for cell in event %}<td>{{ cell }}</td>{% endfor %}</tr>
{% endfor %}</table>{% else %}<p>Not known.</p>{% endif %}
{% if search %}<h2 id="search">How the search went</h2><figure>{{ search }}</figure>{% endif %}
<p>{% if command %}Made by: <code>{{ command }}</code>. {% endif %}gp-fft {{ version }}.</p>
</body></html>
"""


def scheme_page(file: SchemeFile, log: Sequence[Record] = ()) -> str:
    """The page of a scheme, with the search that found it where its log is given."""
    scheme, solution = file.scheme, solve(file.scheme)
    beside = rivals(scheme.family, max(file.operations))
    rows = [
        [n, count, definition(scheme.family.transform, n) or "", *(known.get(n, "") for known in beside.values())]
        for n, count in file.operations.items()
        if n > 1
    ]
    lineage = file.provenance.get("lineage") or []
    priced = scheme.family.members(256)[-1]
    context: dict[str, Any] = {
        "title": f"{scheme.family.title}: one program for every n",
        "headline": f"T({priced}) = {file.operations[priced]} flops" if file.exact else "not right yet",
        "proof": prove(scheme).statement,
        "drawn": Markup(to_svg(scheme, get_theme("light"))),  # our own, its texts escaped
        "text": file.text,
        "recurrence": solution.recurrence,
        "closed": solution.closed,
        "growth": solution.growth,
        "plot": Markup(operations_plot(file, beside)),
        "heads": ["n", "T(n)", "definition", *beside],
        "rows": rows,
        "sizes": verify_sizes(scheme, 1024),
        "scored": 16 if scheme.family.prime == 2 else 27,
        "lineage": [[_cell(cell) for cell in event] for event in lineage if isinstance(event, list)][-64:],
        "priced": priced,
        "search": Markup(_search_plot(log)) if log else "",
        "command": str(file.provenance.get("command", "")),
        "version": __version__,
    }
    return Environment(autoescape=True).from_string(_PAGE).render(context)


def _cell(value: Any) -> str:
    """A number of the lineage in few digits; whatever else a file says there, cut."""
    if isinstance(value, float):
        return f"{value:.3g}" if abs(value) < 1 else f"{value:.0f}"
    return str(value)[:24]


def operations_plot(file: SchemeFile, beside: dict[str, dict[int, int]]) -> str:
    """T(n) over n, both logarithmic, beside the textbook and n squared, as SVG."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(8, 4.6), layout="constrained")
    axes = figure.subplots()
    known = {n: count for n, count in file.operations.items() if n > 1}
    axes.loglog(list(known), list(known.values()), "o-", color="#b34700", label="this scheme", zorder=3)
    for (name, column), style in zip(beside.items(), (":", "-.", "--", "-"), strict=False):
        axes.loglog([n for n in column if n > 1], [c for n, c in column.items() if n > 1], style, label=name, lw=1)
    dense = {n: definition(file.scheme.family.transform, n) for n in known}
    axes.loglog([n for n, c in dense.items() if c], [c for c in dense.values() if c], "s", ms=3, label="definition")
    axes.loglog(list(known), [n * n for n in known], color="#999999", lw=0.8, label="n²")
    axes.set(xlabel="n", ylabel="flops")
    axes.grid(alpha=0.3)
    axes.legend(fontsize=8)
    return _svg(figure)


def _search_plot(log: Sequence[Record]) -> str:
    """The least error, and the cost of the cheapest right scheme, over the generations, as SVG."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(8, 3.6), layout="constrained")
    axes = figure.subplots()
    axes.plot(
        [one["generation"] for one in log], [one["best_error"] for one in log], color="#0067a8", label="least error"
    )
    axes.set(xlabel="generation", ylabel="least error")
    other = axes.twinx()
    right = [one for one in log if one["best_exact_cost"] is not None]
    other.plot([one["generation"] for one in right], [one["best_exact_cost"] for one in right], "--", color="#b34700")
    other.set_ylabel("flops of the best right scheme")
    return _svg(figure)


def _svg(figure: Any) -> str:
    """A figure as SVG that can stand in a page."""
    import matplotlib

    out = io.StringIO()
    with matplotlib.rc_context({"svg.hashsalt": "gp-fft", "svg.fonttype": "none"}):
        figure.savefig(out, format="svg", metadata={"Date": None})
    text = out.getvalue()
    return text[text.index("<svg") :]
