"""Every exact rewrite keeps the matrix, the workbench keeps true books of costs, pairs and links, and undo undoes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from itertools import permutations
from math import comb

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gp_fft import transforms
from gp_fft.construct.textbook import definition, radix2, split_radix
from gp_fft.kernels.rules import FREE_INPUTS, FREE_OUTPUTS, ONE_FACTOR
from gp_fft.program import Program, Term
from gp_fft.program.cost import cost, count, offence, set_of
from primitives import REAL_PARTS, CostModel
from tests import naive
from tests.kernel_harness import NUMBERS, REWRITES, Trial, apply
from tests.strategies import programs, set_programs

SEEDS = st.integers(0, 2**40)
RARE = {"resubstitute", "repair", "rebuild"}  # each with a test of its own that it applies where it should
BOOKS = ("pair_faults", "print_faults", "link_faults")


def bound(program: Program) -> np.ndarray:
    """What rounding may be measured against: the matrix of the program with every coefficient made positive."""
    values = list(np.eye(program.inputs))
    for row in program.rows():
        values.append(sum((size * values[ref] for size, _, ref in row), np.zeros(program.inputs)))
    return np.array([values[program.inputs + d] for d in program.outputs.tolist()])


def assert_same_matrix(one: Program, other: Program) -> None:
    """Up to rounding, which large intermediate values make large; constants alike to 1e-10 may become one."""
    room = 1e-9 * np.maximum(bound(one), bound(other)) + 1e-12
    assert (abs(one.matrix() - other.matrix()) <= room).all()


def assert_true_books(trial: Trial) -> None:
    """Of a workbench that did not run into one of its limits (then the search drops what it made)."""
    if trial.report["broken"] and not trial.report["touched"]:
        return
    assert {book: trial.report[book] for book in BOOKS} == dict.fromkeys(BOOKS, 0)
    counts, parts = count(trial.after), REAL_PARTS[trial.after.field]
    assert trial.report["adds"] == counts.adds // parts
    assert trial.report["scales"] == cost(trial.after, CostModel("priced", 0, 1, False, "what scales ask for")) / parts
    fused = (counts.fma - counts.adds) // parts
    assert trial.report["unitless"] == fused


def content(program: Program) -> tuple[list[int], Counter[int]]:
    """What a program holds, whatever the order of identical rows: what each output is, and every row."""
    known: list[int] = list(range(program.inputs))
    for row in program.rows():
        known.append(hash(tuple(sorted((known[ref], turn, size) for size, turn, ref in row))))
    return [known[program.inputs + d] for d in program.outputs.tolist()], Counter(known)


def definitions() -> list[Program]:
    """Dense programs of several transforms."""
    made = [definition(transforms.get(name, 8)) for name in ("dft", "rdft", "dht", "wht", "dct2")]
    return [*made, definition(transforms.get("dft", 5)), definition(transforms.get("dft", 6))]


def examples() -> list[Program]:
    """Programs with the structure that the search meets: textbook ones and definitions that were shared greedily."""
    made = [make(transforms.get("dft", n)) for make in (radix2, split_radix) for n in (8, 16)]
    return made + [apply(program, "share", noise=0.5).after for program in definitions()]


DENSE = definitions()


@settings(max_examples=400, deadline=None)
@given(programs(), st.sampled_from(list(NUMBERS)), SEEDS, st.booleans(), st.booleans())
def test_every_operator_keeps_the_matrix_and_the_books(program, operator, seed, sharing, merging):
    trial = apply(program, operator, seed, sharing=sharing, merging=merging, choice=seed % 97)
    assert_same_matrix(program, trial.before)
    assert_same_matrix(program, trial.after)
    executed = np.array(naive.executed_matrix(trial.after)[0])
    assert (abs(executed - program.matrix()) <= 1e-9 * np.maximum(bound(trial.after), bound(program)) + 1e-12).all()
    assert_true_books(trial)
    assert trial.after.inputs == program.inputs
    assert len(trial.after.outputs) == len(program.outputs)


@settings(max_examples=600, deadline=None)
@given(set_programs(), st.sampled_from(list(NUMBERS)), SEEDS, st.booleans(), st.booleans())
def test_every_operator_keeps_to_the_primitive_set(program, operator, seed, sharing, merging):
    trial = apply(program, operator, seed, sharing=sharing, merging=merging, choice=seed % 97)
    if trial.report["broken"]:
        return
    assert not offence(trial.after, set_of(program))
    assert_same_matrix(program, trial.after)
    assert_true_books(trial)


@settings(max_examples=300, deadline=None)
@given(set_programs(), st.sampled_from(REWRITES), SEEDS, st.booleans())
def test_undo_restores_the_program_of_a_set_to_the_bit(program, operator, seed, sharing):
    trial = apply(program, operator, seed, sharing=sharing, undoing=True)
    assert content(trial.after) == content(trial.before)
    assert_true_books(trial)


@settings(max_examples=200, deadline=None)
@given(programs(), st.sampled_from(REWRITES), SEEDS, st.booleans())
def test_undo_restores_the_program_to_the_bit(program, operator, seed, sharing):
    trial = apply(program, operator, seed, sharing=sharing, undoing=True)
    assert content(trial.after) == content(trial.before)
    assert_true_books(trial)


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(DENSE), SEEDS, st.sampled_from((ONE_FACTOR, FREE_OUTPUTS, FREE_INPUTS)), st.booleans())
def test_rescale_changes_no_more_than_the_factors_that_are_free_and_keeps_the_books(program, seed, free, sharing):
    trial = apply(program, "rescale", seed, sharing=sharing, scaling=free)
    transform, after = transforms.from_array(program.matrix()), trial.after.matrix()
    assert transforms.scaled_to(after, transform, list(transforms.FREE)[free]).error(after) < 1e-9
    assert_true_books(trial)
    undone = apply(program, "rescale", seed, sharing=sharing, scaling=free, undoing=True)
    assert content(undone.after) == content(undone.before)
    assert_true_books(undone)


@pytest.mark.parametrize("free", [ONE_FACTOR, FREE_OUTPUTS, FREE_INPUTS])
def test_rescale_does_scale_what_is_free(free):
    program, transform = definition(transforms.get("dct2", 8)), transforms.get("dct2", 8)
    errors = []
    for seed in range(40):
        after = apply(program, "rescale", seed, scaling=free).after.matrix()
        errors.append(transforms.scaled_to(after, transform, list(transforms.FREE)[free - 1]).error(after))
    assert max(errors) > 1e-3


@pytest.mark.parametrize("operator", [name for name in REWRITES if name not in RARE])
def test_every_rewrite_changes_real_programs(operator):
    """Each often changes the program, keeps its matrix, and can be undone."""
    changed = 0
    for program in examples():
        for seed in range(16):
            trial = apply(program, operator, seed)
            assert trial.report["broken"] == 0
            assert_same_matrix(program, trial.after)
            assert_true_books(trial)
            changed += trial.after != trial.before
            after = apply(program, operator, seed, sharing=True, noise=0.5)
            assert_same_matrix(program, after.after)
            assert_true_books(after)
            assert content(apply(program, operator, seed, sharing=True, undoing=True).after) == content(trial.before)
    assert changed >= 10


def test_resubstitute_finds_two_values_that_add_up_to_a_sum():
    sums = [[(1.0, 0, 0), (1.0, 0, 2)], [(1.0, 0, 1), (1.0, 0, 3)], [(1.0, 0, 0), (1.0, 0, 1)]]
    last = [[(1.0, 0, 2), (1.0, 0, 3)], [(1.0, 0, 6), (1.0, 0, 7)]]  # also the sum of the first two
    program = Program.build(4, "real", [*sums, *last], range(5))
    changed = 0
    for seed in range(60):
        trial = apply(program, "resubstitute", seed)
        assert_same_matrix(program, trial.after)
        assert_true_books(trial)
        assert content(apply(program, "resubstitute", seed, undoing=True).after) == content(program)
        changed += trial.after != trial.before
    assert changed >= 3


def test_repair_finds_the_one_value_that_serves_both_users():
    """Without v = x0 + x1 the sums v + x2 and v + x3 can be had from x0 + x2, because x1 - x2 + x3 is there."""
    there = [(1.0, 0, 1), (1.0, 2, 2), (1.0, 0, 3)]
    v = [(1.0, 0, 0), (1.0, 0, 1)]
    program = Program.build(4, "real", [there, v, [(1.0, 0, 5), (1.0, 0, 2)], [(1.0, 0, 5), (1.0, 0, 3)]], (0, 2, 3))
    other = {(1.0, 0, 0), (1.0, 0, 2)}
    changed = 0
    for seed in range(60):
        trial = apply(program, "repair", seed)
        assert_same_matrix(program, trial.after)
        assert_true_books(trial)
        assert content(apply(program, "repair", seed, undoing=True).after) == content(program)
        if trial.after != trial.before:
            assert trial.report["after"] == trial.report["before"]
            assert any(set(row) == other for row in trial.after.rows())
            changed += 1
    assert changed >= 10


def test_rebuild_replaces_two_definitions_at_once_where_neither_can_go_alone():
    """v = x0 + x1 and w = v + x2 serve four sums; so do x1 + x2 and x0 + (x1 + x2), and nothing else does."""
    v, w = [(1.0, 0, 0), (1.0, 0, 1)], [(1.0, 0, 6), (1.0, 0, 2)]
    users = [[(1.0, 0, 7), (1.0, 0, 3)], [(1.0, 0, 7), (1.0, 0, 4)], [(1.0, 0, 6), (1.0, 0, 5)]]
    there = [(1.0, 0, 5), (1.0, 0, 0), (1.0, 2, 2)]
    program = Program.build(6, "real", [v, w, *users, there], (2, 3, 4, 5))
    other = {(1.0, 0, 1), (1.0, 0, 2)}
    changed, new = 0, 0
    for seed in range(200):
        trial = apply(program, "rebuild", seed)
        assert_same_matrix(program, trial.after)
        assert_true_books(trial)
        assert content(apply(program, "rebuild", seed, undoing=True).after) == content(program)
        assert trial.report["after"] <= trial.report["before"]
        changed += trial.after != trial.before
        new += any(set(row) == other for row in trial.after.rows())
    assert changed == new >= 3


def test_sharing_lowers_the_cost_of_every_definition():
    for transform in ("dft", "idft", "rdft", "dht", "wht", "dct2"):
        program = definition(transforms.get(transform, 8))
        trial = apply(program, "share")
        assert trial.report["done"] > 0
        assert trial.report["after"] < 0.7 * trial.report["before"]
        assert_same_matrix(program, trial.after)
        assert_true_books(trial)


def test_sharing_alone_finds_the_fast_walsh_hadamard_transform():
    trial = apply(definition(transforms.get("wht", 8)), "share")
    assert trial.report["after"] == 24


@settings(max_examples=100, deadline=None)
@given(programs(), SEEDS)
def test_sharing_never_raises_the_cost(program, seed):
    trial = apply(program, "share", seed)
    assert trial.report["broken"] or trial.report["after"] <= trial.report["before"]
    settled = trial.report["adds"] + trial.report["scales"]
    assert settled <= count(program).flops // REAL_PARTS[program.field]


def test_merge_finds_values_that_are_proportional():
    rows = [
        [(1.0, 0, 0), (0.5, 1, 1)],
        [(2.0, 1, 0), (1.0, 2, 1)],  # 2i times the first
        [(1.0, 0, 2), (1.0, 0, 0)],
        [(1.0, 0, 3), (1.0, 0, 1)],
        [(1.0, 0, 2), (1.0, 2, 3)],
    ]
    program = Program.build(2, "complex", rows, [2, 3, 4])
    trial = apply(program, "merge")
    assert trial.report["done"] == 1
    assert_same_matrix(program, trial.after)
    assert_true_books(trial)


def test_merge_of_real_data_takes_no_turn_of_i():
    rows = [[(1.0, 0, 0), (0.5, 2, 1)], [(2.0, 2, 0), (1.0, 0, 1)], [(1.0, 0, 2), (1.0, 0, 3), (1.0, 0, 0)]]
    program = Program.build(2, "real", [*rows, [(1.0, 0, 2), (1.0, 0, 0)], [(1.0, 0, 3), (1.0, 0, 1)]], [2, 3, 4])
    trial = apply(program, "merge")
    assert trial.report["done"] == 1
    assert_same_matrix(program, trial.after)


def naive_gain(program: Program, key: tuple[int, int, int], ratio: float) -> float:
    """The best saving of one new definition for all pairs ``a + ratio i^turn b``: every choice of its scale tried."""
    hits = [list(_occurrences(row, key, ratio)) for row in program.rows()]
    best = -np.inf
    own = {row[i][0] for row, pairs in zip(program.rows(), hits, strict=True) for i, _ in pairs}
    for alpha in {1.0, 1.0 / ratio, *own}:
        rows = [[(alpha, 0, key[0]), (alpha * ratio, key[2], key[1])]]
        for row, pairs in zip(program.rows(), hits, strict=True):
            taken = {k for pair in pairs for k in pair}
            shared = [(row[i][0] / alpha, row[i][1], -1) for i, _ in pairs]
            rows.append([term for k, term in enumerate(row) if k not in taken] + shared)
        best = max(best, _operations(list(program.rows())) - _operations(rows))
    return best


def _occurrences(row, key, ratio):
    """The places (of a, of b) of the pair in a row; on complex data there may be two, a quarter turn apart."""
    for i, a in enumerate(row):
        for j, b in enumerate(row):
            same = (a[2], b[2], (b[1] - a[1]) % 4) == key and abs(b[0] / a[0] / ratio - 1) < 1e-9
            if i != j and same and (key[0] != key[1] or a[1] % 2 == 0):
                yield i, j


def _operations(rows) -> int:
    scales = {(round(float(np.log(size)), 9), ref) for row in rows for size, _, ref in row if abs(size - 1) > 1e-9}
    return sum(max(len(row) - 1, 0) for row in rows) + len(scales)


def pairs_of(rows: Iterable[list[Term]]):
    """Each different pair of terms of one row as (reference a, reference b, turn), ratio."""
    seen = {}
    for row in rows:
        for i, one in enumerate(row):
            for other in row[i + 1 :]:
                a, b = sorted((one, other), key=lambda term: (term[2], term[1] % 2))
                key, ratio = (a[2], b[2], (b[1] - a[1]) % 4), b[0] / a[0]
                seen[*key, round(float(np.log(ratio)), 9)] = (key, ratio)
    return list(seen.values())


@settings(max_examples=300, deadline=None)
@given(programs(), st.integers(0, 200))
def test_the_promised_gain_of_a_pair_is_what_its_extraction_saves(program, choice):
    trial = apply(program, "extract", choice=choice, merging=False)
    assert trial.report["broken"] or trial.report["gain"] <= 0 or trial.report["gain"] == trial.report["saved"]


@pytest.mark.parametrize("program", definitions(), ids=lambda program: program.title)
def test_the_best_pair_is_as_good_as_the_naive_search_finds(program):
    settled = apply(program, "settle").after
    total = sum(comb(len(row), 2) for row in settled.rows())
    compiled = max(apply(settled, "extract", choice=k, merging=False).report["gain"] for k in range(total))
    slow = max(naive_gain(settled, key, ratio) for key, ratio in pairs_of(settled.rows()))
    assert compiled == slow


def naive_prospect(program: Program) -> float:
    """The most that defining ``e = p + r q`` promises over all pairs of two terms of a real program, by the rule."""
    rows = list(program.rows())
    uses = Counter((_rounded(size), ref) for row in rows for size, _, ref in row)
    known = {(*key, _rounded(ratio)) for key, ratio in pairs_of(rows)}
    best = -1e9
    for row in rows:
        for p, q in permutations(row, 2):
            ratio = _signed(q) / _signed(p)
            both = [(_of(other, p[2]), _of(other, q[2]), other) for other in rows if {p[2], q[2]} <= _values(other)]
            saved = sum(_saved(*at, ratio, uses, known) for at in both)
            if len(both) > 1:
                best = max(best, saved - 1 - _new(uses, abs(ratio), q[2]))
    return best


def _saved(p: Term, q: Term, row: list[Term], ratio: float, uses: Counter, known: set) -> int:
    saved = int(_rounded(q[0]) != 0 and uses[_rounded(q[0]), q[2]] == 1)
    size = _signed(q) - _signed(p) * ratio
    if abs(size) < 1e-10 * q[0]:
        return saved + 1
    term = (abs(size), 0 if size > 0 else 2, q[2])
    others = [(*key, _rounded(r)) for w in row if w not in (p, q) for key, r in pairs_of([[term, w]])]
    return saved - _new(uses, abs(size), q[2]) + any(pair in known for pair in others)


def _rounded(size: float) -> float:
    return round(float(np.log(size)), 9) + 0.0


def _new(uses: Counter, size: float, ref: int) -> int:
    return int(_rounded(size) != 0 and not uses[_rounded(size), ref])


def _signed(term: Term) -> float:
    return term[0] if term[1] == 0 else -term[0]


def _values(row: list[Term]) -> set[int]:
    return {ref for _, _, ref in row}


def _of(row: list[Term], ref: int) -> Term:
    return next(term for term in row if term[2] == ref)


@settings(max_examples=300, deadline=None)
@given(programs(field="real"))
def test_what_a_substitution_promises_follows_the_rule(program):
    trial = apply(program, "prospect")
    assert trial.report["broken"] or trial.report["gain"] == naive_prospect(trial.before)


@pytest.mark.parametrize("name", ["rdft", "wht", "dct2"])
def test_what_a_substitution_promises_follows_the_rule_in_transforms(name):
    shared = apply(definition(transforms.get(name, 8)), "share", noise=0.5).after
    assert apply(shared, "prospect").report["gain"] == naive_prospect(shared) > -1e9


def test_a_substitution_needs_two_sums_that_hold_the_pair():
    """In these sums no pair of values occurs twice, so that nothing can come of a substitution."""
    rows = [[(1.0, 0, 0), (2.0, 0, 1)], [(1.0, 0, 2), (3.0, 0, 3)], [(1.0, 0, 0), (1.0, 0, 2), (5.0, 0, 4)]]
    program = Program.build(5, "real", rows, range(3))
    assert apply(program, "prospect").report["gain"] == -1e9
    assert all(not apply(program, "substitute", seed).report["touched"] for seed in range(50))


def test_substitution_takes_what_promises_to_save():
    """Five sums share x0 + 2 x1, which two random draws of eleven meet; the best of four draws is it much oftener."""
    rows = [[(1.0, 0, 0), (2.0, 0, 1), (1.0, 0, own)] for own in range(2, 7)]
    rows += [[(1.0, 0, 7), (size, 0, 8), (1.0, 0, own)] for size, own in ((3.0, 2), (5.0, 3), (6.0, 4), (7.0, 5))]
    program = Program.build(9, "real", rows, range(9))
    before = apply(program, "settle").report
    cheaper = 0
    for seed in range(200):
        trial = apply(program, "substitute", seed)
        assert_same_matrix(program, trial.after)
        cheaper += trial.report["after"] < before["adds"] + before["scales"]
    assert cheaper > 80
