"""The settings of one evolution: frozen, checked at the border against the transform they are for."""

import math
from dataclasses import dataclass
from difflib import get_close_matches

from gp_fft.construct import STARTS
from gp_fft.construct.given import NO_PARTS
from gp_fft.construct.spelled import check_expressible, label
from gp_fft.files.shelf import CITATION
from gp_fft.ground.errors import UsageError
from gp_fft.ground.nearest import nearest
from gp_fft.program.cost import cost_model, primitive_set
from gp_fft.search.objectives import check_objectives
from gp_fft.transforms import Transform, check_free
from gp_fft.transforms.measures import RELATIVE, check_measure, measure, orthogonality
from gp_fft.transforms.scaling import NONE
from gp_fft.transforms.unit_rows import ORTHOGONAL, to_one_length
from primitives import PrimitiveSet

SMALLEST_POPULATION, LARGEST_POPULATION = 4, 4096
LARGEST_SEED = 2**63 - 1
MOST_EQUAL = 1000

ONLY_EXACT, BESIDE, FULL = "exact", "beside", "full"
FRONTS = {
    ONLY_EXACT: "all time goes to exact programs",
    BESIDE: "approximations are looked for beside the exact search",
    FULL: "most of the time goes to approximations of every cost",
}
"""What the front is to hold beside exact programs."""


