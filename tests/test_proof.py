"""Proofs: what is exact is proved whatever has drifted, what only looks exact is found out."""

import ast
import random
from pathlib import Path

import msgspec
import numpy as np
import pytest

from benchmarks.proofs import KINDS, corruptions, drifted, proved, samples
from gp_fft import files, transforms
from gp_fft.construct import textbook
from gp_fft.files.certificate import APPROXIMATE, PROVED, Bound, Certificate, Interval, status, upper
from gp_fft.ground.errors import DataError
from gp_fft.program import Program
from gp_fft.program.accuracy import ENOUGH, measure
from gp_fft.program.cost import EXACT, count
from gp_fft.proof import check, prove
from gp_fft.proof.field import orders
from gp_fft.proof.verify import verify
from gp_fft.transforms import from_array, get

ROOT = Path(__file__).resolve().parents[1]
SMALL = [(name, n) for name in ("dft", "idft", "rdft", "dht", "dct2", "dct4", "dst2") for n in (2, 3, 4, 5, 7, 8)]


def rescaled(program: Program, factors, seed=0) -> Program:
    """The program with every definition but the outputs scaled by one of the factors, and its users by the inverse."""
    rng = np.random.default_rng(seed)
    outputs = set(program.outputs.tolist())
    scales = [1.0] * program.inputs
    scales += [1.0 if d in outputs else float(rng.choice(factors)) for d in range(program.definitions)]
    rows = [
        [(size * scales[program.inputs + d] / scales[ref], turn, ref) for size, turn, ref in row]
        for d, row in enumerate(program.rows())
    ]
    return Program.build(program.inputs, program.field, rows, program.outputs.tolist(), program.title)


@pytest.mark.parametrize(("name", "n"), [*SMALL, ("dft", 13), ("dct1", 9), ("dst1", 6), ("dct3", 16)])
def test_drifted_definitions_are_proved(name, n):
    transform = get(name, n)
    given = drifted(textbook.definition(transform), seed=n, relative=1e-13)
    outcome = prove(given, transform)
    assert outcome.proved, outcome.evidence
    check(outcome.evidence, outcome.program, transform, random.Random(1))
    assert np.array_equal(outcome.program.matrix(), transform.matrix), "constants are rounded as entries are"


@pytest.mark.parametrize("n", [8, 16, 32])
def test_fast_programs_are_proved_and_cured(n):
    transform = get("dft", n)
    given = drifted(textbook.split_radix(transform), seed=n)
    outcome = prove(given, transform)
    assert outcome.proved
    assert count(outcome.program) == count(textbook.split_radix(transform))
    assert measure(given, transform).ratio > 10
    assert measure(outcome.program, transform).ratio < ENOUGH


@pytest.mark.parametrize("factors", [(0.5, 1.7320508, 1.234567), tuple(np.cos(np.arange(1, 8) * np.pi / 16))])
def test_free_scales_take_simple_values(factors):
    transform = get("dft", 8)
    given = drifted(rescaled(textbook.split_radix(transform), factors), 1)
    outcome = prove(given, transform)
    assert outcome.proved, outcome.evidence
    assert outcome.program.terms == given.terms


def test_closed_forms_are_short():
    told = {}
    for n in (5, 8, 16):
        evidence = prove(textbook.definition(get("dft", n)), get("dft", n)).evidence
        told |= {constant.exact: constant.size for constant in evidence.constants}
    assert told["sqrt(2)/2"] == np.sqrt(0.5)
    assert told["cos(pi/8)"] == pytest.approx(np.cos(np.pi / 8), rel=1e-16)
    assert told["cos(2*pi/5)"] == pytest.approx((np.sqrt(5) - 1) / 4, rel=3e-16)


@pytest.mark.parametrize("shape", [(2, 2), (4, 3), (5, 1)])
def test_two_dimensions_are_proved(shape):
    transform = get("dft-2d", shape)
    assert prove(drifted(textbook.definition(transform), 0), transform).proved


@pytest.mark.parametrize("norm", ["ortho", "forward"])
def test_other_norms_are_proved(norm):
    for name, n in (("dct2", 8), ("dft", 6), ("wht", 8), ("dct1", 5)):
        transform = get(name, n, norm)
        assert prove(textbook.definition(transform), transform).proved, transform


def test_nothing_but_additions_is_proved_too():
    outcome = prove(textbook.radix2(get("wht", 16)), get("wht", 16))
    assert outcome.proved
    assert outcome.evidence.constants == ()


def test_what_is_far_off_is_approximate():
    outcome = prove(drifted(textbook.definition(get("dft", 5)), 1, 1e-6), get("dft", 5))
    assert isinstance(outcome.evidence, Interval)
    check(outcome.evidence, outcome.program, outcome.transform)
    assert EXACT < outcome.evidence.errors[0].low < 1e-6


def test_an_approximation_good_to_1e_12_is_found_out():
    """Every output of dft 3 takes in a little of another input: no constants nearby make that exact."""
    transform = get("dft", 3)
    plain = textbook.definition(transform)
    rows = [[*row, (3e-13, 0, d)] for d, row in enumerate(plain.rows())]
    given = Program.build(3, "complex", rows, plain.outputs.tolist(), transform.title)
    assert 1e-14 < transform.error(given) < 1e-12
    outcome = prove(given, transform)
    assert outcome.program == given
    assert status(outcome.evidence, transform.error(given)) == APPROXIMATE
    assert "keep an error" in outcome.evidence.reason


