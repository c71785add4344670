"""Program files come back byte for byte, are refused when damaged, and are written whole or not at all."""

import errno
import json
import os
import re
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings

import gp_fft
from gp_fft import files
from gp_fft.construct import textbook
from gp_fft.files import program_files
from gp_fft.files.certificate import Unproved
from gp_fft.ground.atomic import atomic_write
from gp_fft.ground.errors import DataError
from gp_fft.program import Program
from gp_fft.transforms import from_array, get
from tests.strategies import programs
from tests.work import calls

TEXT = """# dft 2 complex
y0 = x0 + x1
y1 = x0 - x1
"""
UNPROVED = {"kind": "unproved", "version": 1, "status": "approximate", "reason": "for the test"}


def sample() -> files.ProgramFile:
    return files.describe(
        Program.parse(TEXT),
        proof=Unproved(1, "approximate", "for the test", Program.parse(TEXT).content_hash),
        provenance={"seed": 1, "command": "evolve dft 2"},
    )


def spec(name, shape, norm="backward", matrix=None) -> dict:
    return {"name": name, "shape": shape, "norm": norm, "kernel": [], "matrix": matrix}


def changed(**change) -> bytes:
    return json.dumps(json.loads(files.encode(sample())) | change).encode()


@settings(max_examples=60, deadline=None)
@given(programs())
def test_round_trip(program):
    program = replace(program, title="matrix")
    if not program.matrix().any():
        with pytest.raises(DataError, match="zero everywhere"):
            files.describe(program)
        return
    file = files.describe(program, provenance={"seed": 3, "parents": ["a", None, 0.5]})
    data = files.encode(file)
    again = files.decode(data)
    assert again == file
    assert files.encode(again) == data
    assert Program.from_json(program.to_json()) == program
    assert Program.from_json(program.to_json().encode()) == program


@pytest.mark.parametrize(
    "transform",
    [get("dft", 2, "ortho"), get("idft", 2), from_array([[1.0, 1.0], [1.0, -1.5]]),
     from_array([[1j, 1.0], [1.0, -1.0]])],
)  # fmt: skip
def test_any_transform_comes_back(transform):
    file = files.describe(Program.parse(TEXT), transform)
    again = files.decode(files.encode(file))
    assert again.transform == transform
    assert again.program.title == transform.title
    assert again.error == file.error > 0


def test_what_a_file_says():
    content = json.loads(files.encode(sample()))
    assert list(content) == [
        "format", "version", "transform", "field", "inputs", "equations", "starts", "refs", "sizes", "turns",
        "outputs", "counts", "error", "hash", "proof", "provenance",
    ]  # fmt: skip
    assert content["format"] == "gp-fft program"
    assert "\n".join(content["equations"]) + "\n" == TEXT
    assert content["counts"] == {"adds": 4, "muls": 0, "flops": 4, "fma": 4, "depth": 1}
    assert content["transform"] == {
        "name": "dft",
        "shape": [2],
        "norm": "backward",
        "kernel": [],
        "matrix": None,
    }


def test_the_title_names_the_transform_or_a_matrix_that_claims_nothing():
    assert sample().transform == get("dft", 2)
    assert not sample().transform.claim
    for title in ("matrix", "matrix 2x2"):
        file = files.describe(Program.parse(TEXT.replace("dft 2", title)))
        assert (file.transform.title, file.error) == ("matrix 2x2", 0.0)
        assert "nothing was claimed but what the file itself holds" in file.transform.claim


def as_json(header):
    """A program file in JSON whose transform is that of a header such as ``# dtf 4 complex``."""
    *title, _ = header.removeprefix("# ").split()
    content = json.loads(files.encode(sample()))
    shape = [int(size) for size in title[1].split("x")]
    content["transform"] |= {"name": title[0], "shape": shape, "norm": " ".join(title[2:]) or "backward"}
    content["equations"][0] = header
    return json.dumps(content).encode()


IMPOSSIBLE = [
    ("# dtf 2 complex", "did you mean 'dft"),
    ("# foo 2 complex", "did you mean"),
    ("# dct2 2 otho real", "ortho"),
    ("# dft 100000 complex", "did you mean 'dft 256'"),
    ("# rdft-2d 2x2 real", "did you mean"),
    ("# wht 6 real", "did you mean 'wht 4'"),
    ("# dct1 1 real", "did you mean 'dct1 2'"),
]


