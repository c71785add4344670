"""A generation of variation in one compiled call: threads change nothing, operators can be off, large programs fit."""

from __future__ import annotations

import numpy as np
import pytest
from numba.core.runtime import _nrt_python as memory
from numba.core.runtime import rtsys

from gp_fft import transforms
from gp_fft.construct.textbook import definition, radix2, split_radix
from gp_fft.kernels.burst import JOB, Children, _rooms, run_burst
from gp_fft.kernels.operators import IN_KERNELS
from gp_fft.kernels.packed import pack
from gp_fft.program import Program
from gp_fft.program.cost import EXACT, cost
from gp_fft.search.settings import Settings
from gp_fft.search.start import random_genome
from gp_fft.search.vary import rules

REWRITES, MUTATIONS = ([op.name for op in IN_KERNELS if op.kind == kind] for kind in ("rewrite", "mutation"))
NAMES = tuple(op.name for op in IN_KERNELS)


def jobs(count: int, **fields: float) -> np.ndarray:
    """``count`` jobs, each on its own parent without a mate unless the fields say otherwise."""
    made = np.zeros(count, JOB)
    made["parent"], made["mate"] = range(count), -1
    made["seed"] = 1000 + np.arange(count)
    made["hot"], made["cold"], made["noise"], made["pressure"] = 1.5, 0.2, 0.5, 1e4
    for name, value in fields.items():
        made[name] = value
    return made


def burst(transform, programs, work, operators=NAMES, threads=1, model="flops") -> Children:
    target = np.ascontiguousarray(transform.matrix, np.complex128)
    chosen = rules(transform, Settings(operators=tuple(operators), cost=model))
    return run_burst(pack(programs), target, work, chosen, threads)


def child(children: Children, k: int, like: Program) -> Program:
    definitions, terms = children.counts[k].tolist()
    columns = (children.sizes[k].tolist(), children.turns[k].tolist(), children.refs[k].tolist())
    flat = list(zip(*columns, strict=True))[:terms]
    starts = children.starts[k].tolist()
    rows = [flat[starts[d] : starts[d + 1]] for d in range(definitions)]
    return Program.build(like.inputs, like.field, rows, children.outputs[k].tolist())


def tally(children: Children, name: str) -> list[int]:
    return children.tally[:, NAMES.index(name)].sum(axis=0).tolist()


def exact_parents(n=8) -> list[Program]:
    transform = transforms.get("dft", n)
    return [make(transform) for make in (definition, radix2, split_radix)]


def test_threads_change_nothing():
    transform, parents = transforms.get("dft", 8), exact_parents()
    rough = [random_genome(transform, np.random.default_rng(seed)).program for seed in (1, 2)]
    work = jobs(5, rewrite_steps=300)
    work["mate"] = 1, 2, -1, 4, 3
    work["mutate_steps"][3:] = 50
    one, two, many = (burst(transform, parents + rough, work, threads=threads) for threads in (1, 2, 5))
    for a, b, c in zip(one, two, many, strict=True):
        assert a.tobytes() == b.tobytes() == c.tobytes()


def mixed_batch() -> tuple[list[Program], np.ndarray]:
    """Programs of few and of a thousand terms, and jobs on them with and without mates, mutations and rewriting."""
    rng = np.random.default_rng(4)
    dense = [[(size, 2 * (k % 2), k) for k, size in enumerate(row)] for row in rng.uniform(0.5, 2.0, (120, 8)).tolist()]
    sums = [[(1.0, 0, 8 + 15 * k + j) for j in range(15)] for k in range(8)]
    huge = Program.build(8, "complex", [*dense, *sums], range(120, 128))
    tiny = random_genome(transforms.get("dft", 8), np.random.default_rng(1)).program
    work = jobs(7, rewrite_steps=120)
    work["parent"], work["mate"] = (0, 1, 2, 3, 4, 4, 0), (-1, 3, -1, 2, -1, 0, 4)
    work["mutate_steps"] = 40, 0, 0, 0, 0, 40, 40
    work["rewrite_steps"][4:] = 5, 0, 5
    return [tiny, *exact_parents(), huge], work


