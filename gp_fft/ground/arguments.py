"""What a caller from Python hands over, looked at on the doorstep: one sentence for what cannot be meant."""

import numpy as np

from gp_fft.ground.errors import UsageError


def expect(value: object, kind: type, taker: str) -> None:
    """UsageError unless ``value`` is of this kind, such as ``count takes a Program, not a str``."""
    if not isinstance(value, kind):
        given = "None" if value is None else f"a {type(value).__name__}"
        raise UsageError(f"{taker} takes a {kind.__name__}, not {given}")


def refuse_masked(array: object, source: str) -> None:
    """UsageError for an array with masked entries: numpy would take the numbers behind the mask."""
    if np.ma.is_masked(array):
        raise UsageError(f"{source} has masked entries; fill them first, as with .filled(0)")
