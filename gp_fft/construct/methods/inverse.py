"""The inverse DFT from every program of the DFT: the conjugate coefficients, divided by n."""

from collections.abc import Iterator

from gp_fft.construct.parts import Method, Parts
from gp_fft.construct.rescale import rescale
from gp_fft.program import Program
from gp_fft.transforms import Transform


def inverse(program: Program, title: str) -> Program:
    """``idft n`` from a program of ``dft n``; n scales more where no other constant takes the factor 1/n."""
    rows = [[(size, -turn % 4, ref) for size, turn, ref in row] for row in program.rows()]
    return rescale(
        Program.build(program.inputs, "complex", rows, program.outputs.tolist(), title), 1.0 / program.inputs
    )


def _inverses(transform: Transform, parts: Parts) -> Iterator[Program]:
    for program in parts.known("dft", transform.inputs):
        yield inverse(program, transform.title)


METHOD = Method("inverse", ("idft",), lambda transform: transform.inputs > 1, _inverses)
