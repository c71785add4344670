"""The starts out of the textbooks."""

from gp_fft.construct import textbook
from gp_fft.construct.textbook import Start

START = (
    Start("definition", textbook.definition),
    Start("radix2", textbook.radix2),
    Start("split-radix", textbook.split_radix),
)
