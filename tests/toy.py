"""A toy problem on the loop: addition chains, 1 and then always the sum of two numbers before, that end in a number."""

import json
from dataclasses import dataclass
from functools import partial
from types import SimpleNamespace

import numpy as np

from gp_fft.evolution import islands, loop, ranked
from gp_fft.evolution.equals import equals
from gp_fft.evolution.members import Brood, Job, Litter
from gp_fft.evolution.state import State
from gp_fft.store.folders import PROBLEMS


@dataclass(eq=False)
class Chain:
    values: list[int]
    error: float = float("inf")
    cost: float = float("inf")

    def text(self):
        return " ".join(map(str, self.values))

    def to_dict(self):
        return dict(vars(self))

    def changed(self, rng):
        """The chain cut off somewhere, with new sums behind."""
        values = self.values[: rng.integers(1, len(self.values) + 1)]
        for _ in range(rng.integers(1, 5)):
            values = [*values, int(values[-1] + rng.choice(values))]
        return Chain(values)


@dataclass(frozen=True)
class Asked:
    number: int = 29
    seed: int = 1
    population: int = 8
    generations: int | None = None
    seconds: float | None = None
    target_cost: float | None = None


@dataclass(frozen=True)
class Chains:
    settings: Asked
    kind, unit, operators, state = "addition chains", "additions", ("change", *islands.BEGINNINGS, "anneal"), State
    title = property(lambda self: f"chain to {self.settings.number}")
    check, subject = (lambda self: None), (lambda self: {})

    def restore(self, table):
        return State.restored(table, lambda member: Chain(**member))

    def command(self, budget=True):
        return f"chain {self.settings.number}"

    def file_name(self, chain):
        return f"{'-'.join(map(str, chain.values))}.json"

    def encode(self, chain, provenance):
        return json.dumps({"text": chain.text(), **provenance}).encode()

    def score(self, chains):
        for chain in chains:
            chain.error = abs(chain.values[-1] / self.settings.number - 1)
            chain.cost = len(chain.values) - 1.0

    def vary(self, state):
        rng = np.random.default_rng([self.settings.seed, state.generation])
        jobs = [Job(chain) for chain in state.population] + [Job(i.here, k) for k, i in enumerate(state.islands)]
        litters = tuple(Litter(job, job.parent.changed(rng), job.parent.changed(rng)) for job in jobs)
        return Brood(litters, {"change": (2 * len(jobs), len(jobs), 0)}, len(jobs))

    def steps(self, clock):
        chances = dict.fromkeys((*islands.BEGINNINGS, "crossover"), 0.2)
        ways = islands.Ways(2, lambda _: 5000, self.operators, chances, lambda best, _: best, Chain.text, self.score)
        return SimpleNamespace(
            start=lambda: [Chain([1, 2])] * self.settings.population,
            vary=self.vary,
            score=self.score,
            admit=list,
            select=partial(ranked.select, population=self.settings.population, key=Chain.text),
            archive=ranked.archive,
            equals=partial(equals, most=3, name=Chain.text, kind=lambda chain: tuple(chain.values[:4])),
            migrate=partial(islands.migrate, ways=ways, clock=clock),
            stream=partial(loop.stream, self.settings.seed),
        )


PROBLEMS[Chains.kind] = lambda table: Chains(Asked(**table["settings"]))
