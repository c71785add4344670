"""Where the bursts run is a step of the toolbox: any division of the jobs, in any process, gives the same bytes."""

import multiprocessing
import pickle
from concurrent.futures import ProcessPoolExecutor

import numpy as np
import pytest

import gp_fft
from gp_fft.kernels.burst import Children, run_burst
from gp_fft.kernels.packed import Packed, pack
from gp_fft.search.genome import Genome
from gp_fft.search.loop import generations, make_toolbox
from gp_fft.search.vary import join

TRANSFORM = gp_fft.dft(6)


def evolved(start, divide=None, front="beside"):
    """The last state of a few generations, without its time; ``divide`` makes a burst step out of the usual one."""
    settings = gp_fft.Settings(start=start, seed=2, population=8, generations=4, threads=1, front=front)
    toolbox = make_toolbox(TRANSFORM, settings)
    if divide is not None:
        toolbox.register("burst", divide(toolbox.burst))
    for state, _ in generations(TRANSFORM, settings, toolbox=toolbox):
        last = state
    return last.to_dict() | {"seconds": 0.0}


def one_by_one(burst):
    def step(population, target, jobs, rules):
        parts = [burst(population, target, jobs[k : k + 1], rules) for k in range(len(jobs))]
        assert all(isinstance(array, np.ndarray) for part in parts for array in part)
        return join(parts)

    return step


def backwards(burst):
    def step(population, target, jobs, rules):
        parts = [burst(population, target, jobs[k : k + 1], rules) for k in reversed(range(len(jobs)))]
        return join(parts[::-1])

    return step


def alone(burst):
    """Each job from a population that holds nothing but the programs that it names."""

    def step(population, target, jobs, rules):
        parts = []
        for job in jobs:
            named = [job["parent"]] if job["mate"] < 0 else [job["parent"], job["mate"]]
            single = np.array([job])
            single["parent"], single["mate"] = 0, len(named) - 1 or -1
            parts.append(burst(part_of(population, named), target, single, rules))
        return join(parts)

    return step


def part_of(population: Packed, members):
    """A packed population of these members only."""
    genomes = []
    for k in members:
        begin, end = population.programs[k : k + 2]
        a, b = population.starts[begin], population.starts[end]
        starts = (population.starts[begin : end + 1] - a).astype(np.int32)
        arrays = (population.refs[a:b], population.sizes[a:b], population.turns[a:b], population.outputs[k])
        genomes.append(Genome(population.inputs, "complex", starts, *(array.copy() for array in arrays)))
    return pack(genomes)


def pickled(burst):
    """All that goes in and all that comes out as bytes."""

    def step(*work):
        return pickle.loads(pickle.dumps(burst(*pickle.loads(pickle.dumps(work)))))

    return step


@pytest.mark.parametrize("divide", [one_by_one, backwards, alone, pickled])
@pytest.mark.parametrize("start", ["random", "definition"])
def test_a_burst_step_of_ones_own_gives_the_same_bytes(start, divide):
    assert evolved(start, divide) == evolved(start)


@pytest.mark.parametrize("divide", [one_by_one, backwards, alone, pickled])
def test_parts_with_cells_are_joined_as_one_call_makes_them(divide):
    """Each call lays out the cells of its own walks, whatever the jobs say of a larger one."""
    assert evolved("definition", divide, "full") == evolved("definition", front="full")


def test_bursts_run_in_two_processes():
    with ProcessPoolExecutor(2, mp_context=multiprocessing.get_context("spawn")) as pool:

        def shared_out(_):
            def step(population, target, jobs, rules):
                halves = np.array_split(jobs, 2)
                work = [pool.submit(run_burst, population, target, half, rules, 1) for half in halves]
                return join([done.result() for done in work])

            return step

        assert evolved("random", shared_out) == evolved("random")
        assert evolved("definition", shared_out, "full") == evolved("definition", front="full")


def test_a_burst_step_is_asked_for_every_generation():
    called = []

    def counted(burst):
        return lambda *work: called.append(len(work[2])) or burst(*work)

    evolved("definition", counted)
    assert len(called) == 4
    assert min(called) > 0


def test_joining_fills_up_what_is_narrower():
    rng = np.random.default_rng(1)
    arrays = [rng.integers(9, size=(2, width)) for width in (2, 3, 4, 4, 4, 2)]
    narrow = Children(*arrays, rng.integers(9, size=(1, 5, 3)), rng.random((1, 4, 3)))
    wide = narrow._replace(refs=np.ones((2, 7)))
    both = join([narrow, wide])
    assert both.refs.tolist() == [[*row, 0, 0, 0] for row in narrow.refs.tolist()] + [[1] * 7] * 2
    assert both.tally.shape == (2, 5, 3)


def test_joining_puts_all_cells_behind_all_children():
    def part(jobs, slabs, first):
        arrays = [np.full((slabs, width), -1) for width in (2, 3, 4, 4, 4, 2)]
        arrays[0][:, 0] = np.arange(first, first + slabs)
        return Children(*arrays, np.zeros((jobs, 5, 3)), np.zeros((jobs, 4, 3)))

    both = join([part(1, 5, 10), part(2, 4, 20), part(1, 3, 30)])
    assert both.counts[:, 0].tolist() == [10, 11, 20, 21, 22, 23, 30, 31, 12, 13, 14, 32]
    assert both.tally.shape == (4, 5, 3)
