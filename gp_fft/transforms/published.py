"""What people published: the table of operation counts that evolved programs are compared with."""

import csv
from dataclasses import dataclass
from functools import cache

import msgspec

from gp_fft.ground import shipped
from gp_fft.transforms.scaling import FREE, NONE, OUTPUTS, UNIFORM

METHODS: dict[str, str] = {
    "split_radix": "split radix",
    "tangent": "tangent FFT",
    "winograd": "Winograd modules",
    "selesnick_burrus": "Selesnick and Burrus",
    "haynal": "Haynal and Haynal",
    "shao_johnson": "Shao and Johnson",
    "classical": "classical",
    "via_rdft": "by a real DFT",
    "butterfly": "butterflies",
    "radix2": "radix-2",
    "radix4": "radix-4",
    "radix8": "radix-8",
    "radix2_naive": "radix-2, nothing removed",
    "fftw": "FFTW",
    "genfft": "genfft",
    "best_known": "composition of published modules",
    "chen": "Chen, Smith and Fralick",
    "lee": "Lee",
    "loeffler": "Loeffler, Ligtenberg and Moschytz",
    "arai_scaled": "Arai, Agui and Nakajima, outputs scaled",
    "scaled_outputs": "Shao and Johnson, outputs scaled",
    "genfft_scaled": "genfft, outputs scaled",
    "one_factor": "Alman and Rao, all outputs scaled alike",
    "doubling": "doublings not counted",
}
"""The methods of the table and how to call them; of equal counts, the one that stands first here is named."""

_NOT_COMPARABLE = frozenset(("chen", "lee", "loeffler", "doubling"))
_SCALED = {"one_factor": UNIFORM, "arai_scaled": OUTPUTS, "scaled_outputs": OUTPUTS, "genfft_scaled": OUTPUTS}
"""What must be free at the border of a program for these counts, see transforms.FREE."""


@dataclass(frozen=True)
class Published:
    """One published count, in real flops; ``adds`` and ``muls`` are None where only the total is known."""

    transform: str
    n: int
    method: str
    adds: int | None
    muls: int | None
    total: int
    source: str

    @property
    def comparable(self) -> bool:
        """Whether it counts, by the same rule, what gp-fft's transform of that name computes.

        Not so where the outputs have another normalisation, or multiplications by two are left out.
        """
        return self.fits(NONE)

    def fits(self, free: str) -> bool:
        """Whether it counts what gp-fft's transform computes with what is ``free`` at the border."""
        words = list(FREE)
        needed = words.index(_SCALED.get(self.method, NONE))
        return self.method not in _NOT_COMPARABLE and needed <= words.index(free)


@cache
def _table() -> tuple[Published, ...]:
    """Every row of op_counts.csv, in its order."""
    text = (shipped.folder("_reference") / "op_counts.csv").read_text(encoding="utf-8")
    rows = ({key: value or None for key, value in row.items()} for row in csv.DictReader(text.splitlines()))
    return tuple(msgspec.convert(row, Published, strict=False) for row in rows)


def transforms() -> tuple[str, ...]:
    """The names of the transforms in the table, sorted."""
    return tuple(sorted({row.transform for row in _table()}))


def sizes(transform: str) -> tuple[int, ...]:
    """The sizes for which counts of a transform are known, ascending."""
    return tuple(sorted({row.n for row in _table() if row.transform == transform}))


def rows(transform: str, n: int | None = None) -> tuple[Published, ...]:
    """The published counts of a transform, of one size or of all; empty if there are none.

    The transform is meant without normalisation (``norm="backward"``, for ``idft`` nothing is listed).
    """
    return tuple(row for row in _table() if row.transform == transform and n in (None, row.n))


def best(transform: str, n: int, free: str = NONE) -> Published | None:
    """The least comparable published count, or None if there is none; with what is ``free`` at the border.

    >>> best("dft", 16).total, best("dct2", 8).total, best("dct2", 8, "outputs").total
    (168, 42, 34)
    """
    order = list(METHODS)
    candidates = [row for row in rows(transform, n) if row.fits(free)]
    return min(candidates, key=lambda row: (row.total, order.index(row.method)), default=None)
