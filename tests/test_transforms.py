"""Every transform against scipy and numpy, every exact form against its floats, every bad request refused."""

import importlib.metadata
import json
from dataclasses import replace
from importlib.metadata import EntryPoint, EntryPoints

import numpy as np
import pytest
import scipy.fft
import scipy.linalg

import gp_fft
from gp_fft import transforms
from gp_fft.construct import textbook
from gp_fft.ground.errors import DataError, UsageError
from gp_fft.transforms import (
    FAMILIES,
    NORMS,
    conformance,
    dct2,
    dft,
    from_array,
    from_file,
    from_spec,
    get,
    names,
    parse_title,
    register,
    title_inputs,
)
from gp_fft.transforms.matrix_files import check_matrix, corner, read_matrix
from tests.references import (
    APPROXIMATE,
    DOUBLED,
    OVER_BITS,
    VIDEO,
    allowed,
    by_scipy,
    floats_of,
    kernel_for,
    make,
    norms_of,
)

SIZES = (1, 2, 3, 4, 5, 6, 7, 8, 9, 12, 16, 25, 32)


@pytest.mark.parametrize("name", FAMILIES)
def test_every_entry_of_the_table_holds_together(name):
    """Formula, exact form, oracle and shift rule of one entry; names and functions come with it."""
    family = FAMILIES[name]
    conformance.check(family, SIZES)
    assert set(family.names) <= set(names())
    size, word = conformance.sizes_of(family, (4,))[0], name.replace("-", "_")
    kernel = kernel_for(name, (size,))
    assert getattr(gp_fft, word)(size, kernel=kernel) == getattr(transforms, word)(size, kernel=kernel)
    assert family.summary in getattr(gp_fft, word).__doc__


def broken(**change):
    return replace(FAMILIES["dht"], name="broken", **change)


@pytest.mark.parametrize(
    ("entry", "sentence"),
    [
        (lambda: broken(oracle=FAMILIES["wht"].oracle, powers_of_two=True), "formula and oracle differ"),
        (lambda: broken(shift=FAMILIES["conv"].shift), "its shift rule does not hold"),
        (lambda: broken(formula=FAMILIES["dft"].formula), "it is real, but its matrix is not"),
        (lambda: broken(oracle=None), "it needs a formula, or entries, and an oracle"),
        (
            lambda: broken(kernel_formula=FAMILIES["conv"].kernel_formula),
            "it needs a formula, or entries, and an oracle",
        ),
        (lambda: broken(field="quaternion"), "complex, real or gf2"),
        (lambda: replace(FAMILIES["haar"], name="broken", field="gf2"), "does not hold 0 and 1 alone"),
        (lambda: replace(FAMILIES["crc32"], name="broken", oracle=lambda x, norm: x), "formula and oracle differ"),
        (lambda: broken(summary=" "), "summary"),
        (lambda: broken(two_dimensional=False), "no_2d_because"),
        (lambda: replace(FAMILIES["dht"], name="Broken One"), "lower-case words"),
        (lambda: replace(FAMILIES["dht"], name="matrix"), "taken"),
        (lambda: replace(FAMILIES["dht"], name="broken-2d"), "must not end in -2d"),
        (lambda: replace(FAMILIES["dht"], name="-broken"), "lower-case words"),
        (lambda: broken(entries=FAMILIES["haar"].entries), "it needs a formula, or entries, and an oracle"),
        (lambda: broken(sizes=(8, 4)), "ascend"),
        (lambda: broken(sides=FAMILIES["mdct"].sides), r"its matrix has the shape \(1, 1\)"),
        (lambda: FAMILIES["dht"], "exists already"),
    ],
)
def test_an_entry_that_does_not_hold_together_is_refused(entry, sentence):
    before = dict(FAMILIES)
    with pytest.raises(UsageError, match=sentence):
        register(entry())
    assert before == FAMILIES


