"""What numpy and scipy say a transform does to signals: the opinion from outside to verify against.

Nothing here reads gp-fft's own matrices (except for the transform `matrix`, which is nothing but its matrix): the
functions stand as oracles in the table of transforms. Two-dimensional transforms act along both axes of the signal,
whose values stand in row-major order.
"""

from __future__ import annotations

from gp_fft.transforms import MATRIX, Transform, find
from gp_fft.transforms.family import ShiftRule, Signals


def reference(transform: Transform) -> Signals:
    """The function of numpy.fft or scipy.fft that maps ``(batch, inputs)`` to ``(batch, outputs)``.

    Signals of a real transform must be real.
    """
    if transform.name == MATRIX:
        return lambda x: x @ transform.matrix.T
    return find(transform.name).reference(transform.shape, transform.norm, transform.kernel)


def shift_rule(transform: Transform) -> ShiftRule | None:
    """The shift property along the last axis, or None where a transform has none (dct, dst)."""
    return None if transform.name == MATRIX else find(transform.name).shift_rule(transform.shape)
