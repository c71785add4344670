"""Parts: the best known program of a smaller or related transform, which may itself be a composition.

Recursion ends because a part is smaller, or of the same size and not one of those being made at the moment; and when
the time is over, from when on a part is what is known without composing.
"""

import contextlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Set
from dataclasses import dataclass
from functools import cache

import numpy as np

from gp_fft import transforms
from gp_fft.construct import textbook
from gp_fft.construct.given import NOTHING, Given
from gp_fft.construct.tidy import tidy
from gp_fft.ground.clock import Clock, TimeOver
from gp_fft.program import Program
from gp_fft.program.cost import EXACT, count
from gp_fft.transforms import Transform

Make = Callable[[Transform, "Parts"], Iterator[Program | None]]
"""All compositions of a transform from parts by one method; None stands for one whose parts are being made."""


Asked = frozenset[tuple[str, int]]


Shape = tuple[int, tuple[int, ...], tuple[float, ...]]


def _shape(program: Program) -> Shape:
    """Depth, lengths of rows and sizes: what programs share that differ in signs, order and names alone."""
    sizes = (float(f"{size:.12g}") for size in program.sizes.tolist())
    return program.depth, tuple(sorted(np.diff(program.starts).tolist())), tuple(sorted(sizes))


@dataclass(frozen=True)
class Method:
    """One way to compose: its name, the families it serves, the sizes where it applies, and the making."""

    name: str
    families: tuple[str, ...]
    applies: Callable[[Transform], bool]
    make: Make
    smaller: bool = False  # all its parts are smaller than the whole
    of_record: bool = False  # it also makes one of a record of the whole
    rank: int = 0  # a lower one is tried before: of programs of one shape and cost the first is kept
    norms: tuple[str, ...] = transforms.NORMS[:1]  # parts have the first of them, in which nothing is divided

    def serves(self, transform: Transform, given: Given = NOTHING) -> bool:
        """Whether this method makes at least one program for a transform, of the records that are given."""
        if transform.norm not in self.norms or transform.name not in self.families:
            return False
        return self.applies(transform) or (self.of_record and given.record(transform) is not None)


class Parts:
    """The programs of parts, made once; ``methods`` are tried on parts as on the whole unless ``deep`` is false.

    ``given`` holds the records. Everything raises TimeOver as soon as somebody wishes the clock to stop.
    """

    def __init__(
        self, methods: Mapping[str, Method], given: Given = NOTHING, clock: Clock | None = None, deep: bool = True
    ) -> None:
        self.methods = methods
        self.given = given
        self._clock = clock or Clock()
        self._deep = deep
        self._busy: list[tuple[str, int]] = []
        # A part depends on what was being made of all that it asked for: (asked, of these being made, programs).
        self._made: dict[tuple[str, int], list[tuple[Asked, Asked, list[Program]]]] = {}
        self._descending: dict[str, list[Program]] = {}
        self._asked: list[set[tuple[str, int]]] = []
        self._ready: dict[str, Program] = {}
        self.transform = cache(transforms.get)

    def compositions(self, transform: Transform) -> list[Program]:
        """The exact compositions of a transform, cheapest first, each shape once."""
        with self.making(transform):
            first = self.descending(transform)
            if first and not self._deep:
                return first
            return cheapest_first([*first, *self._exact(transform, smaller=False)])

    def descending(self, transform: Transform) -> list[Program]:
        """The compositions from smaller parts alone, which do not depend on what is being made."""
        key = transform.title
        if key not in self._descending:
            self._descending[key] = self._exact(transform, smaller=True)
        return self._descending[key]

    def _exact(self, transform: Transform, smaller: bool) -> list[Program]:
        """The exact ones of all compositions from smaller parts, or from others, cheapest first."""
        exact: list[Program] = []
        for method in self.methods.values():
            serves = method.smaller == smaller and method.serves(transform, self.given)
            for made in method.make(transform, self) if serves else ():
                if made is not None and transform.error(program := tidy(made)) < EXACT:
                    exact.append(program)
                if self._enough(exact):
                    return cheapest_first(exact)
        return cheapest_first(exact)

    def _enough(self, exact: list[Program]) -> bool:
        """Whether the time is over and, if only what is quick is made, there is something to show."""
        return self._clock.over if exact and not self._deep else self.over() and self._deep

    def over(self) -> bool:
        """Whether the time is over; TimeOver if somebody wishes to stop."""
        if self._clock.stopped:
            raise TimeOver
        return self._clock.over

    @contextlib.contextmanager
    def making(self, transform: Transform) -> Iterator[None]:
        """While this lasts the transform is no part of its own parts; under another norm it is none of any."""
        name = transform.name if transform.norm == transforms.NORMS[0] else transform.title
        self._busy.append((name, transform.inputs))
        try:
            yield
        finally:
            self._busy.pop()

    def best(self, name: str, n: int) -> Program | None:
        """The cheapest program known: its record, a composition, a textbook's; None if it is being made."""
        return next(iter(self.known(name, n)), None)

    def join(self, make: Callable[..., Program], title: str, *asked: tuple[str, int]) -> Program | None:
        """What ``make`` makes of the best programs of these parts and a title; None if one of them is being made."""
        programs = [self.best(name, n) for name, n in asked]
        return None if None in programs else make(*programs, title)

    def known(self, name: str, n: int) -> list[Program]:
        """All programs known of a part, cheapest first; none if it is being made."""
        part = name, n
        self._note({part})
        if part in self._busy:
            return []
        if not self._deep or self.over():
            return [self._at_once(self.transform(name, n))]
        for asked, met, known in self._made.get(part, ()):
            if asked.intersection(self._busy) == met:
                self._note(asked)
                return known
        self._asked.append(set())
        known = self._all(self.transform(name, n))
        asked = frozenset(self._asked.pop())
        self._made.setdefault(part, []).append((asked, asked.intersection(self._busy), known))
        return known

    def _note(self, asked: Set[tuple[str, int]]) -> None:
        """What is being made has asked for these parts."""
        for known in self._asked:
            known |= asked

    def _all(self, transform: Transform) -> list[Program]:
        record = self.given.record(transform)
        known = [record] if record else []
        known += self.compositions(transform)
        known += _out_of_a_textbook(transform)
        if not known:
            known.append(tidy(textbook.definition(transform)))
        return sorted(known, key=lambda program: count(program).flops)

    def _at_once(self, transform: Transform) -> Program:
        """A program that is there without composing: the record, a textbook's, the definition."""
        if transform.title not in self._ready:
            record = self.given.record(transform)
            known = [record] if record else _out_of_a_textbook(transform)
            self._ready[transform.title] = known[0] if known else tidy(textbook.definition(transform))
        return self._ready[transform.title]


def cheapest_first(programs: Iterable[Program]) -> list[Program]:
    """The programs in the order of their flops, of those of one shape the first."""
    first: dict[Shape, Program] = {}
    for program in programs:
        first.setdefault(_shape(program), program)
    return sorted(first.values(), key=lambda program: count(program).flops)


def _out_of_a_textbook(transform: Transform) -> list[Program]:
    """The split-radix program, or the fast Walsh-Hadamard transform, of a power of two; else nothing."""
    if transform.inputs & (transform.inputs - 1) or transform.name not in ("dft", "rdft", "dht", "wht"):
        return []
    return [textbook.split_radix(transform) if transform.name != "wht" else textbook.radix2(transform)]