def test_two_entries_that_nearly_agree_are_found_out():
    transform = get("conv", 2, kernel=(1.0, 1.0 + 1e-12))
    given = Program.build(2, "real", [[(1.0, 0, 0), (1.0, 0, 1)], [(1.0, 0, 0), (1.0, 0, 1)]], [0, 1], "conv 2")
    outcome = prove(given, transform)
    assert isinstance(outcome.evidence, Bound)
    assert 1e-13 < outcome.evidence.bound < 1e-12
    assert status(outcome.evidence, transform.error(given)).startswith(APPROXIMATE)


def test_an_extreme_size_is_no_approximation():
    """The constants are too far apart to be refined, which says nothing against the program."""
    rows = [[(1e200, 0, 0), (1e200, 0, 1)], [(1e-200, 0, 2)], [(1.0, 0, 0), (1.0, 2, 1)]]
    outcome = prove(Program.build(2, "complex", rows, [1, 2], "dft 2"), get("dft", 2))
    assert status(outcome.evidence, 0.0) == "exact to 1e-15 but unproved"
    assert "too extreme" in outcome.evidence.reason


def test_a_matrix_of_dyadic_fractions_is_proved():
    transform = from_array(np.array([[0.5, 0.25j], [1.0, -3.0]]))
    outcome = prove(drifted(textbook.definition(transform), 1), transform)
    assert outcome.proved
    assert "dyadic" in outcome.evidence.statement
    assert transform.error(outcome.program) == 0


def test_a_matrix_of_short_fractions_is_proved_and_says_so():
    """0.1 + 0.2 is 0.3 only for the fractions, not for the floats."""
    transform = from_array([[0.1, 0.2], [0.3, 0.0]])
    rows = [[(1.0, 0, 3), (0.2, 0, 1)], [(0.1, 0, 0)], [(1.0, 0, 3), (0.2, 0, 0)]]
    outcome = prove(Program.build(2, "real", rows, [0, 2], transform.title), transform)
    assert outcome.proved
    assert outcome.evidence.reading == "fractions"
    assert "simplest fraction that rounds to it" in outcome.evidence.statement
    assert {constant.exact for constant in outcome.evidence.constants} == {"1/10", "1/5"}


def test_a_matrix_of_rounded_cosines_has_a_bound():
    """Products of its constants cannot meet floats that were rounded one by one."""
    given = prove(textbook.split_radix(get("dft", 32)), get("dft", 32)).program
    transform = from_array(get("dft", 32).matrix)
    outcome = prove(given, transform)
    assert isinstance(outcome.evidence, Bound)
    assert 1e-17 < outcome.evidence.bound < 1e-15
    check(outcome.evidence, outcome.program, transform)
    with pytest.raises(DataError, match="not below"):
        check(claim(outcome.evidence, 1e-18, transform), outcome.program, transform)


def claim(bound, value, transform):
    """The bound with another number in it, stated as it has to be."""
    said = bound.statement.replace(upper(bound.bound), upper(value))
    return msgspec.structs.replace(bound, bound=value, statement=said)


def test_sizes_that_do_not_fit_are_refused():
    with pytest.raises(DataError, match="inputs and outputs"):
        prove(textbook.definition(get("dft", 3)), get("dft", 4))


@pytest.mark.parametrize(("name", "n"), [("wht", 256), ("dft-2d", (16, 16))])
def test_the_largest_sizes_are_proved_and_verified(name, n):
    transform = get(name, n)
    outcome = prove(textbook.radix2(transform), transform)
    assert outcome.proved
    assert verify(files.describe(outcome.program, transform, proof=outcome.evidence)).exact


@pytest.mark.parametrize("name", [name for name in transforms.names() if "-2d" not in name and name[-1] in "t1234"])
def test_every_size_has_a_field_in_which_its_entries_lie(name):
    for n in sorted({transforms.FAMILIES[name].nearest(n, 1, 256) for n in (251, 256)}):
        order = get(name, n).exact.order
        assert any(field % order == 0 for field in orders(order, n)), n


@pytest.mark.parametrize("kind", KINDS)
def test_corrupted_programs_are_refused(kind, monkeypatch):
    monkeypatch.setattr("benchmarks.proofs.KINDS", (kind,))
    cases = [proved(transform, program) for transform, _, program in samples([5, 8]) if transform.name != "dht"]
    refused, accepted, _ = corruptions(cases, 12, seed=3)
    assert not accepted
    assert refused.total() == 12


def test_the_check_shares_nothing_with_the_search():
    """Nor with the way in which the constants were found."""
    allowed = {"field", "forms", "modular", "target", "checking", "bounds", "intervals", "bits"}
    for name in allowed:
        tree = ast.parse((ROOT / "gp_fft" / "proof" / f"{name}.py").read_text())
        for node in ast.walk(tree):
            if isinstance(node, ast.ImportFrom):
                names = {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
                far = ("gp_fft.search", "gp_fft.kernels", "gp_fft.proof.verify")
                assert not any(one.startswith(far) for one in names)
                ours = {one.split(".")[2] for one in names if one.startswith("gp_fft.proof.")}
                assert ours <= allowed | {item.name for item in node.names}
                assert not ours & {"system", "refine", "recognise", "solve", "closed"}


def test_accuracy_tells_round_off_from_truth():
    transform = transforms.get("dft", 8)
    exact = measure(textbook.split_radix(transform), transform)
    assert 2e-17 < exact.program < 3e-16
    assert 2e-17 < exact.oracle < 3e-16
    off = measure(drifted(textbook.split_radix(transform), 1, 1e-9), transform)
    assert 1e-10 < off.program < 1e-8
    assert "amplifies" in str(off)
    assert isinstance(prove(textbook.split_radix(transform), transform).evidence, Certificate)
    assert status(prove(textbook.split_radix(transform), transform).evidence, 1e-17) == PROVED
