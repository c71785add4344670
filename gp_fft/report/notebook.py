"""A front as a notebook shows it: a table beside the published counts, and the best program drawn."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from gp_fft.draw.formats.svg import to_svg
from gp_fft.ground.words import several
from gp_fft.program.cost import count
from gp_fft.store.standings import BEST, Rule, rivals

if TYPE_CHECKING:
    from gp_fft.search.front import Front

SHOWN = 12


def front_html(front: Front) -> str:
    """The front as HTML without script; names are escaped."""
    rows = sorted(zip(front.claims, front.statuses, front, strict=True), key=lambda row: (row[0].error, row[0].cost))
    published = rivals(front.transform, Rule(front[0].primitives if len(front) else "", free=front.free))
    lines = [_row("th", "error", front.cost_model, "adds", "muls", "depth", "vs best", "status")]
    for claim, status, program in rows[:SHOWN]:
        counts = count(program)
        difference = f"{counts.flops - published[BEST]:+d}" if claim.exact and BEST in published else ""
        error = "exact" if claim.exact else f"{claim.error:.2e}"  # the status says whether that is proved
        lines.append(_row("td", error, f"{claim.cost:g}", counts.adds, counts.muls, counts.depth, difference, status))
    more = f"<p>… and {len(rows) - SHOWN} more, less exact and cheaper</p>" if len(rows) > SHOWN else ""
    best = front.best_exact()
    picture = "" if best is None else to_svg(best)
    head = f"<b>{escape(front.transform.title)}</b>: {several(len(front), 'program')}"
    if published:
        head += f"<p>published: {escape(', '.join(f'{name} {total}' for name, total in published.items()))}</p>"
    return f"<div>{head}<table>{''.join(lines)}</table>{more}{picture}</div>"


def _row(kind: str, *cells: object) -> str:
    return "<tr>" + "".join(f"<{kind}>{escape(str(cell))}</{kind}>" for cell in cells) + "</tr>"
