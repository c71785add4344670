"""Programs for a transform out of those for the same with other factors at its outputs, as another norm has.

Where each output wants a factor of its own, that is one product more for each; where most want the same one it goes
into the program, where it costs least (see :mod:`gp_fft.construct.rescale`).
"""

from collections import Counter

import numpy as np

from gp_fft.construct.rescale import rescale
from gp_fft.program import Program, Term
from gp_fft.program.cost import EXACT, cost
from gp_fft.transforms import Transform

DIGITS = 12  # to which factors are compared


def renormed(program: Program, transform: Transform) -> Program | None:
    """The cheapest program for ``transform`` out of one that computes it up to factors of its outputs.

    None if it computes something else.
    """
    matrix, wanted = program.matrix(), transform.plain.matrix
    if matrix.shape != wanted.shape or program.field != transform.field or program.primitives:
        return None
    lower = (np.abs(matrix) ** 2).sum(axis=1)
    ratios = (matrix.conj() * wanted).real.sum(axis=1) / np.where(lower > 0, lower, 1.0)
    usual = Counter(np.round(np.abs(ratios), DIGITS).tolist()).most_common(1)[0][0]
    common = float(np.abs(ratios[np.argmin(np.abs(np.abs(ratios) - usual))]))
    made = [_scaled(program, ratios.tolist(), transform.title)]
    if common > 0.0:
        made.append(_scaled(rescale(program, common), (ratios / common).tolist(), transform.title))
    exact = [each for each in made if transform.plain.error(each) < EXACT]
    return min(exact, key=cost, default=None)


def _scaled(program: Program, factors: list[float], title: str) -> Program:
    """The program with output k times ``factors[k]``, put into its terms where it has only one."""
    rows: list[list[Term]] = [list(row) for row in program.rows()]
    outputs = program.outputs.tolist()
    used = {ref for row in rows for _, _, ref in row}
    for k, factor in enumerate(factors):
        if factor == 0.0 or abs(factor - 1.0) < EXACT:
            continue  # 0 is of a row that has nothing of what is wanted
        size, turn, own = abs(factor), 2 * (factor < 0), program.inputs + outputs[k]
        if len(rows[outputs[k]]) == 1 and own not in used:
            ((inner, turned, ref),) = rows[outputs[k]]
            rows[outputs[k]] = [(inner * size, (turned + turn) % 4, ref)]
        else:
            rows.append([(size, turn, own)])
            outputs[k] = len(rows) - 1
    return Program.build(program.inputs, program.field, rows, outputs, title)
