"""Families beyond scipy's: published integers and figures, what each is for, and every command on the unusual ones."""

import numpy as np
import pytest
import scipy.fft
from click.testing import CliRunner

import gp_fft
from gp_fft import transforms
from gp_fft.cli import cli
from gp_fft.construct import textbook
from gp_fft.files import decode, describe, encode, load
from gp_fft.files.program_files import from_text
from gp_fft.program import Program
from gp_fft.program.cost import EXACT
from gp_fft.proof import prove
from gp_fft.transforms import FAMILIES, get
from tests.installed import ROOT
from tests.references import APPROXIMATE, DOUBLED, VIDEO, make, norms_of

HEVC_8 = [
    [64, 64, 64, 64, 64, 64, 64, 64],
    [89, 75, 50, 18, -18, -50, -75, -89],
    [83, 36, -36, -83, -83, -36, 36, 83],
    [75, -18, -89, -50, 50, 89, 18, -75],
    [64, -64, -64, 64, 64, -64, -64, 64],
    [50, -89, 18, 75, -75, -18, 89, -50],
    [36, -83, 83, -36, -36, 83, -83, 36],
    [18, -50, 75, -89, 89, -75, 50, -18],
]
VVC_SECOND = {  # the second row of the DST VII
    4: [74, 74, 0, -74],
    8: [46, 78, 86, 71, 32, -17, -60, -85],
    16: [25, 48, 68, 81, 88, 88, 81, 68, 48, 25, 0, -25, -48, -68, -81, -88],
    32: [
        *(13, 26, 38, 50, 60, 68, 77, 82, 86, 89, 90, 88, 85, 80, 74, 66),
        *(56, 46, 34, 21, 9, -4, -17, -30, -42, -53, -63, -72, -78, -84, -87, -90),
    ],
}
H264_ODD = [[12, 10, 6, 3], [10, -3, -12, -6], [6, -12, 3, 10], [3, -6, 10, -12]]
FIGURES = {  # total error energy, coding gain (dB) and transform efficiency, as published
    "sdct": (3.3158, 6.2819, 82.6190),
    "lodct": (0.8695, 8.3902, 88.7023),
    "cb2011": (1.7945, 8.1827, 87.4297),
    "bas2008": (5.9294, 8.1194, 86.8626),
    "bas2009": (6.8543, 7.9126, 85.3799),
    "bas2011-a0": (26.8642, 7.9118, 85.6419),
    "bas2011-a05": (26.4018, 8.1194, 86.8626),
    "bas2011-a1": (26.8642, 7.9126, 85.3799),
    "bas2011-a2": (27.9225, 7.7628, 84.7666),
    "bc2012": (8.6592, 7.3326, 80.8969),
    "pea2012": (0.8695, 8.3437, 88.0594),
    "pmc2014": (11.3128, 7.3326, 80.8969),
    "walsh": (5.0494, 7.9461, 85.3138),
}


def test_the_matrix_of_hevc_is_that_of_the_standard():
    np.testing.assert_array_equal(get("hevc-dct2", 8).matrix, HEVC_8)
    np.testing.assert_array_equal(get("hevc-dct2", 4).matrix, np.array(HEVC_8)[::2, :4])
    column = [64, 90, 90, 90, 89, 88, 87, 85, 83, 82, 80, 78, 75, 73, 70, 67]
    column += [64, 61, 57, 54, 50, 46, 43, 38, 36, 31, 25, 22, 18, 13, 9, 4]
    np.testing.assert_array_equal(get("hevc-dct2", 32).matrix[:, 0], column)
    np.testing.assert_array_equal(get("hevc-dct2", 16).matrix, get("hevc-dct2", 32).matrix[::2, :16])


