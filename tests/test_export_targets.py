"""Every target, executed: its code gives what the program gives, of every kind of program that it says it expresses."""

import importlib
import os
from pathlib import Path

import numpy as np
import pytest

from gp_fft import Program, transforms
from gp_fft.export.target import Target, function_name
from gp_fft.export.targets import TARGETS, export, export_program, file_of
from gp_fft.files import describe
from gp_fft.files.shelf import Shelf
from gp_fft.ground.errors import UsageError

SHELF = Shelf.open()
SNAPSHOTS = Path(__file__).parent / "snapshots"
BORDERS = """# complex
t0 = x0 - 1i*x1
y0 = -x1
y1 = 1i*x0
y2 = -t0 - 0.5*x1 - x2
y3 = 0.5i*t0 - 0.25*x2 + 3*x0
y4 = x2
y5 = -t0
"""


def record(name, n, *rest, **more):
    return SHELF.find(transforms.get(name, n, **more), *rest).file


PROGRAMS = {
    "complex": lambda: record("dft", 8),
    "complex, odd": lambda: record("dft", 11),
    "turns at the border": lambda: file_of(Program.parse(BORDERS)),
    "real": lambda: record("dct2", 8),
    "complex outputs kept real": lambda: record("rdft", 7),
    "fused": lambda: record("dft", 16, "fma"),
    "free factors": lambda: record("dct2", 8, "flops", "", "outputs"),
    "adders": lambda: record("hevc-dct2", 8, "flops", "dyadic"),
    "bits": lambda: record("crc32", 8),
}


def words(file, batch=7):
    """Inputs for a program, ``(batch, inputs)``."""
    rng = np.random.default_rng(1)
    shape = batch, file.program.inputs
    if file.program.field == "gf2":
        return rng.integers(0, 1 << 63, shape, dtype=np.uint64)
    x = rng.standard_normal(shape)
    return x + 1j * rng.standard_normal(shape) if file.program.field == "complex" else x


def runner(target):
    """How a target is executed: ``tests/runners/<target>.py``."""
    return importlib.import_module(f"tests.runners.{target}")


CASES = [(target, variant) for target in TARGETS for variant in runner(target).VARIANTS]


@pytest.mark.parametrize(("target", "options"), CASES)
@pytest.mark.parametrize("kind", PROGRAMS)
def test_the_code_of_every_target_computes_the_program(target, options, kind, tmp_path):
    file = PROGRAMS[kind]()
    if file.program.field not in TARGETS[target].fields:
        pytest.skip(f"{target} refuses {file.program.field} data, as another test holds it to")
    if refusal := getattr(runner(target), "refusal", lambda file, **_: "")(file, **options):
        with pytest.raises(UsageError, match=refusal):
            export(file, target, options)
        return
    if options and kind not in getattr(runner(target), "FEW", PROGRAMS):
        pytest.skip("other kinds are enough for this variant")
    if kind == "bits" and "dtype" in options:
        pytest.skip("words of bits have types of their own")
    x = words(file)
    text = export(file, target, options)
    result = runner(target).run(text, function_name(file), file, x, tmp_path, **options)
    wanted = file.program(x)
    assert result.shape == wanted.shape
    if file.program.field == "gf2":
        np.testing.assert_array_equal(result, wanted)
    else:
        precision = getattr(runner(target), "PRECISION", lambda **_: 1e-14)(**options)
        np.testing.assert_allclose(result, wanted, rtol=0, atol=precision * np.abs(wanted).max() * 10)


@pytest.mark.parametrize("target", TARGETS)
def test_the_same_bytes_each_time_with_counts_proof_and_command_in_them(target):
    file = record("dft", 8) if "complex" in TARGETS[target].fields else record("dct2", 8)
    text = export(file, target, origin="the origin")
    assert text == export(file, target, origin="the origin")
    assert text.endswith("\n")
    for words in ("flops", "proved", "round-off", f"gp-fft export the origin --to {target}"):
        assert words in text


