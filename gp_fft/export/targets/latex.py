"""LaTeX: a document with the equations of a program, or with its matrix as a product of sparse ones."""

import re
from dataclasses import dataclass
from fractions import Fraction

from gp_fft.export.factors import factors
from gp_fft.export.form import Form
from gp_fft.export.python import constant_names
from gp_fft.export.target import Options, Source, Target, option
from gp_fft.export.tex import formula, plain, variable
from gp_fft.ground.errors import UsageError

WIDEST = 48  # columns of a matrix that can still be read
LONGEST = 80  # characters of an exact number that is set
TURNS = ("", r"\mathrm{i}\,", "-", r"-\mathrm{i}\,")


@dataclass(frozen=True)
class LatexOptions(Options):
    """What may be chosen of LaTeX."""

    show: str = option("equations", "Equations, or factorised matrices.", ("equations", "matrices", "both"))
    fragment: bool = option(False, r"Only what stands in the document, for \input.")


def write(source: Source, options: LatexOptions) -> str:
    """A document, or what stands in it; a paper that inputs it needs amsmath, and graphicx for matrices."""
    form = source.form(order=False)
    lines = [f"% {line}" for line in source.header]
    content = _constants(form, source)
    if options.show != "matrices":
        content += _equations(source, form)
    if options.show != "equations":
        content += _matrices(form, source.file.transform.title)
    if options.fragment:
        return "\n".join([*lines, *content]) + "\n"
    title = [rf"\section*{{{plain(source.file.transform.title)}}}", rf"{plain(source.header[1])}."]
    lines += [
        r"\documentclass{article}",
        r"\usepackage[a4paper,margin=2cm]{geometry}",
        r"\usepackage{amsmath,graphicx}",
    ]
    lines += [r"\allowdisplaybreaks", r"\begin{document}", *title, *content, r"\end{document}"]
    return "\n".join(lines) + "\n"


def _constants(form: Form, source: Source) -> list[str]:
    """The constants by name, with their digits, and what they are exactly."""
    rows = []
    for size, name in constant_names(form).items():
        exact = source.exact.get(size, "")
        known = f"{formula(exact)} " if exact and len(exact) <= LONGEST and not exact.isdigit() else ""
        rows.append(f"{variable(name)} &= {known}{_relation(exact, size) if known else ''}{_digits(size)}")
    return _aligned(rows)


def _relation(exact: str, size: float) -> str:
    """Whether the digits are all that there are."""
    whole = re.fullmatch(r"\d+(/\d+)?", exact) and Fraction(exact) == Fraction(size)
    return "= " if whole else r"\approx "


def _digits(size: float) -> str:
    mantissa, _, exponent = repr(size).partition("e")
    return rf"{mantissa} \cdot 10^{{{int(exponent)}}}" if exponent else mantissa.removesuffix(".0")


def _aligned(rows: list[str]) -> list[str]:
    if not rows:
        return []
    return [r"\begin{align*}", *(rf"  {row} \\" for row in rows[:-1]), f"  {rows[-1]}", r"\end{align*}"]


def _equations(source: Source, form: Form) -> list[str]:
    """The definitions of the program, as its text form has them."""
    program, names = source.program, dict(constant_names(form))
    shown: dict[int, list[int]] = {}
    for k, d in enumerate(program.outputs.tolist()):
        shown.setdefault(d, []).append(k)
    called, rows, hidden = [f"x_{{{k}}}" for k in range(program.inputs)], [], 0
    plus = r"\oplus" if program.field == "gf2" else "+"
    for d, row in enumerate(program.rows()):
        left = f"y_{{{shown[d][0]}}}" if d in shown else f"t_{{{hidden}}}"
        hidden += d not in shown
        text = ""
        for size, turn, ref in row:
            term = f"{TURNS[turn]}{f'{variable(names[size])} ' if size != 1.0 else ''}{called[ref]}"
            text += term if not text else f" - {term[1:]}" if turn >= 2 else f" {plus} {term}"
        rows.append(f"{left} &= {text or '0'}")
        called.append(left)
        rows += [f"y_{{{k}}} &= {left}" for k in shown.get(d, [])[1:]]
    return _aligned(rows)


def _matrices(form: Form, title: str) -> list[str]:
    """The outputs as the product of the factors, each set as wide as the page at most."""
    made, names = factors(form), constant_names(form)
    product = r" \, ".join(f"A_{{{k}}}" for k in range(len(made), 0, -1))
    modulo = r" \pmod 2" if form.field == "gf2" else ""
    lines = [r"\begin{align*}", f"  y &= {product} \\, x{modulo}", r"\end{align*}"]
    widest = max(factor.columns for factor in made)
    if widest > WIDEST:
        raise UsageError(
            f"the matrices of {title} have up to {widest} columns, of which a page takes {WIDEST}; "
            "--show equations writes its equations, the target scipy its matrices"
        )
    lines += [rf"\setcounter{{MaxMatrixCols}}{{{widest}}}"] if widest > 10 else []
    for k, factor in enumerate(made, 1):
        lines += [r"\begin{center}", r"\resizebox{\ifdim\width>\linewidth\linewidth\else\width\fi}{!}{$"]
        lines += [f"  A_{{{k}}} =", r"  \begin{bmatrix}"]
        for row in factor.rows:
            entries = dict(row)
            cells = (
                _entry(entries[column], names) if column in entries else r"\cdot" for column in range(factor.columns)
            )
            lines.append(rf"    {' & '.join(cells)} \\")
        lines += [r"  \end{bmatrix}", r"$}", r"\end{center}"]
    return lines


def _entry(value: complex, names: dict[float, str]) -> str:
    """An entry: a constant by its name, a turn as a sign or i; a sum of two that met in one place by both."""
    value = complex(value)
    parts = [(value.real, ""), (value.imag, r"\mathrm{i}")]
    text = ""
    for size, unit in parts:
        if size:
            sign = "-" if size < 0 else "+" if text else ""
            word = variable(names[abs(size)]) if abs(size) in names else _digits(abs(size))
            text += f"{sign}{unit if unit and word == '1' else f'{word}{chr(92) + chr(44) if unit else str()}{unit}'}"
    return text or "0"


TARGET = Target("latex", "equations, or factorised matrices, for a paper", ".tex", write, LatexOptions)
