"""Near: the walks among approximations of one generation - from which cell each begins, and what it is to lower.

A walk has a budget of operations and lowers the error at a price; what it meets is kept in the cells around its budget
(:mod:`gp_fft.evolution.cells`). It begins in a cell near by, cheaper or dearer, so neighbours seed each other; the
cheapest exact programs are the last cell.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from gp_fft.evolution.cells import staircase
from gp_fft.kernels.evaluate import evaluate
from gp_fft.kernels.packed import pack
from gp_fft.kernels.sight import LENGTHS, TOTAL, WORST_ENTRY, WORST_OUTPUT
from gp_fft.search.genome import ROUNDING, Genome
from gp_fft.search.operators import chances
from gp_fft.search.settings import ONLY_EXACT, Settings
from gp_fft.search.state import State
from gp_fft.transforms import Transform
from gp_fft.transforms.enclosure import NEARLY
from gp_fft.transforms.fitting import SANE
from gp_fft.transforms.measures import measure
from gp_fft.transforms.scaling import NONE, UNIFORM
from primitives import REAL_PARTS

KINDS = {"energy": LENGTHS, "mse": LENGTHS, "worst-output": WORST_OUTPUT, "worst-entry": WORST_ENTRY}
"""How the kernels measure what a measure says; of those that they do not know they lower a square in its place."""
CELLS, ABOVE = 20, 8  # that a walk may fill, and how many of them are above its budget
REACH = 6  # operations between a budget and the cell that a walk begins in
SHORT, LONG = 200, 1500  # steps of a walk: beside an exact search, and where the whole front is asked for
COOL = 0.25  # times as hot as others are descents
DESCENT = 6000  # steps of one that descends from an exact program
LARGE = 16  # inputs; a walk takes fewer steps for more
PRICES = (10.0, 60.0)  # of an error e times as large, in operations
HOTTEST, SPAN, COLDEST = 2.0, 1.3, 0.1  # first temperatures, over so many decades, and the last one, in operations
LISTED_PRICES, LISTED_HOTTEST = (3.0, 30.0), 4.0  # the same where constants are listed
FEW = 80  # terms; where constants are listed a walk from more takes fewer steps
FOCUS = 0.85  # chance that a walk has its budget near what is asked for, or where errors are not poor
SKEW = 1.0  # what a mean squared cosine between the rows counts, beside a squared error, where it is limited
FRESH = 0.2  # chance that a walk descends from where an exact one stands
POOR = 0.75  # an error above which few walks look for less
STEEP = 0.8  # of its operations a walk must not lose more than the rest at once
NEAREST = 0.3  # chance that a walk begins in the nearest cell


@dataclass(frozen=True)
class Walk:
    """One walk: where it begins and what its job says."""

    parent: Genome
    first: int
    budget: int
    low: int
    cells: int
    steps: int
    price: float
    hot: float

    def fill(self, job: np.void, slab: int, seed: int) -> int:
        """Write it into a JOB record; return the first slab behind its own."""
        job["seed"], job["slab"], job["rewrite_steps"] = seed, slab, self.steps
        job["cells"], job["low"] = self.cells, self.low
        job["first"], job["budget"], job["price"] = self.first, self.budget, self.price
        job["hot"], job["cold"] = self.hot, min(self.hot, COLDEST)
        return slab + self.cells


class Aim(NamedTuple):
    """What the kernels are told of the error, as the last fields of their rules."""

    skew: float
    limit: float
    measure: int
    rows: NDArray[np.float64]  # (m,)
    basis: NDArray[np.complex128]  # (n, n)
    known: NDArray[np.float64]  # (counts,)


class Ground(NamedTuple):
    """What walks may begin from, and what is known of it."""

    cells: tuple[Genome, ...]  # the staircase of approximations and the cheapest exact program
    counts: tuple[int, ...]  # their costs, in operations of the transform's field
    known: NDArray[np.float64]  # the squared error that is to be beaten, by count
    exact: tuple[Genome, ...]  # where the exact walks stand
    exact_counts: tuple[int, ...]


def walks(transform: Transform, settings: Settings, state: State, known: NDArray[np.float64]) -> list[Walk]:
    """The walks of one generation; none where only exact programs are asked for, or nothing may change a matrix."""
    on = settings.switched_on(transform)
    if transform.field == "gf2" or settings.front == ONLY_EXACT or not chances("approximation", on).sum():
        return []
    cells = standing(state)
    if not cells:
        return []
    generator = np.random.default_rng(np.random.SeedSequence([settings.seed, 3, state.generation]))
    exact = tuple(island.here for island in state.islands if island.here.error == 0.0)
    ground = Ground(cells, _counts(transform, cells), known, exact, _counts(transform, exact))
    count = max(1, settings.population // (2 if settings.approximate else 8))
    return [_walk(transform, settings, ground, generator) for _ in range(count)]


def standing(state: State) -> tuple[Genome, ...]:
    """The staircase of approximations and the cheapest exact program."""
    best = state.best_exact()
    return (*staircase(state.approximate), *(() if best is None else (best,)))


def _counts(transform: Transform, cells: Sequence[Genome]) -> tuple[int, ...]:
    """Costs in operations of the transform's field."""
    return tuple(int(cell.cost / REAL_PARTS[transform.field] + 1e-6) for cell in cells)


