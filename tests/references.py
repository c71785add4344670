"""What transforms are to be compared with: scipy's matrices, and textbook formulas where scipy has none."""

from math import prod

import numpy as np
import scipy.fft
import scipy.linalg

from gp_fft.ground.errors import DataError
from gp_fft.transforms import FAMILIES, NORMS, get, parse_title

KERNELS = {
    **dict.fromkeys(("conv", "skewconv", "linconv"), lambda n: n),
    **dict.fromkeys(("toeplitz", "hankel"), lambda n: 2 * n - 1),
}
VIDEO = ("hevc-dct2", "vvc-dst7", "vvc-dct8", "h264")
APPROXIMATE = (
    *("sdct", "lodct", "cb2011", "bas2008", "bas2009", "bas2011-a0", "bas2011-a05", "bas2011-a1", "bas2011-a2"),
    *("bc2012", "pea2012", "pmc2014"),
)


DOUBLED = {"jam2015": "cb2011", "jam-bc2012": "bc2012"}

CRC8 = (0, 0, 0, 0, 0, 1, 1, 1)
OVER_BITS = tuple(name for name, family in FAMILIES.items() if family.field == "gf2")


def kernel_for(name, shape):
    if name == "crc":
        return CRC8
    size = KERNELS.get(name.removesuffix("-2d"))
    return tuple(np.random.default_rng(7).normal(size=prod(map(size, shape)))) if size else ()


def make(name, *shape, norm="backward"):
    """The transform with the nearest sizes that it has."""
    shape = tuple(FAMILIES[name.removesuffix("-2d")].nearest(n, 1) for n in shape)
    shape = shape if name.endswith("-2d") else shape[:1]
    return get(name, shape, norm, kernel_for(name, shape))


def norms_of(name):
    return FAMILIES[name.removesuffix("-2d")].norms


def allowed(name, n):
    """Whether there is a transform of this size, as the user is told."""
    try:
        parse_title(f"{name} {n}x{n}" if name.endswith("-2d") else f"{name} {n}")
    except DataError:
        return False
    return True


def floats_of(exact):
    """Every entry rounded by itself, from its sum of roots of unity."""
    return np.array([number.value() for number in exact.numbers])[exact.index]


def packed(half, n):
    """The real and imaginary parts of scipy's rfft in the order of rdft."""
    parts = [half[0].real]
    for k in range(1, len(half)):
        parts.append(half[k].real)
        if 2 * k < n:
            parts.append(half[k].imag)
    return np.array(parts)


def scaled(matrix, norm):
    n = len(matrix)
    return matrix / {"backward": 1, "ortho": np.sqrt(n), "forward": n}[norm]


def of_kernel(name, n, kernel):
    if name == "conv":
        return scipy.linalg.circulant(kernel)
    if name == "skewconv":
        return np.tril(scipy.linalg.circulant(kernel)) - np.triu(scipy.linalg.circulant(kernel), 1)
    if name == "linconv":
        return scipy.linalg.convolution_matrix(kernel, n)
    if name == "hankel":
        return scipy.linalg.hankel(kernel[:n], kernel[n - 1 :])
    return scipy.linalg.toeplitz(kernel[:n], np.r_[kernel[0], kernel[n:]])


TEXTBOOK = {  # orthogonal but for a factor: function, angle/pi as a fraction, weighed rows, weighed columns
    "dct5": (np.cos, lambda n, k, j: (2 * k * j, 2 * n - 1), [0], [0]),
    "dct6": (np.cos, lambda n, k, j: (2 * k * (j + 0.5), 2 * n - 1), [0], [-1]),
    "dct7": (np.cos, lambda n, k, j: (2 * (k + 0.5) * j, 2 * n - 1), [-1], [0]),
    "dct8": (np.cos, lambda n, k, j: (2 * (k + 0.5) * (j + 0.5), 2 * n + 1), [], []),
    "dst5": (np.sin, lambda n, k, j: (2 * (k + 1) * (j + 1), 2 * n + 1), [], []),
    "dst6": (np.sin, lambda n, k, j: (2 * (k + 1) * (j + 0.5), 2 * n + 1), [], []),
    "dst7": (np.sin, lambda n, k, j: (2 * (k + 0.5) * (j + 1), 2 * n + 1), [], []),
    "dst8": (np.sin, lambda n, k, j: (2 * (k + 0.5) * (j + 0.5), 2 * n - 1), [-1], [-1]),
    "mdct": (np.cos, lambda n, k, j: ((j + 0.5 + n / 2) * (k + 0.5), n), [], []),
    "imdct": (np.cos, lambda n, j, k: ((j + 0.5 + n / 2) * (k + 0.5), n), [], []),
}