@pytest.mark.parametrize(
    "name", [name for name in FAMILIES if name not in (*VIDEO, *APPROXIMATE, *DOUBLED, *OVER_BITS)]
)
def test_matrices_agree_with_scipy(name):
    for n in filter(lambda n: allowed(name, n), SIZES):
        for norm in norms_of(name):
            expected = by_scipy(name, n, norm)
            transform = make(name, n, norm=norm)
            assert transform.field == ("complex" if np.iscomplexobj(expected) else "real")
            np.testing.assert_allclose(transform.matrix, expected, rtol=0, atol=2e-15 * np.abs(expected).max())


@pytest.mark.parametrize("name", [name for name in names() if name.endswith("-2d")])
def test_two_dimensional_matrices_are_kronecker_products(name):
    for norm in norms_of(name):
        if FAMILIES[name.removesuffix("-2d")].kernel_formula:
            continue
        left, right = (make(name.removesuffix("-2d"), n, norm=norm).matrix for n in make(name, 4, 2).shape)
        np.testing.assert_allclose(make(name, 4, 2, norm=norm).matrix, np.kron(left, right), rtol=0, atol=1e-14)


def test_two_dimensional_transforms_agree_with_scipy_on_arrays():
    x = np.random.default_rng(1).normal(size=(4, 6))
    assert_applies = lambda t, y: np.testing.assert_allclose(t.matrix @ x.ravel(), y.ravel(), atol=1e-13)  # noqa: E731
    assert_applies(get("dft-2d", (4, 6)), scipy.fft.fft2(x))
    assert_applies(get("dct2-2d", (4, 6), norm="ortho"), scipy.fft.dctn(x, norm="ortho"))
    assert_applies(get("dst1-2d", (4, 6)), scipy.fft.dstn(x, type=1))
    kernel = np.random.default_rng(2).normal(size=(4, 6))
    circular = scipy.fft.ifft2(scipy.fft.fft2(kernel) * scipy.fft.fft2(x)).real
    assert_applies(get("conv-2d", (4, 6), kernel=kernel.ravel()), circular)


def test_a_two_dimensional_toeplitz_kernel_of_rank_one_is_a_kronecker_product():
    left, right = np.arange(1.0, 6), np.arange(2.0, 5)
    whole = get("toeplitz-2d", (3, 2), kernel=np.outer(left, right).ravel())
    parts = get("toeplitz", 3, kernel=left).matrix, get("toeplitz", 2, kernel=right).matrix
    np.testing.assert_array_equal(whole.matrix, np.kron(*parts))


@pytest.mark.parametrize("name", names())
def test_exact_forms_round_to_the_matrix_bit_for_bit(name):
    for n in filter(lambda n: allowed(name, n), (2, 4, 5) if name.endswith("-2d") else (1, 2, 3, 8, 12, 15)):
        for norm in norms_of(name):
            transform = make(name, n, n, norm=norm)
            np.testing.assert_array_equal(floats_of(transform.exact), transform.matrix)


@pytest.mark.parametrize("name", names())
def test_every_name_round_trips_through_spec_and_title(name):
    for norm in norms_of(name):
        transform = make(name, 4, 2, norm=norm)
        again = from_spec(json.loads(json.dumps(transform.spec)))
        assert again == transform
        assert hash(again) == hash(transform)
        assert parse_title(transform.title) == (name, transform.shape, norm)
        assert title_inputs(transform.title) == transform.inputs == transform.matrix.shape[1]
        assert transform.outputs == transform.matrix.shape[0]
        assert not transform.matrix.flags.writeable
        assert transform.title in repr(transform)


def test_orthogonal_norms_are_orthogonal():
    for name in names():
        if len(norms_of(name)) > 1 and name != "rdft":
            matrix = make(name, 4, 2, norm="ortho").matrix
            matrix = matrix.T if name.startswith("imdct") else matrix
            np.testing.assert_allclose(matrix @ matrix.conj().T, np.eye(len(matrix)), atol=1e-14)


def test_equal_constants_are_equal_bit_for_bit():
    assert len(set(np.abs(dft(16).matrix.real).ravel().tolist())) == 5
    assert set(np.abs(dct2(4, norm="ortho").matrix[0]).tolist()) == {0.5}
    assert len(set(np.abs(get("dct2-2d", (8, 8)).matrix).ravel().tolist())) == len(
        {round(value, 9) for value in np.abs(get("dct2-2d", (8, 8)).matrix).ravel().tolist()}
    )


