"""Select: who lives on, by Pareto rank on (error, cost) within two niches that cannot crowd each other out.

NSGA-II: Deb et al. (2002). Exact programs compete on cost alone, approximate ones on both; while there are too few
exact programs, those nearest to exactness hold their places.
"""

from __future__ import annotations

from collections.abc import Iterable

from deap import tools

from gp_fft.search.genome import Genome


def sizes(population: int) -> tuple[int, int]:
    """Places in the exact and in the approximate niche."""
    approximate = max(1, population // 4)
    return population - approximate, approximate


def select(candidates: Iterable[Genome], population: int) -> tuple[tuple[Genome, ...], tuple[Genome, ...]]:
    """The exact and the approximate niche of the next generation; earlier candidates win ties, copies count once."""
    fresh = list({genome.key(): genome for genome in reversed(list(candidates))}.values())[::-1]
    places, rough_places = sizes(population)
    exact = [genome for genome in fresh if genome.error == 0.0]
    rough = [genome for genome in fresh if genome.error > 0.0]
    kept = tools.selNSGA2(exact, min(places, len(exact))) if exact else []
    if len(kept) < places:
        nearest = sorted(rough, key=lambda genome: genome.error)
        kept += nearest[: places - len(kept)]
    kept_rough = tools.selNSGA2(rough, min(rough_places, len(rough))) if rough else []
    return tuple(kept), tuple(kept_rough)
