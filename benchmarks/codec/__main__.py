"""The codec: exact, published and evolved transforms at equal rate; some minutes.

python -m benchmarks.codec                                    # everything, tables on the terminal
python -m benchmarks.codec --out results                      # and a CSV, curves and a sheet of pictures
python -m benchmarks.codec --evolved runs/mine                # with the programs of a run, or of any folder
python -m benchmarks.codec --image camera --image photo.png   # on these images
python -m benchmarks.codec --quick                            # seconds, to see that it runs
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import click
from rich.console import Console
from rich.table import Table

from benchmarks.codec import contenders, pictures
from benchmarks.codec.coder import Coder
from benchmarks.codec.comparison import Array, Result, as_csv, compare, means
from benchmarks.codec.images import IMAGES, chosen
from gp_fft.ground.atomic import atomic_write, reason
from gp_fft.ground.errors import DataError, GpFftError
from gp_fft.ground.words import several
from gp_fft.search.warm import warm_up

RATES = (0.25, 0.5, 1.0, 2.0)
QUICK = 2  # generations of a search that is there to be seen running
OUT = {"table": "codec.csv", "curves": "codec.svg", "sheet": "codec.png"}
Tell = Callable[[str], None]


def coders(folder: Path | None, most: int, quick: bool, tell: Tell) -> list[Coder]:
    """All that are compared, each told when it is there."""
    made = []
    for coder in _coders(folder, most, quick, tell):
        tell(f"{coder.name}: {coder.counts.flops} operations, error energy {coder.energy:.4g}")
        made.append(coder)
    return contenders.distinct(made)


def _coders(folder: Path | None, most: int, quick: bool, tell: Tell) -> Iterator[Coder]:
    given = None if folder is None else contenders.evolved_from(folder, most, tell)  # a bad folder is told at once
    warm_up()
    yield from contenders.exact_coders()
    for name in ("cb2011",) if quick else contenders.PUBLISHED:
        yield contenders.published_coder(name)
    if given is None:
        yield from _evolved(quick)
    else:
        yield from given


def _evolved(quick: bool) -> list[Coder]:
    return contenders.evolved_coders((64,), generations=QUICK) if quick else contenders.evolved_coders()


def tables_of(results: Sequence[Result], where: str) -> list[Table]:
    """PSNR and SSIM at each rate, one line for each transform; as wide as a terminal of 80 columns."""
    told = f"{where}, by bits per pixel; * is not orthogonal"
    return [
        _table(results, f"PSNR in dB, {told}", lambda one: f"{one.psnr:.2f}"),
        _table(results, f"SSIM, {told}", lambda one: f"{one.ssim:.4f}"),
    ]


def _table(results: Sequence[Result], title: str, shown: Callable[[Result], str]) -> Table:
    made = Table(title=title, title_justify="left")
    rates = sorted({one.rate for one in results})
    for head in ("transform", "ops", "shift", "energy", *(f"{rate:g}" for rate in rates)):
        made.add_column(head, justify="left" if head == "transform" else "right", no_wrap=True)
    for coder in dict.fromkeys(one.coder for one in results):
        found = {one.rate: shown(one) for one in results if one.coder is coder}
        name = coder.name if coder.orthogonal else f"{coder.name} *"
        counts = (str(coder.counts.flops), str(coder.counts.shifts))
        made.add_row(name, *counts, f"{coder.energy:.3f}", *(found[rate] for rate in rates))
    return made


def write(folder: Path, results: Sequence[Result], images: dict[str, Array]) -> list[Path]:
    """Write the CSV and the pictures into a folder; where they are."""
    averages = means(results)
    rates = sorted({one.rate for one in results})
    middle = min(rates, key=lambda rate: abs(rate - 0.5))
    name, shown = next(iter(images.items()))
    compared = list(dict.fromkeys(one.coder for one in results))
    made = {
        "table": as_csv([*averages, *results]),
        "curves": pictures.curves(averages, middle),
        "sheet": pictures.sheet(compared, name, shown, middle),
    }
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise DataError(f"cannot make the folder {folder}: {reason(error)}") from None
    for what, data in made.items():
        atomic_write(folder / OUT[what], data)
    return [folder / name for name in OUT.values()]


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--quick", is_flag=True, help="Three transforms, one computed image, two rates.")
@click.option("--image", "names", multiple=True, help=f"A file, or one of {', '.join(IMAGES)}; may be repeated.")
@click.option("--rate", "rates", multiple=True, type=click.FloatRange(0.01, 8), help="Bits per pixel; may be repeated.")
@click.option(
    "--evolved",
    "folder",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="A run or a folder of program files, in the place of programs evolved on the spot.",
)
@click.option("--most", type=click.IntRange(1), default=8, show_default=True, help="Most programs of that folder.")
@click.option("--each", is_flag=True, help="A table for each image, too; the CSV always has them.")
@click.option("--out", type=click.Path(file_okay=False, path_type=Path), help="A folder for a CSV and two pictures.")
@click.option("--force", is_flag=True, help="Overwrite them if they exist.")
def main(
    quick: bool,
    names: tuple[str, ...],
    rates: tuple[float, ...],
    folder: Path | None,
    most: int,
    each: bool,
    out: Path | None,
    force: bool,
) -> None:
    """Compare transforms by PSNR and SSIM of coded images at equal rate."""
    for path in [] if out is None or force else [out / name for name in OUT.values()]:
        if path.exists():
            raise click.UsageError(f"{path} exists already; --force overwrites it")
    errors, output = Console(stderr=True), Console()

    def tell(line: str) -> None:
        errors.print(line, highlight=False, markup=False)

    try:
        images = chosen(names or (("markov",) if quick else IMAGES))
        compared = coders(folder, most, quick, tell)
        wanted = sorted(set(rates or ((0.5, 1.0) if quick else RATES)))
        results = compare(compared, images, wanted, lambda coder: tell(f"{coder.name}: coded {len(images)} images"))
        output.print(*tables_of(means(results), f"mean of {several(len(images), 'image')}"), sep="\n")
        for name in images if each else ():
            output.print(*tables_of([one for one in results if one.image == name], name), sep="\n")
        for path in [] if out is None else write(out, results, images):
            tell(f"wrote {path}")
    except GpFftError as error:
        raise click.ClickException(str(error)) from None


if __name__ == "__main__":
    main()
