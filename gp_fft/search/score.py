"""Score: give every genome its fitness, measured from scratch on the whole matrix in few compiled calls."""

from collections.abc import Sequence

import numpy as np

from gp_fft.ground.clock import Clock
from gp_fft.kernels.evaluate import evaluate
from gp_fft.kernels.packed import pack
from gp_fft.program import cost
from gp_fft.program.cost import EXACT
from gp_fft.search.genome import Genome
from gp_fft.search.settings import Settings
from gp_fft.transforms import Transform, scaled_to
from gp_fft.transforms.measures import RELATIVE, measure, orthogonality
from gp_fft.transforms.unit_rows import to_one_length
from primitives import REAL_PARTS, PrimitiveSet

AT_ONCE = 1 << 25  # work of one call, terms times inputs: some 0.1 s between two looks at the clock


def score(members: Sequence[Genome], transform: Transform, settings: Settings, clock: Clock | None = None) -> None:
    """Set the fitness (error, cost) of each genome; a relative error below EXACT counts as 0.

    That is so whatever the measure; a program that deviates too much from orthogonal outputs counts as one that
    computes nothing, or worse.

    When the clock says so it ends early, but not before the first genomes have theirs; the others stay without.
    """
    if not members:
        return
    work = np.cumsum([len(genome.refs) * (transform.inputs + 16) for genome in members])
    ends = np.flatnonzero(np.diff(work // AT_ONCE, append=-1)) + 1
    for begin, end in zip([0, *ends[:-1].tolist()], ends.tolist(), strict=True):
        if begin and clock is not None and clock.over:
            return
        _score(members[begin:end], transform, settings)


def _score(genomes: Sequence[Genome], transform: Transform, settings: Settings) -> None:
    """Score these in one compiled call."""
    model, chosen = cost.cost_model(settings.cost), settings.primitive_set(transform)
    parts = REAL_PARTS[transform.field]
    scores = evaluate(pack(genomes), transform.matrix, settings.threads, bits=transform.field == "gf2")
    if model.fused:
        costs = model.add * (scores.adds + scores.unitless) * parts
    else:
        asked = scores.scales if chosen.constants is None else np.array([_asked(g, chosen) for g in genomes])
        costs = model.add * chosen.add * scores.adds * parts + model.scale * asked * parts
    errors = scores.errors.tolist()
    if settings.scaling:
        errors = [scaled_to(matrix, transform, settings.free).error(matrix) for matrix in scores.matrices]
    if settings.error != RELATIVE:
        of = measure(settings.error).of
        pairs = zip(errors, scores.matrices, strict=True)
        errors = [max(of(m, transform, settings.free), EXACT) if e >= EXACT else e for e, m in pairs]
    if settings.deviation_below is not None:
        for genome, matrix in zip(genomes, scores.matrices, strict=True):
            genome.deviation = orthogonality(to_one_length(matrix))
        judged = zip(errors, genomes, strict=True)
        errors = [e if e < EXACT or g.keeps_to(settings.deviation_below) else 1.0 + g.deviation for e, g in judged]
    for genome, error, price in zip(genomes, errors, costs.tolist(), strict=True):
        genome.fitness.values = (0.0 if error < EXACT else error, float(price))


def _asked(genome: Genome, chosen: PrimitiveSet) -> float:
    """What the distinct products of a genome ask for in a set that lists its constants."""
    scaled = genome.sizes != 1.0
    pairs = set(zip(genome.sizes[scaled].tolist(), genome.refs[scaled].tolist(), strict=True))
    return sum(chosen.price(size) for size, _ in pairs)
