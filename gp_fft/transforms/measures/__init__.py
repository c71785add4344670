"""The registry of measures of error, one file each here, and what all of them share with who asks for one by name."""

import numpy as np

from gp_fft.ground.errors import UsageError
from gp_fft.ground.nearest import nearest
from gp_fft.ground.words import any_of
from gp_fft.transforms.matrix_files import Matrix
from gp_fft.transforms.measure import Measure
from gp_fft.transforms.scaling import FREE
from gp_fft.transforms.transform import Transform, get
from gp_fft.transforms.unit_rows import ORTHOGONAL, cosines, lengths
from primitives.registry import Registry

RELATIVE = "relative"
"""The measure where none is named."""


def _check(entry: Measure) -> None:
    """UsageError, in one sentence, for a measure that is negative, or to which noise is better than none."""
    transform = get("dct2", 4, norm="ortho")
    noise = 0.3 * np.random.default_rng(7).normal(size=(4, 4))
    for free in FREE:
        exact, rough = (entry.of(transform.matrix + part, transform, free) for part in (0.0 * noise, noise))
        if not 0.0 <= exact < rough:
            raise UsageError(
                f"the measure {entry.name!r}: dct2 4 itself has {exact:g} and with noise {rough:g}, factors {free}"
            )


MEASURES = Registry(
    "gp_fft.measures",
    "gp_fft.transforms.measures",
    "MEASURE",
    Measure,
    _check,
    order=lambda entry: (entry.name != RELATIVE, entry.orthogonal_target, entry.real_square),
)
"""The measures by name: first those for any transform, then those for orthogonal ones."""


def measure(name: str) -> Measure:
    """The measure of a name; UsageError with the nearest name if there is none."""
    if name in MEASURES:
        return MEASURES[name]
    near, known = nearest(name, MEASURES), ", ".join(MEASURES)
    raise UsageError(f"unknown error {name[:60]!r} (did you mean {near}?); it must be one of {known}")


def check_measure(name: str, transform: Transform) -> Measure:
    """The measure of a name; UsageError, in one sentence, where it means nothing for a transform."""
    entry, title = measure(name), transform.title
    if transform.field == "gf2" and name != RELATIVE:
        raise UsageError(f"the error {name!r} is for numbers, and {title} is over GF(2), which has {RELATIVE} alone")
    fault = ""
    if entry.real_square and transform.field != "real":
        fault = f"is for real transforms; {title} is complex"
    elif entry.real_square and transform.outputs != transform.inputs:
        fault = f"needs as many outputs as inputs; {title} has {transform.outputs} and {transform.inputs}"
    elif entry.orthogonal_target:
        between = cosines(transform) - np.eye(transform.outputs)
        row, other = divmod(int(np.argmax(between)), transform.outputs)
        if between[row, other] > ORTHOGONAL:
            fault = f"needs orthogonal outputs; those of {title} are not: see {row} and {other}"
        elif not lengths(transform).all():
            fault = f"needs orthogonal outputs; of {title} one is zero"
    if fault:
        anyway = any_of(
            [known.name for known in MEASURES.values() if not (known.orthogonal_target or known.real_square)]
        )
        raise UsageError(f"the error {name!r} {fault}; for any transform {anyway} allowed")
    return entry


def orthogonality(matrix: Matrix) -> float:
    """The deviation of a matrix from orthogonal rows, from 0 for such rows to nearly 1; 0 for a matrix of zeros.

    1 - ||diag(M M^H)||^2 / ||M M^H||^2 in Frobenius norms (R. J. Cintra, F. M. Bayer and C. J. Tablada, Low-complexity
    8-point DCT approximations based on integer functions, 2014, after B. N. Flury and W. Gautschi, 1986). Rows of
    different lengths weigh as they are: bring them to one length first where outputs are free.
    """
    gram = matrix @ matrix.conj().T
    whole = float((np.abs(gram) ** 2).sum())
    return 1.0 - float((np.abs(np.diagonal(gram)) ** 2).sum()) / whole if whole else 0.0
