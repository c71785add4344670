"""Exact numbers as text: ``cos(pi/8)``, ``sqrt(2)/2``, ``(sqrt(5)-1)/4``, ``(1 + 2*cos(pi/7))/3``, read without eval.

One small recursive reader serves every arithmetic that knows cosines and square roots: the number field of the
exact check and the residues of the modular one. Division is only by a whole number or by one function, lengths and
the total work are bounded, so no text makes the reader slow or large.
"""

import re
from fractions import Fraction
from typing import Any, Protocol, TypeVar

from gp_fft.files.certificate import LIMIT_EXPRESSION
from gp_fft.ground.errors import DataError
from gp_fft.transforms.exact import Number, square_root

LIMIT_DIGITS = 400
LIMIT_DEPTH = 3
LARGEST_SQUARE = 10**6
LIMIT_LENGTH = 1 << 28
"""Most characters of all expressions of one certificate, times the degree of the field."""
LIMIT_PRODUCTS = 1 << 18
"""Most products of irrational numbers in them, times the degree."""

E = TypeVar("E")

_TOKEN = re.compile(r"[0-9]+|cos|sin|tan|sqrt|pi|[-+*/()]")


class Arithmetic(Protocol[E]):
    """What the reader needs to know of numbers."""

    def whole(self, value: int) -> E:
        """A whole number."""

    def cosine(self, turns: Fraction) -> E:
        """cos(2 pi turns)."""

    def number(self, number: Number) -> E:
        """A real sum of roots of unity."""

    def product(self, one: E, other: E) -> E:
        """one times other."""

    def inverse(self, element: E) -> E:
        """1 / element; DataError for zero."""


class Reader:
    """Reads expressions into one arithmetic, with one budget for all of them."""

    def __init__(self, arithmetic: Arithmetic[Any], degree: int) -> None:
        self._numbers = arithmetic
        self._length, self._products = LIMIT_LENGTH // degree, LIMIT_PRODUCTS // degree  # what is left of the budget
        self._tokens: list[str] = []

    def read(self, text: str) -> Any:
        """The number that ``text`` describes; DataError says what is wrong with it."""
        self._length -= len(text)
        if self._length < 0:
            raise DataError("the exact numbers of the proof are too long")
        self._tokens = _tokens(text)[::-1]
        try:
            value = self._sum(0)
            if self._tokens:
                raise DataError(f"{self._tokens[-1]!r} is out of place")
        except DataError as error:
            raise DataError(f"the exact number {text[:60]!a} cannot be read: {error}") from None
        return value

    def _sum(self, depth: int) -> Any:
        if self._next() == "-":
            self._tokens.pop()
            total = -self._product(depth)
        else:
            total = self._product(depth)
        while self._next() in ("+", "-"):
            minus = self._tokens.pop() == "-"
            value = self._product(depth)
            total = total - value if minus else total + value
        return total

    def _product(self, depth: int) -> Any:
        whole = self._next().isdigit()
        value = self._factor(depth)
        while self._next() in ("*", "/"):
            divide = self._tokens.pop() == "/"
            if divide and self._next() == "(":
                raise DataError("only whole numbers and functions may be divided by")
            cheap, whole = whole or self._next().isdigit(), whole and self._next().isdigit()
            factor = self._factor(depth)
            self._products -= not cheap or divide
            if self._products < 0:
                raise DataError("the exact numbers of the proof have too many products")
            value = self._numbers.product(value, self._numbers.inverse(factor) if divide else factor)
        return value

    def _factor(self, depth: int) -> Any:
        token = self._take()
        if token.isdigit():
            return self._numbers.whole(_whole(token))
        if token == "(":
            if depth >= LIMIT_DEPTH:
                raise DataError(f"more than {LIMIT_DEPTH} brackets inside each other")
            value = self._sum(depth + 1)
        elif token in ("sqrt", "cos", "sin", "tan"):
            self._take("(")
            value = self._square_root() if token == "sqrt" else self._function(token, self._turns())
        else:
            raise DataError(f"{token!r} is out of place")
        self._take(")")
        return value

    def _square_root(self) -> Any:
        value = _whole(self._take())
        if value > LARGEST_SQUARE:
            raise DataError(f"a square root must be of a whole number up to {LARGEST_SQUARE}, not {str(value)[:20]}")
        return self._numbers.number(square_root(value))

    def _function(self, name: str, turns: Fraction) -> Any:
        numbers = self._numbers
        cosine = numbers.cosine(turns if name != "sin" else turns - Fraction(1, 4))
        if name != "tan":
            return cosine
        return numbers.product(numbers.cosine(turns - Fraction(1, 4)), numbers.inverse(cosine))

    def _turns(self) -> Fraction:
        """An angle such as ``3*pi/8`` as a part of the whole circle."""
        upper = lower = 1
        if self._next().isdigit():
            upper = _whole(self._take())
            self._take("*")
        self._take("pi")
        if self._next() == "/":
            self._take("/")
            lower = _whole(self._take())
        if not lower:
            raise DataError("an exact value has the denominator zero")
        return Fraction(upper, 2 * lower)

    def _next(self) -> str:
        return self._tokens[-1] if self._tokens else ""

    def _take(self, wanted: str = "") -> str:
        """The next token; DataError if there is none or it is not the wanted one."""
        token = self._tokens.pop() if self._tokens else "the end"
        if token == "the end" or (wanted and token != wanted):
            raise DataError(f"{wanted or 'a number'} was expected, not {token}")
        return token


def _tokens(text: str) -> list[str]:
    """The words of an expression, its length checked first."""
    if len(text) > LIMIT_EXPRESSION:
        raise DataError(f"an exact number has {len(text)} characters, {LIMIT_EXPRESSION} is the limit")
    if amiss := _TOKEN.sub("", text).strip():
        raise DataError(f"the exact number {text[:60]!a} cannot be read at {amiss[:1]!a}")
    return _TOKEN.findall(text)


def _whole(token: str) -> int:
    if not token.isdigit() or len(token) > LIMIT_DIGITS:
        raise DataError(f"{token[:20]!r} is no whole number of at most {LIMIT_DIGITS} digits")
    return int(token)
