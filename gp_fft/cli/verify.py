"""`gp-fft verify`: a program file checked from the file alone."""

import click

from gp_fft.cli.options import open_program
from gp_fft.cli.scheme_tables import print_verified, scheme_at
from gp_fft.cli.table import Table, name, print_table, prose
from gp_fft.cli.tables import counts_line, factors_line
from gp_fft.files.certificate import PROVED
from gp_fft.ground.errors import DataError
from gp_fft.proof.verify import Verification, verify


@click.command()
@click.argument("file", metavar="FILE|RUN")
@click.option("--seed", type=click.IntRange(min=0), default=0, show_default=True, help="Seed of the random signals.")
def command(file: str, seed: int) -> None:
    """Check the program in FILE, or the best one of RUN, from the file alone.

    The program is executed operation by operation for its matrix, counts and error, then compared with
    numpy.fft or scipy.fft on random signals and impulses, and tested for linearity and shift. A certificate in
    the file is checked in exact arithmetic. Exit code 1 if any check fails. A scheme is run by real recursion at every
    size to 4096, and proved for every n where that can be done.

    \b
    Example:
      gp-fft verify runs/dft-8-001
    """
    scheme = scheme_at(file)
    if scheme is not None:
        print_verified(scheme, seed)
        return
    opened = open_program(file)
    outcome, factors = verify(opened, seed), factors_line(opened.transform.scaling)
    table = Table(name("check"), prose("measured"), prose("limit"), name(""))
    for check in outcome.checks:
        table.add_row(check.name, check.measured, check.limit, "ok" if check.passed else "FAILED")
    click.echo("\n".join(filter(None, [f"{opened.transform.title}: {counts_line(opened)}", factors])) + "\n")
    print_table(table)
    if not outcome.passed:
        failed = ", ".join(check.name for check in outcome.checks if not check.passed)
        raise DataError(f"the program is not what it claims to be; failed: {failed}")
    click.echo(f"\n{_verdict(outcome, opened.transform.claim, bool(factors))}; all checks passed.")
    if opened.transform.claim:
        click.echo(f"Mind that {opened.transform.claim}.")


def _verdict(outcome: Verification, claim: str, scaled: bool) -> str:
    """What is known now of the program."""
    what = "the matrix in its file" if claim else "its transform"
    what += ", up to its factors," if scaled else ""
    if outcome.status == PROVED:
        return f"proved: the program computes {what} exactly"
    how = "up to round-off" if outcome.exact else f"with the error {outcome.error:.1e}"
    return f"{outcome.status}: the program computes {what} {how}"
