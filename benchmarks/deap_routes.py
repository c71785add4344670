"""The same programs the way DEAP would run them: trees of numpy primitives that go through ``gp.compile``.

DEAP (F.-A. Fortin et al., 2012) turns a tree into Python source and evaluates that. It has no word for a
definition that several terms refer to, so there are three ways to write one of our programs. All compute on
whole rows of the matrix (numpy arrays of length n), add by halves so that nothing nests deep, subtract where
a sign allows it, and take one product by a real or imaginary constant for a scaled or turned term.

* :class:`Trees`: one tree a program, every shared definition written out again at each use. The usual way.
* :class:`Functions`: one automatically defined function (ADF) a definition, called with all inputs at each
  use (``gp.compileADF``). Compiles less, computes as often.
* :class:`Values`: ADFs without arguments, which ``gp.compileADF`` evaluates at once, so that a later tree
  finds the finished array under the name of the definition. The only way to share, and no common one.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from deap import gp
from numpy.typing import NDArray

from gp_fft.program import Program, Term

Nodes = list[gp.Primitive | gp.Terminal]
Row = NDArray[np.complex128]


def _matrix(*rows: Row) -> NDArray[np.complex128]:
    return np.array(rows)


def primitive_set(name: str, inputs: int, outputs: int = 0) -> gp.PrimitiveSet:
    """Sums, differences, products, signs; with ``outputs`` also the root that gathers so many rows."""
    pset = gp.PrimitiveSet(name, inputs, prefix="x")
    pset.addPrimitive(np.add, 2, "add")
    pset.addPrimitive(np.subtract, 2, "sub")
    pset.addPrimitive(np.multiply, 2, "mul")
    pset.addPrimitive(np.negative, 1, "neg")
    if outputs:
        pset.addPrimitive(_matrix, outputs, "matrix")
    return pset


class _Writer:
    """Writes sums of terms as prefix lists of the nodes of a primitive set."""

    def __init__(self, pset: gp.PrimitiveSet) -> None:
        self.node = pset.mapping

    def sum(self, row: Sequence[Term], values: Sequence[Nodes]) -> Nodes:
        """The nodes of one definition, given the nodes of every value it may refer to."""
        if not row:
            return [self.node["mul"], _constant(0.0), *values[0]]
        negative, nodes = self._halves([self._term(values[ref], size, turn) for size, turn, ref in row])
        return [self.node["neg"], *nodes] if negative else nodes

    def _term(self, value: Nodes, size: float, turn: int) -> tuple[bool, Nodes]:
        if turn % 2:
            return turn > 1, [self.node["mul"], _constant(complex(0.0, size)), *value]
        if size != 1.0:
            return turn > 1, [self.node["mul"], _constant(size), *value]
        return turn > 1, value

    def _halves(self, terms: list[tuple[bool, Nodes]]) -> tuple[bool, Nodes]:
        if len(terms) == 1:
            return terms[0]
        half = len(terms) // 2
        (minus_a, a), (minus_b, b) = self._halves(terms[:half]), self._halves(terms[half:])
        if minus_a == minus_b:
            return minus_a, [self.node["add"], *a, *b]
        return False, [self.node["sub"], *b, *a] if minus_a else [self.node["sub"], *a, *b]


def _constant(value: complex) -> gp.Terminal:
    """What an ephemeral constant is once it stands in a tree: a terminal with a number."""
    return gp.Terminal(value, False, object)


class Trees:
    """One tree a program; shared definitions are written out at each use."""

    def __init__(self, programs: Sequence[Program]) -> None:
        shape = (len(programs[0].outputs), programs[0].inputs)
        self.basis = list(np.eye(shape[1], dtype=np.complex128))
        self.pset = primitive_set("MAIN", shape[1], shape[0])
        self.individuals = [self._tree(program) for program in programs]

    def _tree(self, program: Program) -> gp.PrimitiveTree:
        writer = _Writer(self.pset)
        values: list[Nodes] = [[self.pset.mapping[f"x{k}"]] for k in range(program.inputs)]
        for row in program.rows():
            values.append(writer.sum(row, values))
        tree: Nodes = [self.pset.mapping["matrix"]]
        for d in program.outputs.tolist():
            tree += values[program.inputs + d]
        return gp.PrimitiveTree(tree)

    def matrix(self, individual: gp.PrimitiveTree) -> NDArray[np.complex128]:
        """Compile and run one individual on the basis vectors."""
        return gp.compile(individual, self.pset)(*self.basis)

    def compile_only(self, individual: gp.PrimitiveTree) -> None:
        """The first half of :meth:`matrix`, to see which half takes the time."""
        gp.compile(individual, self.pset)


class Functions:
    """One ADF a definition; an individual is a list of trees: the main one, then the last definition."""

    def __init__(self, programs: Sequence[Program]) -> None:
        shape = (len(programs[0].outputs), programs[0].inputs)
        self.basis = list(np.eye(shape[1], dtype=np.complex128))
        self.psets = [
            primitive_set(f"t{d}", self._arguments(shape[1])) for d in range(max(p.definitions for p in programs))
        ]
        self.main = primitive_set("MAIN", self._arguments(shape[1]), shape[0])
        for later, pset in enumerate([*self.psets, self.main]):
            self._introduce(pset, self.psets[:later])
        self.individuals = [self._trees(program) for program in programs]

    def _arguments(self, inputs: int) -> int:
        return inputs

    def _introduce(self, pset: gp.PrimitiveSet, earlier: Sequence[gp.PrimitiveSet]) -> None:
        """Make the inputs and the earlier definitions known to a primitive set."""
        for other in earlier:
            pset.addADF(other)

    def _input(self, pset: gp.PrimitiveSet, k: int) -> Nodes:
        return [pset.mapping[f"x{k}"]]

    def _use(self, pset: gp.PrimitiveSet, definition: int) -> Nodes:
        """The nodes that stand for an earlier definition."""
        arguments = [pset.mapping[f"x{k}"] for k in range(len(self.basis))]
        return [pset.mapping[f"t{definition}"], *arguments]

    def _trees(self, program: Program) -> list[gp.PrimitiveTree]:
        trees = []
        for d, row in enumerate(program.rows()):
            pset = self.psets[d]
            values = [self._input(pset, k) for k in range(program.inputs)]
            values += [self._use(pset, earlier) for earlier in range(d)]
            trees.append(gp.PrimitiveTree(_Writer(pset).sum(row, values)))
        main: Nodes = [self.main.mapping["matrix"]]
        for d in program.outputs.tolist():
            main += self._use(self.main, d)
        return [gp.PrimitiveTree(main), *reversed(trees)]

    def _psets(self, individual: list[gp.PrimitiveTree]) -> list[gp.PrimitiveSet]:
        return [self.main, *reversed(self.psets[: len(individual) - 1])]

    def matrix(self, individual: list[gp.PrimitiveTree]) -> NDArray[np.complex128]:
        """Compile and run one individual on the basis vectors."""
        return gp.compileADF(individual, self._psets(individual))(*self.basis)


class Values(Functions):
    """ADFs without arguments: to compile one is to compute it, and its array stays under its name."""

    def _arguments(self, inputs: int) -> int:
        return 0

    def _introduce(self, pset: gp.PrimitiveSet, earlier: Sequence[gp.PrimitiveSet]) -> None:
        for k, vector in enumerate(self.basis):
            pset.addTerminal(vector, f"x{k}")
        for other in earlier:
            pset.addTerminal(None, other.name)

    def _use(self, pset: gp.PrimitiveSet, definition: int) -> Nodes:
        return [pset.mapping[f"t{definition}"]]

    def matrix(self, individual: list[gp.PrimitiveTree]) -> NDArray[np.complex128]:
        """Compile, which here also runs, one individual."""
        return gp.compileADF(individual, self._psets(individual))


Route = Trees | Functions
ROUTES: dict[str, type[Trees] | type[Functions]] = {
    "trees": Trees,
    "ADFs": Functions,
    "shared values": Values,
}


def errors(route: Route, target: NDArray[np.complex128]) -> list[float]:
    """The relative Frobenius error of every individual, as an evaluation under ``toolbox.map`` finds it."""
    norm = np.linalg.norm(target)
    return [float(np.linalg.norm(route.matrix(x) - target) / norm) for x in route.individuals]
