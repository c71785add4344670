"""The LaTeX document, set by pdflatex or tectonic if one is here, and read back: its formulas compute the result."""

import re
import shutil
import subprocess

import numpy as np

VARIANTS = [{}, {"show": "matrices"}, {"show": "both"}]
TERM = re.compile(r"(\\oplus|[+-])? ?(-)?(\\mathrm\{i\}\\,)?(C_\{\d+\} )?([a-zA-Z]+_\{[^}]*\}|0$)")
NUMBER = re.compile(r"([-.\de]+)(?: \\cdot 10\^\{(-?\d+)\})?$")


def run(text, function, file, x, folder, **options):
    check(text)
    source = folder / f"{function}.tex"
    source.write_text(text)
    for command in (["pdflatex", "-interaction=batchmode", "-halt-on-error"], ["tectonic"]):
        if shutil.which(command[0]):
            done = subprocess.run([*command, source.name], cwd=folder, capture_output=True, text=True, check=False)
            assert done.returncode == 0, (folder / f"{function}.log").read_text()[-2000:]
            break
    values = constants(text)
    outputs = len(file.program.outputs)
    results = []
    if options.get("show") != "matrices":
        results.append(equations(text, values, x, file.program.field, outputs))
    if "show" in options:
        results.append(matrices(text, values, x, file.program.field))
    for other in results[1:]:
        np.testing.assert_allclose(other, results[0], rtol=0, atol=1e-13 * np.abs(other).max())
    return results[0]


def check(text):
    """What is opened is closed: braces, environments, formulas."""
    plain = re.sub(r"\\[{}]", "", re.sub(r"(?m)^%.*", "", text))
    assert plain.count("{") == plain.count("}")
    assert plain.count("$") % 2 == 0
    opened = []
    for kind, name in re.findall(r"\\(begin|end)\{(\w+\*?)\}", plain):
        if kind == "begin":
            opened.append(name)
        else:
            assert opened.pop() == name
    assert not opened


def rows(text):
    """The rows of all aligned equations as left and right side."""
    for block in re.findall(r"\\begin\{align\*\}\n(.*?)\n\\end\{align\*\}", text, re.S):
        for row in block.split("\\\\\n"):
            left, _, right = row.strip().partition(" &= ")
            yield left, right


def constants(text):
    values = {}
    for left, right in rows(text):
        if left.startswith("C_"):
            mantissa, exponent = NUMBER.search(right).groups()
            values[left] = float(f"{mantissa}e{exponent or 0}")
    return values


def equations(text, values, x, field, outputs):
    known = {f"x_{{{k}}}": x[:, k] for k in range(x.shape[1])}
    for left, right in rows(text):
        if left[0] not in "ty" or left == "y":
            continue
        total, end = np.zeros_like(x[:, 0]), 0
        for match in TERM.finditer(right):
            assert not right[end : match.start()].strip(), right
            end = match.end()
            sign, minus, turned, size, name = match.groups()
            term = 0 * total if name == "0" else known[name]
            if field == "gf2":
                total = total ^ term
                continue
            factor = -1.0 if (sign == "-") != (minus == "-") else 1.0
            factor *= values[size.strip()] if size else 1.0
            total = total + factor * (1j if turned else 1) * term
        assert end == len(right), right
        known[left] = total
    return np.stack([known[f"y_{{{k}}}"] for k in range(outputs)], 1)


def matrices(text, values, x, field):
    y = x.T
    for block in re.findall(r"\\begin\{bmatrix\}\n(.*?)\n  \\end\{bmatrix\}", text, re.S):
        lines = [[cell.strip() for cell in line.strip().removesuffix("\\\\").split("&")] for line in block.splitlines()]
        if field == "gf2":
            assert {cell for line in lines for cell in line} <= {"1", "\\cdot"}
            y = np.stack(
                [np.bitwise_xor.reduce(y[[k for k, cell in enumerate(line) if cell == "1"]]) for line in lines]
            )
        else:
            y = np.array([[entry(cell, values) for cell in line] for line in lines]) @ y
    return y.T.real if field == "real" else y.T


def entry(cell, values):
    total = 0
    if cell in ("\\cdot", "0"):
        return 0
    for sign, size, turn in re.findall(r"([+-]?)(C_\{\d+\}|[\d.]+)?(?:\\,)?(\\mathrm\{i\})?", cell):
        if size or turn:
            number = values[size] if size in values else float(size or 1)
            total += (-1 if sign == "-" else 1) * number * (1j if turn else 1)
    return total
