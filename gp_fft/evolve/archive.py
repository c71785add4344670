"""Archive: the hall of fame, DEAP's Pareto front of all programs met, one program for each (error, cost)."""

from __future__ import annotations

from collections.abc import Iterable

from deap import tools

from gp_fft.evolve.genome import Genome


def archive(front: Iterable[Genome], candidates: Iterable[Genome]) -> tuple[Genome, ...]:
    """The front after the candidates were offered to it, ascending in cost."""
    hall = tools.ParetoFront(similar=_same_fitness)
    hall.update(list(front))
    hall.update(_promising(candidates))
    return tuple(sorted(hall, key=lambda genome: (genome.cost, genome.error)))


def _same_fitness(one: Genome, other: Genome) -> bool:
    return bool(one.fitness.values == other.fitness.values)


def _promising(candidates: Iterable[Genome]) -> list[Genome]:
    """One candidate for each fitness, cheapest first, so that the front is compared with few."""
    first: dict[tuple[float, float], Genome] = {}
    for genome in candidates:
        first.setdefault((genome.error, genome.cost), genome)
    return [first[key] for key in sorted(first)]
