"""The integer transforms of video coding as skew-circular convolutions, which the rounding to integers leaves intact.

The integers of HEVC's DCT II and of VVC's DST VII depend on the product of the numbers of output and input alone, as
cosines and sines do. So the odd half of the one, by the powers of 5 modulo 4n, and the other, by those of a primitive
root modulo the prime 17, are skew-circular convolutions with integers (C. M. Rader 1968; W. Li 1991 for the DCT);
modulo 33 = 3 x 11 the integers keep the relation of three sines as well. The even half of HEVC's is the DCT of n/2
points (W.-H. Chen, C. H. Smith and S. C. Fralick 1977).
"""

from collections.abc import Callable, Iterator, Mapping
from functools import partial

from gp_fft.construct.builder import Builder, negated, scaled
from gp_fft.construct.methods.convolution import WEIGHTS, circular_hankel, skew_hankel
from gp_fft.construct.methods.odd_order import reordered
from gp_fft.construct.parts import Method, Parts
from gp_fft.construct.textbook import definition
from gp_fft.program import Program, Term
from gp_fft.transforms import Transform, from_array, get

SMALLEST = 4  # points of HEVC
PRIMITIVE_ROOTS = {8: 3}  # modulo 2n+1, where that is a prime


def by_powers(
    build: Builder,
    data: Mapping[int, Term],
    value: Callable[[int], float],
    root: int,
    modulus: int,
    weight: float,
) -> dict[int, Term]:
    """``y[a] = sum value(a b) data[b]``; h data, h outputs, and ``value`` keeps its size from b to b root^h."""
    half = len(data)
    back = -1.0 if value(pow(root, half, modulus)) == -value(1) else 1.0
    places: dict[int, tuple[int, float]] = {}
    for power in range(2 * half):
        element, place = pow(root, power, modulus), (power % half, 1.0 if power < half else back)
        places[element] = place
        places.setdefault(modulus - element, place)
    order = [build.x[0]] * half
    for b, given in data.items():
        at, sign = places[b]
        order[at] = scaled(given, sign)
    kernel = tuple(value(pow(root, power, modulus)) for power in range(half))
    values = (skew_hankel if back < 0 else circular_hankel)(build, kernel, order, weight)
    return {a: scaled(values[places[a][0]], places[a][1]) for a in data}


def hevc(even: Program, title: str, weight: float) -> Program:
    """``hevc-dct2 n`` from ``hevc-dct2 n/2``."""
    n = 2 * even.inputs
    build = Builder(n, "real")
    first = get("hevc-dct2", n).matrix[1].tolist()
    pairs = list(zip(build.x[: n // 2], build.x[: n // 2 - 1 : -1], strict=True))
    data = {2 * j + 1: build.difference(*pair) for j, pair in enumerate(pairs)}

    def cosine(m: int) -> float:
        return float(first[min(m % (4 * n), -m % (4 * n)) // 2])

    odd = by_powers(build, data, cosine, 5, 4 * n, weight)
    y = list(build.x)
    y[::2] = build.apply(even, [build.sum(*pair) for pair in pairs])
    y[1::2] = [odd[2 * k + 1] for k in range(n // 2)]
    return build.program(y, title)


def vvc(n: int, weight: float, title: str) -> Program:
    """``vvc-dst7`` of 8 and 16 points; as a DST V, its last row and its inputs have their signs in turn."""
    build = Builder(n, "real")
    last = get("vvc-dst7", n).matrix[-1].tolist()

    def sine(m: int) -> float:
        m %= 2 * n + 1
        if m == 0:
            return 0.0
        return float(last[m - 1] * (-1) ** (m - 1)) if m <= n else -sine(-m)

    data = {j + 1: negated(x) if j % 2 else x for j, x in enumerate(build.x)}
    if n in PRIMITIVE_ROOTS:
        y = by_powers(build, data, sine, PRIMITIVE_ROOTS[n], 2 * n + 1, weight)
    else:
        y = by_thirds(build, data, sine, weight)
    return build.program([y[n - k] for k in range(n)], title)


def by_thirds(
    build: Builder, data: Mapping[int, Term], value: Callable[[int], float], weight: float
) -> dict[int, Term]:
    """The same modulo 33, where ``value`` is odd and its values at a, a + 11 and a + 22 add up to zero.

    By the Chinese remainders of 3 and 11 a number that 3 does not divide is 1 modulo 3, or minus it is: there ``value``
    is an even and an odd function modulo 11; where 3 divides it, it is minus twice the odd one (I. J. Good 1958).
    """

    def known(values: Mapping[int, Term], m: int) -> Term:
        return values[m] if m in values else negated(values[33 - m])

    def one(t: int) -> int:
        return (22 + 12 * t) % 33

    def even(t: int) -> float:
        return (value(one(t)) + value(one(-t))) / 2

    def odd(t: int) -> float:
        return (value(one(t)) - value(one(-t))) / 2

    span = range(1, 6)
    first, third = known(data, one(0)), {t: known(data, 12 * t % 33) for t in span}
    pairs = {t: (known(data, one(t)), known(data, one(-t))) for t in span}
    sums = {t: build.sum(*pair) for t, pair in pairs.items()}
    gaps = {t: build.difference(*pair) for t, pair in pairs.items()}
    evens = by_powers(build, sums, even, 2, 11, weight)
    mixed = {t: build.sum(gaps[t], scaled(third[t], -2.0)) for t in span}
    odds = by_powers(build, mixed, odd, 2, 11, weight)
    whole = {t: build.sum(gaps[t], third[t]) for t in span}
    thirds = by_powers(build, whole, lambda t: -2.0 * odd(t), 2, 11, weight)
    constant = build.sum(scaled(first, even(0)))
    y = {one(0): scaled(build.sum(first, *sums.values()), even(0))}
    for s in span:
        level = build.sum(evens[s], constant)
        y[one(s)], y[one(-s)] = build.sum(level, odds[s]), build.difference(level, odds[s])
        y[12 * s % 33] = thirds[s]
    return {m if m < 17 else 33 - m: term if m < 17 else negated(term) for m, term in y.items()}


def _hevc(transform: Transform, parts: Parts) -> Iterator[Program | None]:
    for weight in WEIGHTS:
        if transform.inputs == SMALLEST:
            yield hevc(definition(from_array([[64, 64], [64, -64]])), transform.title, weight)
        else:
            yield parts.join(partial(hevc, weight=weight), transform.title, ("hevc-dct2", transform.inputs // 2))


def _vvc(transform: Transform, parts: Parts) -> Iterator[Program | None]:
    n, title = transform.inputs, transform.title
    if transform.name == "vvc-dst7" and n in (*PRIMITIVE_ROOTS, 16):
        yield from (vvc(n, weight, title) for weight in WEIGHTS)
    twin = TWINS[transform.name]
    yield parts.join(partial(reordered, transform.name, twin), title, (twin, n))


TWINS = {"vvc-dst7": "vvc-dct8", "vvc-dct8": "vvc-dst7"}

METHOD = (
    Method("hevc", ("hevc-dct2",), lambda transform: True, _hevc, smaller=True),
    Method("vvc", tuple(TWINS), lambda transform: True, _vvc, rank=1),
)
