"""Factors at the border: the value, its files and its text, the proof that holds them exactly, and bad ones refused."""

import dataclasses
import math

import msgspec
import numpy as np
import pytest

from gp_fft import files
from gp_fft.construct import textbook
from gp_fft.files.certificate import Certificate, Factors
from gp_fft.ground.errors import DataError, UsageError
from gp_fft.program import Program
from gp_fft.program.accuracy import measure
from gp_fft.program.border import Bordered
from gp_fft.proof import check, prove, standing
from gp_fft.proof.verify import verify
from gp_fft.transforms import Scaling, check_free, from_array, from_spec, get

DCT = get("dct2", 8)
FACTORS = (1.0, 1 / math.cos(math.pi / 16), -math.sqrt(2), 0.5, 3.0, 1.0, 1.0, 0.1 * math.sqrt(2))
INPUTS = (1.0, 2.0, 1.0, 1.0, -math.sqrt(0.5), 1.0, 1.0, 1.0)


def scaled_program(transform, scaling):
    """The definition with the factors of a scaling in its coefficients."""
    rows, columns = scaling.over(transform.outputs, transform.inputs)
    matrix = transform.plain.matrix * np.outer(rows, columns)
    sides = [[(abs(value), 2 if value < 0 else 0, j) for j, value in enumerate(row) if value] for row in matrix]
    return Program.build(transform.inputs, transform.field, sides, range(transform.outputs), transform.title)


def proved_file(scaling, transform=DCT):
    outcome = prove(scaled_program(transform, scaling), transform.scaled(scaling))
    assert outcome.proved, outcome.evidence
    return files.describe(outcome.program, outcome.transform, outcome.evidence)


def test_a_scaled_transform_is_another_one_that_keeps_the_plain_one():
    scaling = Scaling(FACTORS, INPUTS)
    scaled = DCT.scaled(scaling)
    assert scaled != DCT
    assert scaled.plain == DCT
    assert scaled.scaled(Scaling()) == DCT
    assert DCT.scaled(Scaling((1.0,) * 8)) == DCT
    assert from_spec(scaled.spec) == scaled
    assert set(DCT.spec) == {"name", "shape", "norm", "kernel", "matrix"}
    x = np.random.default_rng(1).standard_normal((5, 8))
    expected = DCT.oracle(x * INPUTS) * FACTORS
    assert np.allclose(scaled.oracle(x), expected, rtol=0, atol=1e-13)
    assert np.allclose(x @ scaled.matrix.T, expected, rtol=0, atol=1e-13)
    assert np.allclose(scaled.exact.array().real, scaled.matrix, rtol=1e-15, atol=0)
    assert "scaling both" in repr(scaled)


def test_the_error_is_that_of_the_user_who_divides_by_the_factors():
    scaled = DCT.scaled(Scaling((1e4,) + (1.0,) * 7))
    wrong = scaled.matrix.copy()
    wrong[0] *= 1.01
    plain = DCT.matrix.copy()
    plain[0] *= 1.01
    assert scaled.error(wrong) == pytest.approx(DCT.error(plain))
    assert scaled.error(DCT.matrix) > 0.1


@pytest.mark.parametrize(
    ("sides", "kind"),
    [
        ({}, "none"),
        ({"outputs": (1, 1)}, "none"),
        ({"outputs": (2, 2)}, "uniform"),
        ({"outputs": (2, 1)}, "outputs"),
        ({"inputs": (2, 1)}, "both"),
    ],
)
def test_the_kind_is_the_least_that_must_be_free(sides, kind):
    assert Scaling(**sides).kind == kind


def test_a_program_with_its_factors_divided_out_computes_the_plain_transform_and_comes_back():
    for scaling in (Scaling(FACTORS), Scaling((), INPUTS), Scaling(FACTORS, INPUTS)):
        program = scaled_program(DCT, scaling)
        bordered = Bordered.of(program, scaling)
        assert DCT.error(bordered.program) < 1e-15
        parted = bordered.parted()
        assert parted.program == program
        assert np.allclose(parted.scaling.outputs or 1, scaling.outputs or 1, rtol=1e-15)
        assert np.allclose(parted.scaling.inputs or 1, scaling.inputs or 1, rtol=1e-15)


