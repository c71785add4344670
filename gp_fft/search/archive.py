"""Archive: the hall of fame, DEAP's Pareto front of all programs met, one program for each (error, cost).

Of exact programs that cost the same it holds the one that is expected to be more accurate in float64, and what
amplifies round-off more than the settings allow does not come so far.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

from deap import tools

from gp_fft.ground.clock import Clock
from gp_fft.program import LIMIT_SIZE
from gp_fft.program.accuracy import measure_oracle
from gp_fft.search.genome import Genome
from gp_fft.search.settings import Settings
from gp_fft.transforms import Transform

CLEARLY = 0.99
"""An exact program takes the place of one of the same cost if its round-off is smaller by this factor."""


def most_round_off(transform: Transform, settings: Settings) -> float:
    """The largest round-off that the settings allow: a multiple of that of numpy.fft or scipy.fft on random signals."""
    return math.inf if settings.max_growth is None else settings.max_growth * measure_oracle(transform)


def admit(genomes: Sequence[Genome], most: float, clock: Clock | None = None) -> list[Genome]:
    """The genomes that a file may hold and whose expected round-off is at most ``most``.

    When the time is over those are left out whose round-off would have to be estimated first.
    """
    fit = [genome for genome in genomes if genome.sizes.max(initial=0.0) <= LIMIT_SIZE]
    if most == math.inf:
        return fit
    return [genome for genome in fit if _known_in_time(genome, clock) and genome.round_off <= most]


def archive(front: Iterable[Genome], candidates: Iterable[Genome], clock: Clock | None = None) -> tuple[Genome, ...]:
    """The front after the candidates were offered to it, ascending in cost; no estimates when time is over."""
    front, candidates = list(front), list(candidates)
    hall = tools.ParetoFront(similar=_same_fitness)
    hall.update(front)
    hall.update(_promising(candidates))
    others = front + candidates
    best = [_most_accurate(genome, others, clock) if genome.error == 0.0 else genome for genome in hall]
    return tuple(sorted(best, key=lambda genome: (genome.cost, genome.error)))


def _most_accurate(champion: Genome, others: Iterable[Genome], clock: Clock | None) -> Genome:
    """The genome with the least expected round-off among those of the same fitness; the champion where it is close."""
    for genome in others:
        if genome is champion or not _same_fitness(genome, champion):
            continue
        if not (_known_in_time(genome, clock) and _known_in_time(champion, clock)):
            break
        if genome.round_off < CLEARLY * champion.round_off:
            champion = genome
    return champion


def _known_in_time(genome: Genome, clock: Clock | None) -> bool:
    """Whether the round-off of a genome is known, or there is time to estimate it."""
    return genome.estimated or clock is None or not clock.over


def _same_fitness(one: Genome, other: Genome) -> bool:
    return bool(one.fitness.values == other.fitness.values)


def _promising(candidates: Iterable[Genome]) -> list[Genome]:
    """One candidate for each fitness, cheapest first, so that the front is compared with few."""
    first: dict[tuple[float, float], Genome] = {}
    for genome in candidates:
        first.setdefault((genome.error, genome.cost), genome)
    return [first[key] for key in sorted(first)]