@pytest.mark.parametrize(("header", "hint"), IMPOSSIBLE)
@pytest.mark.parametrize("kind", ["text", "json"])
def test_a_title_of_nothing_is_refused_with_the_nearest(tmp_path, header, hint, kind):
    """Such a program was compared with its own matrix, and so proved to compute nothing."""
    path = tmp_path / "program"
    path.write_bytes(as_json(header) if kind == "json" else f"{header}\ny0 = x0 + x1\ny1 = x0 - x1\n".encode())
    with pytest.raises(DataError) as caught:
        files.load(path)
    assert hint in str(caught.value)
    assert re.search(r"line [0-9]+: ", str(caught.value))
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("header", "sentence"),
    [
        ("# complex", "no title that says what it computes"),
        ("# dft 2 real", "real data cannot stand for dft 2"),
        ("# dct2 2 complex", "complex data cannot stand for dct2 2"),
        ("# dft 4 complex", "2 outputs cannot compute dft 4"),
        ("# dft 2 complex inputs=3", "3 inputs and 2 outputs cannot compute dft 2"),
        ("# matrix 3x2 complex", "its matrix is 2x2"),
        ("# matrix 0x2 complex", "is no title"),
        ("# matrix 2000x2 complex", "1 to 1024"),
        ("# matrix 2x2 ortho complex", "no norm"),
        ("# matrix 2 complex", "two sides"),
        ("# conv 2 real", "'# conv 2 real kernel="),
        ("# conv 2 real kernel=1", "a kernel of 2 values"),
        ("# conv 2 real kernel=1,,2", "numbers with commas"),
        ("# dft 2 complex kernel=1,2", "no kernel"),
        ("# matrix 2x2 complex kernel=1,2", "no kernel"),
    ],
)
def test_a_header_that_contradicts_the_program_is_refused(header, sentence):
    with pytest.raises(DataError) as caught:
        files.from_text(f"{header}\ny0 = x0 + x1\ny1 = x0 - x1\n")
    assert sentence in str(caught.value)


def test_a_file_whose_field_contradicts_its_transform_is_refused():
    content = json.loads(as_json("# dct2 2 complex"))
    with pytest.raises(DataError, match=r"line [0-9]+: .*cannot stand for dct2 2"):
        files.decode(json.dumps(content, indent=1).encode())


def test_the_text_form_keeps_the_kernel():
    transform = get("toeplitz", 2, kernel=(1.0, 0.1, -2.5e-7))
    file = files.describe(textbook.definition(transform), transform)
    assert file.text.startswith("# toeplitz 2 real kernel=1,0.1,-2.5e-07\n")
    again = files.from_text(file.text)
    assert (again.transform, again.program, again.error) == (transform, file.program, 0.0)


