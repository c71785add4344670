"""Destroy a connected cone of two or three definitions and rebuild what its users lack from as many sums of two values.

The ruin takes the whole cone away; the recreation is greedy over a pool of pairs: each candidate is scored by how many
of the sums it brings within one addition, the best is added, and the last one has to serve all that are left. Nothing
is done where that fails, so the program never gets more additions. Ruin and recreate: Schrimpf et al. (2000); the score
by distances is that of Boyar and Peralta (2010), "A new combinational logic minimization technique".
"""

from numba import njit

from gp_fft.kernels.edits import begin_step, undo
from gp_fft.kernels.fingerprints import add_prints, is_zero, print_of
from gp_fft.kernels.holes import (
    BARRED,
    STRICT,
    fill,
    find_sum,
    in_cone,
    lack,
    list_users,
    make,
    remedy,
    serve,
)
from gp_fft.kernels.jit import INNER
from gp_fft.kernels.operator import Operator
from gp_fft.kernels.picks import any_value, random_row, random_term, random_turn, random_user
from gp_fft.kernels.rng import draw_below, draw_unit
from gp_fft.kernels.workbench import INPUTS, NOBODY, ZERO

CONES = 4  # that are tried until one can be rebuilt
LARGE = 0.3  # chance of a cone of three
POOL = 30  # candidates of which the one that serves most sums is added
CANDIDATES = 300  # for the last value
MOST_USERS = 10


@njit(**INNER)
def rebuild(b):
    """Take a few neighbouring definitions away and rebuild what their users lack from as many new values."""
    for _ in range(CONES):
        one = random_row(b)
        two = _near(b, one, one)
        three = _near(b, two, one) if two >= 0 and draw_unit(b.state) < LARGE else NOBODY
        cone = (one, two, three)
        count = list_users(b, cone, MOST_USERS) if two >= 0 and three != two else ZERO
        if count < 2:
            continue
        done = ZERO
        for _ in range(2 if three >= 0 else 1):
            if done < count:
                done = _add_best(b, cone, done, count)
        if done > 0 and (done == count or fill(b, cone, done, count, CANDIDATES)):
            return
        undo(b)
        begin_step(b)  # what was undone is not saved any more


@njit(**INNER)
def _near(b, row, other):
    """A definition, no output, beside a row: one that it uses or that uses it, or another term of a user; or -1."""
    v = b.values[row]
    near = -1
    if v.length == 0 or v.uses == 0:
        return near
    draw = draw_unit(b.state)
    if draw < 0.4:
        near = b.terms[random_term(b, row)].ref
    else:
        near = b.terms[random_user(b, row)].row
        if draw < 0.8:
            near = b.terms[random_term(b, near)].ref
    if near < b.state[INPUTS] or near in (row, other) or b.values[near].output >= 0:
        return -1
    return near


@njit(**INNER)
def _random_lack(b, cone, begin, end):
    """What a random one of the listed sums lacks, less a random value: a candidate's fingerprint (zero if unlucky)."""
    user = b.values[begin + draw_below(b.state, end - begin)].pair_b
    value = any_value(b)
    j = random_term(b, user)
    if in_cone(cone, b.terms[j].ref):
        j = NOBODY
    if b.values[value].pair_a == BARRED:
        return (0.0, 0.0, 0.0, 0.0)
    return add_prints(b, lack(b, user, cone, j), print_of(b, value), 1.0, random_turn(b))


@njit(**INNER)
def _add_best(b, cone, begin, end):
    """Add the candidate of a pool that serves most of the listed sums and let it; return where the others begin now."""
    best = (0.0, 0.0, 0.0, 0.0)
    parts = (NOBODY, ZERO, NOBODY, 1.0, ZERO)
    most = 0
    for _ in range(POOL):
        z = _random_lack(b, cone, begin, end)
        if is_zero(z):
            continue
        served = 0
        for k in range(begin, end):
            if remedy(b, b.values[k].pair_b, cone, z, STRICT)[1] >= 0:
                served += 1
        if served > most:
            found = find_sum(b, z)
            if found[0] >= 0:
                most = served
                best = z
                parts = found
    w = make(b, parts)
    if w[0] < 0:
        return begin
    for k in range(begin, end):
        user = b.values[k].pair_b
        if serve(b, user, cone, best, w, STRICT):
            b.values[k].pair_b = b.values[begin].pair_b
            b.values[begin].pair_b = user
            begin += 1
    return begin


OPERATOR = Operator(
    "rebuild",
    "rewrite",
    0.10,
    "take a few neighbouring definitions away and rebuild what their users lack",
    rebuild,
    place=9,
    fields=(),
)