@dataclass(frozen=True)
class Settings:
    """What an evolution is asked to do; nothing else decides what it finds (threads and seconds never do)."""

    start: str = "random"  # one of starts(), or the name of a record or a file with its hash: dft-8@4dd3fd1b2c3d
    parts: tuple[str, ...] = ()  # of `compose`: exactly these records, named in the same way; (): those at hand
    primitives: str = ""  # a primitive set, with options if wanted; "" takes the one named like the transform's field
    cost: str = "flops"  # cost model: a name, or weights such as "1:2.5"
    seed: int = 1  # 0 .. 2^63 - 1
    population: int = 16  # programs kept from one generation to the next
    seconds: float | None = None  # stop after so many, in the middle of a generation
    generations: int | None = None  # stop after so many; 0: the start alone
    target_cost: float | None = None  # stop when an exact program costs no more
    threads: int = 0  # 0: all cores
    operators: tuple[str, ...] | None = None  # operators that are switched on; None: those usual on the field
    max_growth: float | None = None  # refuse programs with more times the round-off of numpy.fft than this
    scaling: str | None = None  # what is free at the border, a word of transforms.FREE; None: nothing
    depth: int | None = None  # most levels of operations of what comes onto the front
    add_depth: int | None = None  # most levels of additions
    live: int | None = None  # most values alive at once
    axis: str = ""  # third axis of the front: depth, add-depth or live; "": none
    front: str = BESIDE  # how much time approximations get, a word of FRONTS
    error: str = RELATIVE  # how an error is measured, a name of transforms.measures
    error_below: float | None = None  # what is asked for is the cheapest program with at most this error
    cost_below: float | None = None  # what is asked for is the least error with at most this cost
    deviation_below: float | None = None  # from orthogonal outputs: keep programs with no more; 0: orthogonal ones
    deviation_price: float | None = None  # what a mean squared cosine between outputs counts beside a squared error
    error_price: float | None = None  # of an error e times as large, in operations; None: drawn for every walk
    keep_equal: int | None = None  # other programs as cheap as the cheapest exact one that are kept; None: none

    def __post_init__(self) -> None:
        if self.scaling == NONE:  # one way to say it, in which old run folders do
            object.__setattr__(self, "scaling", None)

    def check(self, transform: Transform) -> None:
        """Raise :class:`UsageError`, in one sentence, if these settings cannot be run on ``transform``."""
        self._check_numbers()
        cost_model(self.cost)
        check_expressible(transform, self.primitive_set(transform), self.approximate)
        self._check_given()
        if check_free(self.free) != NONE and transform.field == "gf2":
            raise UsageError(f"scaling {self.free!r} is for numbers; over GF(2) there is no factor but 1")
        check_objectives(self, transform)
        check_measure(self.error, transform)
        self._check_front(transform)
        if self.operators is not None:
            self._check_operators(self.operators)

    @staticmethod
    def _check_operators(chosen: tuple[str, ...]) -> None:
        names = all_operators()
        if not chosen:
            raise UsageError(f"no operator is switched on, so nothing would be done; known are {', '.join(names)}")
        for name in chosen:
            if name not in names:
                near = get_close_matches(name, names, 1)
                hint = f" (did you mean {near[0]}?)" if near else ""
                raise UsageError(f"unknown operator {name!r}{hint}; known are {', '.join(names)}")

    def _check_given(self) -> None:
        if self.start not in starts() and not CITATION.fullmatch(self.start):
            raise UsageError(unknown_start(self.start))
        if self.parts and self.start != "compose":
            raise UsageError(f"parts are for start 'compose', not for {self.start!r}")
        for name in self.parts if self.parts != NO_PARTS else ():
            if not CITATION.fullmatch(name):
                raise UsageError(f"a part is a record with its hash, such as dft-8@4dd3fd1b2c3d, not {name!r}")

    def _check_numbers(self) -> None:
        whole = (
            ("seed", self.seed, 0, LARGEST_SEED),
            ("population", self.population, SMALLEST_POPULATION, LARGEST_POPULATION),
            ("generations", self.generations, 0, 2**53),
            ("threads", self.threads, 0, 1024),
            ("keep equal", self.keep_equal, 1, MOST_EQUAL),
        )
        for name, value, least, most in whole:
            if value is not None and not least <= value <= most:
                raise UsageError(f"{name} must be from {least} to {most}, not {value}")
        amounts = (("seconds", self.seconds), ("target cost", self.target_cost), ("max growth", self.max_growth))
        for name, amount in amounts:
            if amount is not None and not (math.isfinite(amount) and amount > 0):
                raise UsageError(f"{name} must be a finite number above 0, not {amount}")

    def _check_front(self, transform: Transform) -> None:
        """The words and amounts about approximations."""
        if self.front not in FRONTS:
            near = nearest(self.front, FRONTS)
            raise UsageError(
                f"unknown front {self.front!r} (did you mean {near}?); it must be one of {', '.join(FRONTS)}"
            )
        asked = (
            ("error below", self.error_below),
            ("cost below", self.cost_below),
            ("error price", self.error_price),
            ("deviation price", self.deviation_price),
        )
        for name, amount in asked:
            if amount is not None and not (math.isfinite(amount) and amount > 0):
                raise UsageError(f"{name} must be a finite number above 0, not {amount}")
            if amount is not None and self.front == ONLY_EXACT:
                raise UsageError(f"{name} is about approximations, for which front {ONLY_EXACT!r} leaves no time")
        if self.approximate and transform.field == "gf2":
            raise UsageError(f"approximations are of numbers, and {transform.title} is over GF(2), where only bits are")
        if self.deviation_price is not None and measure(self.error).weights(transform) is not None:
            alone = f"the error {self.error!r} weighs the inputs, beside which deviation has no price"
            raise UsageError(f"{alone}; deviation below is a limit that goes with every error")
        limit = self.deviation_below
        if limit is None:
            return
        if self.front == ONLY_EXACT:
            raise UsageError(f"deviation below is about approximations, for which front {self.front!r} leaves no time")
        if not 0.0 <= limit < 1.0:
            raise UsageError(f"deviation below must be from 0, for orthogonal outputs, to below 1, not {limit}")
        own = orthogonality(to_one_length(transform.plain.matrix))
        if transform.field == "gf2" or own > max(limit, ORTHOGONAL):
            what = "which are bits" if transform.field == "gf2" else f"whose own deviation is {own:.3g}"
            raise UsageError(f"a deviation from orthogonality below {limit:g} does not fit {transform.title}, {what}")

    @property
    def approximate(self) -> bool:
        """Whether an approximation may be what is asked for: such programs get most of the time."""
        return self.front == FULL or self.error_below is not None or self.cost_below is not None

    def switched_on(self, transform: Transform) -> tuple[str, ...]:
        """The operators that are switched on, by name."""
        return usual_operators(transform) if self.operators is None else self.operators

    @property
    def free(self) -> str:
        """What is free at the border, a word of transforms.FREE."""
        return self.scaling or NONE

    def primitive_set(self, transform: Transform) -> PrimitiveSet:
        """The primitive set that the programs are made of; UsageError for one that there is not."""
        return primitive_set(self.primitives or transform.field)

    def label(self, transform: Transform) -> str:
        """What the programs say of it, see :class:`gp_fft.program.Program`."""
        return label(self.primitive_set(transform), transform.field)


def usual_cost(primitives: str, asked: str | None = None) -> str:
    """The cost model that is asked for, or else that which the primitive set means; UsageError for an unknown set."""
    return asked or (primitive_set(primitives).cost if primitives else "flops")


def all_operators() -> tuple[str, ...]:
    """The names of all operators; these stand beside the compiled kernels, which take a while to load."""
    from gp_fft.search.operators import NAMES

    return NAMES


def usual_operators(transform: Transform) -> tuple[str, ...]:
    """The names of the operators that are switched on for a transform where nothing is said."""
    from gp_fft.search.operators import usual

    return usual(transform.field)


def starts() -> tuple[str, ...]:
    """The names of all starts that need no file: those of the search, and every one that is a known program."""
    return ("random", *STARTS, "compose")


def unknown_start(given: str) -> str:
    """The sentence about a start that is none."""
    near = get_close_matches(given, starts(), 1)
    hint = f" (did you mean {near[0]}?)" if near else ""
    return f"unknown start {given!r}{hint}; it is {', '.join(starts())}, the path of a program file or a record's name"
