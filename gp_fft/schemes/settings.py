"""What is asked of a discovery: a frozen value, checked at the border."""

from __future__ import annotations

from dataclasses import dataclass, fields

from gp_fft.evolution.islands import BEGINNINGS
from gp_fft.ground.errors import UsageError
from gp_fft.schemes.family import DEPTHS, Family, switched_on
from gp_fft.schemes.forms import table
from gp_fft.schemes.running import verify_sizes
from gp_fft.schemes.scheme import CALL, SUM
from gp_fft.schemes.text import parse_scheme

OPERATORS = (
    *("redraw", "retarget", "renumber", "copy", "duplicate", "crossover"),
    *("distribute", "factor", "split", "gather", "regroup", "commute", "unfold", "merge"),
    "mutate",
)
"""The mutations of a scheme that is wrong, the rewrites of one that is right, and the mutation of that."""
MUTATIONS, REWRITES = OPERATORS[:5], OPERATORS[6:]
ALL = (*OPERATORS, *BEGINNINGS, "anneal")
OUTPUTS = ("row", "last", "pair")
SELECTIONS = ("error", "cases", "targets")
ROWS = {2: 20, 3: 20, 4: 28, 5: 26}  # of a random scheme, where nothing is said
ROOM = 64  # most rows of any scheme
LARGEST_SEED = 2**63 - 1


@dataclass(frozen=True)
class Asked:
    """The settings of a discovery; ``check`` refuses what does not fit."""

    seed: int = 1
    population: int = 16  # schemes kept from one generation to the next
    seconds: float | None = None
    generations: int | None = None
    target_cost: float | None = None  # operations at the largest member up to 256
    threads: int = 0  # 0: all cores; does not change results
    primitives: tuple[str, ...] = ()  # vector primitives that are on; (): the usual ones
    operators: tuple[str, ...] = ALL  # those that are on
    rows: int = 0  # of a random scheme; 0: as the family is used to
    depth: int = 0  # levels that a scheme may go down; 0: as the family is used to
    sizes: tuple[int, ...] = ()  # n at which schemes are scored; (): as the family is used to
    output: str = "pair"  # of a scheme that is wrong: its best row, its last one, or the best sum of two
    selection: str = "error"  # what climbing looks at: the error, one that weighs residues and sizes anew each time, or
    # beside the error, once a scheme is right, that of one of its vectors (see targets.py)
    temperature: float = 0.0  # of climbing, in squared relative errors
    patience: int = 12  # generations without progress after which a climber begins afresh
    graded: bool = True  # False: an error is the part of the entries that are wrong
    oracle: bool = True  # False: calls are answered by the scheme itself, right or wrong
    sharing: bool = True  # False: a vector costs as often as it is used
    start: str = ""  # the text of a scheme to start from; "": random expressions alone
    started: str = ""  # the file that it came from, and the head of its hash

    def check(self, family: Family) -> None:
        """Raise UsageError, in one sentence, for settings that do not fit."""
        for holds, demand in self._demands(family):
            if not holds:
                raise UsageError(demand)
        switched_on(family, self.primitives or None)
        if self.start:
            self._check_start(family)

    def _check_start(self, family: Family) -> None:
        """Raise UsageError for a start of another family, one that is wrong, and one that needs what is off."""
        scheme = parse_scheme(self.start)
        if scheme.family != family:
            raise UsageError(f"the start is a scheme of {scheme.family.title}, not of {family.title}")
        known = table(family, self.primitives or None, self.depth or None, self.sizes)
        for step in scheme.steps:
            if step.form.name not in (SUM, CALL) and step.form not in known.forms:
                named = {one.name for one in known.primitives}
                why = "goes deeper than --depth" if step.form.name in named else "is switched off"
                raise UsageError(f"the start needs the vector primitive {step.form.name!r}, which {why}")
            if step.form.name == SUM and any(turn not in known.arrays.turns for _, turn in step.arguments):
                raise UsageError("the start needs subtract, negate or turn, which is switched off")
        if scheme.depth > known.depth:
            raise UsageError(f"the start goes {scheme.depth} levels down, and --depth allows {known.depth}")
        if len(scheme.steps) >= ROOM // 2:
            raise UsageError(f"the start has {len(scheme.steps)} steps; at most {ROOM // 2 - 1} are allowed")
        if not all(one.passed for one in verify_sizes(scheme, 64)):
            raise UsageError("the start is a wrong scheme: one that is right, or none, can be started from")

    def _demands(self, family: Family) -> list[tuple[bool, str]]:
        unknown = [name for name in self.operators if name not in ALL]
        base, deepest = family.base, self.depth or DEPTHS[family.base]
        fitting = all(n in family and n % family.prime**deepest == 0 and n <= 128 for n in self.sizes)
        return [
            (0 <= self.seed <= LARGEST_SEED, f"the seed is {self.seed}; it must be 0 to 2**63 - 1"),
            (4 <= self.population <= 4096, f"the population is {self.population}; it must be 4 to 4096"),
            (self.seconds is None or self.seconds > 0, f"the seconds are {self.seconds}; they must be above 0"),
            (
                self.generations is None or self.generations >= 0,
                f"the generations are {self.generations}; they must be 0 or more",
            ),
            (0 <= self.threads <= 1024, f"the threads are {self.threads}; they must be 0 to 1024"),
            (not unknown, f"operator {(unknown or [''])[0]!r} is unknown; known are {', '.join(ALL)}"),
            (
                bool(set(MUTATIONS) & set(self.operators)),
                f"one of {', '.join(MUTATIONS)} must be on: nothing would be found",
            ),
            (self.rows == 0 or 6 <= self.rows <= 40, f"the rows are {self.rows}; they must be 6 to 40"),
            (
                self.depth == 0 or (1 <= self.depth <= 3 and self.depth >= family.step),
                f"the depth is {self.depth}; it must be {family.step} to 3 for the family {family}",
            ),
            (
                fitting,
                f"the sizes are {', '.join(map(str, self.sizes))}; they must be powers of {base} from "
                f"{family.prime**deepest} to 128",
            ),
            (self.output in OUTPUTS, f"the output is {self.output!r}; it must be one of {', '.join(OUTPUTS)}"),
            (
                self.selection in SELECTIONS,
                f"the selection is {self.selection!r}; it must be one of {', '.join(SELECTIONS)}",
            ),
            (0 <= self.temperature <= 1, f"the temperature is {self.temperature}; it must be 0 to 1"),
            (self.patience >= 1, f"the patience is {self.patience}; it must be 1 or more"),
        ]


DEFAULTS = {field.name: field.default for field in fields(Asked)}