def test_sizes_must_fit():
    with pytest.raises(DataError, match="2 inputs and 2 outputs cannot compute dft 4, which has 4 and 4"):
        files.describe(Program.parse(TEXT), get("dft", 4))


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"format": "a letter"}, "'format' is 'a letter'"),
        ({"version": 2}, "version 2, this gp-fft reads version 1"),
        ({"version": -1}, "version -1"),
        ({"version": "1"}, "Expected `int`"),
        ({"transform": None}, r"Expected `object`"),
        ({"transform": {}}, "missing required field `name`"),
        ({"transform": spec("dtf", [2])}, "dtf"),
        ({"transform": spec("dft", [-2])}, "-2"),
        ({"transform": spec("dft", [10**9])}, "range"),
        ({"transform": spec("dft", [4])}, "dft 4"),
        ({"transform": spec("matrix", [1, 1], "", [[]])}, "matrix"),
        ({"field": "real"}, "'hash'"),
        ({"field": "octonion"}, "complex, real or gf2"),
        ({"inputs": -1}, "1 to 1024 inputs, not -1"),
        ({"inputs": 10**12}, "1 to 1024 inputs"),
        ({"inputs": 10**30}, "1 to 1024 inputs|out of range"),
        ({"equations": ["y0 = x0"]}, "'equations'"),
        ({"equations": 3}, "Expected `array`"),
        ({"starts": [0, 2]}, "starts must rise"),
        ({"starts": []}, "starts must rise"),
        ({"starts": [0, 2, 10**30]}, "whole numbers"),
        ({"refs": [0, 1, 0, -1]}, "refers to value -1"),
        ({"refs": [0, 1, 0, 3]}, "refers to value 3"),
        ({"refs": [0, 1, 0, True]}, "got `bool`"),
        ({"refs": [0, 1, 0, 1.5]}, "got `float`"),
        ({"refs": [0, 1, 0, None]}, "got `null`"),
        ({"refs": [0, 1, 0, [[]]]}, "got `array`"),
        ({"sizes": [1, 1, 1, 2]}, "'hash'"),
        ({"sizes": [1, 1, 1, -1]}, "above zero"),
        ({"sizes": [1, 1, 1, "NaN"]}, "Expected `float`"),
        ({"turns": [0, 0, 0, 7]}, "0, 1, 2 or 3"),
        ({"outputs": [0, 0]}, "distinct"),
        ({"outputs": [0, 2]}, "definitions 0 to 1"),
        ({"outputs": [1, 0]}, "'hash'"),
        ({"counts": {"adds": 4, "muls": 0, "flops": 4, "fma": 4, "depth": 2}}, "says 2 for 'depth'"),
        ({"counts": {"adds": 4, "muls": 0, "flops": 4, "fma": 4}}, "says nothing for 'depth'"),
        ({"counts": {"adds": 4, "muls": 0, "flops": 4, "fma": 4, "depth": 1, "x": 0}}, "says 0 for 'x'"),
        ({"error": 0.5}, "'error' is 0.5"),
        ({"error": None}, "Expected `float`"),
        ({"hash": "0" * 64}, "'hash'"),
        ({"proof": []}, r"Expected `object \| null`"),
        ({"proof": {"kind": "equality"}}, "missing required field"),
        ({"proof": {"kind": "oracle"}}, "Invalid value 'oracle'"),
        ({"proof": UNPROVED | {"hash": "0" * 64}}, "belongs to another program"),
        ({"proof": UNPROVED | {"certain": True}}, "unknown field `certain`"),
        ({"provenance": None}, "Expected `object`"),
        ({"comment": "hello"}, "unknown field `comment`"),
    ],
)
def test_a_file_that_disagrees_is_refused(change, sentence):
    with pytest.raises(DataError, match=sentence) as caught:
        files.decode(changed(**change))
    assert "\n" not in str(caught.value)
    assert len(str(caught.value)) < 400


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ('"sizes": [1.0', '"sizes": [NaN', "malformed"),
        ('"sizes": [1.0', '"sizes": [1e999', "out of range"),
        ('"sizes": [1.0', '"sizes": [' + "9" * 5000, "out of range"),
        ('"inputs": 2', '"inputs": 2, "inputs": 2', "key 'inputs' stands twice"),
        ('"seed":1', '"seed":1,"seed":2', "key 'seed' stands twice"),
        ('"seed":1', '"seed":' + "[" * 10**6, "nested too deeply"),
        ('"seed":1', '"seed":' + '{"a":' * 10**6, "nested too deeply"),
        ('"seed":1', '"seed":"\\ud800"', "malformed"),
        ('"seed":1', '"seed":"\x00"', "invalid character|malformed"),
        ('"provenance"', '"provenance', "malformed|invalid|truncated|missing"),
        ("}\n}", "}", "truncated"),
        ("}\n}", "}}}", "trailing"),
    ],
)
def test_damaged_json_is_refused(old, new, sentence):
    text = files.encode(sample()).decode()
    assert old in text
    with pytest.raises(DataError, match=sentence) as caught:
        files.decode(text.replace(old, new).encode())
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("data", [b"", b"{", b"[]", b"null", b"3", b"{}", b"\xff\xfe{", b'{"format": 3}'])
def test_other_bytes_are_no_program_file(data):
    with pytest.raises(DataError, match="this is no program file"):
        files.decode(data)


def test_a_megabyte_of_wrong_structure_is_refused_without_looking_at_each_element():
    for junk in (b"[[],[]," * 150_000, b'"a",' * 250_000, b"-1," * 350_000):
        text = files.encode(sample()).replace(b'"refs": [', b'"refs": [' + junk)

        def decode(text=text):
            with pytest.raises(DataError):
                files.decode(text)

        assert calls(decode) < 5_000


def test_too_large_a_file(monkeypatch, tmp_path):
    data = files.encode(sample())
    monkeypatch.setattr(program_files, "LIMIT_FILE", len(data) - 1)
    with pytest.raises(DataError, match="at most"):
        files.decode(data)
    with pytest.raises(DataError, match="would have"):
        files.encode(sample())
    (tmp_path / "a.json").write_bytes(data)
    with pytest.raises(DataError, match=r"a\.json: the file is too large"):
        files.load(tmp_path / "a.json")