def test_text_and_file_hold_the_factors_to_the_last_bit():
    scaled = DCT.scaled(Scaling(FACTORS, INPUTS))
    file = files.describe(scaled_program(DCT, scaled.scaling), scaled)
    assert file.text.startswith("# dct2 8 real scaling=1,1.0195911582083184,-1.4142135623730951,0.5,3,")
    assert " input-scaling=1,2,1,1,-0.7071067811865476," in file.text
    assert files.from_text(file.text) == file
    assert files.decode(files.encode(file)) == file
    assert file.error < 1e-15
    assert b'"scaling"' not in files.encode(files.describe(textbook.definition(DCT), DCT))


@pytest.mark.parametrize(
    "scaling", [Scaling(FACTORS), Scaling((), INPUTS), Scaling(FACTORS, INPUTS), Scaling((3.0,) * 8)]
)
def test_a_scaled_program_is_proved_with_its_factors_in_closed_form(scaling):
    file = proved_file(scaling)
    assert standing(file) == "proved"
    assert files.decode(files.encode(file)) == file
    outcome = verify(file)
    assert outcome.passed
    assert outcome.exact
    assert {one.name for one in outcome.checks} >= {"proof", "impulse"}
    assert "factor of its" in file.proof.statement
    if scaling.outputs == FACTORS:
        assert file.proof.factors.outputs[1:4] == ("1/cos(pi/16)", "-sqrt(2)", "1/2")


def test_the_shift_test_of_a_scaled_dft_looks_at_it_as_its_user_does():
    dft = get("dft", 4)
    scaling = Scaling((1.0, 2.0, 0.5, 1.0))
    rows = [[(factor, -k * j % 4, j) for j in range(4)] for k, factor in enumerate(scaling.outputs)]
    program = Program.build(4, "complex", rows, range(4), dft.title)
    outcome = verify(files.describe(program, dft.scaled(scaling)))
    assert outcome.passed
    assert "shift" in {one.name for one in outcome.checks}


def test_the_certificate_is_held_to_its_factors():
    file = proved_file(Scaling(FACTORS))
    proof, program, transform = file.proof, file.program, file.transform
    given = proof.factors.outputs

    def fails(message, transform=transform, **changes):
        with pytest.raises(DataError, match=message):
            check(msgspec.structs.replace(proof, **changes), program, transform)

    fails("factors of the proof are not those", factors=None)
    fails("factors of the proof are not those", factors=Factors(given[:7]))
    fails("differ modulo", factors=Factors(("2", *given[1:])))
    fails("differ modulo", factors=Factors(("1-1", *given[1:])))
    other = Scaling((math.nextafter(1, 2), *FACTORS[1:]))
    fails("does not round to", transform=DCT.scaled(other))
    fails("does not state", transform=DCT, factors=None)
    assert isinstance(proof, Certificate)
    check(proof, program, transform)


def test_a_matrix_from_outside_may_be_scaled_too():
    matrix = from_array(np.array([[0.1, 0.7], [0.3, -0.2]]))
    scaled = matrix.scaled(Scaling((2.0, 1.0)))
    assert from_spec(scaled.spec) == scaled
    file = proved_file(scaled.scaling, transform=matrix)
    assert files.decode(files.encode(file)) == file
    assert verify(file).passed
    program = Program.build(2, "real", [[(0.2000001, 0, 0), (1.4, 0, 1)], [(0.3, 0, 0), (0.2, 2, 1)]], [0, 1], "matrix")
    bounded = prove(program, scaled)
    assert not bounded.proved
    assert 1e-8 < bounded.evidence.errors[0].low <= bounded.evidence.errors[0].high < 1e-6
    check(bounded.evidence, program, scaled)


