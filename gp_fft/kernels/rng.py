"""A random stream inside the kernels: one word of state, passed along (Steele et al. 2014, SplitMix64)."""

import numpy as np
from numba import njit

from gp_fft.kernels.jit import INNER

_GAMMA = np.uint64(0x9E3779B97F4A7C15)
_MIX1 = np.uint64(0xBF58476D1CE4E5B9)
_MIX2 = np.uint64(0x94D049BB133111EB)


@njit(**INNER)
def mix(word):
    """Scramble a uint64: the output function of SplitMix64, also used as a hash."""
    word = (word ^ (word >> np.uint64(30))) * _MIX1
    word = (word ^ (word >> np.uint64(27))) * _MIX2
    return word ^ (word >> np.uint64(31))


@njit(**INNER)
def draw(state):
    """Advance the stream kept in ``state[0]`` (int64 array) and return a uint64."""
    word = np.uint64(state[0]) + _GAMMA
    state[0] = np.int64(word)
    return mix(word)


@njit(**INNER)
def draw_below(state, bound):
    """Return an integer in ``0 .. bound - 1`` (bound >= 1)."""
    return np.int64((draw(state) >> np.uint64(33)) % np.uint64(bound))


@njit(**INNER)
def draw_unit(state):
    """Return a float64 in [0, 1)."""
    return np.float64(draw(state) >> np.uint64(11)) * (1.0 / 9007199254740992.0)


@njit(cache=True, error_model="numpy")
def child_seed(seed, island, generation, index):
    """Derive the stream of one child from (seed, island, generation, index), as an int64."""
    word = mix(np.uint64(seed) + _GAMMA)
    word = mix(word ^ (np.uint64(island) * _MIX1 + _GAMMA))
    word = mix(word ^ (np.uint64(generation) * _MIX2 + _GAMMA))
    word = mix(word ^ (np.uint64(index) * _GAMMA + _MIX1))
    return np.int64(word)