def test_the_largest_sizes_are_exact_enough():
    for norm in NORMS:
        assert get("dct3", 128, norm=norm).error(by_scipy("dct3", 128, norm)) < 1e-15
    for name in ("dct3", "dst4", "dht", "rdft"):
        assert get(name, 256).error(by_scipy(name, 256, "backward")) < 2e-15
    assert get("wht", 256).error(by_scipy("wht", 256, "backward")) == 0
    assert get("dft", 127).error(by_scipy("dft", 127, "backward")) < 1e-15
    assert get("dft-2d", (32, 32)).inputs == 1024


def test_error_is_the_relative_frobenius_norm():
    transform = dft(8)
    assert transform.error(transform.matrix) == 0
    assert transform.error(np.zeros((8, 8))) == 1
    noise = np.random.default_rng(3).normal(size=(8, 8))
    assert transform.error(transform.matrix + noise) == pytest.approx(np.linalg.norm(noise) / 8)
    assert transform.error(textbook.radix2(transform)) < 1e-15
    assert from_array([[1e50, -1e50]]).error([[1e50, 1e50]]) == pytest.approx(np.sqrt(2))
    with pytest.raises(UsageError, match="4x8 matrix does not fit dft 8"):
        transform.error(np.zeros((4, 8)))


@pytest.mark.parametrize(
    ("name", "n", "options", "sentence"),
    [
        ("fft", 8, {}, "did you mean 'dft'"),
        ("dct-2", 8, {}, "did you mean 'dct2'"),
        ("qqqq", 8, {}, "known are dft, idft"),
        ("matrix", 8, {}, "comes from a .npy or .csv file"),
        ("rdft-2d", 8, {}, "does not exist"),
        ("dft", 0, {}, "1 to 256"),
        ("dft", 257, {}, "1 to 256"),
        ("dft", -3, {}, "1 to 256"),
        ("dct1", 1, {}, "2 to 256"),
        ("cdf53", 5, {}, "is odd; even sizes"),
        ("hevc-dct2", 5, {}, "size 5 of hevc-dct2: 4, 8, 16 or 32 are allowed"),
        ("h264", 16, {}, "4 or 8 are allowed"),
        ("cb2011-2d", (4, 8), {}, "size 4 of cb2011-2d: only 8 is allowed"),
        ("hevc-dct2", 8, {"norm": "ortho"}, "hevc-dct2 has no norm"),
        ("hevcdct2", 8, {}, "did you mean 'hevc-dct2'"),
        ("hevc-dct2-2d-2d", 8, {}, "did you mean 'hevc-dct2-2d'"),
        ("mdct-2d", (32, 32), {}, "mdct-2d of 4096 inputs is too large"),
        ("linconv-2d", (20, 20), {}, "linconv-2d of 1521 outputs is too large"),
        ("hankel", 3, {"kernel": (1, 2, 3)}, "a kernel of 5 values"),
        ("wht", 6, {}, "power of two"),
        ("dft", 8.0, {}, "whole number"),
        ("dft", True, {}, "whole number"),
        ("dft", "8", {}, "whole number"),
        ("dft", (4, 4), {}, "takes 1 size"),
        ("dft-2d", (4, 4, 4), {}, "takes 2 sizes"),
        ("dft-2d", (128, 64), {}, "too large"),
        ("dft", 8, {"norm": "orto"}, "backward, ortho, forward"),
        ("conv", 3, {"norm": "ortho", "kernel": (1, 2, 3)}, "has no norm"),
        ("conv", 3, {}, "a kernel of 3 values"),
        ("toeplitz", 3, {"kernel": (1, 2, 3)}, "a kernel of 5 values"),
        ("dft", 3, {"kernel": (1, 2, 3)}, "no kernel"),
        ("conv", 2, {"kernel": (1, float("nan"))}, "finite"),
        ("conv", 2, {"kernel": (0, 0)}, "not zero everywhere"),
        ("conv", 2, {"kernel": (1e308, 1)}, "1e-50 to 1e+50"),
        ("conv", 2, {"kernel": (0, -1e-300)}, "1e-50 to 1e+50"),
        ("dtf", 8, {}, "did you mean 'dft'"),
        ("idtf", 8, {}, "did you mean 'idft'"),
        ("dtf-2d", 8, {}, "did you mean 'dft-2d'"),
        ("hwt", 8, {}, "did you mean 'wht'"),
        ("conv", 2, {"kernel": (1, "x")}, "real numbers"),
        ("conv", 2, {"kernel": {2, 1}}, "in their order, not a set"),
        ("conv", 2, {"kernel": {2: 1, 1: 3}}, "in their order, not a dict"),
        ("conv", 3, {"kernel": "1,2"}, "in their order, not a str"),
        ("conv", 2, {"kernel": None}, "in their order, not a NoneType"),
        ("conv", 2, {"norm": [2, 1]}, "a kernel is given as kernel="),
    ],
)
def test_bad_requests_are_refused_in_one_sentence(name, n, options, sentence):
    with pytest.raises(UsageError) as caught:
        get(name, n, **options)
    assert sentence in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    "change",
    [
        {"name": "fft"},
        {"name": 8},
        {"shape": [0]},
        {"shape": 8},
        {"shape": [8.5]},
        {"shape": [10**9]},
        {"norm": "none"},
        {"kernel": [1.0]},
        {"matrix": [[1.0]]},
        {"name": "matrix"},
        {"name": "matrix", "matrix": [[1.0, 2.0]]},
        {"name": "matrix", "matrix": [[1.0], [2.0, 3.0]]},
        {"name": "matrix", "matrix": "x"},
        {"name": "matrix", "matrix": [[float("inf")]]},
        {"extra": 1},
    ],
)
def test_bad_specs_are_bad_data(change):
    with pytest.raises(DataError):
        from_spec({**dft(8).spec, **change})


