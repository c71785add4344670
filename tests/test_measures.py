"""Measures of error: against published figures, against slow definitions, and where they mean nothing."""

import csv
import io

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gp_fft.ground.errors import UsageError
from gp_fft.transforms import FREE, from_array, get, scaled_to
from gp_fft.transforms.fitting import divided
from gp_fft.transforms.measure import Measure
from gp_fft.transforms.measures import MEASURES, check_measure, measure, orthogonality
from gp_fft.transforms.unit_rows import comparable, correlations

DCT = get("dct2", 8, norm="ortho")
PUBLISHED = """\
name,energy,mse,coding-gain,efficiency,relative
sdct,3.3158,0.0207,6.2819,82.6190,0.3632
lodct,0.8695,0.0061,8.3902,88.7023,0.1860
cb2011,1.7945,0.0098,8.1827,87.4297,0.2672
bas2008,5.9294,0.0238,8.1194,86.8626,0.4857
bas2009,6.8543,0.0275,7.9126,85.3799,0.5222
bas2011-a0,26.8642,0.0710,7.9118,85.6419,1.0339
bas2011-a05,26.4018,0.0678,8.1194,86.8626,1.0249
bas2011-a1,26.8642,0.0710,7.9126,85.3799,1.0339
bas2011-a2,27.9225,0.0783,7.7628,84.7666,1.0540
walsh,5.0494,0.0251,7.9461,85.3138,0.4482
bc2012,8.6592,0.0594,7.3326,80.8969,0.5870
pmc2014,11.3128,0.0790,7.3326,80.8969,0.6709
pea2012,0.8695,0.0062,8.3437,88.0594,0.1860
"""
"""Figures of the literature for its approximations of the DCT of 8 points, each row brought to length 1."""
ROWS = list(csv.DictReader(io.StringIO(PUBLISHED)))


def a_matrix(seed, transform=DCT, noise=0.2):
    rng = np.random.default_rng(seed)
    around = rng.normal(size=transform.matrix.shape) * np.abs(transform.matrix).max()
    return transform.matrix * rng.uniform(0.5, 2.0, (transform.outputs, 1)) + noise * around


@pytest.mark.parametrize("row", ROWS, ids=[row["name"] for row in ROWS])
@pytest.mark.parametrize("norm", ["ortho", "backward"])
def test_published_figures_come_out_to_every_digit(row, norm):
    matrix, transform = get(row["name"], 8).matrix, get("dct2", 8, norm=norm)
    for name in ("energy", "mse", "coding-gain", "efficiency"):
        figure = MEASURES[name].published(matrix, transform, "outputs")
        assert figure == pytest.approx(float(row[name]), abs=5.1e-5), name
        if not row["name"].startswith("bas2011"):
            gap = {"coding-gain": -8.75 * np.log10(1 - 0.95**2) - figure, "efficiency": 100 - figure}.get(name, figure)
            assert MEASURES[name].of(matrix, transform, "outputs") == pytest.approx(gap, abs=1e-5)


@pytest.mark.parametrize("row", ROWS, ids=[row["name"] for row in ROWS])
def test_published_relative_errors_are_those_of_rows_of_length_one(row):
    unit = comparable(get(row["name"], 8).matrix, DCT, "outputs", signed=False)
    assert DCT.error(unit) == pytest.approx(float(row["relative"]), abs=5.1e-5)


def test_a_row_with_the_wrong_sign_is_turned_for_nothing():
    matrix = get("bas2011-a0", 8).matrix
    turned = matrix.copy()
    turned[3] *= -1
    energy = MEASURES["energy"]
    assert energy.of(matrix, DCT, "outputs") == pytest.approx(energy.published(turned, DCT, "outputs"))
    assert energy.of(matrix, DCT, "outputs") == pytest.approx(18.1492, abs=5e-5)


def test_the_dct_itself_has_its_known_gain_and_efficiency():
    gain, efficiency = (MEASURES[name].published(DCT.matrix, DCT, "none") for name in ("coding-gain", "efficiency"))
    assert gain == pytest.approx(8.8259, abs=5e-5)
    assert efficiency == pytest.approx(93.9912, abs=5e-5)


