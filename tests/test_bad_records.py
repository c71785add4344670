"""A record that was edited, cut, renamed or forged is refused with its name and the line that is wrong, and is kept."""

from __future__ import annotations

import json
import re
from dataclasses import replace

import pytest

from gp_fft import files, transforms
from gp_fft.construct import textbook
from gp_fft.files.places import line_of
from gp_fft.ground.errors import DataError
from gp_fft.program import Program
from gp_fft.store.records import BadRecord, load_record, offer, prove_records
from gp_fft.store.suspect import suspect

DFT = transforms.dft(8)
SPLIT = textbook.split_radix(DFT)


@pytest.fixture
def path(tmp_path):
    assert offer(tmp_path, SPLIT, DFT).accepted
    return tmp_path / "dft-8.json"


def lines_of(path):
    return path.read_text().splitlines()


def line_with(path, text):
    return 1 + next(k for k, line in enumerate(lines_of(path)) if text in line)


def refused(path, line, *words):
    """The record is refused with its name, this line and these words, and no offer overwrites it."""
    before = path.read_bytes()
    with pytest.raises(BadRecord) as caught:
        load_record(path)
    told = str(caught.value)
    assert told.startswith(f"{path}: line {line}: "), told
    assert all(word in told for word in words), told
    assert "\n" not in told
    with pytest.raises(BadRecord, match=re.escape(str(path))):
        offer(path.parent, SPLIT, DFT)
    assert path.read_bytes() == before


def edit(path, key, change):
    """Change one value; the file keeps one key a line."""
    lines = lines_of(path)
    at = next(k for k, line in enumerate(lines) if line.startswith(f' "{key}":'))
    head, value = lines[at].split(": ", 1)
    comma = "," if value.endswith(",") else ""
    table = json.loads(value.removesuffix(","))
    lines[at] = f"{head}: {json.dumps(change(table))}{comma}"
    path.write_text("\n".join(lines) + "\n")
    return at + 1


def test_a_coefficient_edited_in_an_equation(path):
    at = line_with(path, "0.7071067811865476*")
    path.write_text(path.read_text().replace("0.7071067811865476*", "0.7071067811865*", 1))
    refused(path, at, "'equations'", "0.7071067811865*", "0.7071067811865476*")


def test_a_sign_edited_in_an_equation(path):
    at = line_with(path, '"y4 =')
    path.write_text(path.read_text().replace('"y4 = t', '"y4 = -t', 1))
    refused(path, at, "y4 = -t")


@pytest.mark.parametrize(
    ("key", "item", "value"), [("sizes", None, 0.7071), ("turns", 1, 2), ("refs", 1, 5), ("outputs", 0, 7)]
)
def test_an_array_edited(path, key, item, value):
    def change(array):
        k = next(k for k, size in enumerate(array) if size != 1.0) if item is None else item
        return [*array[:k], value, *array[k + 1 :]]

    refused(path, edit(path, key, change), key)


@pytest.mark.parametrize(("key", "value"), [("flops", 50), ("adds", 1), ("depth", 2)])
def test_a_count_edited(path, key, value):
    at = edit(path, "counts", lambda counts: counts | {key: value})
    refused(path, at, "'counts'", f"says {value} for {key!r}")


def test_an_error_or_a_hash_edited(path):
    whole = path.read_bytes()
    refused(path, edit(path, "error", lambda _: 1e-3), "'error' is 0.001")
    path.write_bytes(whole)
    refused(path, edit(path, "hash", lambda _: "0" * 64), "'hash'")


@pytest.mark.parametrize("kept", [0.1, 0.5, 0.9, 0.999])
def test_a_file_cut_off(path, kept):
    data = path.read_bytes()
    path.write_bytes(data[: int(kept * len(data))])
    refused(path, len(path.read_bytes().splitlines()), "truncated")


def test_the_text_of_another_program(path):
    lines = lines_of(path)
    begin, end = line_with(path, "# dft 8 complex"), line_with(path, '"starts"') - 2
    other = [f"  {json.dumps(line)}," for line in str(textbook.radix2(DFT)).splitlines()]
    other[-1] = other[-1].rstrip(",")
    path.write_text("\n".join(lines[: begin - 1] + other + lines[end:]) + "\n")
    with pytest.raises(BadRecord, match=rf"^{re.escape(str(path))}: line \d+: the key 'equations'"):
        load_record(path)


def test_another_name(path):
    for name, key in (("dft-9.json", "transform"), ("dft-8.fma.json", "provenance")):
        moved = path.rename(path.with_name(name))
        with pytest.raises(BadRecord) as caught:
            load_record(moved)
        assert f"line {line_with(moved, key)}: it holds dft 8, evolved for flops; its name would be dft-8.json" in str(
            caught.value
        )
        moved.rename(path)


