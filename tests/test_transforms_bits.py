"""Transforms over GF(2): matrices of bits from arrays and files, what is refused, and that files keep the field."""

from __future__ import annotations

import binascii
import json
import zlib

import numpy as np
import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

from gp_fft import files
from gp_fft.cli import cli
from gp_fft.construct.textbook import definition
from gp_fft.ground.errors import DataError, UsageError
from gp_fft.program import Program
from gp_fft.search.settings import Settings
from gp_fft.store.runs import Run
from gp_fft.transforms import from_array, from_file, from_spec, get
from gp_fft.transforms.matrix_files import Matrix
from tests.references import CRC8
from tests.references import OVER_BITS as FAMILIES_OVER_BITS

BITS = [[1, 1, 0], [0, 1, 1]]
OVER_BITS = from_array(BITS, field="gf2")


def matrices():
    shapes = st.tuples(st.integers(1, 6), st.integers(1, 6))
    rows = shapes.flatmap(
        lambda s: st.lists(st.lists(st.integers(0, 1), min_size=s[1], max_size=s[1]), min_size=s[0], max_size=s[0])
    )
    return rows.filter(lambda rows: any(map(any, rows)))


@settings(deadline=None)
@given(matrices(), st.integers(0, 2**32 - 1))
def test_oracle_error_and_spec_of_a_matrix(rows, seed):
    transform = from_array(rows, field="gf2")
    assert (transform.field, transform.matrix.dtype, transform.matrix.tolist()) == ("gf2", np.float64, rows)
    assert from_spec(json.loads(json.dumps(transform.spec))) == transform
    x = np.random.default_rng(seed).integers(0, 2, (5, len(rows[0])), np.uint8)
    assert transform.oracle(x).tolist() == [
        [sum(a * b for a, b in zip(row, line, strict=True)) % 2 for row in rows] for line in x.tolist()
    ]
    assert transform.exact.array().tolist() == rows
    assert transform.error(rows) == transform.error(-np.array(rows)) == transform.error(np.array(rows) + 2) == 0
    other = 1 - np.array(rows)
    assert transform.error(other) == pytest.approx(np.sqrt(np.array(rows).size / np.sum(rows)))


def test_words_of_bits_go_through_the_oracle_bit_by_bit():
    assert OVER_BITS.oracle(np.array([[12, 10, 255]], np.uint8)).tolist() == [[6, 245]]
    assert OVER_BITS.oracle(np.array([[True, False, True]])).tolist() == [[True, True]]


def test_the_field_tells_transforms_apart():
    real = from_array(BITS)
    assert real != OVER_BITS
    assert hash(real) != hash(OVER_BITS)
    assert real.title == OVER_BITS.title == "matrix 2x3"
    assert set(OVER_BITS.spec) - set(real.spec) == {"field"}
    assert from_array(BITS, field="real") == real
    assert from_array(np.array(BITS) * 1j, field="complex").field == "complex"


@pytest.mark.parametrize(("value", "shown"), [(2, "2"), (-1, "-1"), (0.5, "0.5"), (1j, "1j"), (1 + 1e-9, "1")])
def test_an_entry_other_than_0_or_1_is_refused(value, shown):
    matrix = np.zeros((4, 2), complex)
    matrix[3, 1], matrix[0, 0] = value, 1
    with pytest.raises(
        DataError, match=r"the matrix: entry \(3, 1\) is .*, a matrix over GF\(2\) holds 0 and 1"
    ) as told:
        from_array(matrix, field="gf2")
    assert f"is {shown}," in str(told.value)


def test_a_file_is_read_over_gf2(tmp_path):
    (tmp_path / "m.csv").write_text("1,1,0\n0,1,1\n")
    np.save(tmp_path / "m.npy", np.array(BITS, bool))
    assert from_file(tmp_path / "m.csv", "gf2") == from_file(tmp_path / "m.npy", field="gf2") == OVER_BITS
    (tmp_path / "m.csv").write_text("1,1,0\n0,3,1\n")
    with pytest.raises(DataError, match=r"matrix file '.*m.csv': entry \(1, 1\) is 3"):
        from_file(tmp_path / "m.csv", "gf2")