def test_no_transform_gains_more_than_that_of_karhunen_and_loeve():
    vectors = np.linalg.eigh(correlations(DCT))[1].T
    assert MEASURES["coding-gain"].of(vectors, DCT, "none") == pytest.approx(0.0, abs=1e-12)
    assert MEASURES["efficiency"].of(vectors, DCT, "none") == pytest.approx(0.0, abs=1e-9)


def test_the_mean_square_error_is_that_of_a_markov_process():
    matrix, rng = a_matrix(3, noise=0.1), np.random.default_rng(1)
    x = [rng.normal(size=200_000)]
    for _ in range(7):
        x.append(0.95 * x[-1] + (1 - 0.95**2) ** 0.5 * rng.normal(size=200_000))
    wrong = (DCT.matrix - matrix) @ np.array(x)
    assert MEASURES["mse"].of(matrix, DCT, "none") == pytest.approx((wrong**2).mean(), rel=0.02)


def test_the_energy_is_that_of_the_rows_as_filters():
    matrix = a_matrix(4)
    gap = np.fft.fft(comparable(matrix, DCT, "outputs") - DCT.matrix, 4096, axis=1)
    integral = (np.abs(gap) ** 2).mean() * 8 * np.pi  # from 0 to pi, of every row
    assert MEASURES["energy"].of(matrix, DCT, "outputs") == pytest.approx(integral)


def test_in_the_plane_a_markov_process_runs_along_both_axes():
    plane = get("dct2-2d", (2, 4), norm="ortho")
    assert correlations(plane)[0, 5] == pytest.approx(0.95**2)  # one down, one aside
    assert MEASURES["coding-gain"].of(plane.matrix, plane, "none") < 0.03


@pytest.mark.parametrize("name", MEASURES)
@pytest.mark.parametrize("free", FREE)
def test_errors_are_zero_for_the_transform_and_grow_with_noise(name, free):
    errors = [MEASURES[name].of(a_matrix(5, noise=noise), DCT, free if noise else "both") for noise in (0.0, 0.02, 0.2)]
    least = {"coding-gain": 0.0203, "efficiency": 6.0088}.get(name, 0.0)
    assert errors[0] == pytest.approx(least, abs=1e-4)
    assert errors[1] < errors[2]


@given(st.integers(0, 10**6), st.sampled_from(list(FREE)))
def test_the_relative_error_is_that_of_the_search(seed, free):
    transform, matrix = get("dft", 4), a_matrix(seed, get("dft", 4))
    expected = scaled_to(matrix, transform, free)
    assert MEASURES["relative"].of(matrix, transform, free) == expected.error(matrix)
    left = divided(matrix, transform, free)
    assert transform.error(left) == pytest.approx(expected.error(matrix), rel=1e-9)
    gaps = np.abs(left - transform.matrix)
    assert MEASURES["worst-entry"].of(matrix, transform, free) == pytest.approx(gaps.max(), rel=1e-9)
    worst = max(np.linalg.norm(gap) / 2 for gap in gaps)
    assert MEASURES["worst-output"].of(matrix, transform, free) == pytest.approx(worst, rel=1e-9)


@pytest.mark.parametrize("name", [name for name in MEASURES if MEASURES[name].square])
@pytest.mark.parametrize("norm", ["ortho", "backward"])
def test_square_measures_are_the_form_that_they_give(name, norm):
    transform, entry = get("dct2", 8, norm=norm), MEASURES[name]
    weights, rows = entry.weights(transform), entry.rows(transform)
    forms, errors = [], []
    for seed in range(12):
        matrix = a_matrix(seed, transform, noise=0.05 * (seed + 1))
        gap = matrix - transform.matrix
        each = ((gap @ (np.eye(8) if weights is None else weights)) * gap).sum(axis=1)
        forms.append((each * (1.0 if rows is None else rows)).sum())
        errors.append(entry.of(matrix, transform, "none"))
    power = 2 if name == "relative" else 1
    assert np.allclose(np.array(errors) ** power / forms, errors[0] ** power / forms[0])


@pytest.mark.parametrize("name", ["energy", "mse", "coding-gain", "efficiency"])
@pytest.mark.parametrize("free", ["outputs", "both"])
def test_free_outputs_may_have_any_length(name, free):
    matrix = a_matrix(6)
    longer = matrix * np.array([3.0, 0.2, -1.0, 5.0, -0.1, 1.0, 1.0, 2.0])[:, None]
    error = MEASURES[name].of
    assert error(longer, DCT, free) == pytest.approx(error(matrix, DCT, free), rel=1e-6 if free == "both" else 1e-9)