def raw(children: Children, k: int) -> list[bytes]:
    """The bytes of a raw child, without what lies behind them in its slab."""
    definitions, terms = children.counts[k].tolist()
    lengths = (definitions + 1, terms, terms, terms, children.outputs.shape[1])
    return [array[k, :length].tobytes() for array, length in zip(children[1:6], lengths, strict=True)]


def test_a_child_does_not_depend_on_who_else_is_in_the_batch():
    """Byte by byte: what a job gives among others it gives alone, in a population of its own programs."""
    transform = transforms.get("dft", 8)
    programs, work = mixed_batch()
    together = burst(transform, programs, work, threads=2)
    for k, job in enumerate(work):
        own = [programs[at] for at in (job["parent"], job["mate"]) if at >= 0]
        single = work[k : k + 1].copy()
        single["parent"], single["mate"] = 0, len(own) - 1 or -1
        alone = burst(transform, own, single)
        assert [raw(alone, j) for j in (0, 1)] == [raw(together, j) for j in (2 * k, 2 * k + 1)]
        assert alone.tally[0].tobytes() == together.tally[k].tobytes()
        assert alone.traces[0].tobytes() == together.traces[k].tobytes()


def test_the_room_of_a_job_is_that_of_its_own_programs():
    programs, work = mixed_batch()
    rooms = _rooms(pack(programs), work, (8, 8), 1)
    assert len({tuple(room) for room in rooms[work["mate"] < 0].tolist()}) == 3
    assert rooms[6].tolist() == rooms[4].tolist() > rooms[0].tolist()


def test_what_a_burst_allocates_it_gives_back():
    """Most kernels do not count who holds an array; if one made some, or got them from another, it would show here."""
    transform = transforms.get("dft", 8)
    programs, work = mixed_batch()
    burst(transform, programs, work)  # with this Numba's memory is at work
    memory.memsys_enable_stats()
    try:
        before = rtsys.get_allocation_stats()
        burst(transform, programs, work)
        after = rtsys.get_allocation_stats()
    finally:
        memory.memsys_disable_stats()
    assert after.alloc - before.alloc == after.free - before.free > 100
    assert after.mi_alloc - before.mi_alloc == after.mi_free - before.mi_free > 100


def test_rewriting_keeps_exact_programs_exact_and_finds_cheaper_ones():
    transform, parents = transforms.get("dft", 8), exact_parents()
    children = burst(transform, parents, jobs(3, rewrite_steps=2000))
    for k, parent in enumerate(parents):
        last, best = child(children, 2 * k, parent), child(children, 2 * k + 1, parent)
        assert transform.error(last) < EXACT
        assert transform.error(best) < EXACT
        assert cost(best) <= cost(parent)
        assert cost(best) <= cost(last)
    assert cost(child(children, 1, parents[0])) < 0.5 * cost(parents[0])
    applied = {name: tally(children, name) for name in (*REWRITES, "share", "merge")}
    seldom = {"resubstitute", "repair", "rebuild"}
    assert {name for name, (tried, _, _) in applied.items() if not tried} <= seldom
    assert all(improved <= accepted <= tried for tried, accepted, improved in (applied[name] for name in REWRITES))
    assert sum(accepted for _, accepted, _ in applied.values()) > 500


@pytest.mark.parametrize("model", ["flops", "adds", "muls", "fma", "1:3"])
def test_the_cheapest_child_is_cheapest_under_the_cost_model(model):
    transform, parents = transforms.get("dft", 8), exact_parents()
    children = burst(transform, parents[:1], jobs(1, rewrite_steps=1500), model=model)
    last, best = (child(children, k, parents[0]) for k in (0, 1))
    assert cost(best, model) <= min(cost(last, model), cost(parents[0], model))


@pytest.mark.parametrize("name", NAMES)
def test_an_operator_that_is_off_does_nothing(name):
    transform = transforms.get("dft", 4)
    parents = [definition(transform), random_genome(transform, np.random.default_rng(1)).program]
    parents.append(parents[1])
    work = jobs(3, rewrite_steps=400, mutate_steps=(400, 400, 0), mate=(-1 if name == "crossover" else (1, 0, -1)))
    work["cells"][2], work["budget"][2], work["price"][2], work["first"][2] = 20, 6, 1.0, 6  # among approximations
    on = [other for other in NAMES if other != name]
    children = burst(transform, parents, work, on)
    tried, accepted, improved = tally(children, name)
    assert accepted == improved == 0
    assert tried == 0 or name == "share"  # without it rows are only settled
    assert sum(tally(children, other)[0] > 0 for other in on) >= len(NAMES) - 7