@pytest.mark.parametrize(
    ("field", "sentence"),
    [
        ("gf3", "field of a matrix is complex, real, gf2, not 'gf3'"),
        ("complex", "is real; its field cannot be complex"),
    ],
)
def test_a_field_that_is_not_the_matrixs_is_refused(field, sentence):
    with pytest.raises(UsageError, match=sentence):
        from_array(BITS, field=field)


def test_specs_with_a_field_that_does_not_fit_are_refused():
    for spec in (
        get("dft", 2).spec | {"field": "gf2"},
        OVER_BITS.spec | {"field": "real"},
        OVER_BITS.spec | {"field": 2},
    ):
        with pytest.raises(DataError, match="the key 'field' is 'gf2', of a matrix over"):
            from_spec(spec)
    with pytest.raises(DataError, match=r"entry \(0, 0\) is 2"):
        from_spec(OVER_BITS.spec | {"matrix": [[2.0, 1.0, 0.0], [0.0, 1.0, 1.0]]})


@settings(deadline=None)
@given(matrices())
def test_a_program_file_keeps_the_field(rows):
    transform = from_array(rows, field="gf2")
    file = files.describe(definition(transform), transform)
    assert (file.error, file.program.field, file.counts["muls"]) == (0, "gf2", 0)
    assert file.counts["flops"] == int(sum(max(0, sum(row) - 1) for row in rows))
    again = files.decode(files.encode(file))
    assert again == file
    assert again.transform.field == "gf2"
    read = files.from_text(file.text)
    assert (read.program, read.transform) == (file.program, transform)


def test_a_file_says_nothing_of_a_field_where_it_is_not_gf2():
    assert b'"field":"' not in files.encode(files.describe(definition(get("dct2", 4))))
    head = json.loads(files.encode(files.describe(definition(OVER_BITS), OVER_BITS)))
    assert (head["transform"]["field"], head["field"]) == ("gf2", "gf2")


@pytest.mark.parametrize(("field", "other"), [("gf2", ""), ("real", "gf2"), ("complex", "gf2")])
def test_programs_and_matrices_of_other_fields_do_not_fit(field, other):
    program = Program.build(3, field, [[(1.0, 0, 0), (1.0, 0, 1)], [(1.0, 0, 1), (1.0, 0, 2)]], [0, 1])
    with pytest.raises(DataError, match=f"a program on {field} data cannot stand for matrix 2x3, which is"):
        files.describe(program, from_array(BITS, other))


def test_a_coefficient_in_a_file_is_refused_with_its_line():
    lines = files.encode(files.describe(definition(OVER_BITS), OVER_BITS)).decode().splitlines()
    at = next(k for k, line in enumerate(lines) if '"sizes"' in line)
    lines[at] = lines[at].replace("1.0", "3.0", 1)
    with pytest.raises(DataError, match=rf"line {at + 1}: definition 0 takes 3 times value 0, but over GF\(2\)"):
        files.decode("\n".join(lines).encode())


def test_a_run_folder_keeps_the_field_and_names_it_in_its_command(tmp_path):
    run = Run.create(OVER_BITS, Settings(start="definition", generations=1), tmp_path / "run")
    again = Run.open(run.path)
    assert again.transform == OVER_BITS
    assert "evolve matrix FILE --field gf2 --start definition" in again.command()
    plain = Run.create(from_array(BITS), Settings(generations=1), tmp_path / "plain")
    assert "field" not in (plain.path / "settings.toml").read_text()


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["dft", "4", "--field", "gf2"], "dft is over its own field, complex; --field is for a matrix from a file"),
        (["matrix", "two.csv", "--field", "gf2"], "entry (1, 0) is 2, a matrix over GF(2) holds 0 and 1"),
        (["matrix", "two.csv", "--primitives", "gf2"], "entry (1, 0) is 2, a matrix over GF(2) holds 0 and 1"),
        (["matrix", "two.csv", "--field", "complex"], "is real; its field cannot be complex"),
    ],
)
def test_bad_input_on_the_command_line(words, told, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "two.csv").write_text("1,0\n2,1\n")
    result = CliRunner().invoke(cli, ["evolve", *words, "--generations", "1"])
    assert result.exit_code in (1, 2)
    assert result.stdout == ""
    assert told in result.stderr
    assert result.stderr.count("\n") == 1
    assert not (tmp_path / "runs").exists()