def test_the_round_off_of_a_scaled_program_is_measured_against_the_scaled_signals():
    file = proved_file(Scaling(FACTORS, INPUTS))
    assert measure(file.program, file.transform).program < 1e-15


@pytest.mark.parametrize(
    ("factors", "sentence"),
    [
        ("0,1,1,1,1,1,1,1", "the factor 0 of the outputs must be finite and other than zero"),
        ("nan,1,1,1,1,1,1,1", "expected a header"),
        ("1e999,1,1,1,1,1,1,1", "the factor inf of the outputs must be finite"),
        ("1,2", "the scaling has 2 factors for 8 outputs; there must be one for each"),
        ("1,,2", "must be numbers with commas between them"),
    ],
)
def test_factors_that_nobody_can_divide_by_are_one_sentence(factors, sentence):
    text = textbook.definition(DCT)
    body = str(text).split("\n", 1)[1]
    with pytest.raises(DataError, match=sentence) as error:
        files.from_text(f"# dct2 8 real scaling={factors}\n{body}")
    assert "line 1" in str(error.value)


def test_a_damaged_scaling_in_a_file_is_one_sentence():
    file = files.describe(scaled_program(DCT, Scaling(FACTORS)), DCT.scaled(Scaling(FACTORS)))
    data = files.encode(file)
    for old, new, sentence in (
        (b'"outputs":[1.0,', b'"outputs":[0.0,', "line 4: the factor 0 of the outputs must be finite"),
        (b'"outputs":[1.0,', b'"outputs":[', "line 4: the scaling has 7 factors for 8 outputs"),
        (
            b'"scaling":{"outputs"',
            b'"scaling":{"rows"',
            "line 4: a scaling has the keys outputs and inputs; given are rows",
        ),
    ):
        assert old in data
        with pytest.raises(DataError, match=sentence):
            files.decode(data.replace(old, new, 1))
    with pytest.raises(DataError, match="the key 'error'"):
        files.decode(data.replace(b'"outputs":[1.0,', b'"outputs":[2.0,', 1))


def test_an_unknown_word_is_answered_with_the_nearest():
    assert check_free("uniform") == "uniform"
    with pytest.raises(UsageError, match=r"unknown scaling 'output'.*did you mean outputs"):
        check_free("output")


def test_a_matrix_in_text_form_has_no_scaling():
    with pytest.raises(DataError, match="a matrix has no scaling"):
        files.from_text("# matrix 1x1 real scaling=2\ny0 = 2.0*x0\n")
    file = files.describe(scaled_program(one := from_array([[3.0]]), Scaling((2.0,))), one.scaled(Scaling((2.0,))))
    assert files.from_text(file.text).program == file.program


def test_a_file_whose_program_has_other_factors_is_refused():
    file = files.describe(scaled_program(DCT, Scaling(FACTORS)), DCT.scaled(Scaling(FACTORS)))
    assert dataclasses.replace(file, transform=DCT.scaled(Scaling(FACTORS))) == file
    plain = dataclasses.replace(file, transform=DCT)
    with pytest.raises(DataError, match="the key 'error'"):
        files.encode(plain)


def test_a_scaled_program_in_a_set_of_listed_constants_is_proved_as_it_stands_and_keeps_its_set():
    wht, scaling = get("wht", 4), Scaling((0.5, 0.25, 2.0, 1.0))
    dense = scaled_program(wht, scaling)
    program = dataclasses.replace(dense, primitives="dyadic")
    outcome = prove(program, wht.scaled(scaling))
    assert outcome.proved, outcome.evidence
    assert outcome.program == program
    assert outcome.program.primitives == "dyadic"
    assert outcome.evidence.factors.outputs == ("1/2", "1/4", "2", "1")


@pytest.mark.parametrize("field", ["gf2"])
def test_over_gf2_there_is_no_scaling(field):
    with pytest.raises(DataError, match=r"a transform over GF\(2\) has no scaling"):
        from_array([[1, 0], [1, 1]], field).scaled(Scaling((2.0, 1.0)))
