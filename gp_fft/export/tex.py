"""Exact numbers and names as formulas of LaTeX."""

from __future__ import annotations

import ast
import re

from gp_fft.ground.errors import DataError

SPECIAL = {"\\": r"\textbackslash{}", "^": r"\textasciicircum{}", "~": r"\textasciitilde{}"}
OPERATORS = {ast.Add: "+", ast.Sub: "-", ast.USub: "-"}


def plain(text: str) -> str:
    """Words as LaTeX sets them."""
    return "".join(SPECIAL.get(c, "\\" + c if c in "#$%&_{}" else c) for c in text)


def variable(name: str) -> str:
    """A name such as ``t12`` or ``y0_turned`` with its number as an index: ``t_{12}``."""
    letters, number, rest = re.fullmatch(r"([A-Za-z]+)(\d+)(\w*)", name).groups()  # type: ignore[union-attr]
    return f"{letters}_{{{number}{rest.replace('_', '')}}}"


def formula(exact: str) -> str:
    """An exact number such as ``2*cos(3*pi/8)`` as a formula; DataError for what is none."""
    try:
        return _formula(ast.parse(exact, mode="eval").body)
    except (SyntaxError, KeyError, TypeError) as error:
        raise DataError(f"{exact[:60]!r} is no exact number") from error


def _formula(node: ast.AST) -> str:
    match node:
        case ast.Constant(value=int(value)):
            return str(value)
        case ast.Name(id="pi"):
            return r"\pi"
        case ast.Call(func=ast.Name(id="sqrt"), args=[argument]):
            return rf"\sqrt{{{_formula(argument)}}}"
        case ast.Call(func=ast.Name(id=("cos" | "sin" | "tan") as name), args=[argument]):
            return rf"\{name}\left({_formula(argument)}\right)"
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            return f"-{_closed(operand)}"
        case ast.BinOp(left=left, op=ast.Div(), right=right):
            return rf"\frac{{{_formula(left)}}}{{{_formula(right)}}}"
        case ast.BinOp(left=left, op=ast.Mult(), right=right):
            return rf"{_closed(left)} {'' if isinstance(left, ast.Constant) else chr(92) + 'cdot '}{_closed(right)}"
        case ast.BinOp(left=left, op=ast.Add() | ast.Sub() as op, right=right):
            return f"{_formula(left)} {OPERATORS[type(op)]} {_closed(right)}"
    raise TypeError


def _closed(node: ast.AST) -> str:
    """A formula in brackets where it is a sum."""
    text = _formula(node)
    is_sum = isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add | ast.Sub)
    return rf"\left({text}\right)" if is_sum else text
