"""The transforms: a table of families by name, and the frozen value that says which map is to be computed.

A transform is one entry of the table, a :class:`Family`, which carries its formula and with it the exact form, its
oracle (the function of numpy or scipy), its shift rule, its names and its norms; nothing elsewhere repeats them. The
rest of the room makes a :class:`Transform` out of a name, a title, a file's plain data or a matrix.
"""

from collections.abc import Iterable, Sequence
from functools import cache
from typing import TYPE_CHECKING, Protocol, SupportsFloat

from gp_fft.transforms.family import NORMS, Family
from gp_fft.transforms.fitting import fit_scaling, scaled_to
from gp_fft.transforms.scaling import FREE, UNSCALED, Scaling, check_free
from gp_fft.transforms.spec import from_spec
from gp_fft.transforms.table import FAMILIES, MATRIX, find, names, register
from gp_fft.transforms.titles import parse_title, title_inputs
from gp_fft.transforms.transform import (
    LARGEST_PRODUCT,
    LARGEST_SIZE,
    HasMatrix,
    Transform,
    from_array,
    from_file,
    get,
)

__all__ = [
    "FAMILIES",
    "FREE",
    "LARGEST_PRODUCT",
    "LARGEST_SIZE",
    "MATRIX",
    "NORMS",
    "UNSCALED",
    "Family",
    "HasMatrix",
    "Scaling",
    "Transform",
    "check_free",
    "find",
    "fit_scaling",
    "from_array",
    "from_file",
    "from_spec",
    "get",
    "names",
    "parse_title",
    "register",
    "scaled_to",
    "title_inputs",
]


class Maker(Protocol):
    """``get`` with its name filled in."""

    def __call__(
        self, n: int | Sequence[int], norm: str = "backward", kernel: Iterable[SupportsFloat] = ()
    ) -> Transform:
        """The transform of size n; raises UsageError as ``get`` does."""


@cache
def _named(name: str) -> Maker:
    """``get`` with its name filled in: takes n, norm and kernel, and raises UsageError as ``get`` does."""

    def make(n: int | Sequence[int], norm: str = "backward", kernel: Iterable[SupportsFloat] = ()) -> Transform:
        return get(name, n, norm, kernel)

    make.__name__ = make.__qualname__ = name.replace("-", "_")
    make.__doc__ = f"The {FAMILIES[name].summary} of size n, as ``get({name!r}, n, norm, kernel)``."
    return make


if TYPE_CHECKING:  # for editors, the names that ship
    dft = idft = rdft = dht = wht = conv = toeplitz = _named("")
    dct1 = dct2 = dct3 = dct4 = dct5 = dct6 = dct7 = dct8 = _named("")
    dst1 = dst2 = dst3 = dst4 = dst5 = dst6 = dst7 = dst8 = _named("")
    mdct = imdct = walsh = haar = skewconv = linconv = hankel = _named("")
else:

    def __getattr__(name: str) -> Maker:
        """The function of a transform in the table; ``hevc_dct2`` is that of ``hevc-dct2``."""
        for known in (name, name.replace("_", "-")):
            if not name.startswith("_") and known in FAMILIES:
                return _named(known)
        raise AttributeError(f"module 'gp_fft.transforms' has no attribute {name!r}")
