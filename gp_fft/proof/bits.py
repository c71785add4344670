"""Proofs over GF(2): there are no constants to find, the proof is the matrix itself, multiplied out in whole numbers.

A value is one whole number whose bits are the inputs that it is the sum of; a program is as many XORs of them as it has
terms. Nothing is shared with the arrays of numpy that the search and the error are computed with.
"""

from collections.abc import Iterator
from typing import Any

from gp_fft.files.certificate import VERSION, Certificate, Residues
from gp_fft.ground.errors import DataError
from gp_fft.program import Program
from gp_fft.proof.target import EXACT_READING, check_belongs, statement
from gp_fft.transforms import Transform
from gp_fft.transforms.exact import rational

FIELD = "GF(2)"
_FIXED: dict[str, Any] = {"order": 1, "reading": EXACT_READING, "constants": (), "residues": Residues(prime=2, root=1)}


def prove(program: Program, transform: Transform) -> Certificate:
    """The certificate that a program computes its transform; DataError names the first entry that differs."""
    multiply_out(program, transform)
    return Certificate(version=VERSION, hash=program.content_hash, **_FIXED, **describe(program, transform))


def check(certificate: Certificate, program: Program, transform: Transform) -> None:
    """Prove it again; DataError if the program does not compute the transform or something else is stated."""
    check_belongs(certificate, program, transform)
    words = _FIXED | describe(program, transform)
    if any(getattr(certificate, key) != value for key, value in words.items()):
        raise DataError(f"the proof does not state what a proof of {transform.title} by this program states")
    multiply_out(program, transform)


def describe(program: Program, transform: Transform) -> dict[str, Any]:
    """Statement, field and list of checks as a certificate has to give them."""
    entries = len(program.outputs) * program.inputs
    checked = (f"{entries} entries multiplied out exactly in {FIELD}",)
    return {"statement": statement(transform, EXACT_READING), "field": FIELD, "checked": checked}


def multiply_out(program: Program, transform: Transform) -> None:
    """Compare the matrices entry by entry; DataError names the first that differs."""
    for k, (got, wanted) in enumerate(_pairs(program, transform)):
        if gap := got ^ wanted:
            column = (gap & -gap).bit_length() - 1
            raise DataError(f"entry ({k}, {column}) of the program is not that of the transform")


def wrong_bits(program: Program, transform: Transform) -> tuple[int, int]:
    """In how many entries program and transform differ, and how many of the transform are 1."""
    pairs = list(_pairs(program, transform))
    return sum((got ^ wanted).bit_count() for got, wanted in pairs), sum(wanted.bit_count() for _, wanted in pairs)


def _pairs(program: Program, transform: Transform) -> Iterator[tuple[int, int]]:
    """Each row of the program, multiplied out, beside the one that it should be."""
    values = [1 << k for k in range(program.inputs)]
    for row in program.rows():
        total = 0
        for size, turn, ref in row:
            if size != 1.0 or turn:
                raise DataError("the program is not over GF(2): it has a coefficient other than 1")
            total ^= values[ref]
        values.append(total)
    for output, wanted in zip(program.outputs.tolist(), _rows(transform), strict=True):
        yield values[program.inputs + output], wanted


def _rows(transform: Transform) -> Iterator[int]:
    """The rows of the exact matrix as whole numbers, column k as bit k."""
    exact = transform.exact
    known = {rational(0): 0, rational(1): 1}
    bits = [known.get(number) for number in exact.numbers]
    for line in exact.index.tolist():
        row = 0
        for column, place in enumerate(line):
            bit = bits[place]
            if bit is None:
                raise DataError(f"{transform.title} has an entry other than 0 and 1")
            row |= bit << column
        yield row
