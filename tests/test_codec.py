"""The codec of the benchmarks: only quantising loses anything, bits are those of JPEG's symbols, rates are equal."""

import csv
import io
import re

import numpy as np
import pytest
from click.testing import CliRunner
from PIL import Image

from benchmarks.codec import coder as coding
from benchmarks.codec import contenders, images, pictures
from benchmarks.codec.__main__ import main
from benchmarks.codec.coder import STEPS, ZIGZAG, Coder, Coding, bits, entropy
from benchmarks.codec.comparison import MEAN, as_csv, compare, means, psnr, ssim
from gp_fft import files
from gp_fft.ground.errors import DataError, UsageError
from gp_fft.program import Program
from gp_fft.transforms import from_array, get
from gp_fft.transforms.scaling import Scaling

# Additions and shifts in the papers, total error energy as R. J. Cintra, F. M. Bayer and others tabulate it.
PAPERS = {
    "sdct": (24, 0, 3.3158),
    "lodct": (24, 2, 0.8695),
    "cb2011": (22, 0, 1.7945),
    "bas2008": (18, 2, 5.9294),
    "bas2009": (18, 0, 6.8543),
    "bas2011-a0": (16, 0, 26.8642),
    "bas2011-a2": (18, 2, 27.9225),
    "bc2012": (14, 0, 8.6592),
    "pmc2014": (14, 0, 11.3128),
}


def dense(matrix):
    """The program that adds up each row of a matrix."""
    rows = [[(abs(c), 0 if c > 0 else 2, j) for j, c in enumerate(row) if c] for row in np.asarray(matrix, float)]
    return Program.build(np.shape(matrix)[1], "real", rows, range(len(rows)))


def plain(matrix, name="test", **more):
    return Coder(name, dense(matrix), **more)


def approximate(name):
    return plain(get(name, 8).matrix, name, kind="published")


EXACT = plain(coding.exact(), "exact", kind="exact")


@pytest.fixture(scope="module")
def coins():
    return images.image("coins")


