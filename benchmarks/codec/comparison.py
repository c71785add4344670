"""Every transform on every image at every rate: what came out, as rows of a table."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from statistics import fmean

import numpy as np
from numpy.typing import NDArray

from benchmarks.codec.coder import Coder, Coding
from gp_fft.ground.errors import UsageError

Array = NDArray[np.float64]
MEAN = "mean"
HEADS = (
    *("transform", "kind", "additions", "multiplications", "shifts", "error_energy", "orthogonal"),
    *("image", "rate", "reached_rate", "table_scale", "psnr_db", "ssim"),
)


@dataclass(frozen=True)
class Result:
    """One image in one transform at one rate; for the image ``mean`` the averages over all."""

    coder: Coder
    image: str
    rate: float  # asked for, bits per pixel
    reached: float
    scale: float  # of the table of steps
    psnr: float  # decibels
    ssim: float


def psnr(image: Array, decoded: Array) -> float:
    """Peak signal to noise ratio in decibels, infinite for equal images."""
    from skimage.metrics import peak_signal_noise_ratio

    with np.errstate(divide="ignore"):
        return float(peak_signal_noise_ratio(image, decoded, data_range=255))


def ssim(image: Array, decoded: Array) -> float:
    """Structural similarity with the window and constants of Z. Wang et al., 2004; 1 for equal images."""
    from skimage.metrics import structural_similarity

    how = {"gaussian_weights": True, "sigma": 1.5, "use_sample_covariance": False}
    return float(structural_similarity(image, decoded, data_range=255, **how))


def compare(
    coders: Sequence[Coder], images: dict[str, Array], rates: Sequence[float], done: Callable[[Coder], None]
) -> list[Result]:
    """All results, transform by transform; UsageError, which names the image, for a rate that it cannot have."""
    results = []
    for coder in coders:
        for name, image in images.items():
            results += _one(coder, name, image, rates)
        done(coder)
    return results


def _one(coder: Coder, name: str, image: Array, rates: Sequence[float]) -> list[Result]:
    """One image in one transform."""
    coding, results = Coding(coder, image), []
    for rate in rates:
        try:
            back = coding.at(rate)
        except UsageError as error:
            raise UsageError(f"{name} in the transform {coder.name}: {error}") from None
        quality = psnr(image, back.image), ssim(image, back.image)
        results.append(Result(coder, name, rate, back.rate, back.scale, *quality))
    return results


def means(results: Iterable[Result]) -> list[Result]:
    """For each transform and rate the average over the images, of the scale the geometric one."""
    groups: dict[tuple[str, float], list[Result]] = {}
    for result in results:
        groups.setdefault((result.coder.name, result.rate), []).append(result)
    return [
        Result(
            *(group[0].coder, MEAN, rate, fmean(one.reached for one in group)),
            scale=float(np.exp(fmean(np.log(one.scale) for one in group))),
            psnr=fmean(one.psnr for one in group),
            ssim=fmean(one.ssim for one in group),
        )
        for (_, rate), group in groups.items()
    ]


def as_csv(results: Iterable[Result]) -> bytes:
    """A table with one line for each result."""
    text = io.StringIO()
    lines = csv.writer(text, lineterminator="\n")
    lines.writerow(HEADS)
    for one in results:
        counts = one.coder.counts
        known = (one.coder.name, one.coder.kind, counts.adds, counts.muls, counts.shifts, f"{one.coder.energy:.4f}")
        orthogonal = "yes" if one.coder.orthogonal else "no"
        measured = (f"{one.rate:g}", f"{one.reached:.4f}", f"{one.scale:.4f}", f"{one.psnr:.6f}", f"{one.ssim:.6f}")
        lines.writerow([*known, orthogonal, one.image, *measured])
    return text.getvalue().encode()
