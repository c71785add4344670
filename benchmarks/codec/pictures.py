"""The pictures of a comparison: quality against rate and operations, and a piece of an image in each transform."""

from __future__ import annotations

import io
import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from benchmarks.codec.coder import Coder, Coding
from benchmarks.codec.comparison import Result, psnr

Array = NDArray[np.float64]
COLOURS = {"exact": "#222222", "published": "#c0692b", "evolved": "#2b6cb0"}
STYLE = {"svg.hashsalt": "gp-fft", "svg.fonttype": "path", "font.size": 9}
ACROSS, SIDE = 6, 128  # pieces in a row of the sheet, pixels a side of each


def curves(averages: Sequence[Result], rate: float) -> bytes:
    """An SVG: PSNR against the rate, and PSNR at one rate against the operations."""
    import matplotlib as mpl
    from matplotlib.figure import Figure

    with mpl.rc_context(STYLE):
        figure = Figure(figsize=(10, 4.6), layout="constrained")
        left, right = figure.subplots(1, 2)
        _rates(left, averages)
        _operations(right, [one for one in averages if one.rate == rate])
        right.set_title(f"at {rate:g} bits per pixel", fontsize=9)
        buffer = io.BytesIO()
        figure.savefig(buffer, format="svg", metadata={"Date": None})
    return buffer.getvalue()


def _rates(axes, averages: Sequence[Result]) -> None:
    """One line for each transform, in the colour of its kind."""
    named: set[str] = set()
    for coder in dict.fromkeys(one.coder for one in averages):
        points = [one for one in averages if one.coder is coder]
        label = "" if coder.kind in named else coder.kind
        named.add(coder.kind)
        style = {"color": COLOURS[coder.kind], "linewidth": 2.2 if coder.kind == "exact" else 1.0}
        axes.plot([one.rate for one in points], [one.psnr for one in points], ".-", label=label, **style)
    axes.set_xscale("log", base=2)
    rates = sorted({one.rate for one in averages})
    axes.set_xticks(rates, [f"{rate:g}" for rate in rates])
    axes.minorticks_off()
    axes.set_xlabel("bits per pixel")
    axes.set_ylabel("PSNR, dB, mean over the images")
    axes.grid(alpha=0.3)
    axes.legend(frameon=False)


def _operations(axes, points: Sequence[Result]) -> None:
    """One named dot for each transform."""
    spots: dict[tuple[int, float], list[Result]] = {}
    for one in points:
        spots.setdefault((one.coder.counts.flops, round(one.psnr, 1)), []).append(one)
    for group in spots.values():
        one = group[0]
        where = (one.coder.counts.flops, one.psnr)
        axes.plot(*where, "o", color=COLOURS[one.coder.kind], markersize=5)
        up = one.coder.kind != "published"  # names go up to the left or down to the right, clear of each other
        axes.annotate(
            " = ".join(member.coder.name for member in group),
            where,
            xytext=(-3, 3) if up else (5, 0),
            textcoords="offset points",
            fontsize=7,
            rotation=-35,
            rotation_mode="anchor",
            ha="right" if up else "left",
            va="bottom" if up else "center",
            color=COLOURS[one.coder.kind],
        )
    axes.margins(x=0.15, y=0.15)
    axes.set_xlabel("additions and multiplications of 8 points; shifts are free")
    axes.grid(alpha=0.3)


def sheet(coders: Sequence[Coder], name: str, image: Array, rate: float) -> bytes:
    """A grey PNG: the middle of one image, then the same piece out of each transform at one rate."""
    import matplotlib as mpl
    from matplotlib.figure import Figure
    from PIL import Image

    decoded = [(coder.name, Coding(coder, image).at(rate).image) for coder in coders]
    titled = [(f"{head}: {psnr(image, back):.2f} dB", back) for head, back in decoded]
    pieces = [(name, image), *titled]
    down = math.ceil(len(pieces) / ACROSS)
    with mpl.rc_context(STYLE):
        figure = Figure(figsize=(ACROSS * 1.4, down * 1.58), dpi=100, layout="constrained")
        for axes, piece in zip(figure.subplots(down, ACROSS, squeeze=False).flat, pieces, strict=False):
            axes.imshow(_middle(piece[1]), cmap="gray", vmin=0, vmax=255, interpolation="nearest")
            axes.set_title(piece[0], fontsize=6.5, pad=2)
        for axes in figure.axes:
            axes.axis("off")
        buffer = io.BytesIO()
        figure.savefig(buffer, format="png", metadata={"Software": None})
    buffer.seek(0)
    grey = io.BytesIO()
    with Image.open(buffer) as opened:
        opened.convert("L").quantize(64).save(grey, format="png", optimize=True)
    return grey.getvalue()


def _middle(image: Array) -> Array:
    """A square piece; of the upper half, where photographs have what is looked at."""
    height, width = image.shape
    side = min(SIDE, height, width)
    top, left = (height - side) // 4, (width - side) // 2
    return image[top : top + side, left : left + side]
