"""Score: give every genome its fitness, measured from scratch on the whole matrix in one compiled call."""

from __future__ import annotations

from collections.abc import Sequence

from gp_fft import cost
from gp_fft.cost import EXACT
from gp_fft.kernels.evaluate import evaluate
from gp_fft.kernels.packed import pack
from gp_fft.search.genome import Genome
from gp_fft.search.settings import Settings
from gp_fft.transforms import Transform


def score(genomes: Sequence[Genome], transform: Transform, settings: Settings) -> None:
    """Set the fitness (error, cost) of each genome; an error below EXACT counts as 0."""
    model = cost.cost_model(settings.cost)
    flops = cost.primitive_set(settings.primitive_set(transform))
    found = evaluate(pack(genomes), transform.matrix)
    if model.fused:
        costs = model.add * (found.adds + found.unitless) * flops.add_flops
    else:
        costs = model.add * found.adds * flops.add_flops + model.scale * found.scales * flops.scale_flops
    for genome, error, price in zip(genomes, found.errors.tolist(), costs.tolist(), strict=True):
        genome.fitness.values = (0.0 if error < EXACT else error, float(price))
