"""What comes onto the front: programs that a file may hold and that do not amplify round-off too much.

Of exact programs that cost the same the front holds the one that is expected to be more accurate in float64; where
levels or live values are asked for, the one with fewer levels, and of those with as many the more accurate one.
"""

import math
from collections.abc import Sequence

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


def admit(
    members: Sequence[Genome], *, most: float, deviation: float | None = None, clock: Clock | None = None
) -> list[Genome]:
    """The genomes that a file may hold and whose expected round-off is at most ``most``.

    Those that are not exact may be limited in their ``deviation`` from orthogonal outputs as well.
    When the time is over those are left out whose round-off would have to be estimated first.
    """
    fit = [genome for genome in members if genome.sizes.max(initial=0.0) <= LIMIT_SIZE]
    if deviation is not None:
        fit = [genome for genome in fit if genome.error == 0.0 or genome.keeps_to(deviation)]
    if most == math.inf:
        return fit
    return [genome for genome in fit if _known_in_time(genome, clock) and genome.round_off <= most]


def most_accurate(champion: Genome, others: Sequence[Genome], clock: Clock | None = None) -> Genome:
    """The genome with the least expected round-off; the champion where it is close, or there is no time to estimate."""
    for genome in others:
        if genome is champion:
            continue
        if not (_known_in_time(genome, clock) and _known_in_time(champion, clock)):
            break
        if genome.round_off < CLEARLY * champion.round_off:
            champion = genome
    return champion


def shallowest(champion: Genome, others: Sequence[Genome], clock: Clock | None = None) -> Genome:
    """The genome with the fewest levels of operations, and of several the most accurate one."""
    least = min(genome.levels for genome in (champion, *others))
    alike = [genome for genome in (champion, *others) if genome.levels == least]
    return most_accurate(alike[0], alike, clock)


def _known_in_time(genome: Genome, clock: Clock | None) -> bool:
    """Whether the round-off of a genome is known, or there is time to estimate it."""
    return genome.estimated or clock is None or not clock.over