def test_only_the_truth_is_encoded():
    with pytest.raises(DataError, match="'counts'"):
        files.encode(files.ProgramFile(sample().program, sample().transform, {"adds": 1}, 0.0))
    with pytest.raises(DataError, match="'error'"):
        files.encode(files.ProgramFile(sample().program, sample().transform, sample().counts, 0.1))
    with pytest.raises(DataError, match="plain JSON"):
        files.encode(files.describe(sample().program, provenance={"when": object()}))


def test_overflow_has_no_error():
    huge = Program.parse("# dft 1 complex\nt0 = 1e90*x0\ny0 = 1e90*t0\n")
    with pytest.raises(DataError, match="overflow"):
        files.describe(huge)


def test_large_coefficients_are_refused(tmp_path):
    path = tmp_path / "large.txt"
    path.write_text("# dft 1 complex\ny0 = 1.1e100*x0\n")
    with pytest.raises(DataError, match=r"the coefficient 1.1e\+100 is too large; at most 1e\+100 is allowed"):
        files.load(path)


def test_save_and_load(tmp_path):
    path = tmp_path / "sub folder" / "dft 2.json"
    path.parent.mkdir()
    gp_fft.save(path, sample())
    assert gp_fft.load(str(path)) == sample()
    assert list(path.parent.iterdir()) == [path]
    umask = os.umask(0)
    os.umask(umask)
    assert path.stat().st_mode & 0o777 == 0o666 & ~umask


@pytest.mark.parametrize("data", [TEXT.encode(), b"\xef\xbb\xbf" + TEXT.encode(), TEXT.replace("\n", "\r\n").encode()])
def test_a_text_form_is_a_program_file_too(tmp_path, data):
    path = tmp_path / "program.txt"
    path.write_bytes(data)
    file = files.load(path)
    assert file.program == sample().program
    assert (file.transform, file.error, file.proof, file.provenance) == (get("dft", 2), 0.0, None, {})


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "the text is empty"),
        (b"\x89PNG\r\n\x1a\n\x00", "neither JSON nor the text form"),
        (b"# dft 2 complex\ny0 = t3\n", "line 2: t3 is not defined above this line"),
        (b"# dft 2 complex\ny0 = x0\n", "2 inputs and 1 outputs cannot compute dft 2"),
        (b"# dft 2 complex\ny0 = 0\ny1 = 0\n", None),
        (b" \n{}", "this is no program file"),
    ],
)
def test_load_names_the_file_and_the_fault(tmp_path, data, sentence):
    path = tmp_path / "a.json"
    path.write_bytes(data)
    if sentence is None:
        assert files.load(path).error == 1.0
        return
    with pytest.raises(DataError, match=sentence) as caught:
        files.load(path)
    assert str(caught.value).startswith(f"{path}: ")


@pytest.mark.parametrize("name", ["missing.json", ".", "a/b.json", "n" * 300, "a\0b"])
def test_what_cannot_be_read(tmp_path, name):
    with pytest.raises(DataError, match="cannot read"):
        files.load(tmp_path / name)


@pytest.mark.parametrize("name", ["missing/a.json", "folder", "n" * 300, "a\0b"])
def test_what_cannot_be_written(tmp_path, name):
    (tmp_path / "folder").mkdir()
    with pytest.raises(DataError, match="cannot write"):
        atomic_write(tmp_path / name, b"data")
    assert list(tmp_path.iterdir()) == [tmp_path / "folder"]


@pytest.mark.parametrize("failure", [OSError(errno.ENOSPC, "No space left on device"), KeyboardInterrupt()])
def test_a_failed_write_leaves_the_old_file_and_nothing_else(tmp_path, monkeypatch, failure):
    path = tmp_path / "a.json"
    atomic_write(path, b"old")

    def fail(_):
        raise failure

    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises((DataError, KeyboardInterrupt)) as caught:
        atomic_write(path, b"new")
    if caught.type is DataError:
        assert str(caught.value) == f"cannot write {path}: No space left on device"
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


def test_a_full_device():
    with pytest.raises(DataError, match="cannot write /dev/full: No space left"):
        atomic_write("/dev/full", b"data")
    atomic_write(os.devnull, b"data")
    assert not Path(os.devnull).is_file()


def test_links_are_followed(tmp_path):
    (tmp_path / "real.json").write_bytes(b"old")
    (tmp_path / "link.json").symlink_to("real.json")
    atomic_write(tmp_path / "link.json", b"new")
    assert (tmp_path / "link.json").is_symlink()
    assert (tmp_path / "real.json").read_bytes() == b"new"