@pytest.mark.parametrize(
    "title",
    [
        *("", "dft", "dft 0", "dft 4x4", "dft-2d 4", "sine 8", "dft 8 backward", "dct2 8 ", "dft 257", "wht 6"),
        *("conv 3 ortho", "rdft-2d 2x2", "dct1 1", "dft-2d 256x256", "matrix 4", "matrix 0x3", "\u0661 2"),
        *("hevc-dct2 9", "cb2011 4", "cb2011 8 ortho", "cdf97 7", "mdct-2d 64x64", "linconv-2d 200x3", "hevc-dct2 -2d"),
    ],
)
def test_other_words_are_no_title(title):
    with pytest.raises(DataError, match="did you mean") as caught:
        parse_title(title)
    near = str(caught.value).split("did you mean '")[1].removesuffix("'?")
    assert parse_title(near)


def test_matrices_from_arrays_round_trip():
    for array in ([[1, 2, 3], [4, 5, -0.1]], [[1, 2j]], [[1 + 0j, 0.1 - 1e-9j]], np.eye(3, dtype=bool)):
        transform = from_array(array)
        assert transform.title == "matrix {}x{}".format(*np.shape(array))
        assert transform.field == ("complex" if np.imag(array).any() else "real")
        assert from_spec(json.loads(json.dumps(transform.spec))) == transform
        assert transform.inputs == title_inputs(transform.title)
        np.testing.assert_array_equal(floats_of(transform.exact), array)
    assert from_array([[1.0]]) != from_array([[2.0]])
    assert from_array([[1.0 + 0j]]) == from_array([[1.0]])


