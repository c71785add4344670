"""Schemes as values: typed by length, read and written, counted, run, proved, written out."""

import json

import numpy as np
import pytest

from gp_fft.ground.errors import DataError, UsageError
from gp_fft.program.cost import count
from gp_fft.schemes import files, textbook
from gp_fft.schemes.expand import expand, transform_of
from gp_fft.schemes.family import TRANSFORMS, Family, matrix, switched_on, truth
from gp_fft.schemes.modular import sizes_proved
from gp_fft.schemes.operations import counts, operations, solve
from gp_fft.schemes.proving import prove
from gp_fft.schemes.running import transform, verify_sizes
from gp_fft.schemes.symbolic import OutOfReachError, one_level
from gp_fft.schemes.text import format_scheme, parse_scheme
from primitives import VECTORS
from primitives.vectors import check
from tests.schemes import CONJUGATE_PAIR, DECIMATION_IN_FREQUENCY, HARTLEY, THREES, WALSH, slow

RIGHT = {
    "radix-2": textbook.RADIX_2,
    "radix-4": textbook.RADIX_4,
    "split radix": textbook.SPLIT_RADIX,
    "in frequency": DECIMATION_IN_FREQUENCY,
    "conjugate pair": CONJUGATE_PAIR,
    "hartley": HARTLEY,
    "walsh": WALSH,
    "threes": THREES,
    "inverse": textbook.RADIX_2.replace("# scheme dft", "# scheme idft").replace("twiddle(t4, 1)", "twiddle(t4, -1)"),
}
WRONG = {
    "another twiddle": textbook.RADIX_2.replace("twiddle(t4, 1)", "twiddle(t4, 2)"),
    "no twiddle": textbook.RADIX_2.replace("twiddle(t4, 1)", "self(t3)"),
    "a sign": textbook.SPLIT_RADIX.replace("-1i*t10", "1i*t10"),
    "the other half": WALSH.replace("concatenate(t5, t6)", "concatenate(t6, t5)"),
    "not reversed": HARTLEY.replace("sines(t5, 1)", "sines(t4, 1)"),
    "right at n = 2": textbook.RADIX_2.replace("twiddle(t4, 1)", "twiddle(t4, 3)"),
}
right = pytest.mark.parametrize("text", RIGHT.values(), ids=list(RIGHT))
wrong = pytest.mark.parametrize("text", WRONG.values(), ids=list(WRONG))


@right
def test_text_round_trips(text):
    assert format_scheme(parse_scheme(text)) == text


@right
def test_it_runs_like_its_slow_twin_and_like_the_definition(text):
    scheme = parse_scheme(text)
    for n in scheme.family.members(64):
        x = np.random.default_rng(n).standard_normal((2, n, 2)) @ (1, 1j)
        assert np.allclose(transform(scheme, x), [slow(scheme, one) for one in x], atol=1e-12)
        assert np.allclose(transform(scheme, x), x @ matrix(scheme.family.transform, n).T, atol=1e-11)


@right
def test_real_recursion_at_sizes_to_1024(text):
    assert all(one.passed for one in verify_sizes(parse_scheme(text)))


@right
def test_proved_for_every_n(text):
    proof = prove(parse_scheme(text))
    assert proof.status == "every n"
    assert "N symbolic" in proof.statement


@right
def test_every_size_is_right_modulo_a_prime(text):
    scheme = parse_scheme(text)
    proved, first_wrong, prime = sizes_proved(scheme, 256)
    assert proved == scheme.family.members(256)
    assert first_wrong == 0
    assert prime > 2**30


@wrong
def test_what_is_wrong_is_nowhere_taken_for_right(text):
    scheme = parse_scheme(text)
    assert one_level(scheme) == 0
    assert sizes_proved(scheme, 64)[1]
    assert not all(one.passed for one in verify_sizes(scheme, 64))
    assert not prove(scheme).holds


def test_where_the_identity_is_out_of_reach_it_is_said_and_sizes_are_multiplied_out():
    twice = textbook.RADIX_2.replace("t4 = self(t3)", "t4 = self(t3)").replace("y = concatenate(t6, t7)", "")
    twice += "t8 = concatenate(t6, t7)\nt9 = x - x\ny = t8 + t9\n"  # the input itself comes to the end, and cancels
    scheme = parse_scheme(twice)
    with pytest.raises(OutOfReachError, match="uses its input without a call"):
        one_level(scheme)
    proof = prove(scheme)
    assert proof.status == "sizes"
    assert "modulo the prime" in proof.statement
    assert "13 sizes to 4096" in proof.statement


def test_counts_are_the_published_ones():
    radix2, split = textbook.scheme("radix-2"), textbook.scheme("split radix")
    for k in range(2, 21):
        n = 1 << k
        assert operations(radix2, n) == 5 * n * k - 10 * n + 16
        assert operations(split, n) == 4 * n * k - 6 * n + 8
    assert [operations(split, 1), operations(split, 2)] == [0, 4]
    assert [textbook.tangent(1 << k) for k in range(1, 9)] == [4, 16, 56, 168, 456, 1152, 2792, 6552]