def bits_of(data: bytes) -> np.ndarray:
    """The bits of bytes, of each byte the least significant first."""
    return np.unpackbits(np.frombuffer(data, np.uint8), bitorder="little")


def applied(matrix: Matrix, bits: np.ndarray) -> np.ndarray:
    return (matrix.astype(np.int64) @ bits % 2).astype(np.uint8)


@pytest.mark.parametrize(
    ("column", "mixed"),  # FIPS 197, appendix B, round 1 first; then the usual test vectors
    [("d4bf5d30", "046681e5"), ("db135345", "8e4da1bc"), ("f20a225c", "9fdc589d"), ("2d26314c", "4d7ebdf8")],
)
def test_mixcolumns_is_that_of_the_standard(column, mixed):
    there, back = get("aes-mixcolumns", 32).matrix, get("aes-inv-mixcolumns", 32).matrix
    assert np.packbits(applied(there, bits_of(bytes.fromhex(column))), bitorder="little").tobytes().hex() == mixed
    assert np.packbits(applied(back, bits_of(bytes.fromhex(mixed))), bitorder="little").tobytes().hex() == column
    assert there.sum() == 184


@settings(deadline=None)
@given(st.binary(min_size=4, max_size=4), st.binary(min_size=4, max_size=4))
def test_crc32_tells_how_zlib_tells_messages_apart(one, other):
    matrix = get("crc32", 32).matrix
    difference = applied(matrix, bits_of(one) ^ bits_of(other))
    assert int.from_bytes(np.packbits(difference, bitorder="little").tobytes(), "little") == zlib.crc32(
        one
    ) ^ zlib.crc32(other)
    assert (get("crc32", 8).matrix == matrix[:, 24:]).all()


@settings(deadline=None)
@given(st.binary(min_size=3, max_size=3))
def test_a_crc_of_a_given_polynomial_is_that_of_the_library(message):
    kernel = [int(bit) for bit in f"{0x1021:016b}"]
    bits = np.unpackbits(np.frombuffer(message, np.uint8))  # the most significant first
    check = np.packbits(applied(get("crc", 24, kernel=kernel).matrix, bits)).tobytes()
    assert int.from_bytes(check, "big") == binascii.crc_hqx(message, 0)


@pytest.mark.parametrize("n", [1, 2, 8, 32])
def test_reed_muller_is_its_own_inverse_and_gives_the_normal_form(n):
    matrix = get("reed-muller", n).matrix
    np.testing.assert_array_equal(matrix @ matrix % 2, np.eye(n))
    np.testing.assert_array_equal(matrix, [[float(j & k == j) for j in range(n)] for k in range(n)])


@pytest.mark.parametrize("name", FAMILIES_OVER_BITS)
def test_files_and_titles_of_families_over_gf2(name):
    transform = get(name, 32, kernel=CRC8 if name == "crc" else ())
    assert transform.field == "gf2"
    file = files.describe(definition(transform), transform)
    assert file.error == 0
    assert files.decode(files.encode(file)) == file
    assert files.from_text(file.text) == file
    assert file.text.startswith(f"# {name} 32 gf2")
    with pytest.raises(DataError, match="is no title of a transform"):
        files.from_text(file.text.replace(f"{name} 32", f"{name}-2d 4x8"))


@pytest.mark.parametrize(
    ("kernel", "told"),
    [
        ((), "crc 8 takes a kernel of 1 to 256 values; the given kernel has 0"),
        ((1,) * 257, "crc 8 takes a kernel of 1 to 256 values; the given kernel has 257"),
        ((0, 2, 1), "the kernel of crc holds 0 and 1, not 2"),
        ((0, 0, 0), "must be finite and not zero everywhere"),
    ],
)
def test_polynomials_that_are_none_are_refused(kernel, told):
    with pytest.raises(UsageError, match=told):
        get("crc", 8, kernel=kernel)


def test_sizes_that_there_are_not_are_refused():
    for name, n in (("aes-mixcolumns", 16), ("crc32", 12), ("reed-muller", 6)):
        with pytest.raises(UsageError, match=f"size {n} of {name}"):
            get(name, n)