def test_the_certificate_of_another_program(path):
    edit(path, "proof", lambda proof: proof | {"hash": "0" * 64})
    refused(path, line_with(path, '"proof"'), "'proof'", "another program")


@pytest.mark.parametrize(
    ("key", "value", "told"),
    [
        ("constants", [{"size": 0.7071067811865476, "exact": "cos(pi/5)"}], "cos(pi/5)"),
        ("order", 7, "not 7"),
        ("statement", "it is right", "state"),
        ("residues", {"prime": 17, "root": 3}, ""),
    ],
)
def test_a_certificate_edited(path, key, value, told):
    edit(path, "proof", lambda proof: proof | {key: value})
    refused(path, line_with(path, '"proof"'), told)


def test_no_certificate(path):
    edit(path, "proof", lambda _: None)
    refused(path, line_with(path, '"proof"'), "no record", "must be proved")


def test_a_round_off_that_is_claimed_too_small(path):
    at = edit(path, "provenance", lambda table: table | {"accuracy": {"program": 1e-17, "reference": 1e-16}})
    refused(path, at, "round-off of 1.0e-17")


def test_proving_the_records_does_not_mend_what_was_edited(path):
    edit(path, "proof", lambda proof: proof | {"residues": {"prime": 17, "root": 3}})
    before = path.read_bytes()
    with pytest.raises(BadRecord, match="line"):
        list(prove_records(path.parent, lambda _: None))
    assert path.read_bytes() == before


def forge(path, program):
    """Another program under the certificate of the record, with every number made to agree."""
    old = files.load(path)
    proof = type(old.proof)(**{f: getattr(old.proof, f) for f in old.proof.__struct_fields__} | {
        "hash": program.content_hash})  # fmt: skip
    files.save(path, replace(files.describe(program, DFT, None, old.provenance), proof=proof))


@pytest.mark.parametrize("change", ["size", "turn"])
def test_a_forgery_in_which_all_numbers_agree(path, change):
    """Even then the equation is named whose change explains the wrong matrix."""
    rows = list(SPLIT.rows())
    d = next(k for k, row in enumerate(rows) if any(size != 1.0 for size, _, _ in row))
    at = next(k for k, (size, _, _) in enumerate(rows[d]) if size != 1.0)
    size, turn, ref = rows[d][at]
    rows[d][at] = (0.75, turn, ref) if change == "size" else (size, (turn + 1) % 4, ref)
    wrong = Program.build(8, "complex", rows, SPLIT.outputs.tolist(), DFT.title)
    forge(path, wrong)
    guilty = next(line for line in str(wrong).splitlines() if line not in str(SPLIT).splitlines())
    refused(path, line_with(path, f'"{guilty}"'), guilty)


def test_the_suspect_is_the_definition_that_was_changed():
    rows = list(SPLIT.rows())
    for d, row in enumerate(rows):
        size, turn, ref = row[-1]
        changed = [*rows[:d], [*row[:-1], (1.25 * size, turn, ref)], *rows[d + 1 :]]
        wrong = Program.build(8, "complex", changed, SPLIT.outputs.tolist(), DFT.title)
        named = suspect(wrong, DFT.matrix)
        assert list(wrong.rows())[named] != rows[named], f"definition {d} was changed, {named} is named"
    assert suspect(SPLIT, DFT.matrix) is None


def test_lines_of_keys_and_items():
    data = json.dumps({"a": {"b": [1]}, "b": [4, "b", {"b": 5}, 6], "c": []}, indent=1).encode()
    lines = data.decode().splitlines()
    assert [lines[line_of(data, "b", k) - 1].strip() for k in range(4)] == ["4,", '"b",', "{", "6"]
    assert lines[line_of(data, "b") - 1] == ' "b": ['
    assert line_of(data, "d") is None
    assert lines[line_of(data, "c", 3) - 1].strip() == '"c": []'


def test_any_program_file_is_told_of_by_line(tmp_path):
    path = tmp_path / "some.json"
    files.save(path, files.describe(SPLIT, DFT))
    path.write_text(path.read_text().replace('"adds":52', '"adds":"52"'))
    with pytest.raises(DataError, match=rf"some\.json: line {line_with(path, 'counts')}: "):
        files.load(path)
    path.write_text(path.read_text().replace('"refs": [', '"refs": [[', 1))
    with pytest.raises(DataError, match=r"some\.json: line \d+: this is no program file"):
        files.load(path)
