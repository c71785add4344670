"""Statements: what they compute, that each operation is there once, their order, and the command."""

from collections import Counter

import numpy as np
import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

from gp_fft import Program, transforms
from gp_fft.cli import cli
from gp_fft.export.bisect import bisected
from gp_fft.export.live import Graph, Pressure, pressure
from gp_fft.export.lower import lower
from gp_fft.export.order import ordered
from gp_fft.files.shelf import Shelf
from gp_fft.program.cost import count
from tests.strategies import bit_programs, programs

SHELF = Shelf.open()
RECORDS = [("dft", 5), ("dft", 8), ("dft", 11), ("dft", 16), ("dft", 32), ("dct2", 8), ("dct2", 32), ("rdft", 16)]


def record(name, n):
    return SHELF.find(transforms.get(name, n)).program


def interpret(form, x):
    """What the statements make of ``x`` ``(batch, inputs)``, done one after the other; the outputs of the program."""
    values = {}
    for j in range(form.inputs):
        if form.parts == 2:
            values |= {2 * j: x[:, j].real, 2 * j + 1: x[:, j].imag}
        else:
            values[j] = x[:, j]
    for s in form.statements:
        a, b = values.get(s.a), values.get(s.b)
        assert s.out not in values
        if s.operation == "sum" and form.field == "gf2":
            values[s.out] = a ^ b
        elif s.operation in ("sum", "fused"):
            turned = (b, 1j * b if s.turn % 2 else None)[s.turn % 2]
            values[s.out] = a - turned if s.turn >= 2 else a + s.size * turned
        elif s.operation == "product":
            values[s.out] = s.size * a
        elif s.operation == "turned":
            values[s.out] = -a if s.turn == 2 else 1j**s.turn * a
        else:
            values[s.out] = np.zeros_like(values[0])
    y = [values[value] for value in form.outputs]
    if form.parts == 2:
        y = [re + 1j * im for re, im in zip(y[::2], y[1::2], strict=True)]
    return np.stack(y, 1)


def signals(program):
    rng = np.random.default_rng(2)
    if program.field == "gf2":
        return rng.integers(0, 1 << 40, (3, program.inputs))
    x = rng.standard_normal((3, program.inputs))
    return x + 1j * rng.standard_normal(x.shape) if program.field == "complex" else x


@settings(max_examples=150, deadline=None)
@given(st.one_of(programs(), bit_programs()), st.sampled_from((1, 2)), st.booleans())
def test_statements_in_any_good_order_compute_the_program(program, parts, fused):
    form = lower(program, parts, fused)
    x = signals(program)
    for one in (form, ordered(form)):
        np.testing.assert_allclose(interpret(one, x), program(x), rtol=1e-12, atol=1e-12 * np.abs(program(x)).max())
    assert sorted(map(repr, ordered(form).statements)) == sorted(map(repr, form.statements))
    assert len(set(form.names)) == len(form.names)
    assert all(name.isidentifier() for name in form.names)


@pytest.mark.parametrize(("name", "n"), RECORDS)
def test_in_parts_without_fusing_the_numbers_are_those_of_the_program_to_the_last_bit(name, n):
    program = record(name, n)
    x = signals(program)
    np.testing.assert_array_equal(interpret(ordered(lower(program, 2)), x), program(x))


@pytest.mark.parametrize(("name", "n"), [*RECORDS, ("dft", 7), ("dft", 64), ("rdft", 64)])
@pytest.mark.parametrize("parts", [1, 2])
def test_no_output_of_a_record_is_left_with_a_turn(name, n, parts):
    assert "turned" not in lower(record(name, n), parts).work


@pytest.mark.parametrize(("name", "n"), RECORDS)
def test_every_operation_is_there_once_and_no_more_than_are_counted(name, n):
    program, parts = record(name, n), 2
    form, counts = lower(program, parts), count(record(name, n))
    assert form.work["sum"] == counts.adds
    assert form.work.get("product", 0) == counts.muls
    made = Counter((s.operation, s.a, s.b, s.turn, s.size) for s in form.statements)
    assert max(made.values()) == 1


def test_a_fused_program_takes_as_many_operations_as_its_cost_model_counts():
    program = SHELF.find(transforms.get("dft", 16), "fma").program
    form = lower(program, 2, fused=True)
    assert sum(form.work.get(word, 0) for word in ("sum", "fused", "product")) == count(program).fma


@pytest.mark.parametrize(("name", "n"), RECORDS)
@pytest.mark.parametrize("parts", [1, 2])
def test_the_order_keeps_no_more_values_alive_than_that_of_genfft(name, n, parts):
    form = lower(record(name, n), parts)
    graph = Graph.of(form)
    genfft = graph.pressure(bisected(graph))
    assert sorted(bisected(graph)) == list(range(len(form.statements)))
    ours = pressure(ordered(form))
    assert ours <= genfft
    assert n < 8 or ours.most < genfft.most


def naive_pressure(form):
    """Values alive after each statement, by looking at all that come before and after."""
    done, counts = set(), []
    for k, statement in enumerate(form.statements):
        done |= {statement.out, *statement.reads}
        to_come = {value for later in form.statements[k + 1 :] for value in later.reads}
        counts.append(len(done & to_come))
    return Pressure(max(counts, default=0), sum(counts))


@settings(max_examples=60, deadline=None)
@given(programs(), st.sampled_from((1, 2)))
def test_the_pressure_is_what_it_says(program, parts):
    for form in (lower(program, parts), ordered(lower(program, parts))):
        assert pressure(form) == naive_pressure(form)


def test_the_command_writes_the_record_a_file_and_a_run(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    run = lambda *words: CliRunner().invoke(cli, ["export", *words])  # noqa: E731
    text = run("dft", "4", "--to", "python")
    assert text.exit_code == 0, text.output
    assert "def dft4(x):" in text.stdout
    (tmp_path / "four.txt").write_text(str(record("dft", 4)))
    assert run("four.txt", "--to", "python", "-o", "four.py").exit_code == 0
    assert "gp-fft export four.txt --to python" in (tmp_path / "four.py").read_text()
    for words, sentence in (
        (("four.txt", "--to", "python", "-o", "four.py"), "four.py exists already; --force overwrites it"),
        (("dft", "--to", "python"), "a transform is named by its name and its size, such as dft 11, not 'dft'"),
        (("dft", "37", "--to", "python"), "there is no record of dft 37; evolve one and export its run"),
        (("dft", "x", "--to", "python"), "the size is 'x'"),
        (("dtf", "4", "--to", "python"), "did you mean 'dft'?"),
        (("four.txt", "--to", "python", "--cost", "fma"), "--cost chooses among the records"),
        (("dft", "4", "--to", "python", "--layout", "split"), "the target python has no option 'layout'"),
        (("absent.txt", "--to", "python"), "absent.txt"),
    ):
        refused = run(*words)
        assert sentence in refused.output, words
    fma = run("dft", "16", "--to", "python", "--cost", "fma")
    assert "gp-fft export dft 16 --cost fma --to python" in fma.stdout


def test_a_program_without_anything_to_do_is_code_too():
    program = Program.parse("# real\ny0 = x0\n")
    form = ordered(lower(program))
    assert form.statements == ()
    assert pressure(form) == (0, 0)
    assert "return [x0]" in program.export("python")