def test_sharing_that_is_off_defines_nothing_new():
    transform = transforms.get("wht", 8)
    parent = definition(transform)
    for on, expected in ((["inline", "share"], 24), (["inline"], 56)):
        best = child(burst(transform, [parent], jobs(1, rewrite_steps=1, noise=0.0), on), 1, parent)
        assert cost(best) == expected


def test_nothing_to_do_gives_copies():
    transform, parents = transforms.get("dft", 8), exact_parents()
    children = burst(transform, parents, jobs(3))
    for k, parent in enumerate(parents):
        assert child(children, 2 * k, parent) == child(children, 2 * k + 1, parent) == parent
    assert not children.tally.any()


def test_the_child_of_exact_parents_is_exact():
    transform, parents = transforms.get("dft", 8), exact_parents()
    pairs = [(a, b) for a in range(3) for b in range(3)] * 6
    work = jobs(len(pairs))
    work["parent"], work["mate"] = zip(*pairs, strict=True)
    children = burst(transform, parents, work)
    made = [child(children, 2 * k, parents[0]) for k in range(len(pairs))]
    assert all(transform.error(program) < EXACT for program in made)
    assert tally(children, "crossover") == [len(pairs), len(pairs), 0]
    assert len(set(made)) > 12


def test_a_child_of_two_matrices_computes_rows_of_both():
    rng = np.random.default_rng(5)
    one, other = (transforms.from_array(rng.standard_normal((6, 4)).round(2)) for _ in range(2))
    parents = [definition(one), definition(other)]
    children = burst(one, parents, jobs(20, parent=0, mate=1))
    mixed = 0
    for k in range(20):
        rows = child(children, 2 * k, parents[0]).matrix()
        of_one = np.isclose(rows, one.matrix, atol=1e-9).all(axis=1)
        of_other = np.isclose(rows, other.matrix, atol=1e-9).all(axis=1)
        assert (of_one ^ of_other).all()
        mixed += 0 < of_one.sum() < 6
    assert mixed >= 15


@pytest.mark.parametrize("name", ["dft", "dct2"])
def test_a_large_program_fits_on_the_workbench(name):
    transform = transforms.get(name, 64)
    parent = definition(transform)
    children = burst(transform, [parent], jobs(1, rewrite_steps=15))
    best = child(children, 1, parent)
    assert transform.error(best) < EXACT
    assert cost(best) < 0.5 * cost(parent)
    assert tally(children, "share") == [1, 1, 1]


@pytest.mark.parametrize("size", [1e-6, 1e-3, 1e3, 1e6])
def test_programs_with_large_and_small_coefficients_are_rewritten(size):
    transform = transforms.from_array(size * np.array([[1.0, 2, 3], [1, 2, 4], [1, 2, 5]]))
    parent = definition(transform)
    children = burst(transform, [parent], jobs(1, rewrite_steps=200))
    best = child(children, 1, parent)
    assert transform.error(best) < EXACT
    assert cost(best) < cost(parent)


def test_proportional_definitions_on_both_axes_do_not_break_the_workbench():
    """A pair of proportional values is proportional to its own first term; once that hung the sharing."""
    text = """# dft 2 complex
t0 = x0 + x1
t1 = 2.0*x0 + 2.0*x1
t2 = x0 - x1
y0 = t0 + 1i*t0 - 1.5*t1 - 1.5i*t1 + t2
y1 = t0 + 1i*t0 - 1.5*t1 - 1.5i*t1 + 1i*t2
"""
    parent = Program.parse(text)
    transform = transforms.from_array(parent.matrix())
    for seed in range(5):
        children = burst(transform, [parent], jobs(1, rewrite_steps=300, seed=seed))
        assert transform.error(child(children, 1, parent)) < EXACT
