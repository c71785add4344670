"""The Verilog module, simulated by iverilog: bit for bit what the model of the fixed point gives, within its bound."""

import re
import subprocess

import numpy as np

from gp_fft.export.targets import TARGETS, source_of
from gp_fft.export.targets.verilog import model
from tests.runners.tools import needed

VARIANTS = [{}, {"pipeline": True}, {"width": 10, "fraction": 3}, {"width": 24, "fraction": -6, "pipeline": True}]
PORT = re.compile(r"(in|out)put wire (signed )?\[(\d+):0\] (\w+)")
HARNESS = """
module harness;
    reg [{x}:0] x, given [0:{last}];
    wire [{y}:0] y;
    reg clk = 0;
    integer k;
    {name} unit ({ports});
    initial begin
        $readmemh("given.hex", given);
        for (k = 0; k <= {last} + {latency}; k = k + 1) begin
            x = given[k <= {last} ? k : {last}];
            #1;
            if (k >= {latency}) $display("%h", y);
            clk = 1; #1; clk = 0; #1;
        end
        $finish;
    end
endmodule
"""


def PRECISION(**options):
    return 1e-2 if options.get("width", 16) < 16 or options.get("fraction", 0) < 0 else 2e-4


def run(text, function, file, x, folder, **options):
    tool = needed("iverilog")
    width = options.get("width", 16)
    simulate(tool, folder, text, ["-DTEST_BENCH"], "bench")
    assert "PASS: 16 vectors" in ran(folder, "bench")
    if file.program.field == "gf2":
        pieces = [(x >> np.uint64(width * k)) & np.uint64((1 << width) - 1) for k in range(64 // width)]
        kept = np.uint64((1 << width * len(pieces)) - 1)
        done = [simulated(tool, text, function, piece.tolist(), folder) for piece in pieces]
        out = sum(np.array(words, np.uint64) << np.uint64(width * k) for k, words in enumerate(done))
        return out | (file.program(x) & ~kept)  # of words that are no whole number of pieces the rest is not asked
    source, chosen = source_of(file, TARGETS["verilog"], options)
    made = model(source, chosen)
    flat = np.ascontiguousarray(x).view(np.float64).reshape(len(x), -1)
    scale = (2 ** (width - 1) - 1) / np.abs(flat).max()
    whole = np.rint(flat * scale).astype(int)
    given = [*whole.tolist(), *worst(file, width)]
    result = simulated(tool, text, function, given, folder)
    assert result == [made.run(row) for row in given]
    unit = 2.0 ** options.get("fraction", 0)
    wanted = file.program(np.array(given, float).view(x.dtype)).view(np.float64) * unit
    assert made.bound < 1
    assert np.abs(np.array(result, float) - wanted).max() <= made.bound
    for row in result:
        for word, kind in zip(row, made.outputs, strict=True):
            assert -(1 << kind.width - 1) <= word < 1 << kind.width - 1
    return (np.array(result[: len(x)], float) / scale / unit).view(x.dtype)


def worst(file, width):
    """The inputs with which each output is the most and the least that it can be."""
    low, high = -(1 << width - 1), (1 << width - 1) - 1
    rows = file.program.matrix()
    parts = [rows] if rows.dtype.kind != "c" else [np.stack([rows.real, -rows.imag], -1).reshape(len(rows), -1)]
    for row in (*parts[0], *-parts[0]):
        yield [high if value > 0 else low for value in row]


def simulated(tool, text, function, given, folder):
    """The outputs of the module for rows of whole inputs."""
    head = text[: text.index(");")]
    ports = [(way, bool(sign), int(top) + 1, name) for way, sign, top, name in PORT.findall(head)]
    clocks = re.search(r"outputs come (\d+) clocks", text)
    connected, widths = [".clk(clk)"] if clocks else [], {"in": [], "out": []}
    for way, _, bits, name in ports:
        place = sum(widths[way])
        connected.append(f".{name}({'x' if way == 'in' else 'y'}[{place + bits - 1}:{place}])")
        widths[way].append(bits)
    (folder / "given.hex").write_text("\n".join(joined(row, widths["in"]) for row in given))
    harness = HARNESS.format(
        x=sum(widths["in"]) - 1, y=sum(widths["out"]) - 1, last=len(given) - 1, name=function,
        ports=", ".join(connected), latency=clocks[1] if clocks else 0,
    )  # fmt: skip
    simulate(tool, folder, text + harness, ["-s", "harness"], "harness")
    signs = [sign for way, sign, _, _ in ports if way == "out"]
    lines = [line for line in ran(folder, "harness").splitlines() if re.fullmatch(r"[0-9a-fxz]+", line)]
    return [apart(int(line, 16), widths["out"], signs) for line in lines]


def simulate(tool, folder, text, flags, name):
    (folder / f"{name}.v").write_text(text)
    command = [tool, "-g2001", "-Wall", "-Wno-timescale", *flags, "-o", name, f"{name}.v"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert not done.stderr, done.stderr


def ran(folder, name):
    done = subprocess.run(["vvp", name], cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def joined(words, widths):
    total = place = 0
    for word, bits in zip(words, widths, strict=True):
        total |= (int(word) & ((1 << bits) - 1)) << place
        place += bits
    return f"{total:x}"


def apart(number, widths, signs):
    words = []
    for bits, sign in zip(widths, signs, strict=True):
        word, number = number & ((1 << bits) - 1), number >> bits
        words.append(word - (1 << bits) if sign and word >> bits - 1 else word)
    return words
