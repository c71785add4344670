"""C beside what the targets' common test executes: libraries, the object code, and what compilers say."""

import shutil
import subprocess

import pytest
from click.testing import CliRunner

from gp_fft import Program, transforms
from gp_fft.cli import cli
from gp_fft.export.c.words import BYTES, WORDS
from gp_fft.export.instructions import instructions
from gp_fft.export.targets import export, export_library, file_of
from gp_fft.files.shelf import Shelf
from gp_fft.ground.errors import DataError, UsageError
from gp_fft.program.cost import count
from tests.runners.c import COMPILERS

SHELF = Shelf.open()
needs_compiler = pytest.mark.skipif(not COMPILERS, reason="no C compiler is installed")
needs_make = pytest.mark.skipif(not COMPILERS or not shutil.which("make"), reason="no C compiler or no make")
STRICT = "-std=c99 -O1 -Wall -Wextra -Wconversion -pedantic -Werror -ffp-contract=off"


def record(name, n, *rest):
    return SHELF.find(transforms.get(name, n), *rest).file


@needs_make
@pytest.mark.parametrize(
    ("words", "options"),
    [
        (("dft", "4", "9"), ()),
        (("dft", "4", "8"), ("--layout", "split", "--dtype", "float")),
        (("dft", "5"), ("--layout", "columns", "--lanes", "1")),
        (("dct2", "4", "8"), ("--layout", "columns")),
        (("crc32", "8"), ("--dtype", "uint32")),
    ],
)
@pytest.mark.parametrize("compiler", COMPILERS[:2])
def test_a_library_is_built_and_tests_itself(words, options, compiler, tmp_path):
    folder = tmp_path / "library"
    done = CliRunner().invoke(cli, ["export", *words, "--to", "c", "--library", "-o", str(folder), *options])
    assert done.exit_code == 0, done.output
    make = ["make", "-s", "-C", str(folder), f"CC={compiler}", f"CFLAGS={STRICT}"]
    said = subprocess.run([*make, "test"], capture_output=True, text=True, check=False)
    assert said.returncode == 0, said.stderr + said.stdout
    assert said.stdout.count(": ok,") == len(words) - 1


@needs_make
def test_the_self_test_of_a_library_finds_a_wrong_sign(tmp_path):
    files = export_library([(record("dft", 4), "dft 4")], "c", {"lanes": 1})
    files["dft4.c"] = files["dft4.c"].replace("x0re - x2re", "x0re + x2re")
    for name, text in files.items():
        (tmp_path / name).write_text(text)
    said = subprocess.run(["make", "-s", "-C", str(tmp_path), "test"], capture_output=True, text=True, check=False)
    assert said.returncode != 0
    assert "dft4: WRONG" in said.stdout


@pytest.mark.skipif(not COMPILERS or not shutil.which("cmake"), reason="no C compiler or no cmake")
def test_a_library_is_built_by_cmake(tmp_path):
    for name, text in export_library([(record("dft", 4), "dft 4"), (record("dft", 8), "dft 8")], "c", {}).items():
        (tmp_path / name).write_text(text)
    for command in (["-S", ".", "-B", "build"], ["--build", "build"]):
        subprocess.run(["cmake", *command], cwd=tmp_path, capture_output=True, check=True)
    subprocess.run([tmp_path / "build" / "self-test"], check=True, capture_output=True)


def test_what_is_no_library_is_one_sentence(tmp_path):
    (tmp_path / "taken").write_text("")
    for words, sentence in (
        (("dft", "4", "--to", "c"), "-o says which"),
        (("dft", "--to", "c", "-o", str(tmp_path / "new")), "a library is of a transform and its sizes"),
        (("dft", "4", "4", "--to", "c", "-o", str(tmp_path / "new")), "has one function of a name, but dft4 was asked"),
        (("dft", "4", "--to", "python", "-o", str(tmp_path / "new")), "the target python writes no libraries; c does"),
        (("dft", "4", "--to", "c", "-o", str(tmp_path / "taken")), "is no folder"),
    ):
        done = CliRunner().invoke(cli, ["export", *words, "--library"])
        assert done.exit_code == 2
        assert sentence in done.output
    assert [path.name for path in tmp_path.iterdir()] == ["taken"]
    with pytest.raises(UsageError, match="a library is of one field, these are complex and real"):
        export_library([(record("dft", 4), ""), (record("dct2", 4), "")], "c", {})


def test_a_dtype_of_another_kind_is_one_sentence():
    with pytest.raises(UsageError, match="the dtype of crc32 8 is one of uint8, uint16, uint32, uint64, not 'double'"):
        export(record("crc32", 8), "c", {"dtype": "double"})
    with pytest.raises(UsageError, match="the dtype of dft 4 is one of double, float, not 'uint8'"):
        export(record("dft", 4), "c", {"dtype": "uint8"})


@needs_compiler
@pytest.mark.parametrize("dtype", WORDS)
@pytest.mark.parametrize("compiler", COMPILERS[:2])
def test_words_of_every_length_compile_without_a_warning(dtype, compiler, tmp_path):
    for lanes in (1, 4, 16):
        path = tmp_path / f"{lanes}.c"
        path.write_text(export(record("crc32", 8), "c", {"dtype": dtype, "lanes": lanes}))
        done = subprocess.run([compiler, *STRICT.split(), "-c", str(path), "-o", str(path.with_suffix(".o"))],
                              capture_output=True, text=True, check=False)  # fmt: skip
        assert done.returncode == 0, done.stderr
    assert BYTES[dtype]


@needs_make
@pytest.mark.parametrize("options", [{}, {"layout": "columns"}, {"dtype": "float", "lanes": 16}])
def test_compilers_without_the_new_shuffles_have_other_words(options, tmp_path):
    files = export_library([(record("dft", 8), "dft 8")], "c", options)
    files["dft8.c"] = files["dft8.c"].replace("__has_builtin(__builtin_shufflevector)", "0")
    for name, text in files.items():
        (tmp_path / name).write_text(text)
    make = ["make", "-s", "-C", str(tmp_path), "CC=gcc", f"CFLAGS={STRICT}", "test"]
    said = subprocess.run(make, capture_output=True, text=True, check=False)
    assert "dft8: ok" in said.stdout, said.stderr


@needs_compiler
@pytest.mark.skipif(not shutil.which("objdump"), reason="objdump is not installed")
@pytest.mark.parametrize(("name", "n"), [("dft", 4), ("dft", 8), ("dft", 11), ("dct2", 8), ("rdft", 16)])
def test_the_object_code_has_as_many_operations_as_are_counted(name, n):
    program = record(name, n).program
    plain, counts = instructions(program), count(program)
    assert plain.fma == 0
    assert plain.arithmetic == counts.flops
    fused = instructions(program, exact=False)
    assert fused.arithmetic <= plain.arithmetic
    assert fused.arithmetic <= max(counts.fma, counts.flops)


def test_bits_have_no_vector_instructions_to_count_and_objdump_may_be_missing(monkeypatch):
    with pytest.raises(UsageError, match="not on gf2 data"):
        instructions(Program.parse("# gf2\ny0 = x0 + x1\n"))
    monkeypatch.setenv("PATH", "")
    with pytest.raises(DataError, match="objdump is not on the PATH"):
        instructions(record("dft", 4).program)


def test_exact_constants_stand_beside_their_numbers():
    text = export(record("dct2", 8), "c")
    assert "sqrt(2)" in text
    assert export(file_of(record("dct2", 8).program), "c").count("/*") < text.count("/*")
