"""Transforms of arrays: they agree with scipy.fft in numbers, types, shapes and refusals."""

import inspect
import subprocess
import sys
import threading
from itertools import pairwise

import numpy as np
import pytest
import scipy.fft
import scipy.signal
from hypothesis import given, settings
from hypothesis import strategies as st

import gp_fft
from gp_fft import fourier
from gp_fft.fourier import chosen, codelets, one, passes, several, variants
from gp_fft.fourier.along import numbers
from gp_fft.fourier.chosen import CHOSEN
from gp_fft.fourier.variants import lengths, variant
from gp_fft.program.cost import count

ONE = ("fft", "ifft", "rfft", "irfft", "hfft", "ihfft")
REAL = ("dct", "idct", "dst", "idst")
LENGTHS = (1, 2, 3, 5, 8, 37, 39, 68, 70, 74)
"""Records, a prime without one, products with and without a common divisor, and what only scipy has."""

DTYPES = (
    "float64",
    "float32",
    "complex128",
    "complex64",
    "int32",
    "uint8",
    "bool",
    "float16",
    ">f8",
    ">c8",
    "longdouble",
)
NORMS = (None, "backward", "ortho", "forward")


@pytest.fixture(scope="module", autouse=True)
def cache(pytestconfig):
    """What is compiled here stays until the next time, when it need not be compiled again."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GP_FFT_CACHE", str(pytestconfig.cache.mkdir("compiled")))
        yield


@pytest.fixture
def alone(monkeypatch):
    """No help from scipy."""

    def refuse(name, *args, **keywords):
        raise AssertionError(f"{name} was handed to scipy")

    monkeypatch.setattr(one, "by_scipy", refuse)
    monkeypatch.setattr(several, "by_scipy", refuse)


def signal(shape, dtype, seed=0):
    rng = np.random.default_rng(seed)
    values = 10 * rng.standard_normal(shape)
    if np.dtype(dtype).kind == "c":
        values = values + 10j * rng.standard_normal(shape)
    return (np.abs(values) if np.dtype(dtype).kind in "ub" else values).astype(dtype)


def outcome(function, *args, **keywords):
    """What a function gives, or the kind and the words of what it raises."""
    try:
        return function(*args, **keywords)
    except Exception as error:
        return type(error), str(error)


def compare(name, x, **keywords):
    """Both agree, in numbers to a few roundings, or refuse in the same words."""
    before = x.copy()
    here, there = (outcome(getattr(face, name), x, **keywords) for face in (fourier, scipy.fft))
    if isinstance(there, tuple):
        assert here == there
        return
    assert isinstance(here, np.ndarray), here
    assert (here.shape, here.dtype) == (there.shape, there.dtype)
    single = here.dtype in (np.float32, np.complex64)
    assert np.linalg.norm(here - there) <= (3e-6 if single else 3e-15) * np.linalg.norm(there) + 1e-300
    np.testing.assert_array_equal(x, before)


@st.composite
def arrays(draw, dimensions):
    """An array, at times of a stride of its own, each axis of one of the lengths or short."""
    count = draw(st.integers(1, dimensions))
    shape = [draw(st.sampled_from(LENGTHS)) if k == 0 else draw(st.integers(1, 4)) for k in range(count)]
    x = signal(draw(st.permutations(shape)), draw(st.sampled_from(DTYPES)), draw(st.integers(0, 99)))
    return draw(st.sampled_from([x, x.T, x[::-1], np.asfortranarray(x), np.repeat(x, 2, axis=-1)[..., ::2]]))


@given(st.data(), arrays(3), st.sampled_from(ONE), st.sampled_from(NORMS))
@settings(max_examples=250, deadline=None)
def test_fourier_transforms_agree_with_scipy(data, x, name, norm):
    axis = data.draw(st.sampled_from([-1, *range(-x.ndim, x.ndim)]))
    n = data.draw(st.sampled_from([None, None, *LENGTHS]))
    compare(name, x, n=n, axis=axis, norm=norm)


@given(st.data(), arrays(3), st.sampled_from(REAL), st.sampled_from(NORMS))
@settings(max_examples=250, deadline=None)
def test_cosine_and_sine_transforms_agree_with_scipy(data, x, name, norm):
    axis = data.draw(st.sampled_from([-1, *range(-x.ndim, x.ndim)]))
    n = data.draw(st.sampled_from([None, None, *LENGTHS]))
    orthogonalize = data.draw(st.sampled_from([None, None, True, False]))
    compare(name, x, type=data.draw(st.integers(1, 4)), n=n, axis=axis, norm=norm, orthogonalize=orthogonalize)


@given(st.data(), arrays(3), st.sampled_from(ONE + REAL), st.sampled_from(NORMS))
@settings(max_examples=250, deadline=None)
def test_transforms_along_several_axes_agree_with_scipy(data, x, name, norm):
    axes = data.draw(st.none() | st.permutations(range(-x.ndim, 0)).flatmap(
        lambda every: st.integers(1, x.ndim).map(lambda k: every[:k])))  # fmt: skip
    count = x.ndim if axes is None else len(axes)
    s = data.draw(st.none() | st.lists(st.sampled_from([2, 3, 8, 70]), min_size=count, max_size=count))
    compare(f"{name}n", x, s=s, axes=axes, norm=norm)
    if x.ndim > 1 and name in ONE:
        compare(f"{name}2", x, norm=norm)


@pytest.mark.parametrize("norm", NORMS)
@pytest.mark.parametrize("dtype", ["complex128", "float64", "complex64"])
def test_the_short_way_gives_what_the_long_way_gives(norm, dtype):
    """The second call of a length finds its codelet at once."""
    for name in ("fft", "ifft", "rfft", "irfft"):
        for n in (8, 39, 70):
            x = signal((3, n), dtype)
            first, again = (outcome(getattr(fourier, name), x, norm=norm) for _ in range(2))
            np.testing.assert_array_equal(again, first)
            compare(name, x, norm=norm)


@pytest.mark.parametrize("n", [2, 3, 7, 8, 16, 31, 34, 64])
def test_a_record_runs_where_there_is_one(n):
    """The numbers are those of the program itself, but for fused operations."""
    x = signal((5, n), "complex128")
    program = variant("fft", n)
    assert np.abs(fourier.fft(x) - program(x)).max() < 1e-12 if program else n == 34


@pytest.mark.parametrize("choice", CHOSEN, ids=lambda choice: choice.runs)
def test_what_was_measured_to_be_faster_runs_in_the_place_of_the_record(choice):
    record, faster = (variants.shelf().named(cited).program for cited in (choice.record, choice.runs))
    n = record.inputs
    name = "dft" if record.field == "complex" else "rdft"
    assert gp_fft.transforms.get(name, n).error(faster) < 1e-15
    assert count(record).flops < count(faster).flops
    for kind in choice.kinds:
        made = variant(kind, n, choice.columns)
        assert count(made).adds == count(faster).adds
        assert count(made).muls == count(faster).muls
        assert count(variant(kind, n, not choice.columns)).flops == count(record).flops
    assert choice.reason


def test_a_record_that_nobody_measured_runs_itself(monkeypatch):
    cited = CHOSEN[0].record
    other = CHOSEN[0]._replace(record="dft-11@000000000000")
    monkeypatch.setattr(chosen, "CHOSEN", (other,))
    assert chosen.instead("fft", False, cited) == cited
    missing = CHOSEN[0]._replace(runs="dft-11.fma@000000000000")
    monkeypatch.setattr(chosen, "CHOSEN", (missing,))
    assert variant("fft", 11) == variants.shelf().named(cited).program


def test_products_of_records_need_no_scipy(alone):
    for n in (68, 70, 72, 1000, 1024, 4096, 16 * 9 * 31, 1 << 13):
        x = signal((2, n), "complex128")
        assert np.allclose(fourier.fft(x), np.fft.fft(x), rtol=0, atol=1e-9)
        assert np.allclose(fourier.ifft(fourier.fft(x)), x, rtol=0, atol=1e-12)
    with pytest.raises(AssertionError, match="fft was handed to scipy"):
        fourier.fft(signal(37, "complex128"))


@pytest.mark.parametrize("n", [9, 10, 70, 105])
def test_real_transforms_need_no_scipy_either(alone, n):
    x = signal((2, n), "float64")
    assert np.allclose(fourier.irfft(fourier.rfft(x), n), x, rtol=0, atol=1e-12)
    for type in (2, 3):
        assert np.allclose(fourier.idct(fourier.dct(x, type), type), x, rtol=0, atol=1e-12)
        assert np.allclose(fourier.idst(fourier.dst(x, type), type), x, rtol=0, atol=1e-12)


def test_both_kinds_of_passes_are_used():
    """Good's permutations where two records share no divisor, twiddle factors where they do."""
    assert passes.apart(72) == (8, 9)
    assert passes.apart(1024) is None
    for n, apart in ((72, True), (1024, False)):
        assert passes.passes("fft", n, False)._apart is apart