def test_matrices_from_files(tmp_path):
    array = np.array([[1, 2.5e-3, -1j], [0, 1 + 2j, 7]])
    np.save(tmp_path / "a.npy", array)
    (tmp_path / "a.csv").write_text("# a comment\n1, 2.5e-3, -1j\n\n0,1+2i , 7\n", encoding="utf-8")
    for name in ("a.npy", "a.csv"):
        np.testing.assert_array_equal(from_file(tmp_path / name).matrix, array)
    np.save(tmp_path / "real.npy", np.arange(6, dtype=np.int32).reshape(3, 2)[:, ::-1])
    assert read_matrix(tmp_path / "real.npy").dtype == np.float64
    assert from_file(tmp_path / "real.npy").title == "matrix 3x2"


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "no entries"),
        ("# nothing\n", "no entries"),
        ("1,2\n3\n", "line 2: 1 entries where the first row has 2"),
        ("1,nan\n", "row 1, column 2"),
        ("1\ninf\n", "row 2, column 1"),
        ("1,x\n", "'x' is no number"),
        ("1,,2\n", "an entry is empty"),
        ("1,2,\n", "an entry is empty"),
        (",0,1\n0,1.5,2.5\n", "an entry is empty"),
        ("1,2 3\n", "commas as well as blanks"),
        ("1,5 2,5\n", "commas as well as blanks"),
        ("1 2; 3 4\n", "semicolons as well as blanks"),
        ("1 234\t5\n", "tabs as well as blanks"),
        ("1\t,2\n", "ambiguous: it can be read as 1x2"),
        ("1,2;3,4\n", "ambiguous, a semicolon may stand between entries or between rows"),
        ("1,000;2,000\n3,000;4,000\n", "may be a thousand or a decimal comma"),
        ("1.5,2;3\n", "is no number"),
        ("1 -2i\n", "ambiguous, a blank before the sign"),
        ("1 -2i, 3\n", "commas as well as blanks"),
        ("0,1,2\n1.5,2.5,3.5\n", "labels of a table"),
        ("0,1.5\n1,2.5\n2,3.5\n", "labels of a table"),
        ("a,b\n1,2\n", "line 1: 'a' is no number; a line of names must begin with #"),
        ('"1,5","2,5"\n', "'1,5' is no number"),
        ('1,"2\n', "quotes that do not match"),
        ("(1,2) (3,4)\n", "is no number"),
        ("[1, 2]\n", "is no number"),
        ("1.0D0 2\n", "is no number"),
        ("\u0661 2\n", "is no number"),
        ("1e60,1\n", "1e+60 as its largest entry; that must be 1e-50 to 1e+50"),
        ("1e-60,0\n", "1e-60 as its largest entry"),
        ("1e308,1e308i\n", "as its largest entry"),
        ("1_0\n", "is no number"),
        ("0,0\n", "zero everywhere"),
        ("1e999\n", "not finite"),
        ("1\n" * 1025, "1025x1; each side must be 1 to 1024"),
        ("\x00\x01", "is no number"),
    ],
)
def test_bad_csv_files_are_refused(tmp_path, text, sentence):
    (tmp_path / "m.csv").write_text(text, encoding="utf-8")
    with pytest.raises(DataError, match=r"m\.csv") as caught:
        from_file(tmp_path / "m.csv")
    assert sentence in str(caught.value)


@pytest.mark.parametrize(
    "text",
    [
        "1.5 -2\n3 4",
        "1.5,-2\n3,4",
        "1.5, -2\n3 , 4\n",
        "1.5\t-2\n3\t4\n",
        "1.5;-2\n3;4\n",
        "1,5;-2\n3;4,0\n",
        "1,5\t-2,0\n3\t4\n",
        '"1.5","-2"\n"3","4"\n',
        '"1,5";-2\n3;4\n',
        "  1.5   -2 # a remark\n\n# between\n  3    4  ",
        "\ufeff1.5,-2\r\n3,4\r\n",
        "1.5 -2\r3 4\r",
    ],
)
def test_every_separator_is_told_apart(tmp_path, text):
    """`1 2` on a line was read as 12."""
    (tmp_path / "m.csv").write_bytes(text.encode())
    np.testing.assert_array_equal(read_matrix(tmp_path / "m.csv"), [[1.5, -2], [3, 4]])


@pytest.mark.parametrize("options", [{}, {"delimiter": ","}, {"delimiter": ";", "header": "a b"}, {"newline": "\r\n"}])
@pytest.mark.parametrize("array", [[[1.5, -2e-9], [0, 0.1]], [[1.5 - 2j, 3e-7j, 0], [-1, -0.1j, 1]]])
def test_what_numpy_writes_is_read_back_to_the_bit(tmp_path, array, options):
    np.savetxt(tmp_path / "m.csv", np.array(array), **options)
    np.testing.assert_array_equal(read_matrix(tmp_path / "m.csv"), array)