def test_what_cannot_be_asked_for_is_one_sentence():
    file = record("dft", 4)
    for target, options, sentence in (
        ("pyhton", {}, r"unknown target 'pyhton' \(did you mean python\?\); known are"),
        ("c", {"layuot": "split"}, r"the target c has no option 'layuot' \(did you mean layout\?\); it has function"),
        ("c", {"layout": "spilt"}, r"the option layout is one of .*, not 'spilt'; did you mean split\?"),
        ("c", {"function": 3}, "the option function is a word, not 3"),
        ("c", {"function": "a-b"}, "a function is called by letters, digits and _, a letter first, not 'a-b'"),
        ("c", {"function": "register"}, "'register' is a word of c itself; give the function another name"),
        ("python", {"function": "lambda"}, "'lambda' is a word of python itself"),
        ("latex", {"show": "matrix"}, r"the option show is one of .*, not 'matrix'; did you mean matrices\?"),
        ("rust", {"function": "match"}, "'match' is a word of rust itself"),
        ("torch", {"function": "torch"}, "'torch' is a word of torch itself"),
        ("jax", {"train": "al"}, r"the option train is one of none, constants, all, not 'al'; did you mean all\?"),
        (
            "jax",
            {"train": "constants"},
            "dft 4 has no constants that could be trained; --train all gives its ones weights",
        ),
    ):
        with pytest.raises(UsageError, match=sentence):
            export(file, target, options)
    for target, name in (("c", "x"), ("python", "C0"), ("jax", "t1re")):
        with pytest.raises(UsageError, match=f"'{name}' is what a value is called in the code; give the function"):
            export(file, target, {"function": name})
    with pytest.raises(UsageError, match="export takes a Program, not a str"):
        export_program("dft 4", "c")


def test_what_a_target_cannot_express_is_said(monkeypatch):
    monkeypatch.setitem(TARGETS._entries, "whole", Target("whole", "a test", ".txt", lambda *_: "", fields=("real",)))
    with pytest.raises(UsageError, match=r"whole cannot express dft 4: it is on complex data, .* takes real"):
        export(record("dft", 4), "whole")
    with pytest.raises(
        UsageError, match=r"scipy cannot express crc32 8: .* takes complex or real, for such a product adds"
    ):
        export(record("crc32", 8), "scipy")
    with pytest.raises(
        UsageError, match=r"matrices of dft 64 have up to \d+ columns, of which a page takes 48; --show eq"
    ):
        export(record("dft", 64), "latex", {"show": "matrices"})


def test_a_program_exports_itself():
    program = Program.parse("# wht 2 real\ny0 = x0 + x1\ny1 = x0 - x1\n")
    text = program.export("python", function="butterfly")
    assert "def butterfly(x):" in text
    assert "made by: gp-fft export FILE --to python --function butterfly" in text
    with pytest.raises(UsageError, match="unknown target"):
        program.export("")


@pytest.mark.parametrize(
    ("title", "name"),
    [("dft 8", "dft8"), ("dct2 8", "dct2_8"), ("dft-2d 4x4", "dft_2d_4x4"), ("hevc-dct2 8", "hevc_dct2_8")],
)
def test_functions_are_called_like_the_transform(title, name):
    transform = transforms.get(*transforms.parse_title(title))
    rows = [[(1.0, 0, 0)]] * transform.outputs
    program = Program.build(transform.inputs, transform.field, rows, range(transform.outputs))
    assert function_name(describe(program, transform)) == name


SHOWN = {
    **{target: (target, {}, 4) for target in TARGETS},
    "jax-all": ("jax", {"train": "all"}, 3),
    "torch-constants": ("torch", {"train": "constants", "channels": "pairs"}, 3),
    "latex-matrices": ("latex", {"show": "matrices", "fragment": True}, 3),
    "rust-fused": ("rust", {"fused": True}, 3),
    "verilog-pipeline": ("verilog", {"pipeline": True, "width": 8}, 3),
}


@pytest.mark.parametrize("name", SHOWN)
def test_small_outputs_stand_as_readable_files(name):
    """``tests/snapshots/``; after a change that is meant, write them anew with GP_FFT_SNAPSHOTS=write."""
    target, options, n = SHOWN[name]
    transform = "dft" if "complex" in TARGETS[target].fields else "dct2"
    text, place = export(record(transform, n), target, options, f"{transform} {n}"), SNAPSHOTS / f"{name}.txt"
    if os.environ.get("GP_FFT_SNAPSHOTS") == "write":
        place.write_text(text)
    assert text == place.read_text()