@pytest.mark.parametrize(
    ("text", "recurrence", "closed", "growth"),
    [
        (textbook.RADIX_2, "T(n) = 2 T(n/2) + 5 n - 16", "5 n lg n - 10 n + 16 from n = 4 on", "n log n"),
        (textbook.SPLIT_RADIX, "T(n) = T(n/2) + 2 T(n/4) + 6 n - 16", "4 n lg n - 6 n + 8 from n = 2 on", "n log n"),
        (WALSH, "T(n) = 2 T(n/2) + n", "n lg n from n = 1 on", "n log n"),
    ],
    ids=["radix-2", "split radix", "walsh"],
)
def test_recurrences_are_solved(text, recurrence, closed, growth):
    solution = solve(parse_scheme(text))
    assert (solution.recurrence, solution.closed, solution.growth) == (recurrence, closed, growth)


def test_growth_is_that_of_the_largest_root():
    head, ends = "# scheme dft 2^k\nt1 = stride(x, 2, 0)\nt2 = self(t1)\n", "y = concatenate(t2, t2)\n"
    assert solve(parse_scheme(head + ends)).growth == "at most a power of log n"
    golden = head + "t3 = stride(x, 4, 1)\nt4 = self(t3)\nt5 = concatenate(t4, t4)\ny = concatenate(t2, t5)\n"
    assert solve(parse_scheme(golden)).growth == "n^0.6942"
    assert solve(parse_scheme(golden)).closed == ""
    assert solve(parse_scheme(head + "t3 = t2 + t2\ny = concatenate(t2, t3)\n")).growth == "n"


def test_calls_that_are_not_shared_cost_n_squared():
    lines = [
        *("# scheme dft 2^k", "t1 = stride(x, 2, 0)", "t2 = self(t1)", "t3 = stride(x, 2, 1)", "t4 = self(t3)"),
        *("t5 = self(t1)", "t6 = self(t3)", "t7 = twiddle(t4, 1)", "t8 = twiddle(t6, 1)", "t9 = t2 + t7"),
        *("t10 = t5 - t8", "y = concatenate(t9, t10)"),
    ]
    scheme = parse_scheme("\n".join(lines))
    assert solve(scheme).growth == "n^2"
    assert all(one.passed for one in verify_sizes(scheme, 64))
    assert operations(scheme, 256) > 20 * operations(textbook.scheme("radix-2"), 256)


@right
def test_it_is_written_out_as_a_program_of_the_same_cost(text):
    scheme = parse_scheme(text)
    for n in scheme.family.members(32)[1:]:
        program = expand(scheme, n)
        assert np.allclose(program.matrix(), transform_of(scheme, n).matrix, atol=1e-12)
        assert count(program).flops <= operations(scheme, n)
        if scheme.family.transform in ("dft", "idft", "wht"):
            assert count(program).flops == operations(scheme, n)


def test_programs_stand_for_leaves():
    split = textbook.scheme("split radix")
    leaf = expand(split, 8)
    program = expand(textbook.scheme("radix-2"), 32, {8: leaf})
    assert (
        count(program).flops == counts(textbook.scheme("radix-2"), 32, {8: count(leaf).flops})[32] == 4 * 56 + 112 + 160
    )


def lines(*body, header="# scheme dft 2^k"):
    return "\n".join([header, *body])


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "begins with a line such as: # scheme dft 2^k"),
        (lines("y = self(x)"), "the recursion does not shrink"),
        (lines("t1 = stride(x, 2, 0)", "y = x + t1"), "arguments of the lengths n and n/2; they must be the same"),
        (
            lines("t1 = stride(x, 2, 0)", "y = self(t1)"),
            "the last step of the scheme has n/2 entries; the result has n",
        ),
        (lines("y = concatenate(x, x)"), "makes a vector of n/2^-1 entries"),
        (lines("y = butterfly(x)"), "'butterfly' is no vector primitive"),
        (lines("y = stride(x, 3, 0)"), "has the radix 3, no power of 2"),
        (lines("y = stride(x, 2, 5)"), "has numbers that it does not allow"),
        (lines("y = twiddle(x)"), "takes 1 numbers, not 0"),
        (lines("y = __import__('os')"), "cannot be read"),
        (lines("t2 = x + x"), "it must begin with: y ="),
        (lines("t1 = t1 + x", "y = t1 + x"), "refers to what does not stand before it"),
        (lines("y = 1i*x + x", header="# scheme dht 2^k"), "has an imaginary factor"),
        (lines("y = twiddle(x, 1)", header="# scheme wht 2^k"), "is not for real data"),
        (
            lines("t1 = stride(x, 2, 0)", "t2 = self(t1)", "y = concatenate(t2, t2)", header="# scheme dft 4^k"),
            "no size of",
        ),
        (lines("y = x + x", header="# scheme dft 7^k"), "reach the families 2^k, 3^k, 4^k, 5^k, not 7^k"),
        (lines("y = x + x", header="# scheme dct2 2^k"), "schemes are known for dft, idft, dht, wht, not for 'dct2'"),
        (lines(*(f"t{k} = x + x" for k in range(1, 300)), "y = x + x"), "1 to 256 steps"),
        ("# scheme dft 2^k\n" + " " * (1 << 17), "longer than 65536 characters"),
    ],
)
def test_what_is_no_scheme_is_refused_in_one_sentence(text, said):
    with pytest.raises(DataError) as refused:
        parse_scheme(text)
    assert said in str(refused.value)
    assert "\n" not in str(refused.value)


