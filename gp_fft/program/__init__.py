"""The program: the value that everything else passes around, its text, its operation counts, and running it."""

from gp_fft.program.given import LIMIT_INPUTS, LIMIT_TITLE, check_border, clean_title
from gp_fft.program.program import LIMIT_SIZE, LIMIT_TERMS, Program
from gp_fft.program.values import Term

__all__ = [
    "LIMIT_INPUTS",
    "LIMIT_SIZE",
    "LIMIT_TERMS",
    "LIMIT_TITLE",
    "Program",
    "Term",
    "check_border",
    "clean_title",
]
