"""What a page knows of a program: its arrays, its text and its drawing, as plain JSON data.

The page computes row vectors and matrices itself from the arrays, so they are not sent. Colours in the drawing are
CSS variables, so that one drawing serves the light and the dark page.
"""

import math
from collections.abc import Sequence
from dataclasses import fields
from typing import Any

import numpy as np

from gp_fft.draw.formats.svg import to_svg
from gp_fft.draw.theme import THEMES, Theme
from gp_fft.files import ProgramFile
from gp_fft.files.best import is_exact
from gp_fft.program.cost import cost, count, unit_of
from gp_fft.proof import standing
from gp_fft.report.listing import name
from gp_fft.transforms import Transform

MOST_DRAWN = 6_000  # terms of one program; a larger one is not drawn in a page
DRAWN_BESIDE = 1_000  # terms of all programs beside the first that a page draws
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
        "field": program.field,
        "unit": unit_of(program),
        "primitives": program.primitives,
        "priced": cost(program),  # under flops, at the prices of the set
        "counts": {name: getattr(counts, name) for name in ("flops", "adds", "muls", "shifts", "fma", "depth")},
        "lines": str(program).splitlines()[1:],
        "inputs": program.inputs,
        **{key: getattr(program, key).tolist() for key in ("starts", "refs", "sizes", "turns", "outputs")},
        "svg": to_svg(program, VARIABLES) if drawn and program.terms <= MOST_DRAWN else None,
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


def choose(files: Sequence[ProgramFile], first: int, room: int) -> list[int]:
    """Which programs of a page are drawn, or held: the first shown, then others while there is room for their terms.

    The others are spread over the list: every 16th, then every 8th, and so on.
    """
    chosen = {first}
    for k in sorted(range(len(files)), key=lambda k: (-math.gcd(k, 16), k)):
        if k not in chosen and files[k].program.terms <= room:
            room -= files[k].program.terms
            chosen.add(k)
    return sorted(chosen)