def _walk(transform: Transform, settings: Settings, ground: Ground, generator: np.random.Generator) -> Walk:
    """Draw one walk."""
    budget = _budget(transform, settings, ground, generator)
    parent, first, exact = _parent(ground, budget, generator)
    descends = exact and settings.approximate
    steps = DESCENT if descends else LONG if settings.approximate else SHORT
    if not descends:
        first = budget = max(budget, int(STEEP * first))
    low = max(0, budget + ABOVE - CELLS)
    prices, hottest = PRICES, HOTTEST
    if (
        settings.primitive_set(transform).constants is not None
    ):  # each constant is rounded in turn, which takes its time
        prices, hottest, steps = LISTED_PRICES, LISTED_HOTTEST, steps * FEW // max(FEW, len(parent.refs))
    return Walk(
        parent,
        first,
        budget,
        low,
        max(first, budget) + ABOVE - low,
        max(1, steps * LARGE**2 // max(LARGE**2, transform.inputs * transform.outputs)),
        settings.error_price or float(np.exp(generator.uniform(*np.log(prices)))),
        float((COOL if descends else 1.0) * hottest * 10.0 ** -generator.uniform(0.0, SPAN)),
    )


def _parent(ground: Ground, budget: int, generator: np.random.Generator) -> tuple[Genome, int, bool]:
    """A program whose cost is near the budget, or now and then any exact one; its cost, and whether it is that."""
    if ground.exact and generator.random() < FRESH:
        at = int(generator.integers(len(ground.exact)))
        return ground.exact[at], ground.exact_counts[at], True
    near = [k for k, count in enumerate(ground.counts) if abs(count - budget) <= REACH]
    if not near or generator.random() < NEAREST:
        near = [min(range(len(ground.counts)), key=lambda k: abs(ground.counts[k] - budget))]
    at = near[int(generator.integers(len(near)))]
    return ground.cells[at], ground.counts[at], False


def _budget(transform: Transform, settings: Settings, ground: Ground, generator: np.random.Generator) -> int:
    """The operations, of the transform's field, that a walk may have: near what is asked for, or anything known."""
    lowest, highest = 1, max(ground.counts)
    if not ground.exact:
        highest += ABOVE  # nobody knows yet what is to be had for more
    focus = None
    if settings.cost_below is not None:
        focus = int(settings.cost_below / REAL_PARTS[transform.field])
    elif settings.error_below is not None:
        told = zip(ground.cells, ground.counts, strict=True)
        focus = min((count for cell, count in told if cell.error <= settings.error_below), default=highest) - 1
    if generator.random() >= FOCUS:
        return int(generator.integers(lowest, highest + 1))
    if focus is not None:
        lowest, highest = max(1, focus - REACH // 2), min(highest, focus + 1)
    else:  # programs that do next to nothing are seldom of use
        lowest = min(int(np.argmax(ground.known <= POOR**2)), highest)
    return int(generator.integers(min(lowest, highest), highest + 1))


def aim(transform: Transform, settings: Settings, cells: Sequence[Genome]) -> Aim:
    """How the kernels measure the error, and the squared error that is known with so many operations."""
    chosen = measure(settings.error)
    weights, rows = chosen.weights(transform), chosen.rows(transform)
    basis = np.eye(transform.inputs) if weights is None else np.linalg.cholesky(weights)
    lengths = np.ones(transform.outputs) if rows is None else np.sqrt(rows)
    whole, kind = np.asarray(basis, np.complex128), KINDS.get(chosen.name, TOTAL)
    told = Aim(*_skew(settings, weights), kind, lengths, whole, np.full(1, np.inf))
    if settings.deviation_below is not None:
        cells = [cell for cell in cells if cell.keeps_to(settings.deviation_below)]
    if not cells:
        return told
    counts = np.array([cell.cost for cell in cells]) / REAL_PARTS[transform.field]
    known = np.full(int(counts.max()) + ABOVE + 2, np.inf)
    matrices = evaluate(pack(cells), transform.matrix, 1, bits=transform.field == "gf2").matrices
    np.minimum.at(known, (counts + 1e-6).astype(int), squared_errors(matrices, transform, settings.free, told))
    return told._replace(known=_coarse(np.minimum.accumulate(known)))


def _coarse(numbers: NDArray[np.float64]) -> NDArray[np.float64]:
    """Without the last digits, in which the sums of one machine may differ from those of another."""
    mantissas, exponents = np.frexp(numbers)
    rounded: NDArray[np.float64] = np.ldexp(np.round(mantissas * 2.0**24) / 2.0**24, exponents)
    return rounded


def _skew(settings: Settings, weights: object) -> tuple[float, float]:
    """What is asked of the outputs beside the error; nothing where inputs are weighed, since rows are so as well."""
    if weights is not None:
        return 0.0, np.inf
    if settings.deviation_below is None:
        return settings.deviation_price or 0.0, np.inf
    deviation = settings.deviation_below + ROUNDING
    return settings.deviation_price or SKEW, deviation / (1.0 - deviation) if deviation < 1.0 else np.inf


def squared_errors(matrices: NDArray[np.complex128], transform: Transform, free: str, aim: Aim) -> NDArray[np.float64]:
    """``(k,)`` what the kernels lower, of ``(k, m, n)`` matrices: see :mod:`gp_fft.kernels.sight`.

    Of the factors that are free those of the inputs stay 1.
    """
    target = aim.rows[:, None] * transform.matrix @ aim.basis
    values = matrices @ aim.basis
    along = (values.conj() * target).real.sum(axis=2)
    norms, wanted = (np.abs(values) ** 2).sum(axis=2), (np.abs(target) ** 2).sum(axis=1)
    factors = np.broadcast_to(aim.rows, along.shape)
    with np.errstate(all="ignore"):
        if free == UNIFORM:
            one = (aim.rows * along).sum(axis=1) / (aim.rows**2 * norms).sum(axis=1)
            factors = factors * np.where(_sane(one), one, 1.0)[:, None]
        elif free != NONE and aim.measure == LENGTHS:
            signs = np.where(along < -NEARLY * np.sqrt(wanted * norms), -1.0, 1.0)
            factors = np.where(norms > 0.0, signs * np.sqrt(wanted / norms), factors)
        elif free != NONE:
            factors = np.where(_sane(along / norms / aim.rows), along / norms, factors)
    skewed = aim.skew * _skewness(values, norms) if aim.skew else 0.0
    gaps = np.abs(target - factors[:, :, None] * values) ** 2
    if aim.measure == WORST_ENTRY:
        return np.asarray(gaps.max(axis=(1, 2)) / (np.abs(target) ** 2).max()) + skewed
    if aim.measure == WORST_OUTPUT:
        alone = np.where(wanted == 0.0, wanted.mean(), wanted)
        return np.asarray((gaps.sum(axis=2) / alone.clip(1e-300)).max(axis=1)) + skewed
    return np.asarray(gaps.sum(axis=(1, 2)) / wanted.sum()) + skewed


def _sane(factors: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Which of some factors would be fitted, see :mod:`gp_fft.transforms.fitting`."""
    fitted: NDArray[np.bool_] = (np.abs(factors) < SANE) & (np.abs(factors) > 1 / SANE)
    return fitted


def _skewness(values: NDArray[np.complex128], norms: NDArray[np.float64]) -> NDArray[np.float64]:
    """``(k,)`` the mean over the rows of ``(k, m, n)`` matrices of their squared cosines with all others."""
    products = np.abs(values @ values.conj().swapaxes(1, 2)) ** 2
    with np.errstate(all="ignore"):
        cosines = np.nan_to_num(products / (norms[:, :, None] * norms[:, None, :]))
    skewed: NDArray[np.float64] = cosines.sum(axis=(1, 2)) - np.trace(cosines, axis1=1, axis2=2)
    skewed /= values.shape[1]
    return skewed
