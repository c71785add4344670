"""Which turn each value is held with, so that turns cost nothing, also at the outputs.

A sum ``i**s a + i**t b`` is held without the turn of the operand that leads it: ``a + i**(t-s) b``, with ``s``,
or ``b + i**(s-t) a``, with ``t``. A product is held with the turn of what it is made of, or with the opposite one and a
negative size. An output must be held without a turn. By itself the operand with the least turn leads. Where one is
left with a turn, the nodes that it is made of are led the other way round, nearest first, which is kept where no
output more is left with a turn; each node may change as often as ``SIDEWAYS`` where that gains nothing yet. Of the
records this leaves no output with a turn.
"""

from __future__ import annotations

import heapq

from gp_fft.export.nodes import Node, Nodes, Reading

TRIALS = 4000  # nodes tried the other way round, in all
NEAR = 60  # nodes above an output that are tried
SIDEWAYS = 2


class Held:
    """The nodes with how each is led: ``turns`` of all values."""

    def __init__(self, nodes: Nodes) -> None:
        self._nodes = nodes
        self._other = [False] * len(nodes.nodes)
        self.turns = [0] * nodes.inputs
        self._users: list[list[int]] = [[] for _ in nodes.names]
        for k, node in enumerate(nodes.nodes):
            self.turns.append(self._turn(k))
            for reading in node.readings:
                self._users[reading.value].append(k)
        self._shown: dict[int, list[int]] = {}
        for reading in nodes.outputs:
            self._shown.setdefault(reading.value, []).append(reading.turn)
        self._improve()

    def of(self, reading: Reading) -> int:
        """The turn that is left to whoever reads a value so."""
        return (reading.turn + self.turns[reading.value]) % 4

    def negated(self, k: int) -> bool:
        """Whether node k, a product, has a negative size."""
        return self._other[k]

    def lead(self, k: int) -> tuple[Reading, Reading]:
        """The operands of node k, a sum, the leading one first."""
        a, b = self._nodes.nodes[k].readings
        if b.size != 1.0 or (self.of(a) <= self.of(b)) != self._other[k]:
            return a, b
        return b, a

    def _turn(self, k: int) -> int:
        node: Node = self._nodes.nodes[k]
        if not node.readings:
            return 0
        if node.product:
            return (self.turns[node.readings[0].value] + 2 * self._other[k]) % 4
        return self.of(self.lead(k)[0])

    def _improve(self) -> None:
        flips, trials, going_on = [0] * len(self._other), TRIALS, True
        while going_on:
            going_on = False
            for reading in self._nodes.outputs:
                for k in self._near(reading) if self.of(reading) else ():
                    trials -= 1
                    if trials < 0:
                        return
                    changed, more = self._flip(k)
                    if more < 0 or (more == 0 and changed and flips[k] < SIDEWAYS):
                        flips[k] += 1
                        going_on = True
                        if not self.of(reading):
                            break
                    else:
                        self._other[k] = not self._other[k]
                        for value, turn in changed.items():
                            self.turns[value] = turn

    def _near(self, reading: Reading) -> list[int]:
        """The nodes that an output is made of, itself first, nearest first."""
        inputs = self._nodes.inputs
        found = [reading.value - inputs] if reading.value >= inputs else []
        seen = set(found)
        for here in found:
            for below in self._nodes.nodes[here].readings:
                k = below.value - inputs
                if k >= 0 and k not in seen and len(found) < NEAR:
                    seen.add(k)
                    found.append(k)
        return found

    def _flip(self, k: int) -> tuple[dict[int, int], int]:
        """Lead a node the other way round: the turns before of all values that this changed, and how many outputs more
        are left with a turn.
        """
        self._other[k] = not self._other[k]
        changed, more, heap, seen = dict[int, int](), 0, [k], {k}
        while heap:
            here = heapq.heappop(heap)
            value, turn = self._nodes.inputs + here, self._turn(here)
            if turn != (before := self.turns[value]):
                shown = self._shown.get(value, ())
                more += sum(((turn + t) % 4 != 0) - ((before + t) % 4 != 0) for t in shown)
                changed[value], self.turns[value] = before, turn
                for user in self._users[value]:
                    if user not in seen:
                        seen.add(user)
                        heapq.heappush(heap, user)
        return changed, more
