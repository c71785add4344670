"""Rust: a safe function of an array, generic over f32 and f64 (over words of bits), and one of a batch."""

from dataclasses import dataclass

from gp_fft.export.form import Form, Statement
from gp_fft.export.python import constant_names
from gp_fft.export.target import Options, Source, Target, option

WORDS = """
as async await become box break const continue crate do dyn else enum extern false final fn for gen if impl in let
loop macro match mod move mut override priv pub ref return self Self static struct super trait true try type typeof
union unsafe unsized use virtual where while yield abstract x y T Real
"""
KEYWORDS = frozenset(WORDS.split())
REAL = """/// The numbers that the function computes with: `f32` and `f64`.
pub trait Real:
    Copy
    + core::ops::Add<Output = Self>
    + core::ops::Sub<Output = Self>
    + core::ops::Mul<Output = Self>
    + core::ops::Neg<Output = Self>
{
    /// The nearest number of this type.
    fn of(value: f64) -> Self;
"""
FUSED = """    /// `self * factor + term`, rounded once.
    fn mul_add(self, factor: Self, term: Self) -> Self;
"""


@dataclass(frozen=True)
class RustOptions(Options):
    """What may be chosen of Rust."""

    fused: bool = option(False, "Products go into sums as mul_add, for machines that have it.")


def write(source: Source, options: RustOptions) -> str:
    """A module with a function ``[number; inputs] -> [number; outputs]``, complex as pairs, and one of batches."""
    form = source.form(parts=2, fused=options.fused)
    bits = form.field == "gf2"
    kind = "[T; 2]" if form.parts == 2 else "T"
    bound = "Copy + core::ops::BitXor<Output = T>" if bits else "Real"
    into = f"&[{kind}; {form.inputs}]"
    outputs = len(form.outputs) // form.parts
    lines = [*(f"//! {line}" for line in source.header), "", "#![forbid(unsafe_code)]"]
    lines += [] if bits else ["#![allow(clippy::approx_constant, clippy::excessive_precision)]", ""]
    lines += [] if bits else _trait(options.fused)
    what = "bits, each number a word of them" if bits else "complex numbers as [re, im]" * (form.parts == 2)
    lines += ["", f"/// Outputs of one vector{f'; {what}' if what else ''}.", "#[inline]"]
    lines += [f"pub fn {source.function}<T: {bound}>(x: {into}) -> [{kind}; {outputs}] {{"]
    for size, name in constant_names(form).items():
        exact = source.exact.get(size, "")
        lines.append(f"    let {name.lower()} = T::of({size!r});{f' // {exact}' if exact else ''}")
    lines += [f"    {line}" for line in _body(form)]
    names = [form.names[value] for value in form.outputs]
    if form.parts == 2:
        names = [f"[{re}, {im}]" for re, im in zip(names[::2], names[1::2], strict=True)]
    lines += ["    [", *(f"        {name}," for name in names), "    ]", "}", ""]
    return "\n".join([*lines, *_batch(source.function, kind, bound, form.inputs, outputs)]) + "\n"


def _trait(fused: bool) -> list[str]:
    """The trait of numbers, and that f32 and f64 have it."""
    lines = [*REAL.splitlines(), *(FUSED.splitlines() if fused else []), "}"]
    for name in ("f32", "f64"):
        value = "value as f32" if name == "f32" else "value"
        lines += ["", f"impl Real for {name} {{", "    #[inline]"]
        lines += ["    fn of(value: f64) -> Self {", f"        {value}", "    }"]
        if fused:
            lines += ["    #[inline]", "    fn mul_add(self, factor: Self, term: Self) -> Self {"]
            lines += [f"        {name}::mul_add(self, factor, term)", "    }"]
        lines.append("}")
    return lines


def _body(form: Form) -> list[str]:
    """An assignment for each statement, each input loaded where it is first used."""
    inputs, seen, lines = form.inputs * form.parts, set[int](), list[str]()

    def load(value: int) -> None:
        if 0 <= value < inputs and value not in seen:
            seen.add(value)
            part = f"[{value % 2}]" if form.parts == 2 else ""
            lines.append(f"let {form.names[value]} = x[{value // form.parts}]{part};")

    for statement in form.statements:
        for value in statement.reads:
            load(value)
        lines.append(f"let {form.names[statement.out]} = {_expression(form, statement)};")
    for value in form.outputs:
        load(value)
    return lines


def _expression(form: Form, statement: Statement) -> str:
    a, b = (form.names[value] if value >= 0 else "" for value in (statement.a, statement.b))
    sign = "-" if statement.size < 0 else ""
    size = constant_names(form).get(abs(statement.size), "T::of(1.0)").replace("C", "c")
    match statement.operation:
        case "sum":
            return f"{a} {'^' if form.field == 'gf2' else '-' if statement.turn else '+'} {b}"
        case "product":
            return f"{sign}{size} * {a}"
        case "fused":
            return f"{b}.mul_add({sign}{size}, {a})"
        case "turned":
            return f"-{a}"
    return "x[0] ^ x[0]" if form.field == "gf2" else "T::of(0.0)"


def _batch(function: str, kind: str, bound: str, inputs: int, outputs: int) -> list[str]:
    """A function of many vectors."""
    return [
        "/// Outputs of each vector of `x` into the same place of `y`, as far as both go.",
        f"pub fn {function}_batch<T: {bound}>(x: &[[{kind}; {inputs}]], y: &mut [[{kind}; {outputs}]]) {{",
        "    for (into, from) in y.iter_mut().zip(x) {",
        f"        *into = {function}(from);",
        "    }",
        "}",
    ]


TARGET = Target("rust", "a safe Rust function, generic over f32 and f64", ".rs", write, RustOptions, keywords=KEYWORDS)