def by_textbook(name, n, norm):
    """The sines and cosines of S. A. Martucci (1994), table I, and the MDCT of J. P. Princen et al. (1987)."""
    function, angle, rows, columns = TEXTBOOK[name]
    shape = {"mdct": (n, 2 * n), "imdct": (2 * n, n)}.get(name, (n, n))
    over, under = angle(n, *np.indices(shape))
    wave = function(np.pi * (over % (2 * under)) / under)
    weigh = [np.ones(n), np.ones(n)]
    for weight, places in zip(weigh, (rows, columns), strict=True):
        weight[places] = np.sqrt(0.5)
    power = NORMS.index(norm) / 2
    if name in ("mdct", "imdct"):
        return wave / n ** (1 - power if name == "imdct" else power)
    if norm != "ortho":
        weigh = [np.ones(n), weigh[1] ** 2]
    period = 2 * n + 1 if name in ("dct8", "dst5", "dst6", "dst7") else 2 * n - 1
    return 2 * wave * np.outer(*weigh) / period**power


def filters(name):
    """The low and the high filter of a wavelet, products of (z + 2 + 1/z)/4 and of factors of Daubechies' polynomial.

    A. Cohen, I. Daubechies and J.-C. Feauveau (1992): of 1 + 4y + 10y^2 + 20y^3, y = (2 - z - 1/z)/4, the complex roots
    go to the low filter of 9 taps and the real one to that of 7 taps, which alternates its signs as the high filter.
    """
    one, binomial, y = np.array([0, 1, 0]), np.array([1, 2, 1]) / 4, np.array([-1, 2, -1]) / 4
    if name == "cdf53":
        low, high = np.convolve(binomial, one + 2 * y), binomial
    else:
        roots = np.roots([20, 10, 4, 1])
        real = roots[abs(roots.imag) < 1e-9].real[0]
        a, b = (one - y / root for root in roots[abs(roots.imag) > 1e-9])
        four = np.convolve(binomial, binomial)
        low = np.convolve(four, np.convolve(a, b).real)
        high = np.convolve(four, one - y / real)
    return low, 2 * high * (-1.0) ** np.arange(len(high)) * (-1) ** (len(high) // 2)


def by_filters(name, n):
    """One level of a wavelet tap by tap, data mirrored at both ends without repeating them."""
    matrix = np.zeros((n, n))
    for row in range(n):
        half = row >= n // 2
        taps = filters(name)[half]
        for k, tap in enumerate(taps):
            place = (2 * row - (n - 1) * half + k - len(taps) // 2) % (2 * n - 2)
            matrix[row, min(place, 2 * n - 2 - place)] += tap
    return matrix


def by_halves(n):
    """Haar's rows of n/2 points with every entry twice, then the differences of neighbours."""
    if n == 1:
        return np.eye(1)
    return np.vstack([np.kron(by_halves(n // 2), [1, 1]), np.kron(np.eye(n // 2), [1, -1])])


def by_scipy(name, n, norm):
    eye = np.eye(n)
    if name in ("dft", "idft"):
        return {"dft": scipy.fft.fft, "idft": scipy.fft.ifft}[name](eye, axis=0, norm=norm)
    if name == "rdft":
        return packed(scipy.fft.rfft(eye, axis=0, norm=norm), n)
    if name == "dht":
        spectrum = scipy.fft.fft(eye, axis=0, norm=norm)
        return spectrum.real - spectrum.imag
    if name == "wht":
        return scaled(scipy.linalg.hadamard(n, dtype=float), norm)
    if name == "walsh":
        rows = scipy.linalg.hadamard(n, dtype=float)
        return scaled(np.array(sorted(rows, key=lambda row: np.count_nonzero(np.diff(row)))), norm)
    if name in KERNELS:
        return of_kernel(name, n, np.array(kernel_for(name, (n,))))
    if name in TEXTBOOK:
        return by_textbook(name, n, norm)
    if name in ("cdf53", "cdf97"):
        return by_filters(name, n)
    if name == "haar":
        return by_halves(n)
    function = {"dct": scipy.fft.dct, "dst": scipy.fft.dst}[name[:3]]
    return function(eye, type=int(name[3]), axis=0, norm=norm)
