"""ONNX: a model of a batch, complex numbers as two real channels; its text form, and the file that runtimes load.

The text form is ONNX's own (``onnx.parser``), so it is what a reader sees and what the file is made of.
"""

from dataclasses import dataclass

from gp_fft.export.form import Form, Statement
from gp_fft.export.lines import wrapped
from gp_fft.export.python import constant_names
from gp_fft.export.target import Options, Source, Target, option
from gp_fft.ground.errors import UsageError
from gp_fft.ground.version import __version__

OPSET = 18  # the first with BitwiseXor and with Split by a number of outputs
VERSION = 8  # of the file format, which goes with it


@dataclass(frozen=True)
class OnnxOptions(Options):
    """What may be chosen of ONNX."""

    dtype: str = option("float", "Type of the numbers; bits are uint64.", ("double", "float"))


def write(source: Source, options: OnnxOptions) -> str:
    """The text form of a model from ``x`` ``(batch, inputs)`` to ``y``; complex numbers are ``(batch, inputs, 2)``."""
    form = source.form(parts=2, order=False)
    kind = "uint64" if form.field == "gf2" else options.dtype
    last, outputs = (", 2" if form.parts == 2 else ""), len(form.outputs) // form.parts
    words = "\\n".join(source.header).replace('"', '\\"')
    lines = ["<", f'  ir_version: {VERSION}, opset_import: ["" : {OPSET}],']
    lines += [f'  producer_name: "gp-fft", producer_version: "{__version__}",', f'  doc_string: "{words}"', ">"]
    lines += [f"{source.function} ({kind}[batch, {form.inputs}{last}] x) => ({kind}[batch, {outputs}{last}] y)", "<"]
    values = [f"  {kind} {name} = {{{size!r}}}" for size, name in constant_names(form).items()]
    values += ["  int64[2] flat = {0, -1}", f"  int64[3] pairs = {{0, {outputs}, 2}}"] if form.parts == 2 else []
    lines += [f"{value}," for value in values[:-1]] + values[-1:] + [">", "{"]
    lines += [f"  {line}" for line in _nodes(form, kind)]
    return "\n".join([*lines, "}"]) + "\n"


def _nodes(form: Form, kind: str) -> list[str]:
    """A node for each statement, between those that take the input apart and put the output together."""
    count = form.inputs * form.parts
    flat = "flatx" if form.parts == 2 else "x"
    lines = ["flatx = Reshape (x, flat)"] if form.parts == 2 else []
    inputs = list(form.names[:count])
    if count == 1:
        lines.append(f"{inputs[0]} = Identity ({flat})")
    else:
        lines += wrapped(inputs, "", "", f" = Split <axis = 1, num_outputs = {count}> ({flat})")
    for statement in form.statements:
        lines += _node(form, statement, kind)
    joined = "flaty" if form.parts == 2 else "y"
    lines += wrapped((form.names[value] for value in form.outputs), "", f"{joined} = Concat <axis = 1> (", ")")
    return [*lines, "y = Reshape (flaty, pairs)"] if form.parts == 2 else lines


def _node(form: Form, statement: Statement, kind: str) -> list[str]:
    """The nodes of a statement; a product by a negative size takes two."""
    a, b = (form.names[value] if value >= 0 else "" for value in (statement.a, statement.b))
    out = form.names[statement.out]
    size = constant_names(form).get(abs(statement.size), "")
    match statement.operation:
        case "sum":
            name = "BitwiseXor" if form.field == "gf2" else "Sub" if statement.turn else "Add"
            return [f"{out} = {name} ({a}, {b})"]
        case "product" if not size:
            return [f"{out} = Neg ({a})"]
        case "product" if statement.size < 0:
            return [f"{out}_minus = Mul ({size}, {a})", f"{out} = Neg ({out}_minus)"]
        case "product":
            return [f"{out} = Mul ({size}, {a})"]
        case "turned":
            return [f"{out} = Neg ({a})"]
    first = form.names[0]
    return [f"{out}_shape = Shape ({first})", f"{out} = ConstantOfShape <value = {kind}[1] {{0}}> ({out}_shape)"]


def pack(text: str) -> bytes:
    """The file of a model; UsageError where the library that writes it is not installed."""
    try:
        from onnx import checker, parser
    except ImportError:
        raise UsageError(
            "a file of ONNX is written by the package onnx, which is not installed (pip install onnx); "
            "standard output in a terminal shows the text form without it"
        ) from None
    model = parser.parse_model(text)
    checker.check_model(model)
    return bytes(model.SerializeToString(deterministic=True))


TARGET = Target("onnx", "an ONNX model", ".onnx", write, OnnxOptions, pack=pack)