@pytest.mark.parametrize("n", VVC_SECOND)
def test_the_matrices_of_vvc_are_those_of_the_standard(n):
    sines, cosines = get("vvc-dst7", n).matrix, get("vvc-dct8", n).matrix
    np.testing.assert_array_equal(sines[1], VVC_SECOND[n])
    np.testing.assert_array_equal(cosines, sines[:, ::-1] * (-1.0) ** np.arange(n)[:, None])
    np.testing.assert_array_equal(cosines, cosines.T)
    if n in (4, 16):  # sin(60 - a) + sin(a) = sin(60 + a), which saves multiplications, holds of the integers, too
        first, third = [0, *sines[0]], (2 * n + 1) // 3
        assert all(first[third - m] + first[m] == first[third + m] for m in range(1, (third + 1) // 2))
    if n == 32:  # and so does the relation of five
        first = [0, *sines[0]]
        sums = [first[m] + first[26 + m] + first[13 - m] - first[13 + m] - first[26 - m] for m in range(1, 7)]
        assert sums == [0] * 6


def test_the_matrices_of_h264_are_those_of_the_standard():
    eight = get("h264", 8).matrix
    np.testing.assert_array_equal(eight[1::2, :4], H264_ODD)
    np.testing.assert_array_equal(eight[0::4, :4], [[8, 8, 8, 8], [8, -8, -8, 8]])
    np.testing.assert_array_equal(get("h264", 4).matrix, [[1, 1, 1, 1], [2, 1, -1, -2], [1, -1, -1, 1], [1, -2, 2, -1]])


@pytest.mark.parametrize(("name", "true"), [("hevc-dct2", "dct2"), ("vvc-dst7", "dst7"), ("vvc-dct8", "dct8")])
@pytest.mark.parametrize("n", [4, 8, 16, 32])
def test_integers_of_video_coding_are_near_the_true_transform_and_near_orthogonal(name, true, n):
    matrix, scale = get(name, n).matrix, 64 * np.sqrt(n)
    assert np.abs(matrix - scale * get(true, n, norm="ortho").matrix).max() < 1.7
    np.testing.assert_allclose(matrix @ matrix.T / scale**2, np.eye(n), atol=0.005)


@pytest.mark.parametrize("name", FIGURES)
def test_approximations_have_the_figures_that_their_authors_published(name):
    """Which see every entry: of rows of length one, R. J. Cintra and F. M. Bayer (2011) give the formulas."""
    assert set(FIGURES) == {*APPROXIMATE, "walsh"}
    matrix = get(name, 8).matrix
    rows = matrix / np.linalg.norm(matrix, axis=1)[:, None]
    apart = rows - scipy.fft.dct(np.eye(8), axis=0, norm="ortho")
    after = rows @ 0.95 ** np.abs(np.subtract.outer(np.arange(8), np.arange(8))) @ rows.T
    gain = -10 / 8 * np.log10(np.diag(after) * (np.linalg.inv(rows) ** 2).sum(axis=0)).sum()
    efficiency = 100 * np.abs(np.diag(after)).sum() / np.abs(after).sum()
    assert (np.pi * (apart**2).sum(), gain, efficiency) == pytest.approx(FIGURES[name], abs=6e-5)


@pytest.mark.parametrize("name", DOUBLED)
def test_an_approximation_is_doubled_by_its_even_and_odd_outputs(name):
    half = get(DOUBLED[name], 8).matrix
    for n in (16, 32):
        matrix = get(name, n).matrix
        np.testing.assert_array_equal(matrix[::2], np.hstack([half, half[:, ::-1]]))
        np.testing.assert_array_equal(matrix[1::2], np.hstack([half, -half[:, ::-1]]))
        lengths = matrix @ matrix.T
        np.testing.assert_array_equal(lengths, np.diag(np.diag(lengths)))  # the rows stay orthogonal
        half = matrix


def test_the_signed_dct_goes_on_at_other_sizes():
    np.testing.assert_array_equal(get("sdct", 4).matrix, [[1, 1, 1, 1], [1, 1, -1, -1], [1, -1, -1, 1], [1, -1, 1, -1]])
    assert set(get("sdct", 32).matrix.ravel()) == {1.0, -1.0}


def test_wavelets_have_the_taps_of_jpeg_2000_and_their_vanishing_moments():
    low = [0.02674875741080976, -0.01686411844287495, -0.07822326652898785, 0.2668641184428723, 0.6029490182363579]
    high = [0.09127176311424948, -0.05754352622849957, -0.5912717631142470, 1.115087052456994]
    matrix = get("cdf97", 16).matrix
    np.testing.assert_allclose(matrix[3, 2:11], low + low[-2::-1], atol=5e-15)
    np.testing.assert_allclose(matrix[11, 4:11], high + high[-2::-1], atol=5e-15)
    for name, moments in (("cdf97", 4), ("cdf53", 2)):
        matrix, x = get(name, 16).matrix, np.arange(16.0)
        np.testing.assert_allclose(matrix[:8] @ np.ones(16), np.ones(8), rtol=1e-15)
        for power in range(moments):
            np.testing.assert_allclose(matrix[10:13] @ x**power, np.zeros(3), atol=1e-13 * 16**power)


def test_haar_has_an_entry_for_each_scale():
    wanted = [[1, 1, 1, 1], [1, 1, -1, -1], [1, -1, 0, 0], [0, 0, 1, -1]]
    np.testing.assert_array_equal(get("haar", 4).matrix, wanted)


@pytest.mark.parametrize("norm", transforms.NORMS)
@pytest.mark.parametrize("n", [1, 4, 5])
def test_overlapping_blocks_of_the_mdct_add_up_to_the_signal(norm, n):
    there, back = get("mdct", n, norm).matrix, get("imdct", n, norm).matrix
    x = np.random.default_rng(1).normal(size=3 * n)
    first, second = (back @ (there @ x[start : start + 2 * n]) for start in (0, n))
    np.testing.assert_allclose(first[n:] + second[:n], x[n : 2 * n], atol=1e-14)


def test_the_transforms_of_odd_order_are_each_other_transposed():
    for one, other in (("dct5", "dct5"), ("dct8", "dct8"), ("dst5", "dst5"), ("dst8", "dst8")):
        np.testing.assert_array_equal(get(one, 6, "ortho").matrix, get(other, 6, "ortho").matrix.T)
    for one, other in (("dct6", "dct7"), ("dst6", "dst7")):
        np.testing.assert_array_equal(get(one, 6, "ortho").matrix, get(other, 6, "ortho").matrix.T)


@pytest.mark.parametrize("name", FAMILIES)
def test_the_definition_of_every_family_is_proved_in_every_norm(name):
    for norm in norms_of(name):
        transform = make(name, 5, norm=norm)
        outcome = prove(textbook.definition(transform), transform)
        assert outcome.proved, (norm, outcome.evidence)
        file = describe(outcome.program, transform, outcome.evidence)
        assert decode(encode(file)).transform == transform


@pytest.mark.parametrize("name", FAMILIES)
def test_every_family_evolves_from_its_definition_and_from_random_programs(name):
    transform = make(name, 4)
    exact = gp_fft.evolve(transform, seed=1, generations=1, start="definition").best_exact()
    assert exact is not None
    assert transform.error(exact) < gp_fft.EXACT
    for program in gp_fft.evolve(transform, seed=1, generations=1):
        assert (program.inputs, len(program.outputs)) == (transform.inputs, transform.outputs)


TEXTS = [
    ("# bas2009-2d 8x8 real", None),
    ("# hevc-dct2 4 real", 4),
    ("# mdct 2 real", 4),
    ("# imdct-2d 2x1 real", 2),
    ("# linconv 2 real kernel=2,7", 2),
    ("# dst6 3 ortho real", 3),
]


@pytest.mark.parametrize(("head", "inputs"), TEXTS)
def test_titles_of_all_kinds_stand_in_the_text_of_programs(head, inputs):
    words = head[2:].split()
    kernel = tuple(map(float, words.pop()[7:].split(","))) if "kernel" in head else ()
    shape = tuple(map(int, words[1].split("x")))
    norm = words[2] if words[2] != "real" else "backward"
    transform = get(words[0], shape, norm, kernel)
    program = textbook.definition(transform)
    assert inputs in (None, transform.inputs)
    body = str(program).split("\n", 1)[1]
    assert from_text(f"{head}\n{body}").transform == transform
    assert Program.parse(str(program)) == program


WALKS = {
    "a hyphen and few sizes": ("hevc-dct2", "4", ()),
    "a hyphen in two dimensions": ("vvc-dst7-2d", "4x4", ()),
    "more inputs than outputs": ("mdct", "2", ()),
    "more outputs than inputs": ("linconv", "2", ("--kernel", "2,7")),
    "sides in two dimensions": ("imdct-2d", "2x1", ()),
    "an odd order": ("dct6", "3", ("--norm", "ortho")),
    "long decimals": ("cdf97", "4", ()),
}


@pytest.mark.parametrize("start", ["definition", "random"])
@pytest.mark.parametrize("walk", WALKS)
def test_every_command_takes_what_is_unusual(walk, start, tmp_path, monkeypatch):
    name, size, options = WALKS[walk]
    monkeypatch.chdir(tmp_path)

    def run(*words):
        done = CliRunner().invoke(cli, words)
        assert done.exit_code == 0, f"{words}: {done.output}\n{done.exception!r}"
        return done.output

    told = run("evolve", name, size, *options, "--start", start, "--generations", "2", "--out", "run")
    run("show", "run")
    if start == "definition":
        run("graph", "run", "-o", "run.svg")
        run("report", "run", "-o", "run.html")
        assert "proved" in told
        assert "all checks passed" in run("verify", "run")
        assert "proved" in run("prove", "run")
        (file,) = (path for path in (tmp_path / "run" / "proofs").glob("*.json") if load(path).error < EXACT)
        run("evolve", name, size, *options, "--start", str(file), "--generations", "1", "--out", "again")
        (tmp_path / "fresh").mkdir()
        (tmp_path / "run").rename(tmp_path / "fresh" / "run")
        assert f"{name} {size}" in run("bench", "--root", "fresh")


def test_a_hunt_keeps_records_of_names_with_hyphens_and_of_two_shapes(tmp_path):
    goals = ("hevc-dct2:4", "mdct:2", "linconv:2:2,7")
    words = ("hunt", *goals, "--seconds", "3", "--slice", "1", "--records", str(tmp_path / "records"))
    done = CliRunner().invoke(cli, words)
    assert done.exit_code == 0, done.output
    kept = sorted(path.name for path in (tmp_path / "records").glob("*.json"))
    assert kept == ["hevc-dct2-4.json", "linconv-2-k2_7.json", "mdct-2.json"]
    listed = CliRunner().invoke(cli, ["bench", "--root", str(tmp_path)]).output
    assert all(title in listed for title in ("hevc-dct2 4", "linconv 2", "mdct 2"))


def test_names_with_hyphens_are_python_names_with_underscores():
    assert gp_fft.hevc_dct2(8) == transforms.hevc_dct2(8) == get("hevc-dct2", 8)
    assert gp_fft.hevc_dct2.__name__ == "hevc_dct2"
    assert {*VIDEO} <= {*FAMILIES}
    with pytest.raises(AttributeError, match="hevc_dct9"):
        _ = gp_fft.hevc_dct9


def test_the_page_and_the_command_name_every_family():
    page = (ROOT / "docs" / "transforms.md").read_text(encoding="utf-8")
    told = CliRunner().invoke(cli, ["transforms"]).output
    for name, family in FAMILIES.items():
        assert f"`{name}`" in page
        assert f"{name} " in told
        assert family.sizes_in_words in told
    assert [FAMILIES[name].sizes_in_words for name in ("dft", "dct1", "wht", "cdf53", "h264")] == [
        *("any", "2 up", "2^k", "even", "4, 8"),
    ]


def test_only_transforms_of_one_scaling_have_no_norms():
    without = {name for name in FAMILIES if FAMILIES[name].norms == ("backward",)}
    kernels = {name for name in FAMILIES if FAMILIES[name].kernel_formula}
    assert without >= {*VIDEO, *APPROXIMATE, *DOUBLED, "haar", "cdf53", "cdf97", *kernels}
    for name in (
        "dft",
        "idft",
        "rdft",
        "dht",
        "wht",
        "walsh",
        "mdct",
        "imdct",
        *(f"d{a}t{k}" for a in "cs" for k in "12345678"),
    ):
        assert FAMILIES[name].norms == transforms.NORMS