def test_the_fewest_factors_are_taken():
    known = lengths()
    for n in range(2, 500):
        parts = passes.factors(n)
        if parts:
            assert int(np.prod(parts)) == n
            assert set(parts) <= known
        assert (len(parts) == 1) == (n in known)
        assert (len(parts) == 2) == (n not in known and any(n % k == 0 and n // k in known for k in known))


BAD = [
    ("fft", (np.ones(4),), {"n": 0}),
    ("fft", (np.ones(4),), {"n": -3}),
    ("fft", (np.ones(4),), {"n": 2.5}),
    ("fft", (np.ones(4),), {"axis": 1}),
    ("fft", (np.ones(4),), {"axis": 0.5}),
    ("fft", (np.ones(4),), {"norm": "orthogonal"}),
    ("fft", (np.ones(4),), {"norm": ["ortho"]}),
    ("fft", (np.ones(4),), {"workers": 0}),
    ("fft", (np.ones(4),), {"workers": -10_000}),
    ("fft", (np.ones(4),), {"plan": 1}),
    ("fft", (np.ones(0),), {}),
    ("fft", (np.ones((0, 8)),), {}),
    ("fft", (3.0,), {}),
    ("fft", ("abc",), {}),
    ("fft", (None,), {}),
    ("fft", ([[1, 2], [3]],), {}),
    ("rfft", (1j * np.ones(4),), {}),
    ("ihfft", (1j * np.ones(4),), {}),
    ("irfft", (np.ones(1),), {}),
    ("irfft", (np.ones((3, 8)),), {"axis": 2}),
    ("hfft", (np.ones(4),), {"n": 0}),
    ("dct", (np.ones(4), 5), {}),
    ("dct", (np.ones(1), 1), {}),
    ("dct", (np.ones(4), 2), {"n": 0}),
    ("idst", (np.ones(4), 2), {"axis": -2}),
    ("dctn", (np.ones((4, 4)), 0), {}),
    ("dctn", (np.ones((4, 4)),), {"axes": (0, 0)}),
    ("fft2", (np.ones(4),), {}),
    ("fftn", (np.ones((4, 4)),), {"s": (4, 4, 4)}),
    ("fftn", (np.ones((4, 4)),), {"s": (4,), "axes": (0, 1)}),
    ("fftn", (np.ones((4, 4)),), {"s": (0, 4)}),
    ("fftn", (np.ones((4, 4)),), {"axes": (0, 2)}),
    ("fftn", (np.ones((4, 4)),), {"axes": (1, 1)}),
    ("fftn", (np.ones((4, 4)),), {"axes": "both"}),
    ("rfftn", (np.ones((4, 4)),), {"axes": ()}),
    ("rfftn", (1j * np.ones((4, 4)),), {}),
    ("irfftn", (np.ones((4, 1)),), {}),
]


@pytest.mark.parametrize(("name", "args", "keywords"), BAD)
def test_bad_input_is_refused_in_the_words_of_scipy(name, args, keywords):
    here, there = (outcome(getattr(face, name), *args, **keywords) for face in (fourier, scipy.fft))
    if isinstance(there, tuple):
        assert here == there
    else:  # nothing wrong with it
        np.testing.assert_array_equal(here, there)


@pytest.mark.parametrize(
    "x", [[1, 2, 3, 4], (1.0, 2j, 3.0), np.ma.masked_array(np.ones(4)), np.arange(6).reshape(2, 3)]
)
def test_what_is_no_plain_array_is_taken_as_scipy_takes_it(x):
    for name in ("fft", "ifft", "irfft", "dct"):
        np.testing.assert_allclose(getattr(fourier, name)(x), getattr(scipy.fft, name)(x), atol=1e-14)


@pytest.mark.parametrize("s", [3, (3,), np.int64(3), np.array([3]), (-1,), [np.int8(3)]])
def test_sizes_and_axes_may_be_one_number_or_any_kind_of_them(s):
    x = signal((4, 6), "complex128")
    for axes in (1, (0,), np.array([1]), [np.int8(-1)]):
        np.testing.assert_allclose(fourier.fftn(x, s, axes), scipy.fft.fftn(x, s, axes), atol=1e-12)
        np.testing.assert_allclose(fourier.dctn(x, 2, s, axes), scipy.fft.dctn(x, 2, s, axes), atol=1e-12)


def test_sizes_that_the_caller_keeps_may_lie_anywhere():
    """Read-only memory, unaligned memory, and memory in the other order of bytes."""
    x = signal(8, "complex128")
    expected = np.fft.fft(x)
    fixed = x.copy()
    fixed.flags.writeable = False
    raw = np.zeros(8 * 16 + 1, np.uint8)
    crooked = raw[1:].view(np.complex128)
    crooked[:] = x
    for given_ in (x, fixed, crooked, x.astype(">c16")):
        for _ in range(2):
            np.testing.assert_allclose(fourier.fft(given_), expected, atol=1e-13)
    assert numbers(crooked).flags.aligned


@given(
    st.lists(st.sampled_from([1, 2, 3, 6, 11, 38]), min_size=1, max_size=2),
    st.sampled_from(["full", "same", "valid"]),
    st.booleans(),
)
@settings(max_examples=40, deadline=None)
def test_fftconvolve_agrees_with_scipy(shape, mode, real):
    dtype = "float64" if real else "complex128"
    a, b = signal(shape, dtype, 1), signal([max(1, n // 2) for n in shape], dtype, 2)
    here, there = fourier.fftconvolve(a, b, mode), scipy.signal.fftconvolve(a, b, mode)
    assert here.dtype == there.dtype
    np.testing.assert_allclose(here, there, atol=1e-9)


def test_fftconvolve_runs_these_transforms_and_refuses_as_scipy_does(monkeypatch):
    seen = []
    monkeypatch.setitem(fourier.protocol.FUNCTIONS, "rfftn", lambda *a, **k: seen.append(1) or fourier.rfftn(*a, **k))
    fourier.fftconvolve(np.ones(100), np.ones(50))
    assert len(seen) == 2
    for args in ((np.ones(4), np.ones((4, 4))), (np.ones(4), np.ones(4), "half")):
        assert outcome(fourier.fftconvolve, *args) == outcome(scipy.signal.fftconvolve, *args)


def test_it_is_a_backend_of_scipy(monkeypatch):
    x, seen = signal((4, 8), "complex128"), []
    for name in fourier.protocol.FUNCTIONS:
        monkeypatch.setitem(fourier.protocol.FUNCTIONS, name, lambda *a, name=name, **k: seen.append(name) or a[0])
    with scipy.fft.set_backend(gp_fft.backend):
        for name in fourier.protocol.FUNCTIONS:
            getattr(scipy.fft, name)(x)
        log = scipy.fft.fht(np.ones(8), dln=0.1, mu=0.5)
    assert seen == list(fourier.protocol.FUNCTIONS)
    assert log.shape == (8,)
    scipy.fft.fft(x)
    assert len(seen) == len(fourier.protocol.FUNCTIONS), "the backend is no longer set"


def test_handing_over_ends_at_scipy_while_the_backend_is_set():
    x = signal(37, "complex128")
    with scipy.fft.set_backend(gp_fft.backend):
        np.testing.assert_array_equal(scipy.fft.fft(x), gp_fft.fft(x))
    np.testing.assert_array_equal(scipy.fft.fft(x), gp_fft.fft(x))


def test_signatures_are_those_of_scipy():
    for name in fourier.__all__:
        if name not in ("backend", "fftconvolve"):
            here, there = (inspect.signature(getattr(face, name)).parameters for face in (fourier, scipy.fft))
            assert [(p.name, p.default) for p in here.values()] == [(p.name, p.default) for p in there.values()], name
            both = zip(here.values(), there.values(), strict=True)  # dctn alone has a keyword where idctn has none
            assert all(mine.kind in (theirs.kind, inspect.Parameter.POSITIONAL_OR_KEYWORD) for mine, theirs in both)


def test_threads_share_plans():
    x = [signal((50, n), "complex128", n) for n in (64, 72, 1000, 4096)]
    expected = [np.fft.fft(each) for each in x]
    wrong = []

    def run():
        for _ in range(5):
            for each, right in zip(x, expected, strict=True):
                if np.abs(fourier.fft(each) - right).max() > 1e-9:
                    wrong.append(len(each))

    threads = [threading.Thread(target=run) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong


def test_the_tables_of_what_was_used_stay_small(monkeypatch):
    monkeypatch.setattr(one, "MOST", 2)
    one._fft.clear()
    for n in (2, 3, 4, 5):
        fourier.fft(signal(n, "complex128"))
        assert len(one._fft) <= 2


ALONE = """
import warnings, numpy as np, gp_fft
with warnings.catch_warnings(record=True) as told:
    warnings.simplefilter("always")
    for n in (8, 72, 8):
        x = np.arange(n) + 0j
        assert abs(gp_fft.fft(x) - np.fft.fft(x)).max() < 1e-9
        gp_fft.dct(x.real)
print([str(one.message) for one in told])
"""


@pytest.mark.parametrize("command", ["/nowhere/cc", "false"])
def test_without_a_compiler_it_is_scipy_and_said_once(monkeypatch, tmp_path, command):
    monkeypatch.setenv("CC", command)
    done = subprocess.run([sys.executable, "-c", ALONE], capture_output=True, text=True, check=True, cwd=tmp_path)
    assert done.stdout.count("scipy is used in its place") == 1, done.stdout
    assert command in done.stdout


def test_the_c_is_kept_and_written_anew_for_another_writer(monkeypatch, tmp_path):
    monkeypatch.setenv("GP_FFT_CACHE", str(tmp_path))
    program = variant("fft", 4)
    made = [codelets.Codelet("fft", 4, False, program, False) for _ in range(2)]
    assert len(list(tmp_path.glob("*.c"))) == len(list(tmp_path.glob("*.so"))) == 1
    monkeypatch.setattr(codelets, "_writers", lambda: "another")
    made.append(codelets.Codelet("fft", 4, False, program, False))
    assert len(list(tmp_path.glob("*.c"))) == 2
    x = signal((1, 4), "complex128")
    results = [codelet(x, (1, 4), 1) for codelet in made]
    assert all((one_ == other).all() for one_, other in pairwise(results))


def test_no_module_hides_behind_a_name():
    """Public functions stay functions whatever is imported; the factories of transforms are still there."""
    code = "import gp_fft.fourier.one, gp_fft; assert callable(gp_fft.fft) and callable(gp_fft.dct) and gp_fft.dct2(4)"
    subprocess.run([sys.executable, "-c", code], check=True)