@pytest.mark.parametrize("name", MEASURES)
def test_a_scaled_transform_keeps_its_factors(name):
    scaled = DCT.scaled(scaled_to(a_matrix(7), DCT, "outputs").scaling)
    matrix = a_matrix(7) * 2.0
    assert MEASURES[name].of(matrix, scaled, "none") == pytest.approx(
        MEASURES[name].of(divided(matrix, scaled, "none"), DCT, "none")
    )


def test_a_dropped_output_gains_nothing():
    matrix = DCT.matrix.copy()
    matrix[3] = 0.0
    assert MEASURES["coding-gain"].of(matrix, DCT, "outputs") == np.inf
    assert MEASURES["efficiency"].of(matrix, DCT, "outputs") == 100.0
    assert MEASURES["energy"].of(matrix, DCT, "outputs") == pytest.approx(np.pi)
    assert MEASURES["worst-output"].of(matrix, DCT, "outputs") == pytest.approx(1.0)


def test_an_output_of_which_only_zero_is_wanted_is_measured_by_the_others():
    transform = from_array([[3.0, 4.0], [0.0, 0.0]])
    off = np.array([[3.0, 4.0], [0.0, 1.0]])
    assert MEASURES["worst-output"].of(off, transform, "none") == pytest.approx(1 / np.sqrt(12.5))


def test_deviations_from_orthogonality():
    assert orthogonality(get("sdct", 8).matrix) == pytest.approx(0.2)
    assert 1 - np.sqrt(1 - orthogonality(get("sdct", 8).matrix)) == pytest.approx(1 - 2 / np.sqrt(5))
    assert orthogonality(get("lodct", 8).matrix) == pytest.approx(0.0, abs=1e-15)
    assert orthogonality(get("dft", 8).matrix) == pytest.approx(0.0, abs=1e-15)
    assert orthogonality(np.ones((4, 4))) == pytest.approx(0.75)
    assert orthogonality(np.zeros((4, 4))) == 0.0


@pytest.mark.parametrize(
    ("name", "transform", "words"),
    [
        ("enrgy", DCT, "did you mean energy"),
        ("energy", get("dct1", 5), "needs orthogonal outputs; those of dct1 5 are not: see 1 and 3"),
        ("mse", get("conv", 3, kernel=(1, 2, 4)), "needs orthogonal outputs"),
        ("energy", from_array([[1.0, 0.0], [0.0, 0.0]]), "one is zero"),
        ("coding-gain", get("dft", 8), "is for real transforms; dft 8 is complex"),
        ("efficiency", get("mdct", 8), "needs as many outputs as inputs; mdct 8 has 8 and 16"),
        ("worst-entry", from_array([[1, 1], [0, 1]], field="gf2"), "over GF(2), which has relative alone"),
    ],
)
def test_a_measure_that_means_nothing_is_refused_in_a_sentence(name, transform, words):
    with pytest.raises(UsageError) as raised:
        check_measure(name, transform)
    assert words in str(raised.value)
    assert "\n" not in str(raised.value)


@pytest.mark.parametrize("name", ["dct2", "dct4", "dft", "wht", "dht", "rdft", "mdct"])
def test_measures_that_mean_something_are_allowed(name):
    transform = get(name, 8)
    allowed = [entry.name for entry in MEASURES.values() if not entry.real_square or name not in ("dft", "mdct")]
    assert [check_measure(entry, transform).name for entry in allowed] == allowed


def test_measures_of_others_must_grow_with_the_error():
    relative = measure("relative")
    with pytest.raises(UsageError, match="with noise 0"):
        MEASURES.add(Measure("always", "none", "", "0", "nobody", lambda matrix, transform, free: 0.0))
    with pytest.raises(UsageError, match="lower case"):
        Measure("Big", "big", "", "0", "nobody", relative.of)
    MEASURES.add(Measure("twice", "twice the error", "", "2 e", "nobody", lambda *given: 2 * relative.of(*given)))
    assert measure("twice").of(0 * DCT.matrix, DCT, "none") == pytest.approx(2.0)
    del MEASURES["twice"]
