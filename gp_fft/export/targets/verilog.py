"""Verilog: a module in fixed point, as one cloud of logic or with registers after every level, and its test bench."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from gp_fft.export.fixed import MOST, Constant, Fixed, fixed
from gp_fft.export.form import Form, Statement
from gp_fft.export.stages import Stages
from gp_fft.export.target import Options, Source, Target, option
from gp_fft.ground.errors import UsageError

WORDS = """
always and assign automatic begin buf bufif0 bufif1 case casex casez cell cmos config deassign default defparam design
disable edge else end endcase endconfig endfunction endgenerate endmodule endprimitive endspecify endtable endtask
event for force forever fork function generate genvar highz0 highz1 if ifnone incdir include initial inout input
instance integer join large liblist library localparam macromodule medium module nand negedge nmos nor noshowcancelled
not notif0 notif1 or output parameter pmos posedge primitive pull0 pull1 pulldown pullup pulsestyle_onevent
pulsestyle_ondetect rcmos real realtime reg release repeat rnmos rpmos rtran rtranif0 rtranif1 scalared showcancelled
signed small specify specparam strong0 strong1 supply0 supply1 table task time tran tranif0 tranif1 tri tri0 tri1
triand trior trireg unsigned use vectored wait wand weak0 weak1 while wire wor xnor xor bit byte logic clk
"""
KEYWORDS = frozenset(WORDS.split())
RIGHT = 3 * ">"  # a shift that keeps the sign
VECTORS = 16  # of the test bench


@dataclass(frozen=True)
class VerilogOptions(Options):
    """What may be chosen of Verilog; UsageError for what no words are made of."""

    width: int = option(16, "Bits of an input.")
    fraction: int = option(0, "Bits of the outputs below the last one of the inputs; fewer than none drops bits.")
    guard: int = option(-1, "Bits of all values below the last one of the inputs, at most; -1 chooses.")
    constant_bits: int = option(0, "Bits of constants after the point; 0 chooses.")
    pipeline: bool = option(False, "Registers after every level.")

    def __post_init__(self) -> None:
        super().__post_init__()
        for name, low, high in (
            ("width", 1, 64),
            ("fraction", -32, 32),
            ("guard", -1, MOST),
            ("constant_bits", 0, MOST),
        ):
            if not low <= getattr(self, name) <= high:
                raise UsageError(f"the option {name} is from {low} to {high}, not {getattr(self, name)}")


def model(source: Source, options: VerilogOptions) -> Fixed:
    """The fixed point that the text describes, to be run bit for bit; of programs that are not on bits."""
    if options.width < 2:
        raise UsageError("numbers with a sign take two bits at least, not 1")
    form = source.form(parts=2, order=False)
    return fixed(form, options.width, options.fraction, options.guard, options.constant_bits)


def write(source: Source, options: VerilogOptions) -> str:
    """A file with the module, and behind ``TEST_BENCH`` its test bench."""
    if source.program.field == "gf2":
        design = _Design(source, source.form(order=False), None, options)
    else:
        made = model(source, options)
        design = _Design(source, made.form, made, options)
    return "\n".join([*design.module(), "", *design.bench()]) + "\n"


class _Design:
    """The text of one module."""

    def __init__(self, source: Source, form: Form, made: Fixed | None, options: VerilogOptions) -> None:
        self.source, self.form, self.fixed, self.options = source, form, made, options
        count = form.inputs * form.parts
        self.stages = Stages.of(form) if options.pipeline else None
        self.names = [*form.names[:count], *map(_inner, form.names[count:])]
        parts = ("re", "im") if form.parts == 2 else ("",)
        self.inputs = list(form.names[:count])
        self.outputs = [f"y{k}{part}" for k in range(len(form.outputs) // form.parts) for part in parts]
        self.rounds = made is not None and any(
            made.words[v].fraction > word.fraction for v, word in zip(form.outputs, made.outputs, strict=True)
        )
        self.latency = self.stages.highest + self.rounds if self.stages else 0

    def width(self, value: int) -> int:
        """Bits of a value."""
        return self.fixed.words[value].width if self.fixed else self.options.width

    def output_width(self, k: int) -> int:
        """Bits of an output."""
        return self.fixed.outputs[k].width if self.fixed else self.options.width

    def kind(self, bits: int) -> str:
        """The type of a word."""
        return f"{'signed ' if self.fixed else ''}[{bits - 1}:0]"

    def module(self) -> list[str]:
        """The header and the module."""
        lines = [f"// {line}" for line in (*self.source.header, *self._words())]
        ports = ["input wire clk"] if self.stages else []
        ports += [f"input wire {self.kind(self.width(k))} {name}" for k, name in enumerate(self.inputs)]
        ports += [f"output wire {self.kind(self.output_width(k))} {name}" for k, name in enumerate(self.outputs)]
        lines += [
            f"module {self.source.function} (",
            *(f"    {port}," for port in ports[:-1]),
            f"    {ports[-1]}",
            ");",
        ]
        level = 0
        for statement in self.stages.statements if self.stages else self.form.statements:
            if self.stages and self.stages.level[statement.out] != level:
                level = self.stages.level[statement.out]
                lines += ["", f"    // level {level}", *self._delays(level)]
            lines += [f"    {line}" for line in self._statement(statement)]
        return [*lines, "", *(f"    {line}" for k in range(len(self.outputs)) for line in self._output(k)), "endmodule"]

    def _words(self) -> list[str]:
        """What is said of the words, the bound and the clock."""
        clocks = f"outputs come {self.latency} clocks after their inputs, one vector a clock"
        timing = clocks if self.stages else "no clock, outputs follow their inputs"
        if self.fixed is None:
            return [f"words of {self.options.width} bits", timing]
        made = self.fixed
        wide = max(word.width for word in made.outputs)
        unit = f"in units of 2^{-made.fraction} of theirs" if made.fraction else "in their unit"
        exact = "exact with" if all(one.value == size for size, one in made.constants.items()) else "of"
        constants = f"; constants {exact} {made.digits} bits after the point" if made.constants else ""
        return [
            f"inputs: {made.width} bits, two's complement; outputs: up to {wide} bits, {unit}",
            f"values: up to {made.guard} bits after the point{constants}",
            f"for every input each output is within {made.bound:.3f} units of its last bit; no word can overflow",
            timing,
        ]

    def _read(self, value: int, reader: int) -> str:
        """A value as what is made by ``reader`` reads it: after as many registers as the others."""
        return self.names[value] if self.stages is None else self._at(value, self.stages.level[reader] - 1)

    def _at(self, value: int, stage: int) -> str:
        assert self.stages is not None
        return self.names[value] + (f"_s{stage}" if stage > self.stages.level[value] else "")

    def _delays(self, level: int) -> list[str]:
        """Registers of what is passed on at a level."""
        assert self.stages is not None
        lines = []
        for value in self.stages.passed(level):
            kind = self.kind(self.width(value))
            lines.append(f"    reg {kind} {self._at(value, level)};")
            lines.append(f"    always @(posedge clk) {self._at(value, level)} <= {self._at(value, level - 1)};")
        return lines

    def _statement(self, s: Statement) -> list[str]:
        """What makes one value."""
        a, b = (self._read(value, s.out) if value >= 0 else "" for value in (s.a, s.b))
        if s.operation == "product":
            lines, right = self._product(s, a)
            return [*lines, *self._value(s.out, right)]
        if s.operation == "zero":
            return self._value(s.out, "0")
        if self.fixed is None:
            return self._value(s.out, f"{a} ^ {b}")
        a, b = (self._shifted(text, value, s.out) for text, value in ((a, s.a), (b, s.b)))
        return self._value(s.out, f"-{a}" if s.operation == "turned" else f"{a} {'-' if s.turn else '+'} {b}")

    def _shifted(self, text: str, value: int, out: int) -> str:
        """An operand with as many digits after the point as what is made of it."""
        assert self.fixed is not None
        places = self.fixed.words[out].fraction - self.fixed.words[value].fraction if value >= 0 else 0
        return f"({text} <<< {places})" if places else text

    def _value(self, value: int, right: str) -> list[str]:
        """A wire, or a register."""
        kind, name = self.kind(self.width(value)), self.names[value]
        if self.stages is None:
            return [f"wire {kind} {name} = {right};"]
        return [f"reg {kind} {name};", f"always @(posedge clk) {name} <= {right};"]

    def _product(self, s: Statement, a: str) -> tuple[list[str], str]:
        """The product in full, rounded half up."""
        assert self.fixed is not None
        constant, drop = self.fixed.constants[abs(s.size)], self.fixed.drop(s)
        bits, name = self.fixed.products[s.out], f"{self.names[s.out]}_exact"
        text = self._times(constant, s.size < 0, a)
        if not drop:
            return [], text
        text += f" + {bits}'sd{1 << (drop - 1)}"
        exact = self.source.exact.get(abs(s.size), "")
        note = f"{constant.mantissa}/2^{constant.shift} for {exact or repr(abs(s.size))}"
        line = f"wire signed [{bits - 1}:0] {name} = {text};"
        return [f"{line}{f'  // {note}' if constant.shift and len(note) <= 60 else ''}"], f"{name} {RIGHT} {drop}"

    def _times(self, constant: Constant, negative: bool, a: str) -> str:
        mantissa = constant.mantissa
        sign = "-" if negative else ""
        if mantissa == 1:
            return f"{sign}{a}"
        return f"{sign}{mantissa.bit_length() + 1}'sd{mantissa} * {a}"

    def _output(self, k: int) -> list[str]:
        """One output, rounded half up; with registers all are rounded in the last clock where any is."""
        value, name = self.form.outputs[k], self.outputs[k]
        text = self._at(value, self.stages.highest) if self.stages else self.names[value]
        lines = []
        if self.fixed is not None:
            places = self.fixed.words[value].fraction - self.fixed.outputs[k].fraction
            if places > 0:
                bits = max(self.width(value), places + 1) + 1
                lines = [f"wire {self.kind(bits)} {name}_half = {text} + {bits}'sd{1 << (places - 1)};"]
                text = f"{name}_half {RIGHT} {places}"
            elif places < 0:
                text = f"{text} <<< {-places}"
        if self.stages and self.rounds:
            lines += [
                f"reg {self.kind(self.output_width(k))} {name}_out;",
                f"always @(posedge clk) {name}_out <= {text};",
            ]
            text = f"{name}_out"
        return [*lines, f"assign {name} = {text};"]

    def bench(self) -> list[str]:
        """The test bench: vectors with what the model makes of them."""
        wide_in = [self.width(k) for k in range(len(self.inputs))]
        wide_out = [self.output_width(k) for k in range(len(self.outputs))]
        total_in, total_out, name = sum(wide_in), sum(wide_out), self.source.function
        lines = ["`ifdef TEST_BENCH", f"// iverilog -DTEST_BENCH -o test {name}.v && vvp test", f"module {name}_test;"]
        lines += [f"    reg [{total_in - 1}:0] x, stimulus [0:{VECTORS - 1}];"]
        lines += [f"    wire [{total_out - 1}:0] y;", f"    reg [{total_out - 1}:0] expected [0:{VECTORS - 1}];"]
        lines += ["    reg clk = 0;"] * bool(self.stages) + ["    integer k, wrong = 0;"]
        ports = [".clk(clk)"] if self.stages else []
        for array, names, widths in (("x", self.inputs, wide_in), ("y", self.outputs, wide_out)):
            place = 0
            for port, bits in zip(names, widths, strict=True):
                ports.append(f".{port}({array}[{place + bits - 1}:{place}])")
                place += bits
        lines += [f"    {name} unit (", *(f"        {port}," for port in ports[:-1]), f"        {ports[-1]}", "    );"]
        lines += ["    initial begin"]
        for k, x in enumerate(vectors(self.inputs, self.options.width)):
            x_hex, y_hex = _packed(x, wide_in), _packed(self._expected(x), wide_out)
            lines += [f"        stimulus[{k}] = {total_in}'h{x_hex};", f"        expected[{k}] = {total_out}'h{y_hex};"]
        return [*lines, *self._loop(), "endmodule", "`endif"]

    def _loop(self) -> list[str]:
        """One vector after the other, each compared as many clocks later as it takes."""
        last = f"{VECTORS + self.latency}"
        check = f"if (k >= {self.latency}) " if self.latency else ""
        place = f"k - {self.latency}" if self.latency else "k"
        lines = [f"for (k = 0; k < {last}; k = k + 1) begin"]
        lines += [f"    if (k < {VECTORS}) x = stimulus[k];", "    #1;"]
        lines += [f"    {check}if (y !== expected[{place}]) begin", "        wrong = wrong + 1;"]
        lines += [f'        $display("FAIL: vector %0d gives %h, not %h", {place}, y, expected[{place}]);', "    end"]
        lines += ["    clk = 1; #1; clk = 0; #1;"] if self.stages else []
        lines += ["end", f'if (wrong == 0) $display("PASS: {VECTORS} vectors");', "$finish;"]
        return [*(f"        {line}" for line in lines), "    end"]

    def _expected(self, x: list[int]) -> list[int]:
        if self.fixed is not None:
            return self.fixed.run(x)
        words = np.array([word % (1 << self.options.width) for word in x], np.uint64)[None]
        return [int(word) for word in self.source.program(words)[0]]


def _inner(name: str) -> str:
    """What a value is called inside: outputs are ports, which may be rounded."""
    return f"{name}_full" if name.startswith("y") else name


def vectors(inputs: list[str], width: int) -> list[list[int]]:
    """Vectors of the test bench: least, most, impulses of both, and words of a fixed sequence."""
    low, high = -(1 << (width - 1)), (1 << (width - 1)) - 1
    count, rng = len(inputs), np.random.default_rng(1)
    found = [[low] * count, [high] * count, [low, *[0] * (count - 1)], [*[0] * (count - 1), high]]
    while len(found) < VECTORS:
        found.append([int(word) for word in rng.integers(low, high, count, endpoint=True)])
    return found


def _packed(words: list[int], widths: list[int]) -> str:
    """Words as one hexadecimal number, the first in its lowest bits."""
    total = place = 0
    for word, bits in zip(words, widths, strict=True):
        total |= (word & ((1 << bits) - 1)) << place
        place += bits
    return f"{total:x}"


TARGET = Target(
    "verilog", "a Verilog module in fixed point, with its test bench", ".v", write, VerilogOptions, keywords=KEYWORDS
)