def test_an_n_outside_the_family_is_refused():
    scheme = textbook.scheme("radix-2")
    for call in (lambda: operations(scheme, 12), lambda: transform(scheme, np.ones(12)), lambda: expand(scheme, 12)):
        with pytest.raises(UsageError, match=r"n = 12 is no size of the family 2\^k; it has 1, 2, 4, 8, 16, \.\.\."):
            call()
    with pytest.raises(UsageError, match="n = 512 is too large for a straight-line program; at most 256"):
        expand(scheme, 512)


@pytest.mark.parametrize("gone", ["self", "add", "stride", "concatenate"])
def test_a_primitive_that_every_scheme_needs_cannot_be_switched_off(gone):
    left = {"self", "add", "stride", "concatenate"} - {gone}
    with pytest.raises(UsageError, match="no scheme of dft 2\\^k can be made; switch it on"):
        switched_on(Family("dft", 2), tuple(left))


@pytest.mark.parametrize("name", TRANSFORMS)
def test_no_transform_of_a_family_needs_to_conjugate(name):
    x = np.random.default_rng(3).standard_normal((2, 16, 2)) @ (1, 1j)
    assert np.allclose(truth(name, 1j * x), 1j * truth(name, x)), "linear over the complex numbers, as conj is not"
    mirrored = -np.arange(16) % 16 if name in ("dft", "idft") else np.arange(16)
    assert np.allclose(np.conj(truth(name, np.conj(x))), truth(name, x)[:, mirrored]), "what reverse does instead"
    assert name in {parse_scheme(text).family.transform for text in RIGHT.values()}
    assert "conjugate" not in VECTORS


@right
def test_files_round_trip(text, tmp_path):
    scheme = parse_scheme(text)
    files.save(tmp_path / "one.json", scheme)
    loaded = files.load(tmp_path / "one.json")
    assert loaded.scheme == scheme
    assert loaded.exact
    assert files.encode(loaded) == (tmp_path / "one.json").read_bytes()
    (tmp_path / "one.txt").write_text(text)
    assert files.load(tmp_path / "one.txt").scheme == scheme
    assert files.is_scheme(tmp_path / "one.txt")
    assert files.is_scheme(tmp_path / "one.json")


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"version": 2}, "is of version 2"),
        ({"hash": "0" * 64}, "its hash is not that of its scheme"),
        ({"operations": {"2": 1}}, "the operations that it names are not those of its scheme"),
        ({"error": 0.5}, "it says that its error is 0.5, and it is right"),
        ({"error": float("nan")}, "NaN is no number"),
        ({"more": 1}, "the key 'more' is unknown"),
        ({"scheme": "y = x"}, "the key 'scheme' must hold the lines"),
        ({"scheme": ["y = self(x)"]}, "the recursion does not shrink"),
        ({"provenance": []}, "the key 'provenance' must hold a table"),
        ({"family": "6^k"}, "not 6^k"),
    ],
)
def test_damaged_files_are_refused(change, said, tmp_path):
    table = json.loads(files.encode(files.describe(textbook.scheme("radix-2"))))
    with pytest.raises(DataError) as refused:
        files.decode(json.dumps(table | change).encode(), "it.json")
    assert said in str(refused.value)
    assert str(refused.value).startswith("it.json")


def test_a_wrong_scheme_that_claims_to_be_right_is_refused():
    scheme = parse_scheme(WRONG["a sign"])
    table = json.loads(files.encode(files.describe(scheme)))
    assert table["error"] > 0.01
    with pytest.raises(DataError, match="it says that its error is 0, and it is wrong"):
        files.decode(json.dumps(table | {"error": 0}).encode(), "it.json")


def test_a_file_is_not_read_without_end():
    with pytest.raises(DataError, match="a scheme file has at most 1048576"):
        files.decode(b" " * (files.LIMIT_FILE + 1), "it.json")


@pytest.mark.parametrize("primitive", VECTORS.values(), ids=list(VECTORS))
def test_vector_primitives_hold_together(primitive):
    check(primitive)
    assert VECTORS[primitive.name] is primitive