@pytest.mark.parametrize("made", [EXACT, approximate("sdct"), approximate("bas2011-a2")], ids=lambda made: made.name)
def test_without_quantisation_the_image_comes_back(made, coins):
    assert made.orthogonal is (made.name != "sdct")
    values = made.forward(coins)
    assert values.shape == (coins.size // 64, 64)
    np.testing.assert_allclose(made.backward(values, coins.shape), coins, atol=1e-9)


def test_the_transform_of_a_block_is_that_of_scipy_in_zigzag_order():
    from scipy.fft import dctn

    block = np.random.default_rng(1).uniform(0, 255, (8, 8))
    (values,) = EXACT.forward(block)
    np.testing.assert_allclose(values, dctn(block - 128, norm="ortho").ravel()[ZIGZAG], atol=1e-10)
    assert ZIGZAG[:10].tolist() == [0, 1, 8, 16, 9, 2, 3, 10, 17, 24]
    assert sorted(ZIGZAG) == list(range(64))


def test_the_steps_swallow_the_factors(coins):
    """The DCT with outputs of any length and sign is quantised to the same numbers."""
    factors = np.array([1, -2, 3, 0.5, 7, -1, 0.1, 4])
    scaled = plain(factors[:, None] * coding.exact(), scaling=Scaling(tuple(factors)))
    np.testing.assert_allclose(scaled.factors, 1 / factors)
    assert scaled.energy < 1e-20
    assert np.array_equal(Coding(scaled, coins).levels(0.3), Coding(EXACT, coins).levels(0.3))
    np.testing.assert_allclose(Coding(scaled, coins).at(0.5).image, Coding(EXACT, coins).at(0.5).image, atol=1e-9)
    assert EXACT.steps[0] == pytest.approx(STEPS[0, 0])


def test_entropy_of_known_streams():
    assert entropy(np.array([3, 3, 3])) == 0
    assert entropy(np.array([], int)) == 0
    assert entropy(np.array([0, 1, 2, 3])) == pytest.approx(8)  # two bits each
    assert entropy(np.array([1]), {0: 3}) == pytest.approx(4 * (0.25 * 2 + 0.75 * np.log2(4 / 3)))


def test_bits_of_known_blocks():
    """Symbols counted by hand."""
    levels = np.zeros((4, 64))
    assert bits(levels) == 0  # four times the same end of block, four times no difference
    levels[:, 0] = 5  # differences 5, 0, 0, 0: sizes 3, 0, 0, 0, and three bits that say which of that size
    first = entropy(np.array([3, 0, 0, 0])) + 3
    assert bits(levels) == pytest.approx(first)
    levels[1, 21] = -2  # 20 zeros: one symbol for 16, then run 4 and size 2 with two bits; the end of the block follows
    assert bits(levels) == pytest.approx(first + entropy(np.array([99, 42, 0, 0, 0, 0])) + 2)
    levels[2, 63] = 1  # 62 zeros: three times 16, run 14 and size 1 with one bit; no end of the block
    assert bits(levels) == pytest.approx(first + entropy(np.array([99] * 4 + [42, 141] + [0] * 3)) + 3)


def test_bits_are_those_of_a_plain_coder():
    """Against symbols made one by one, as T.81 words it."""
    rng = np.random.default_rng(2)
    levels = np.rint(rng.laplace(0, 3, (50, 64)) * (rng.random((50, 64)) < 0.15))
    first, rest, extra, last = [], [], 0, 0
    for block in levels.astype(int).tolist():
        first.append(abs(block[0] - last).bit_length())
        last, run = block[0], 0
        for value in block[1:]:
            if value == 0:
                run += 1
                continue
            rest += [15] * (run // 16)
            rest.append(run % 16 + 16 * abs(value).bit_length())
            extra += abs(value).bit_length()
            run = 0
        if run:
            rest.append(0)
    assert bits(levels) == pytest.approx(entropy(np.array(first)) + entropy(np.array(rest)) + extra + sum(first))


@pytest.mark.parametrize("rate", [0.25, 0.5, 1.0, 2.0])
def test_the_rate_is_met_by_every_transform(rate, coins):
    for made in (EXACT, approximate("sdct"), approximate("bc2012")):
        back = Coding(made, coins).at(rate)
        assert back.rate == pytest.approx(rate, rel=0.005)
        assert back.image.min() >= 0
        assert back.image.max() <= 255


def test_more_bits_give_a_better_image(coins):
    qualities = [psnr(coins, Coding(EXACT, coins).at(rate).image) for rate in (0.25, 0.5, 1, 2)]
    assert qualities == sorted(qualities)
    assert qualities[-1] > qualities[0] + 6


def test_psnr_and_ssim_of_known_images(coins):
    assert ssim(coins, coins) == 1
    assert psnr(coins, coins) == np.inf
    assert psnr(np.zeros((16, 16)), np.full((16, 16), 255.0)) == 0
    assert psnr(np.zeros((16, 16)), np.ones((16, 16))) == pytest.approx(48.1308, abs=1e-4)  # 20 lg 255
    noisy = np.clip(coins + np.random.default_rng(1).normal(0, 20, coins.shape), 0, 255)
    assert 0 < ssim(coins, noisy) < 0.7


def test_at_equal_rate_the_exact_dct_is_better_than_its_signs():
    """On photographs, and the better approximation of the literature lies between."""
    chosen = {name: images.image(name) for name in ("camera", "chelsea", "coins")}
    ranked = [EXACT, approximate("lodct"), approximate("cb2011"), approximate("bc2012"), approximate("sdct")]
    results = compare(ranked, chosen, (0.5, 1.0), lambda made: None)
    for name in chosen:
        for rate in (0.5, 1.0):
            best, *_, worst = [one for one in results if one.image == name and one.rate == rate]
            assert best.psnr > worst.psnr + 1
            assert best.ssim > worst.ssim
    averages = [one.psnr for one in means(results) if one.rate == 0.5]
    assert averages == sorted(averages, reverse=True)


@pytest.mark.parametrize("name", PAPERS)
def test_published_transforms_have_the_counts_and_the_error_of_their_papers(name):
    made = contenders.published_coder(name)
    adds, shifts, energy = PAPERS[name]
    assert (made.counts.adds, made.counts.muls, made.counts.shifts) == (adds, 0, shifts)
    assert made.energy == pytest.approx(energy, abs=6e-5)


def test_the_exact_coders_are_records():
    first, second = contenders.exact_coders()
    assert first.energy < 1e-20
    assert second.energy < 1e-20
    assert second.counts.flops < first.counts.flops


def test_programs_of_a_folder_or_of_a_run_are_read(tmp_path):
    (tmp_path / "front").mkdir()
    for name in ("sdct", "bc2012", "pmc2014"):
        made = approximate(name)
        files.save(tmp_path / "front" / f"{name}.json", files.describe(made.program, get(name, 8)))
    told = []
    assert len(contenders.evolved_from(tmp_path, 9, told.append)) == 3
    chosen = contenders.evolved_from(tmp_path / "front", 2, told.append)
    assert [(made.name, made.kind) for made in chosen] == [("bc2012", "evolved"), ("sdct", "evolved")]
    assert told == []


def test_the_signs_of_factors_are_read_from_the_file(tmp_path):
    factors = (1.0, -2.0, 1, 1, 1, 1, 1, -0.5)
    program = plain(np.array(factors)[:, None] * coding.exact()).program
    files.save(tmp_path / "one.json", files.describe(program, get("dct2", 8, "ortho").scaled(Scaling(factors))))
    (made,) = contenders.evolved_from(tmp_path, 1, lambda line: None)
    assert made.energy < 1e-20
    assert made.factors[1] == pytest.approx(-0.5)


def test_what_a_codec_cannot_use_is_left_out_and_told(tmp_path):
    flat = np.eye(8) + np.roll(np.eye(8), -1, axis=1)  # the alternating sum of its rows is nothing
    files.save(tmp_path / "flat.json", files.describe(dense(flat), from_array(flat)))
    told = []
    with pytest.raises(DataError, match="no program of 8 points that a codec can use, among 1 files"):
        contenders.evolved_from(tmp_path, 3, told.append)
    assert told == ["left out: flat: its matrix has no inverse, so what it codes cannot be decoded"]
    with pytest.raises(DataError, match="real programs of 8 points in and out, not real ones of 4 in and 4 out"):
        plain(np.eye(4))
    with pytest.raises(DataError, match="factors of its inputs"):
        plain(np.eye(8), scaling=Scaling(inputs=(2.0,) * 8))


def test_twins_by_name_are_told_apart():
    made = contenders.distinct([EXACT, EXACT, approximate("sdct")])
    assert [one.name for one in made] == ["exact", "exact (2)", "sdct"]


def test_the_images_are_what_they_are_said_to_be():
    for name in images.IMAGES:
        values = images.image(name)
        assert not any(side % 8 for side in values.shape)
        assert values.min() >= 0
        assert values.max() <= 255
    field = images.markov(512, seed=3)
    centred = field - field.mean()
    for axis in (0, 1):
        ahead = np.take(centred, range(1, 512), axis)
        behind = np.take(centred, range(511), axis)
        assert (ahead * behind).mean() / centred.var() == pytest.approx(0.95, abs=0.02)
    assert np.array_equal(field, images.markov(512, seed=3))
    assert np.any(field != images.markov(512, seed=4))


def test_a_file_is_read_as_grey_values(tmp_path):
    colours = np.zeros((20, 33, 3), np.uint8)
    colours[..., 1] = 100
    Image.fromarray(colours).save(tmp_path / "green.png")
    read = images.image(str(tmp_path / "green.png"))
    assert read.shape == (16, 32)
    np.testing.assert_allclose(read, 58.7)


def test_images_of_one_name_are_told_apart(tmp_path):
    for folder, value in (("a", 10), ("b", 90)):
        (tmp_path / folder).mkdir()
        Image.fromarray(np.full((16, 16), value, np.uint8)).save(tmp_path / folder / "chart.png")
    paths = [str(tmp_path / folder / "chart.png") for folder in "ab"]
    chosen = images.chosen(["chart", *paths, "chart"])
    assert list(chosen) == ["chart", *paths]
    assert chosen[paths[1]].max() == pytest.approx(90)
    assert list(images.chosen(paths[:1])) == ["chart"]


def test_bad_input_is_one_sentence(tmp_path):
    (tmp_path / "text.png").write_text("no image")
    Image.fromarray(np.zeros((12, 40), np.uint8)).save(tmp_path / "small.png")
    Image.fromarray(np.full((64, 64), 9, np.uint8)).save(tmp_path / "flat.png")
    (tmp_path / "empty").mkdir()
    (tmp_path / "there").mkdir()
    (tmp_path / "there" / "codec.csv").write_text("mine")
    cases = {
        ("--image", "camra"): r"no image 'camra' \(did you mean camera\?\)",
        ("--image", str(tmp_path / "text.png")): "cannot read .*text.png as an image",
        ("--image", str(tmp_path / "small.png")): "40 by 12 pixels; each side must have 16 to 8192",
        ("--image", str(tmp_path / "flat.png")): "flat in the transform exact: a rate must be above 0 and below",
        ("--evolved", str(tmp_path / "empty")): "holds no program of 8 points",
        ("--image", "chart", "--image", str(tmp_path / "none.png")): "there is no image",
        ("--rate", "0"): "0.01<=x<=8",
        ("--out", str(tmp_path / "there")): "exists already; --force overwrites it",
    }
    for arguments, sentence in cases.items():
        result = CliRunner().invoke(main, ["--quick", *arguments])
        assert result.exit_code in (1, 2)
        assert isinstance(result.exception, SystemExit)
        assert re.search(sentence, " ".join(result.stderr.split())), result.stderr
    assert (tmp_path / "there" / "codec.csv").read_text() == "mine"


def test_a_rate_that_no_scale_comes_to_is_refused():
    spikes = np.full((16, 16), 128.0)
    spikes[3, 3] = 255
    with pytest.raises(UsageError, match=r"no scale of the table comes to 0\.01 bits per pixel"):
        Coding(EXACT, spikes).at(0.01)


def test_the_benchmark_writes_its_table_and_its_pictures(tmp_path):
    result = CliRunner().invoke(main, ["--quick", "--each", "--out", str(tmp_path / "a" / "b")], catch_exceptions=False)
    assert result.exit_code == 0, result.output
    assert "PSNR in dB, mean of 1 image" in result.stdout
    assert "SSIM, markov" in result.stdout
    folder = tmp_path / "a" / "b"
    rows = list(csv.DictReader(io.StringIO((folder / "codec.csv").read_text())))
    assert len(rows) == 2 * 4 * 2  # means and one image, four transforms, two rates
    assert {row["image"] for row in rows} == {MEAN, "markov"}
    assert {row["transform"] for row in rows} >= {"exact", "exact, scaled", "cb2011"}
    for row in rows:
        assert float(row["reached_rate"]) == pytest.approx(float(row["rate"]), rel=0.005)
    assert b"<svg" in (folder / "codec.svg").read_bytes()
    with Image.open(folder / "codec.png") as sheet:
        assert min(sheet.size) > 100


def test_the_same_comparison_gives_the_same_bytes():
    chosen = {"markov": images.markov(64)}
    made = [compare([EXACT, approximate("cb2011")], chosen, (0.5, 1.0), lambda made: None) for _ in range(2)]
    assert as_csv(made[0]) == as_csv(made[1])
    assert pictures.curves(means(made[0]), 0.5) == pictures.curves(means(made[1]), 0.5)


def test_programs_evolved_on_the_spot_are_of_one_front_and_always_the_same():
    made = [contenders.evolved_coders((20, 64), generations=4) for _ in range(2)]
    assert [coder.program for coder in made[0]] == [coder.program for coder in made[1]]
    (*_, best) = made[0]
    assert best.counts.adds <= 64
    assert best.counts.muls == 0
    assert best.energy < 1.0
    assert {coder.kind for coder in made[0]} == {"evolved"}


@pytest.mark.parametrize(("name", "gain"), [("sdct", 2.25), ("lodct", 1), ("bas2008", 1)])
def test_the_inverse_of_sdct_makes_noise_stronger(name, gain):
    """As the documentation says: the mean over the pixels of a block, of noise of one size in all 64 values."""
    made = approximate(name)
    noise = np.random.default_rng(1).standard_normal((20_000, 64))
    outer = np.outer(made.factors, made.factors).ravel()[ZIGZAG]
    back = made.backward(noise / outer, (8, 8 * len(noise))) - 128
    assert back.var() == pytest.approx(gain, rel=0.02)
