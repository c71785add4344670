"""C99: one self-contained function of a batch, with strides, in scalar operations."""

from dataclasses import dataclass

from gp_fft.export.form import Form, Statement
from gp_fft.export.python import constant_names
from gp_fft.export.target import Options, Source, Target, option

WORDS = ("uint8_t", "uint16_t", "uint32_t", "uint64_t")
KEYWORDS = frozenset(
    [
        "auto",
        "break",
        "case",
        "char",
        "const",
        "continue",
        "default",
        "do",
        "double",
        "else",
        "enum",
        "extern",
        "float",
        "for",
        "goto",
        "if",
        "inline",
        "int",
        "long",
        "register",
        "restrict",
        "return",
        "short",
        "signed",
        "sizeof",
        "static",
        "struct",
        "switch",
        "typedef",
        "union",
        "unsigned",
        "void",
        "volatile",
        "while",
        "main",
        "asm",
        "typeof",
        "ptrdiff_t",
        "size_t",
    ]
)


@dataclass(frozen=True)
class COptions(Options):
    """What may be chosen of C."""

    layout: str = option(
        "interleaved", "How complex numbers lie: as pairs, or in two arrays.", ("interleaved", "split")
    )
    dtype: str = option("double", "Type of the numbers.", ("double", "float"))


def write(source: Source, options: COptions) -> str:
    """A file with one function."""
    form = source.form(parts=2)
    real = "uint64_t" if form.field == "gf2" else options.dtype
    split = form.parts == 2 and options.layout == "split"
    pair = 2 if form.parts == 2 and not split else 1
    arrays = ("x_re", "x_im", "y_re", "y_im") if split else ("x", "y")
    half = len(arrays) // 2
    pointers = [f"const {real} *{name}" for name in arrays[:half]] + [f"{real} *{name}" for name in arrays[half:]]
    lines = [f"/* {source.header[0]}", *(f" * {line}" for line in source.header[1:]), " */"]
    lines += ["#include <stddef.h>", *["#include <stdint.h>"] * (form.field == "gf2"), ""]
    lines += [
        "/* Element j of vector b is at [b * distance + j * stride], counted in numbers of the field. */",
        f"void {source.function}({', '.join(pointers)},",
        "    ptrdiff_t x_stride, ptrdiff_t x_distance, ptrdiff_t y_stride, ptrdiff_t y_distance, size_t batch)",
        "{",
    ]
    for size, name in constant_names(form).items():
        exact = source.exact.get(size, "")
        lines.append(f"    const {real} {name} = ({real}){size!r};{f' /* {exact} */' if exact else ''}")
    lines += ["    for (size_t row = 0; row < batch; ++row) {"]

    def place(array: str, element: int, part: int) -> str:
        if split:
            return f"{array}_{('re', 'im')[part]}[{element} * {array}_stride]"
        return f"{array}[{f'{pair} * ' if pair == 2 else ''}{element} * {array}_stride{' + 1' * part}]"

    for value in range(form.inputs * form.parts):
        if any(value in statement.reads for statement in form.statements) or value in form.outputs:
            element, part = divmod(value, form.parts)
            lines.append(f"        const {real} {form.names[value]} = {place('x', element, part)};")
    for statement in form.statements:
        lines.append(f"        const {real} {form.names[statement.out]} = {_expression(form, statement)};")
    for k, value in enumerate(form.outputs):
        element, part = divmod(k, form.parts)
        lines.append(f"        {place('y', element, part)} = {form.names[value]};")
    lines += [f"        {name} += {f'{pair} * ' if pair == 2 else ''}{name[0]}_distance;" for name in arrays]
    return "\n".join([*lines, "    }", "}"]) + "\n"


def _expression(form: Form, statement: Statement) -> str:
    a, b = (form.names[value] if value >= 0 else "" for value in (statement.a, statement.b))
    sign = "-" if statement.size < 0 else ""
    size = constant_names(form).get(abs(statement.size), "1")
    match statement.operation:
        case "sum" if form.field == "gf2":
            return f"{a} ^ {b}"
        case "sum":
            return f"{a} - {b}" if statement.turn else f"{a} + {b}"
        case "product":
            return f"{sign}{size} * {a}"
        case "fused":
            return f"{a} {sign or '+'} {size} * {b}"
        case "turned":
            return f"-{a}"
    return "0"


TARGET = Target("c", "a self-contained C99 function", ".c", write, COptions, keywords=KEYWORDS)
