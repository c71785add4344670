"""The picture of a scheme: one level of the recursion from left to right, the call as a box, every vector once.

A vector stands in the column behind the last of what it is made of (Sugiyama, Tagawa and Toda, 1981, without crossings
minimised: schemes are small), its length on its edge.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from xml.sax.saxutils import escape

from gp_fft.draw.theme import Theme, get_theme
from gp_fft.ground.atomic import atomic_write
from gp_fft.ground.errors import UsageError
from gp_fft.schemes.scheme import CALL, SUM, Scheme, Step

COLUMN, ROW, HIGH, EDGE = 170, 56, 30, 24
LETTER = 7.2  # width of a letter at the size used
TURNS = ("", "i", "-1", "-i")
SUFFIXES = (".svg", ".dot")
ORDINALS = {2: "2nd", 3: "3rd"}


def label(scheme: Scheme, step: Step) -> str:
    """What a step does, in a few words."""
    form, prime = step.form, scheme.family.prime
    if form.name == SUM:
        return "+"
    if form.name == CALL:
        return scheme.family.transform
    radix = prime**form.levels
    words = {
        "stride": f"every {ORDINALS.get(radix, f'{radix}th')} from {form.k}",
        "block": f"block {form.k} of {radix}",
        "twiddle": f"w^{'' if form.k == 1 else form.k}j".replace("^-j", "^-1j"),
    }
    more = f" {form.k}/{form.of}" if form.of else f" {form.k}" if form.k and form.name not in words else ""
    return words.get(form.name, form.name + more)


def length(scheme: Scheme, ref: int) -> str:
    """How long a vector is, in words."""
    level = scheme.levels[ref]
    return f"n/{scheme.family.prime**level}" if level else "n"


def columns(scheme: Scheme) -> list[int]:
    """The column of every vector, the input first."""
    places = [0]
    for step in scheme.steps:
        places.append(1 + max(places[ref] for ref, _ in step.arguments))
    return places


def to_svg(scheme: Scheme, theme: Theme) -> str:
    """One level of a scheme as SVG."""
    places = columns(scheme)
    rows = [0.0] * len(places)
    held: dict[int, set[int]] = {}
    for ref, column in enumerate(places):
        above = [rows[a] / ROW for a, _ in scheme.steps[ref - 1].arguments] if ref else [0.0]
        wanted = int(sum(above) / len(above))
        taken = held.setdefault(column, set())
        row = next(at for k in range(len(places) + 1) for at in (wanted + k, wanted - k) if at >= 0 and at not in taken)
        taken.add(row)
        rows[ref] = row * ROW
    wide, high = EDGE * 2 + COLUMN * (max(places) + 1), EDGE * 2 + max(rows) + ROW
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {wide} {high:g}" width="{wide}" height="{high:g}" '
        f'font-family="sans-serif" font-size="12"><title>{escape(scheme.family.title)}</title>',
        f'<rect width="100%" height="100%" fill="{theme.paper}"/>',
    ]
    centres = [(EDGE + COLUMN * (column + 0.5), EDGE + ROW / 2 + row) for column, row in zip(places, rows, strict=True)]
    parts += _edges(scheme, centres, theme)
    parts += _nodes(scheme, centres, theme)
    return "\n".join([*parts, "</svg>\n"])


def _edges(scheme: Scheme, centres: list[tuple[float, float]], theme: Theme) -> Iterator[str]:
    for ref, step in enumerate(scheme.steps, 1):
        x, y = centres[ref]
        right = x - _half(scheme, ref)
        for k, (other, turn) in enumerate(step.arguments):
            a, b = centres[other]
            left, end = a + _half(scheme, other), y + (k - (len(step.arguments) - 1) / 2) * 7
            colour = (theme.wire, theme.turned, theme.minus, theme.turned)[turn]
            dash = ' stroke-dasharray="5 3"' if turn else ""
            bend = (left + right) / 2
            yield (
                f'<path d="M{left:.1f} {b:.1f} C{bend:.1f} {b:.1f} {bend:.1f} {end:.1f} {right:.1f} {end:.1f}" '
                f'fill="none" stroke="{colour}" stroke-width="1.3"{dash}/>'
            )
            if turn:
                said = f'fill="{colour}" font-size="10">{TURNS[turn]}</text>'
                yield f'<text x="{right - 14:.1f}" y="{end - 4:.1f}" {said}'


def _half(scheme: Scheme, ref: int) -> float:
    """Half the width of a node."""
    if ref == 0:
        return 14
    return max(14.0, LETTER * len(label(scheme, scheme.steps[ref - 1])) / 2 + 8)


def _nodes(scheme: Scheme, centres: list[tuple[float, float]], theme: Theme) -> Iterator[str]:
    uses = [ref for step in scheme.steps for ref, _ in step.arguments]
    for ref, (x, y) in enumerate(centres):
        step = scheme.steps[ref - 1] if ref else None
        call = step is not None and step.form.name == CALL
        shared = uses.count(ref) > 1
        half, border = _half(scheme, ref), theme.shared if shared else theme.terminal
        fill = theme.scale_fill if call else theme.shared_fill if shared else theme.node_fill
        corner, thick = (0, 2.4) if call else (8, 1.2)
        said = "x" if step is None else label(scheme, step)
        last = " = y" if ref == len(scheme.steps) else ""
        yield (
            f'<g><title>{escape(said)}, {length(scheme, ref)} entries</title><rect x="{x - half:.1f}" '
            f'y="{y - HIGH / 2:.1f}" width="{2 * half:.1f}" height="{HIGH}" rx="{corner}" fill="{fill}" '
            f'stroke="{border}" stroke-width="{thick}"/><text x="{x:.1f}" y="{y + 4:.1f}" text-anchor="middle" '
            f'fill="{theme.ink}">{escape(said)}</text><text x="{x:.1f}" y="{y + HIGH / 2 + 11:.1f}" '
            f'text-anchor="middle" fill="{theme.faint}" font-size="9">{length(scheme, ref)}{last}</text></g>'
        )


def to_dot(scheme: Scheme) -> str:
    """One level of a scheme for Graphviz."""
    lines = [
        f'digraph "{scheme.family.title}" {{',
        "  rankdir=LR; node [shape=box, style=rounded];",
        '  v0 [label="x"];',
    ]
    for ref, step in enumerate(scheme.steps, 1):
        box = ", style=bold" if step.form.name == CALL else ""
        lines.append(f'  v{ref} [label="{label(scheme, step)}\\n{length(scheme, ref)}"{box}];')
        for other, turn in step.arguments:
            lines.append(f"  v{other} -> v{ref}{f' [label={chr(34)}{TURNS[turn]}{chr(34)}]' if turn else ''};")
    return "\n".join([*lines, "}\n"])


def write(scheme: Scheme, path: Path, theme: str = "light") -> None:
    """Draw one level of a scheme; UsageError for another ending than those of :data:`SUFFIXES`."""
    suffix, colours = path.suffix.lower(), get_theme(theme)
    if suffix not in SUFFIXES:
        known = ", ".join(SUFFIXES)
        raise UsageError(f"one level of a scheme is drawn as {known}, not {path.name!r}; --unroll N knows more formats")
    atomic_write(path, (to_svg(scheme, colours) if suffix == ".svg" else to_dot(scheme)).encode())
