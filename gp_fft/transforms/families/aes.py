"""MixColumns of the cipher AES and its inverse, over GF(2): four bytes in, four bytes out (FIPS 197, 5.1.3 and 5.3.3).

Input and output 8 r + k is bit k, the least significant first, of the byte in row r of a column of the state.
"""

import numpy as np

from gp_fft.transforms.coded import ExactMatrix
from gp_fft.transforms.family import Array, Family, Signals

POLYNOMIAL = 0x11B
"""x^8 + x^4 + x^3 + x + 1, modulo which bytes are multiplied."""
MIX = (2, 3, 1, 1)
"""What the first byte out is made of; every other row is this one, moved on by a byte."""
UNMIX = (14, 11, 13, 9)


def _matrix(factors: tuple[int, ...]) -> ExactMatrix:
    """The 32 x 32 bits of a circulant of bytes."""
    blocks = {factor: [_power(factor, k) for k in range(8)] for factor in factors}  # the bytes factor * x^k
    rows = [
        [blocks[factors[(place // 8 - r) % 4]][place % 8] >> bit & 1 for place in range(32)]
        for r in range(4)
        for bit in range(8)
    ]
    return ExactMatrix.of_fractions(rows)


def _power(factor: int, k: int) -> int:
    """factor * x^k, divided by the polynomial as numbers are by hand."""
    product = factor << k
    for place in range(product.bit_length() - 9, -1, -1):
        if product >> (place + 8) & 1:
            product ^= POLYNOMIAL << place
    return product


def _by_bytes(factors: tuple[int, ...]) -> Signals:
    """What arithmetic on bytes makes of bits: doublings and sums in GF(2^8), as software computes them."""

    def apply(x: Array, norm: str = "backward") -> Array:
        column = np.packbits(x.astype(np.uint8).reshape(-1, 4, 8), axis=-1, bitorder="little")[..., 0]
        mixed = np.zeros_like(column)
        for shift, factor in enumerate(factors):
            mixed ^= _times(np.roll(column, -shift, axis=-1), factor)
        bits = np.unpackbits(mixed[..., None], axis=-1, bitorder="little").reshape(*x.shape[:-1], 32)
        return bits.astype(x.dtype)

    return apply


def _times(values: Array, factor: int) -> Array:
    """The bytes times a constant, by doubling and adding (FIPS 197, 4.2.1)."""
    total = np.zeros_like(values)
    while factor:
        if factor & 1:
            total ^= values
        carry = values >> 7
        values = values << 1 ^ carry * np.uint8(POLYNOMIAL & 0xFF)
        factor >>= 1
    return total


def _family(name: str, summary: str, factors: tuple[int, ...]) -> Family:
    return Family(
        name,
        summary,
        oracle=_by_bytes(factors),
        entries=lambda _: _matrix(factors),
        field="gf2",
        sizes=(32,),
        two_dimensional=False,
        no_2d_because="a column of AES has 32 bits",
    )


FAMILY = (
    _family("aes-mixcolumns", "MixColumns of AES on the 32 bits of a column, bit 0 of byte 0 first", MIX),
    _family("aes-inv-mixcolumns", "inverse MixColumns of AES on the 32 bits of a column, bit 0 of byte 0 first", UNMIX),
)
