"""Proofs: exact constants for a program, a certificate that it computes its transform, and the check of one.

A proof never trusts the search, its floats or its tolerances. :func:`prove` guesses exact constants, and only what
:func:`check` accepts, which multiplies the program out in a number field, is handed out as proved.
"""

from gp_fft.proof.proving import Outcome, check, prove, standing

__all__ = ["Outcome", "check", "prove", "standing"]