def test_a_matrix_shows_its_corner():
    assert repr(from_array([[1, 2], [3, 4]])).endswith("corner 1, 2; 3, 4>")
    assert corner(np.arange(1.0, 26.0).reshape(5, 5)) == "1, 2, 3, ...; 6, 7, 8, ...; 11, 12, 13, ...; ..."
    assert corner(np.array([[1 - 2j]])) == "1-2j"


def test_bad_npy_files_are_refused(tmp_path):
    path = tmp_path / "m.npy"
    for bad in (np.ones(3), np.ones((1, 2000)), np.array([["a"]]), np.full((1, 1), np.nan), np.ones((2, 0))):
        np.save(path, bad)
        with pytest.raises(DataError, match=r"m\.npy"):
            from_file(path)
    np.save(path, np.array([[{}]]), allow_pickle=True)
    with pytest.raises(DataError, match="no valid"):
        from_file(path)
    np.save(path, np.ones((8, 8)))
    whole = path.read_bytes()
    huge = whole.replace(b"(8, 8)", b"(10**9, 10**9)").replace(b"          \n", b"\n")
    for damaged in (
        b"",
        b"x",
        whole[:50],
        whole[:-8],
        huge,
        b"PK\x03\x04" + whole,
        whole.replace(b"<f8", b"<q9"),
    ):
        path.write_bytes(damaged)
        with pytest.raises(DataError, match=r"m\.npy"):
            from_file(path)


def test_other_files_are_refused(tmp_path):
    (tmp_path / "m.txt").write_text("1")
    (tmp_path / "latin.csv").write_bytes(b"\xff\xfe1")
    with pytest.raises(UsageError, match="must end in"):
        from_file(tmp_path / "m.txt")
    for name in ("missing.csv", "latin.csv"):
        with pytest.raises(DataError, match=name):
            from_file(tmp_path / name)
    (tmp_path / "folder.npy").mkdir()
    with pytest.raises(DataError, match="folder"):
        from_file(tmp_path / "folder.npy")


def test_ragged_arrays_and_other_dimensions_are_refused():
    for bad in ([[1], [1, 2]], [1, 2], 3.0, [[[1.0]]], [["a"]], []):
        with pytest.raises(DataError):
            check_matrix(bad)


def test_a_kernel_may_come_one_by_one():
    assert gp_fft.conv(3, kernel=(tap for tap in (1, 2, 3))) == gp_fft.conv(3, kernel=[1, 2, 3])


@pytest.fixture
def offered(monkeypatch):
    """What other packages offer to the table, to be filled by a test."""
    points = []
    monkeypatch.setattr(importlib.metadata, "entry_points", lambda group: EntryPoints(points).select(group=group))
    FAMILIES.forget()
    yield points
    monkeypatch.undo()
    FAMILIES.forget()


def test_another_package_adds_a_transform(offered, tmp_path, monkeypatch):
    source = (
        "from dataclasses import replace\n"
        "from gp_fft.transforms.families.trigonometric import FAMILY\n"
        "TWIN = replace(FAMILY[-1], name='twin')\n"
        "WRONG = replace(FAMILY[-1], name='wrong', oracle=FAMILY[1].oracle)\n"
    )
    (tmp_path / "some_transforms.py").write_text(source)
    monkeypatch.syspath_prepend(tmp_path)
    for name in ("twin", "wrong"):
        offered.append(EntryPoint(name, f"some_transforms:{name.upper()}", "gp_fft.transforms"))
    with pytest.warns(UserWarning, match="'wrong', which is left out: .* formula and oracle differ"):
        assert gp_fft.twin(4).title == "twin 4"
    assert names()[len(FAMILIES) - 1 : len(FAMILIES) + 1] == ("twin", "dft-2d")
    assert get("twin-2d", 4).exact.order == gp_fft.dht(4).exact.order
    with pytest.raises(UsageError, match="did you mean 'twin'"):
        get("twn", 4)
    assert not hasattr(gp_fft, "wrong")
