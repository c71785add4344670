"""Islands: cycles of drawn length and heat, what they begin with, and what is counted about them."""

from __future__ import annotations

import json

import numpy as np
import pytest

from gp_fft import transforms
from gp_fft.evolution.islands import COLD, GREEDY, SHORTEST, Island, migrate, tallies, wanted
from gp_fft.evolution.members import Job, Litter
from gp_fft.ground.errors import UsageError
from gp_fft.search.genome import Genome
from gp_fft.search.loop import generations, ways
from gp_fft.search.operators import NAMES
from gp_fft.search.score import score
from gp_fft.search.settings import Settings
from gp_fft.search.start import start

TRANSFORM = transforms.get("dft", 4)
SETTINGS = Settings(start="definition", population=16)
READ = Genome.reader(4, "complex", TRANSFORM.title)


def genome(name: str = "definition"):
    """A scored genome of the 4-point DFT."""
    settings = Settings(start=name, population=4)
    made = start(TRANSFORM, settings)[0]
    score([made], TRANSFORM, settings)
    return made


def ways_of(settings: Settings):
    return ways(TRANSFORM, settings, lambda genomes: score(genomes, TRANSFORM, SETTINGS))


def founded(seed: int = 1, settings: Settings = SETTINGS) -> tuple[Island, ...]:
    pool = [genome() for _ in range(8)]
    return migrate((), (), (), pool, np.random.default_rng(seed), ways=ways_of(settings))


def walked(island: Island, ended, best) -> list[Litter]:
    """The litter of the only island."""
    return [Litter(Job(island.here, 0), ended, best)]


def stepped(island, children, generator, settings=SETTINGS):
    """The only island after a generation with these children."""
    return migrate((island,), walked(island, *children), children, children, generator, ways=ways_of(settings))[0]


def until_next_cycle(island: Island, children, settings=SETTINGS, seed=2):
    """The island in its next cycle, and in the generation before."""
    generator = np.random.default_rng(seed)
    while True:
        after = stepped(island, children, generator, settings)
        if after.done == 0:
            return island, after
        island = after


def test_exact_programs_found_islands_a_quarter_of_the_population():
    assert [len(founded(settings=Settings(population=size))) for size in (4, 16, 32)] == [1, 4, 8]
    assert wanted(5) == 1


def test_programs_that_are_not_exact_found_none():
    rough = genome()
    rough.fitness.values = (0.5, 10.0)
    assert migrate((), (), (), [rough], np.random.default_rng(1), ways=ways_of(SETTINGS)) == ()


def test_the_temperature_falls_to_cold_by_equal_factors():
    for island in founded():
        whole = [island.temperature(k * island.length // 4) for k in range(5)]
        assert whole[0] == pytest.approx(island.hot)
        assert whole[-1] == pytest.approx(COLD)
        assert whole[1] / whole[0] == pytest.approx(whole[4] / whole[3])


def test_lengths_double_but_not_beyond_the_age_of_the_island():
    island, lengths = founded(settings=Settings(population=4))[0], []
    assert island.length == SHORTEST
    pair = [island.first, island.first]
    for seed in range(60):
        age = island.age
        _, island = until_next_cycle(island, pair, seed=seed)
        assert island.age > age
        assert island.length <= max(SHORTEST, 2 * island.age)
        lengths.append(island.length / SHORTEST)
    assert set(lengths) <= {2.0**k for k in range(12)}
    assert lengths.count(1.0) > lengths.count(4.0) > 0
    assert max(lengths) >= 8


def test_the_best_is_kept_and_a_walk_that_lost_exactness_goes_back_to_it():
    island = founded(settings=Settings(population=4))[0]
    better, lost = genome("radix2"), genome()
    lost.fitness.values = (0.1, 2.0)
    after = stepped(island, [lost, better], np.random.default_rng(2))
    assert after.best is better
    assert after.here is better
    worse = stepped(after, [genome(), genome()], np.random.default_rng(2))
    assert worse.best is better
    assert worse.here is not better


def test_programs_that_are_not_allowed_never_become_the_best():
    island, better = founded(settings=Settings(population=4))[0], genome("radix2")
    litters = walked(island, better, better)
    after = migrate((island,), litters, [], [], np.random.default_rng(1), ways=ways_of(SETTINGS))[0]
    assert after.best is island.best
    assert after.here is better


def test_an_island_takes_the_litter_that_names_it_wherever_that_stands():
    island, better, rough = founded(settings=Settings(population=4))[0], genome("radix2"), genome()
    rough.fitness.values = (0.5, 1.0)
    others = [Litter(Job(rough), rough, rough), Litter(Job(island.here, 0), rough, rough)]
    litters = [*others, *walked(island, better, better), Litter(Job(rough), rough, rough)]
    after = migrate((island,), litters, [better], [], np.random.default_rng(1), ways=ways_of(SETTINGS))[0]
    assert after.best is after.here is better, "of two for one island the later counts"


def test_an_island_without_a_litter_is_one_sentence():
    island, better = founded(settings=Settings(population=4))[0], genome("radix2")
    litters = [Litter(Job(better), better, better)]
    with pytest.raises(UsageError, match="vary gave no litter for island 0, whose number a job must name"):
        migrate((island,), litters, [better], [], np.random.default_rng(1), ways=ways_of(SETTINGS))


@pytest.mark.parametrize("off", ["migrate", "restart", "crossover", "consensus"])
def test_cycles_begin_in_every_way_that_is_switched_on(off):
    settings = Settings(population=4, operators=tuple(name for name in NAMES if name != off))
    island, other = founded(settings=settings)[0], genome("radix2")
    seen = set()
    for seed in range(80):
        before, after = until_next_cycle(island, [island.first, other], settings, seed)
        seen.add("crossover" if after.mate is not None else after.began)
        if after.began == "restart":
            assert after.here is island.first
        count = tallies((before,), (after,))
        assert count["anneal"] == (1, 1, 1)  # the radix-2 program is cheaper than what the cycle began with
        assert sum(tried for name, (tried, _, _) in count.items() if name != "anneal") == bool(before.began)
    assert seen == {"migrate", "restart", "crossover", "consensus", ""} - {off}


def test_without_annealing_nothing_dearer_is_accepted():
    settings = Settings(population=4, operators=tuple(name for name in NAMES if name != "anneal"))
    assert {island.temperature(0) for island in founded(settings=settings)} == {GREEDY}
    transform = transforms.get("dft", 8)
    chosen = Settings(start="radix2", generations=6, population=4, operators=settings.operators)
    walks = [state.islands[0].here.cost for state, _ in generations(transform, chosen)]
    assert walks == sorted(walks, reverse=True)


def test_islands_go_through_json():
    for island in founded():
        table = json.loads(json.dumps(island.to_dict()))
        assert Island.from_dict(table, READ).to_dict() == island.to_dict()
    with pytest.raises(ValueError, match="cycle"):
        Island.from_dict(table | {"done": table["length"] + 1}, READ)
    with pytest.raises(KeyError):
        Island.from_dict({key: value for key, value in table.items() if key != "hot"}, READ)
