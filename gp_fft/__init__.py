"""gp-fft evolves programs for small linear transforms; each public name here is loaded at first use."""

import importlib
import importlib.util
from typing import TYPE_CHECKING, Any

from gp_fft.ground.later import register
from gp_fft.ground.version import __version__ as __version__

_FROM = {  # the public names by the modules that they are loaded from
    "gp_fft.api": ("evolve", "load", "resume", "save"),
    "gp_fft.discovering": ("discover",),
    "gp_fft.files": ("ProgramFile",),
    "gp_fft.fourier": (
        *("backend", "dct", "dst", "fft", "fft2", "fftconvolve", "fftn", "idct", "idst", "ifft", "ifft2", "ifftn"),
        *("irfft", "rfft"),
    ),
    "gp_fft.ground.errors": ("DataError", "GpFftError", "UsageError"),
    "gp_fft.program": ("Program",),
    "gp_fft.program.cost": ("EXACT", "Counts", "count"),
    "gp_fft.proof": ("Outcome", "prove"),
    "gp_fft.schemes.found": ("Algorithm", "Discovered"),
    "gp_fft.search.front": ("Front",),
    "gp_fft.search.loop": ("make_toolbox",),
    "gp_fft.search.settings": ("Settings",),
    "gp_fft.search.steps": ("Steps",),
    "gp_fft.transforms": (
        *("Transform", "dft", "idft", "rdft", "dct1", "dct2", "dct3", "dct4", "dst1", "dst2", "dst3", "dst4"),
        *(
            "dct5",
            "dct6",
            "dct7",
            "dct8",
            "dst5",
            "dst6",
            "dst7",
            "dst8",
            "mdct",
            "imdct",
            "dht",
            "wht",
            "walsh",
            "haar",
        ),
        *("conv", "skewconv", "linconv", "toeplitz", "hankel", "from_array", "from_file"),
    ),
}
_PLACES = {name: module for module, names in _FROM.items() for name in names}

if TYPE_CHECKING:  # the same names for type checkers and editors, which cannot look them up; a test compares the two
    from gp_fft.api import evolve as evolve
    from gp_fft.api import load as load
    from gp_fft.api import resume as resume
    from gp_fft.api import save as save
    from gp_fft.discovering import discover as discover
    from gp_fft.files import ProgramFile as ProgramFile
    from gp_fft.fourier import backend as backend
    from gp_fft.fourier import dct as dct
    from gp_fft.fourier import dst as dst
    from gp_fft.fourier import fft as fft
    from gp_fft.fourier import fft2 as fft2
    from gp_fft.fourier import fftconvolve as fftconvolve
    from gp_fft.fourier import fftn as fftn
    from gp_fft.fourier import idct as idct
    from gp_fft.fourier import idst as idst
    from gp_fft.fourier import ifft as ifft
    from gp_fft.fourier import ifft2 as ifft2
    from gp_fft.fourier import ifftn as ifftn
    from gp_fft.fourier import irfft as irfft
    from gp_fft.fourier import rfft as rfft
    from gp_fft.ground.errors import DataError as DataError
    from gp_fft.ground.errors import GpFftError as GpFftError
    from gp_fft.ground.errors import UsageError as UsageError
    from gp_fft.program import Program as Program
    from gp_fft.program.cost import EXACT as EXACT
    from gp_fft.program.cost import Counts as Counts
    from gp_fft.program.cost import count as count
    from gp_fft.proof import Outcome as Outcome
    from gp_fft.proof import prove as prove
    from gp_fft.schemes.found import Algorithm as Algorithm
    from gp_fft.schemes.found import Discovered as Discovered
    from gp_fft.search.front import Front as Front
    from gp_fft.search.loop import make_toolbox as make_toolbox
    from gp_fft.search.settings import Settings as Settings
    from gp_fft.search.steps import Steps as Steps
    from gp_fft.transforms import Transform as Transform
    from gp_fft.transforms import conv as conv
    from gp_fft.transforms import dct1 as dct1
    from gp_fft.transforms import dct2 as dct2
    from gp_fft.transforms import dct3 as dct3
    from gp_fft.transforms import dct4 as dct4
    from gp_fft.transforms import dct5 as dct5
    from gp_fft.transforms import dct6 as dct6
    from gp_fft.transforms import dct7 as dct7
    from gp_fft.transforms import dct8 as dct8
    from gp_fft.transforms import dft as dft
    from gp_fft.transforms import dht as dht
    from gp_fft.transforms import dst1 as dst1
    from gp_fft.transforms import dst2 as dst2
    from gp_fft.transforms import dst3 as dst3
    from gp_fft.transforms import dst4 as dst4
    from gp_fft.transforms import dst5 as dst5
    from gp_fft.transforms import dst6 as dst6
    from gp_fft.transforms import dst7 as dst7
    from gp_fft.transforms import dst8 as dst8
    from gp_fft.transforms import from_array as from_array
    from gp_fft.transforms import from_file as from_file
    from gp_fft.transforms import haar as haar
    from gp_fft.transforms import hankel as hankel
    from gp_fft.transforms import idft as idft
    from gp_fft.transforms import imdct as imdct
    from gp_fft.transforms import linconv as linconv
    from gp_fft.transforms import mdct as mdct
    from gp_fft.transforms import rdft as rdft
    from gp_fft.transforms import skewconv as skewconv
    from gp_fft.transforms import toeplitz as toeplitz
    from gp_fft.transforms import walsh as walsh
    from gp_fft.transforms import wht as wht
else:
    __all__ = sorted(_PLACES)

register(  # what programs and fronts do through rooms above their own
    {
        "parse a program": "gp_fft.program.text:parse_program",
        "format a program": "gp_fft.program.text:format_program",
        "format a scheme": "gp_fft.schemes.text:format_scheme",
        "decode a program file": "gp_fft.files:decode",
        "encode a program": "gp_fft.files:encode_program",
        "run a plan compiled": "gp_fft.kernels.plans:run",
        "export a program": "gp_fft.export.targets:export_program",
        "compile a program": "gp_fft.export.compiled:compile_program",
        "run a large batch": "gp_fft.export.compiled:run_large",
        "draw a program": "gp_fft.draw.formats.svg:to_svg",
        "show a front": "gp_fft.report.notebook:front_html",
        "prove a front": "gp_fft.api:prove_front",
        "go on with a discovery": "gp_fft.discovering:go_on",
    }
)


def _load(name: str) -> Any:
    """Load the public object ``name`` from its module, once."""
    if name not in _PLACES:
        return _registered(name)
    globals()[name] = getattr(importlib.import_module(_PLACES[name]), name)
    return globals()[name]


def _registered(name: str) -> Any:
    """The function of a transform that was added to the table; modules of that name are left to the import."""
    if not name.startswith("_") and importlib.util.find_spec(f"gp_fft.{name}") is None:
        transforms = importlib.import_module("gp_fft.transforms")
        if name in transforms.FAMILIES or name.replace("_", "-") in transforms.FAMILIES:
            return getattr(transforms, name)
    raise AttributeError(f"module 'gp_fft' has no attribute {name!r}")


if not TYPE_CHECKING:  # a type checker would take any name for known
    __getattr__ = _load


def __dir__() -> list[str]:
    """What people may use, for ``help`` and for completion; not what this file imports."""
    return sorted({*(name for name in globals() if name.startswith("__")), *_PLACES})
