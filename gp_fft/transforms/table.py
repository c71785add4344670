"""The table of the named transforms: one entry each, and nothing else anywhere that must agree with it.

A name with ``-2d`` behind it is the Kronecker product of the transform with itself at two sizes, applied to an
n1 x n2 array row by row; with a kernel, as for ``conv`` and ``toeplitz``, it is the 2-D convolution with a 2-D kernel.
"""

from gp_fft.ground.arguments import expect
from gp_fft.ground.errors import UsageError
from gp_fft.ground.nearest import nearest
from gp_fft.transforms import conformance
from gp_fft.transforms.family import Family
from primitives.registry import Registry

MATRIX = "matrix"
"""The name of a transform that is nothing but a matrix from a file or an array."""

FAMILIES = Registry(
    "gp_fft.transforms",
    "gp_fft.transforms.families",
    "FAMILY",
    Family,
    conformance.check,
    order=lambda family: (bool(family.entries), bool(family.kernel_formula)),
)
"""The families by name: the files of the folder, first those with norms, then those with a kernel, then matrices of a
few sizes or of one scaling; then what other packages offer."""

_SHOWN = 12  # names where none is alike


def names() -> tuple[str, ...]:
    """Every name that ``get`` knows, one-dimensional ones first."""
    return (*FAMILIES, *(f"{family.name}-2d" for family in FAMILIES.values() if family.two_dimensional))


def find(name: str) -> Family:
    """The family of a name, with or without ``-2d``; UsageError with the nearest name if there is none."""
    family = FAMILIES.get(name.removesuffix("-2d"))
    if family and name in family.names:
        return family
    if name == MATRIX:
        raise UsageError("the transform 'matrix' comes from a .npy or .csv file: give the path of the file")
    if family:
        raise UsageError(f"{name} does not exist: {family.no_2d_because}")
    near = nearest(name, names(), 0.4)
    some = ", ".join(names()[:_SHOWN])
    hint = f"did you mean {near!r}?" if near else f"known are {some} and more: `gp-fft transforms` lists all"
    raise UsageError(f"transform {name[:60]!r} is unknown; {hint}")


def register(family: Family) -> Family:
    """Add a transform to the table, for this process, and return it: from then on it is known everywhere.

    Its formula is compared with its oracle first. Raises UsageError, in one sentence, for a name that is taken or
    for two opinions that differ. ``del FAMILIES[name]`` takes it out again.
    """
    expect(family, Family, "register")
    if family.name in FAMILIES:
        raise UsageError(f"transform {family.name!r} exists already: {FAMILIES[family.name].summary}")
    return FAMILIES.add(family)
