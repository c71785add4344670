"""Counts of work instead of seconds: how many functions a piece of code calls, the same on every machine."""

import sys


def calls(function):
    """How many calls of Python functions and builtins `function()` makes, its own included."""
    counted = 0

    def count(frame, event, argument):
        nonlocal counted
        counted += event in ("call", "c_call")

    before = sys.getprofile()
    sys.setprofile(count)
    try:
        function()
    finally:
        sys.setprofile(before)
    return counted
