"""Fingerprints: every value on two random inputs, so that proportional vectors find each other in one look-up.

Over the bits a fingerprint is four numbers of 48 random bits each, sums are XOR, and only equal vectors are found.
"""

import numpy as np
from numba import njit

from gp_fft.kernels.jit import INNER
from gp_fft.kernels.rng import mix
from gp_fft.kernels.workbench import BITS, TURNS


@njit(**INNER)
def turned(re, im, turn):
    """Multiply by i^turn."""
    if turn == 0:
        return re, im
    if turn == 1:
        return -im, re
    if turn == 2:
        return -re, -im
    return im, -re


@njit(**INNER)
def turn_step(b):
    """The step from one turn to the next that is allowed: turns are ``range(0, 4, turn_step(b))``."""
    return 4 // b.state[TURNS]


@njit(**INNER)
def xor(x, y):
    """The XOR of two whole numbers that are held as floats."""
    return np.float64(np.int64(x) ^ np.int64(y))


@njit(**INNER)
def print_of(b, value):
    """The fingerprint of a value: its two samples as (re, im, re, im)."""
    v = b.values[value]
    return v.z1r, v.z1i, v.z2r, v.z2i


@njit(**INNER)
def add_prints(b, z, w, size, turn):
    """The fingerprint of ``z + size i^turn w`` from those of z and w, of which neither need be a value."""
    if b.state[BITS] != 0:
        return xor(z[0], w[0]), xor(z[1], w[1]), xor(z[2], w[2]), xor(z[3], w[3])
    x1, y1 = turned(w[0], w[1], turn)
    x2, y2 = turned(w[2], w[3], turn)
    return z[0] + size * x1, z[1] + size * y1, z[2] + size * x2, z[3] + size * y2


@njit(**INNER)
def is_zero(z):
    """Is this the fingerprint of zero?"""
    return z[0] * z[0] + z[1] * z[1] < 1e-18


@njit(**INNER)
def _bucket_of_bits(b, z1r, z2r):
    word = np.uint64(np.int64(z1r)) * np.uint64(0x9E3779B97F4A7C15) ^ np.uint64(np.int64(z2r))
    return np.int64(mix(word) & np.uint64(b.buckets.shape[0] - 1))


@njit(**INNER)
def _bucket_of(b, z1r, z1i, z2r, z2i):
    norm = z1r * z1r + z1i * z1i
    qr = (z2r * z1r + z2i * z1i) / norm
    qi = (z2i * z1r - z2r * z1i) / norm
    word = np.uint64(np.int64(np.floor(qr * 1e6 + 0.5))) * np.uint64(0x9E3779B97F4A7C15)
    word ^= np.uint64(np.int64(np.floor(qi * 1e6 + 0.5)))
    return np.int64(mix(word) & np.uint64(b.buckets.shape[0] - 1))


@njit(**INNER)
def reprint(b, value):
    """Enter a value into the table of fingerprints."""
    v = b.values[value]
    if v.z1r * v.z1r + v.z1i * v.z1i < 1e-18:
        return
    if b.state[BITS] != 0:
        bucket = _bucket_of_bits(b, v.z1r, v.z2r)
    else:
        bucket = _bucket_of(b, v.z1r, v.z1i, v.z2r, v.z2i)
    v.bucket = bucket
    v.fprev = -1
    v.fnext = b.buckets[bucket]
    if v.fnext >= 0:
        b.values[v.fnext].fprev = value
    b.buckets[bucket] = value


@njit(**INNER)
def unprint(b, value):
    """Take a value out of the table of fingerprints."""
    v = b.values[value]
    if v.bucket < 0:
        return
    if v.fprev >= 0:
        b.values[v.fprev].fnext = v.fnext
    else:
        b.buckets[v.bucket] = v.fnext
    if v.fnext >= 0:
        b.values[v.fnext].fprev = v.fprev
    v.bucket = -1


@njit(**INNER)
def _find_equal(b, z1r, z1i, z2r, z2i, other_than):
    """A value over the bits with this fingerprint, or -1."""
    value = b.buckets[_bucket_of_bits(b, z1r, z2r)]
    while value >= 0:
        v = b.values[value]
        same = v.z1r == z1r and v.z1i == z1i and v.z2r == z2r and v.z2i == z2i
        if same and value != other_than:
            break
        value = v.fnext
    return value


@njit(**INNER)
def find_proportional(b, z1r, z1i, z2r, z2i, other_than):
    """Find a value v with z = size * i^turn * v; return (v, size, turn), or (-1, 1.0, 0).

    The quotient of the two samples does not change when a vector is scaled, so it is the key; the second test
    compares both samples at about ten digits (a false match has odds of about 1e-19 a pair).
    """
    if z1r * z1r + z1i * z1i < 1e-18:
        return -1, 1.0, 0
    if b.state[BITS] != 0:
        return _find_equal(b, z1r, z1i, z2r, z2i, other_than), 1.0, 0
    value = b.buckets[_bucket_of(b, z1r, z1i, z2r, z2i)]
    while value >= 0:
        if value != other_than:
            v = b.values[value]
            norm = v.z1r * v.z1r + v.z1i * v.z1i
            rr = (z1r * v.z1r + z1i * v.z1i) / norm
            ri = (z1i * v.z1r - z1r * v.z1i) / norm
            tolerance = 1e-10 * (abs(rr) + abs(ri))
            turn = -1
            size = 1.0
            if abs(ri) < tolerance:
                size = abs(rr)
                turn = 0 if rr > 0 else 2
            elif abs(rr) < tolerance and b.state[TURNS] == 4:
                size = abs(ri)
                turn = 1 if ri > 0 else 3
            if turn >= 0:
                er = z2r - (rr * v.z2r - ri * v.z2i)
                ei = z2i - (rr * v.z2i + ri * v.z2r)
                if abs(er) + abs(ei) < 1e-9 * (abs(z2r) + abs(z2i)) + 1e-12:
                    return value, size, turn
        value = b.values[value].fnext
    return -1, 1.0, 0


@njit(**INNER)
def evaluate_print(b, row):
    """Compute the fingerprint of a row from its terms and enter it into the table."""
    z = (0.0, 0.0, 0.0, 0.0)
    slot = b.values[row].first
    while slot >= 0:
        t = b.terms[slot]
        z = add_prints(b, z, print_of(b, t.ref), t.size, t.turn)
        slot = t.next
    unprint(b, row)
    b.values[row].z1r = z[0]
    b.values[row].z1i = z[1]
    b.values[row].z2r = z[2]
    b.values[row].z2i = z[3]
    reprint(b, row)
