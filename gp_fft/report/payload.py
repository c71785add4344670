"""What a page knows of a program: its arrays, its text and its drawing, as plain JSON data.

The page computes row vectors and matrices itself from the arrays, so they are not sent. Colours in the drawing are
CSS variables, so that one drawing serves the light and the dark page.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import fields
from typing import Any

import numpy as np

from gp_fft.draw.formats.svg import to_svg
from gp_fft.draw.theme import THEMES, Theme
from gp_fft.files import ProgramFile
from gp_fft.files.best import is_exact
from gp_fft.program import Program
from gp_fft.program.cost import cost, count
from gp_fft.proof import standing
from gp_fft.report.listing import name
from gp_fft.transforms import Transform

MOST_DRAWN = 6_000  # edges of one program; a larger one is not drawn in a page
DRAWN_BESIDE = 1_000  # edges of all programs beside the first that a page draws
DRAWN_RECORDS = 20_000  # the same for a page of records
HELD_BESIDE = 80_000  # terms of all programs beside the first that a page holds

VARIABLES = Theme(*(f"var(--g-{field.name.replace('_', '-')})" for field in fields(Theme)))


def theme_variables(name: str) -> str:
    """The colours of a theme as CSS declarations of the variables that drawings in a page refer to."""
    return " ".join(
        f"--g-{field.name.replace('_', '-')}: {getattr(THEMES[name], field.name)};" for field in fields(Theme)
    )


def describe_program(file: ProgramFile, model: str, label: str, drawn: bool) -> dict[str, Any]:
    """One program for a page; with its drawing if ``drawn`` and it is not too large."""
    program, counts = file.program, count(file.program)
    return {
        "label": label,
        "title": name(file.transform),
        "hash": program.content_hash,
        "status": standing(file),
        "error": file.error,
        "exact": is_exact(file.error, file.proof),
        "cost": cost(program, model),
        "counts": {name: getattr(counts, name) for name in ("flops", "adds", "muls", "fma", "depth")},
        "lines": str(program).splitlines()[1:],
        "inputs": program.inputs,
        "starts": program.starts.tolist(),
        "refs": program.refs.tolist(),
        "sizes": program.sizes.tolist(),
        "turns": program.turns.tolist(),
        "outputs": program.outputs.tolist(),
        "svg": draw(program) if drawn and edges(program) <= MOST_DRAWN else None,
    }


def describe_target(transform: Transform) -> dict[str, Any]:
    """The matrix of a transform, row by row."""
    matrix = np.asarray(transform.matrix)
    return {
        "shape": list(matrix.shape),
        "field": transform.field,
        "re": matrix.real.ravel().tolist(),
        "im": matrix.imag.ravel().tolist() if np.iscomplexobj(matrix) else [],
    }


def draw(program: Program) -> str:
    """The drawing of a program in the colours of the page."""
    return to_svg(program, VARIABLES)


def edges(program: Program) -> int:
    """About how many edges a drawing has: terms, two of the same reference counted twice."""
    return len(program.refs)


def choose_drawn(files: Sequence[ProgramFile], first: int, room: int = DRAWN_BESIDE) -> set[int]:
    """Which programs of a page are drawn: the first shown, then others spread over the list while there is room."""
    return _choose(files, first, room)


def choose_held(files: Sequence[ProgramFile], first: int) -> list[ProgramFile]:
    """The programs of a front that a page holds, in order: all, unless they would make it too large."""
    return [files[k] for k in sorted(_choose(files, first, HELD_BESIDE))]


def _choose(files: Sequence[ProgramFile], first: int, room: int) -> set[int]:
    """The first, then others spread over the list while there is room for their terms."""
    chosen = {first}
    for k in _spread(len(files)):
        if k not in chosen and edges(files[k].program) <= room:
            room -= edges(files[k].program)
            chosen.add(k)
    return chosen


def _spread(count: int) -> Iterable[int]:
    """0 to count - 1, each once: first every 16th, then every 8th, and so on."""
    seen = set()
    for step in (16, 8, 4, 2, 1):
        for k in range(0, count, step):
            if k not in seen:
                seen.add(k)
                yield k
