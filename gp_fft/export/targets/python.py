"""Plain Python: a function that takes a sequence of numbers and gives a list, and needs nothing else."""

from gp_fft.export.python import KEYWORDS, body, constant_lines, docstring
from gp_fft.export.target import Options, Source, Target


def write(source: Source, options: Options) -> str:
    """A module with one function of a sequence."""
    form = source.form(parts=2)

    def load(value: int) -> str:
        if form.parts == 2:
            return f"x[{value // 2}].{('real', 'imag')[value % 2]}"
        return f"x[{value}]"

    names = [form.names[value] for value in form.outputs]
    if form.parts == 2:
        names = [f"complex({re}, {im})" for re, im in zip(names[::2], names[1::2], strict=True)]
    what = "whole numbers, each a word of bits" if form.field == "gf2" else f"{form.field} numbers"
    shape = f"the list of {len(names)} outputs of a sequence of {form.inputs} {what}."
    lines = [*constant_lines(form, source), ""] * bool(form.constants)
    lines += ["", f"def {source.function}(x):", *docstring(source, f"{shape[0].upper()}{shape[1:]}")]
    lines += [f"    {line}" for line in body(form, load)]
    return "\n".join([*lines, f"    return [{', '.join(names)}]"]).lstrip("\n") + "\n"


TARGET = Target("python", "a plain Python function of a sequence", ".py", write, keywords=KEYWORDS)
