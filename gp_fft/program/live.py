"""Live: how many values a program holds at once, in the best order of its operations that a beam search finds.

The rule. Values are the inputs, the definitions, and each product that several definitions use. An input is alive from
the start to its last use, an output from when it is made to the end, any other value from when it is made to its last
use; an input that nothing uses is never alive. A definition takes one step, in which its terms are added one by one
into one place, so a value whose last use it is may leave its place to it; a product that one definition alone uses is
multiplied as it is added and has no place. The count is the largest number of values alive before, between and after
the steps. Finding the best order is hard (Sethi 1975); here the WIDTH most promising beginnings of an order are kept,
step by step: those with the lowest count so far, then with the fewest values alive, then with the fewest uses to come.
"""

from collections.abc import Sequence
from itertools import pairwise
from typing import Any, NamedTuple

WIDTH = 16  # beginnings of orders that are kept, of large programs fewer
WORK = 100_000  # steps looked at in all, beyond which the beam is narrowed


class Steps(NamedTuple):
    """What has to be done: step k reads some values and makes one."""

    reads: list[list[int]]  # values read by each step; inputs first, then value ``inputs + k`` is made by step k
    users: list[int]  # of each value the steps that read it, as bits; of an output one that never comes, too
    inputs: int
    definitions: list[int]  # which definition each step makes; -1: a product


class Order(NamedTuple):
    """An order of the steps and what it holds."""

    live: int
    steps: tuple[int, ...]


class _Beginning(NamedTuple):
    """The first steps of an order."""

    live: int  # most values alive at once so far
    alive: int  # values alive now
    uses: int  # uses to come of values alive now
    steps: tuple[int, ...]
    done: int  # the same steps, as bits
    ready: tuple[int, ...]  # what may come next, ascending


def live(program: Any, scaled: Sequence[bool]) -> int:
    """How many values ``program``, a Program, holds at once; ``scaled`` tells the terms that are products."""
    return best_order(steps_of(program, scaled)).live


def steps_of(program: Any, scaled: Sequence[bool]) -> Steps:
    """The steps of a program, of which these terms are products that cost something."""
    starts, refs, sizes = program.starts.tolist(), program.refs.tolist(), program.sizes.tolist()
    users: dict[tuple[int, float], set[int]] = {}
    for d, (begin, end) in enumerate(pairwise(starts)):
        for t in range(begin, end):
            if scaled[t]:
                users.setdefault((refs[t], sizes[t]), set()).add(d)
    shared = {product for product, rows in users.items() if len(rows) > 1}
    made = dict(zip(range(program.inputs), range(program.inputs), strict=True))  # where inputs and definitions stand
    products: dict[tuple[int, float], int] = {}
    reads, definitions = list[list[int]](), list[int]()
    for d, (begin, end) in enumerate(pairwise(starts)):
        row = []
        for t in range(begin, end):
            product = (refs[t], sizes[t])
            if scaled[t] and product in shared:
                if product not in products:
                    products[product] = program.inputs + len(reads)
                    reads.append([made[refs[t]]])
                    definitions.append(-1)
                row.append(products[product])
            else:
                row.append(made[refs[t]])
        made[program.inputs + d] = program.inputs + len(reads)
        reads.append(sorted(set(row)))
        definitions.append(d)
    bits = [0] * (program.inputs + len(reads))
    for k, row in enumerate(reads):
        for value in row:
            bits[value] |= 1 << k
    for d in program.outputs.tolist():
        bits[made[program.inputs + d]] |= 1 << len(reads)
    return Steps(reads, bits, program.inputs, definitions)


def best_order(steps: Steps) -> Order:
    """The order with the fewest values alive at once that the beam finds; the same for the same steps."""
    count = len(steps.reads)
    alive = sum(bits != 0 for bits in steps.users[: steps.inputs])
    uses = sum(bits.bit_count() for bits in steps.users[: steps.inputs])
    first = tuple(k for k in range(count) if all(value < steps.inputs for value in steps.reads[k]))
    beam = [_Beginning(alive, alive, uses, (), 0, first)]
    width = WIDTH
    for _ in range(count):
        width = max(1, min(width, WORK // (count * max(len(beginning.ready) for beginning in beam))))
        fresh: dict[int, _Beginning] = {}
        for beginning in beam:
            for step in beginning.ready:
                done = beginning.done | 1 << step
                after = _after(steps, beginning, step)
                if done not in fresh or after < fresh[done][:3]:
                    fresh[done] = _Beginning(*after, (*beginning.steps, step), done, beginning.ready)
        best = sorted(fresh.values(), key=lambda kept: kept[:4])[:width]
        beam = [kept._replace(ready=_ready(steps, kept)) for kept in best]
    return Order(beam[0].live, beam[0].steps)


def _after(steps: Steps, before: _Beginning, step: int) -> tuple[int, int, int]:
    """The first three numbers of a beginning with one step more."""
    left = ~(before.done | 1 << step)
    made = steps.users[steps.inputs + step]
    dying = sum(not steps.users[value] & left for value in steps.reads[step])
    alive = before.alive + (made != 0) - dying
    return max(before.live, alive), alive, before.uses - len(steps.reads[step]) + made.bit_count()


def _ready(steps: Steps, kept: _Beginning) -> tuple[int, ...]:
    """What may come after the last step of a beginning, whose ``ready`` is from before that."""
    last = kept.steps[-1]
    users, ready = steps.users[steps.inputs + last], [step for step in kept.ready if step != last]
    while users:
        step = (users & -users).bit_length() - 1
        users &= users - 1
        if step < len(steps.reads) and all(
            value < steps.inputs or kept.done >> (value - steps.inputs) & 1 for value in steps.reads[step]
        ):
            ready.append(step)
    return tuple(sorted(ready))
