"""Everything an evolution needs to go on: a frozen value between two generations, JSON both ways, never a pickle."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from gp_fft.evolution.islands import Island
from gp_fft.evolution.members import M, Tally

S = TypeVar("S", bound="State[Any]")


@dataclass(frozen=True)
class State(Generic[M]):
    """The search after ``generation`` generations (0: nothing but the start has been scored).

    Randomness needs no place here: each child's stream derives from (seed, generation, index).
    """

    generation: int
    exact: tuple[M, ...]  # the exact niche
    approximate: tuple[M, ...]  # the best approximation of every cost, ascending in it
    archive: tuple[M, ...]  # the front, ascending in cost
    islands: tuple[Island[M], ...]  # the annealings
    title: str
    counters: Mapping[str, Tally] = field(default_factory=dict)
    steps: int = 0
    evaluations: int = 0
    seconds: float = 0.0
    equals: tuple[M, ...] = ()  # exact members as cheap as the best one of the front, where they are kept

    @property
    def kept(self) -> tuple[M, ...]:
        """What a run shows: the front, and what is kept beside it."""
        return self.archive + self.equals

    @property
    def population(self) -> tuple[M, ...]:
        """The exact niche and the approximate cells."""
        return self.exact + self.approximate

    @property
    def driven(self) -> tuple[M, ...]:
        """Those of the exact niche that are not exact yet."""
        return tuple(member for member in self.exact if member.error > 0.0)

    def best_exact(self) -> M | None:
        """The cheapest exact member so far, before any proof."""
        exact = (member for member in self.archive if member.error == 0.0)
        return min(exact, key=lambda member: member.cost, default=None)

    def head(self) -> dict[str, Any]:
        """What all members have in common."""
        return {"title": self.title}

    def to_dict(self, entry: Callable[[M], Any] = lambda member: member.to_dict()) -> dict[str, Any]:
        """A JSON-able table; ``entry`` gives what stands in it for a member."""
        niches = {name: [entry(member) for member in getattr(self, name)] for name in _NICHES}
        beside = {"equals": [entry(member) for member in self.equals]} if self.equals else {}
        return {
            "generation": self.generation,
            **self.head(),
            **niches,
            **beside,
            "islands": [island.to_dict(entry) for island in self.islands],
            "counters": {name: list(tally) for name, tally in self.counters.items()},
            "steps": self.steps,
            "evaluations": self.evaluations,
            "seconds": self.seconds,
        }

    @classmethod
    def restored(cls: type[S], table: Mapping[str, Any], member: Callable[[dict[str, Any]], M]) -> S:
        """The inverse of :meth:`to_dict`; raises KeyError, TypeError or ValueError on a damaged table."""
        return cls(
            generation=int(table["generation"]),
            **{name: tuple(map(member, table[name])) for name in _NICHES},
            islands=tuple(Island.from_dict(island, member) for island in table["islands"]),
            title=str(table["title"]),
            counters={name: (int(a), int(b), int(c)) for name, (a, b, c) in table["counters"].items()},
            steps=int(table["steps"]),
            evaluations=int(table["evaluations"]),
            seconds=float(table["seconds"]),
            equals=tuple(map(member, table.get("equals", ()))),
        )

    def stop_reason(self, settings: Any) -> str:
        """Why an evolution with such settings ends here; empty while it goes on."""
        best = self.best_exact()
        if settings.target_cost is not None and best is not None and best.cost <= settings.target_cost:
            return "target cost reached"
        if settings.generations is not None and self.generation >= settings.generations:
            return "generation budget used"
        if settings.seconds is not None and self.seconds >= settings.seconds:
            return "time budget used"
        return ""


_NICHES = ("exact", "approximate", "archive")
