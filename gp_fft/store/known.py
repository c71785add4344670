"""What baselines start from: the exact programs that are known of a transform, from the records and the textbooks."""

import contextlib

from gp_fft.construct import STARTS
from gp_fft.construct.baseline import Task
from gp_fft.construct.renormed import renormed
from gp_fft.files.shelf import Shelf
from gp_fft.ground.errors import GpFftError
from gp_fft.program import Program
from gp_fft.program.cost import EXACT, cost
from gp_fft.store.standings import Rule
from gp_fft.transforms import MATRIX, NORMS, Transform, get, scaled_to
from gp_fft.transforms.scaling import NONE, OUTPUTS

MOST = 3  # distinct programs to start from
DEAREST = 1.25  # and none that costs so many times the cheapest
ROOM = 400  # terms of all of them; where there are more, the cheapest has to do


def known_programs(
    transform: Transform, shelf: Shelf, more: tuple[Program, ...] = (), free: str = NONE
) -> list[Program]:
    """Exact programs of a transform in the usual set, the cheapest first; empty where none is known.

    They are its records, those for other norms and for outputs with factors, made to fit, and the textbook programs;
    ``more`` are others at hand. They may have the factors at their border that are ``free``.
    """
    plain, found = transform.plain, [program for program in more if not program.primitives]
    if plain.name != MATRIX:
        records = _records(plain, shelf)
        found += records if free != NONE else []
        found += [made for program in records if (made := renormed(program, plain)) is not None]
        for start in STARTS.values():
            with contextlib.suppress(GpFftError):
                found.append(start.make(plain))
    exact = {each.content_hash: each for each in found if scaled_to(each.matrix(), plain, free).error(each) < EXACT}
    known = sorted(exact.values(), key=cost)[:MOST]
    near: list[Program] = []
    room = ROOM
    for each in known:
        room -= each.terms
        if not near or (room >= 0 and cost(each) <= DEAREST * cost(near[0])):
            near.append(each)
    return near


def task_of(transform: Transform, rule: Rule, shelf: Shelf, more: tuple[Program, ...] = (), most: int = MOST) -> Task:
    """What the baselines of a transform are asked for by a rule; ``more`` are exact programs beside the known ones."""
    known = known_programs(transform, shelf, more, rule.free)
    return Task(transform.plain, tuple(known[:most]), rule.primitives, rule.model, rule.free)


def _records(transform: Transform, shelf: Shelf) -> list[Program]:
    """The programs of the records of this transform under any norm, without and with factors at the outputs."""
    kin = [transform]
    for norm in NORMS:
        with contextlib.suppress(GpFftError):
            kin.append(get(transform.name, transform.shape, norm, transform.kernel))
    records = (shelf.find(each, free=free) for each in kin for free in (NONE, OUTPUTS))
    return [record.program for record in records if record is not None]
