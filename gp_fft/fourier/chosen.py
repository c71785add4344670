"""Which program runs in the place of the record with the fewest operations, because it is faster.

The fewest operations are not always the least time. What stands here was measured by ``gp-fft bench --rank speed`` and
by the same in single precision, in batches of 1000, with gcc on a machine with AVX-512: programs that were faster with
both quartiles in every one of three measurements. A choice holds for the very record that it was measured beside: a new
one runs itself until somebody measures again.
"""

from typing import NamedTuple


class Choice(NamedTuple):
    """One program in the place of another."""

    kinds: tuple[str, ...]  # of transforms, see variants.py
    columns: bool  # the layout
    record: str  # the citation of the record that it was measured beside
    runs: str  # the citation of what runs in its place
    reason: str


CHOSEN = (
    Choice(
        kinds=("fft", "ifft"),
        columns=False,
        record="dft-11@08b174242f74",
        runs="dft-11.fma@44a0694864d7",
        reason="more flops, but fewer operations once products go into sums; in columns it is slower",
    ),
    Choice(
        kinds=("rfft",),
        columns=False,
        record="rdft-16@dafce4d17f18",
        runs="rdft-16@c8fd1186be2d",
        reason="two additions more, but one level less and one value less alive; in columns they are alike",
    ),
)


def instead(kind: str, columns: bool, citation: str) -> str:
    """The citation of what runs in the place of a record; its own where nothing is known to be faster."""
    for choice in CHOSEN:
        if kind in choice.kinds and choice.columns == columns and choice.record == citation:
            return choice.runs
    return citation
