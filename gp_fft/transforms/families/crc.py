"""Cyclic redundancy checks over GF(2): the remainder of a message, a polynomial, divided by another (Peterson 1961).

Only the linear part is meant: the register begins at zero and is not inverted in the end. By linearity the check of
messages of one length differs from that by a constant, and a register that holds the check of what came before is
added to the first bits of the message.
"""

import zlib
from collections.abc import Sequence

import numpy as np

from gp_fft.transforms.coded import ExactMatrix
from gp_fft.transforms.family import Array, Family, Signals

CRC32 = 0x04C11DB7
"""The polynomial of Ethernet, zip and png (IEEE 802.3), without x^32; bit k belongs to x^k."""


def _remainders(polynomial: int, width: int, n: int) -> list[int]:
    """x^(width + n - 1 - j) modulo the polynomial for the bits j = 0 to n - 1 of a message."""
    powers, register = [], polynomial
    for _ in range(n):
        powers.append(register)
        register <<= 1
        if register >> width:
            register ^= polynomial | 1 << width
    return powers[::-1]


def crc(shape: tuple[int, ...], kernel: Sequence[float]) -> ExactMatrix:
    """The remainder of n bits by x^w + kernel[0] x^(w-1) + ... + kernel[w-1]; highest powers first in and out."""
    width = len(kernel)
    columns = _remainders(int("".join(str(int(tap)) for tap in kernel), 2), width, shape[0])
    return ExactMatrix.of_fractions([[column >> k & 1 for column in columns] for k in range(width)[::-1]])


def _by_division(shape: tuple[int, ...], kernel: Sequence[float]) -> Signals:
    """Long division, bit after bit: where the leading one stands the polynomial is taken off."""
    (n,), taps = shape, np.array(kernel).astype(bool)

    def apply(x: Array) -> Array:
        line = np.concatenate([x, np.zeros((len(x), len(taps)), x.dtype)], axis=1)
        for j in range(n):
            line[:, j + 1 : j + 1 + len(taps)] ^= np.where(taps, line[:, j : j + 1], 0).astype(x.dtype)
        return line[:, n:]

    return apply


def crc32(n: int) -> ExactMatrix:
    """CRC-32 of n bits, of each byte the least significant first; output k is bit k of the number that zlib gives."""
    columns = _remainders(CRC32, 32, n)
    return ExactMatrix.of_fractions([[column >> 31 - k & 1 for column in columns] for k in range(32)])


def _by_zlib(x: Array, norm: str = "backward") -> Array:
    """zlib.crc32 less that of zeros, which leaves what is linear of it."""
    messages = np.packbits(x.astype(np.uint8), axis=-1, bitorder="little")
    constant = zlib.crc32(bytes(messages.shape[-1]))
    checks = np.array([zlib.crc32(message.tobytes()) ^ constant for message in messages], "<u4")
    bits = np.unpackbits(checks[:, None].view(np.uint8), axis=-1, bitorder="little")
    return bits.astype(x.dtype)


FAMILY = (
    Family(
        "crc",
        "cyclic redundancy check of n bits; kernel: the polynomial below its leading one, highest power first",
        kernel_formula=crc,
        kernel_oracle=_by_division,
        kernel_size=None,
        field="gf2",
        two_dimensional=False,
        no_2d_because="a message is a line of bits",
    ),
    Family(
        "crc32",
        "CRC-32 of n bits, whole bytes, as zlib has it but from 0 and not inverted",
        oracle=_by_zlib,
        entries=crc32,
        field="gf2",
        sides=lambda n: (32, n),
        sizes=tuple(range(8, 257, 8)),
        two_dimensional=False,
        no_2d_because="a message is a line of bits",
    ),
)
