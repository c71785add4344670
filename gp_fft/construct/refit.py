"""Constants refitted by least squares: the sizes of a program's distinct products, all at once, to a matrix.

The parameters are the products that are not by 1, as many as the multiplications that are paid for, so a refit costs
nothing. Gauss-Newton steps (C. F. Gauss 1809) with the damping of K. Levenberg (1944) and D. W. Marquardt (1963);
factors of the outputs that are free are fitted anew between the steps.
"""

from __future__ import annotations

import numpy as np

from gp_fft.construct.baseline import LEAST, Rows
from gp_fft.construct.slopes import Array, Slopes, products
from gp_fft.transforms.scaling import BOTH, NONE, OUTPUTS

STEPS = 100
ENOUGH = 1e-7  # relative gain of a step below which no other follows


def target_of(matrix: Array, target: Array, free: str) -> tuple[Array, float]:
    """What a matrix should have been, in its own scale, and its squared error in the scale of the target.

    Factors are fitted to all outputs or one by one, as far as they are free; those of inputs are not.
    """
    if free == NONE:
        return target, float(np.linalg.norm(matrix - target) ** 2)
    axis = 1 if free in (OUTPUTS, BOTH) else None
    upper = np.sum((matrix.conj() * target).real, axis=axis, keepdims=True)
    lower = np.sum(np.abs(matrix) ** 2, axis=axis, keepdims=True)
    factor = np.where(lower > 0, upper / np.where(lower > 0, lower, 1.0), 0.0)
    error = float(np.linalg.norm(factor * matrix - target) ** 2)
    usable = np.abs(factor) > LEAST
    return np.where(usable, target / np.where(usable, factor, 1.0), matrix), error


def refit(inputs: int, rows: Rows, outputs: list[int], target: Array, field: str, free: str = NONE) -> Rows:
    """The rows with the sizes of their products fitted to ``target`` ``(outputs, inputs)``; never a worse error."""
    current = [list(row) for row in rows]
    users = list(products(current).values())
    if not users:
        return current
    slopes = Slopes.of(inputs, current, outputs, field)
    wanted, error = target_of(slopes.matrix(outputs), target, free)
    damping = 1e-4
    for _ in range(STEPS):
        step = _step(slopes, current, users, wanted - slopes.matrix(outputs), damping)
        tried = _moved(current, users, step)
        new = Slopes.of(inputs, tried, outputs, field)
        near, after = target_of(new.matrix(outputs), target, free)
        if not after < error:
            damping *= 10.0
            if damping > 1e3:
                break
            continue
        gain = error - after
        current, slopes, wanted, error, damping = tried, new, near, after, max(damping / 10.0, 1e-12)
        if gain < ENOUGH * error:
            break
    return current


def _step(slopes: Slopes, rows: Rows, users: list[list[tuple[int, int]]], gap: Array, damping: float) -> Array:
    """The damped Gauss-Newton step of all parameters."""
    columns = []
    for terms in users:
        above = sum(slopes.term(d, rows[d][place][1]) for d, place in terms)
        d, place = terms[0]
        columns.append(np.outer(above, slopes.values[rows[d][place][2]]).ravel())
    slope = np.array(columns).T
    if np.iscomplexobj(slope):
        slope, gap = np.concatenate([slope.real, slope.imag]), np.concatenate([gap.ravel().real, gap.ravel().imag])
    normal = slope.T @ slope
    scale = np.diag(normal).copy() + 1e-12
    step: Array = np.linalg.solve(normal + np.diag(damping * scale), slope.T @ gap.ravel())
    return step


def _moved(rows: Rows, users: list[list[tuple[int, int]]], step: Array) -> Rows:
    """The rows with every parameter moved; one that passes zero changes the sign of its terms."""
    moved = [list(row) for row in rows]
    for terms, change in zip(users, step.tolist(), strict=True):
        for d, place in terms:
            size, turn, ref = moved[d][place]
            size += change
            moved[d][place] = abs(size), (turn + 2 * (size < 0)) % 4, ref
    return moved
