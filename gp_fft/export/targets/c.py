"""C99: a self-contained function of a batch, or a library of several."""

from gp_fft.export.c.file import COptions, write
from gp_fft.export.c.library import library
from gp_fft.export.c.words import KEYWORDS
from gp_fft.export.target import Target

TARGET = Target("c", "a self-contained C99 function", ".c", write, COptions, keywords=KEYWORDS, library=library)
