"""What a new composition must hold before it joins the others: it makes programs, and they are right."""

from collections.abc import Iterator, Mapping

from gp_fft import transforms
from gp_fft.construct.parts import Method, Parts
from gp_fft.ground.errors import UsageError
from gp_fft.program.cost import EXACT
from gp_fft.transforms import Transform

LARGEST = 8  # points up to which a composition is tried


def check(method: Method, methods: Mapping[str, Method]) -> int:
    """Raise UsageError if, at a small size that it serves, a method makes no program or a wrong one.

    Its parts are out of a textbook, or made by ``methods`` of such. Returns at how many sizes it was tried.
    """
    parts = Parts(methods, deep=False)
    tried = list(_small(method))
    for transform in tried:
        with parts.making(transform):
            errors = [transform.error(program) for program in method.make(transform, parts) if program]
        if not errors:
            raise UsageError(f"composition {method.name!r} says that it serves {transform.title}, but makes no program")
        if not max(errors) < EXACT:
            raise UsageError(f"composition {method.name!r} makes {transform.title} with the error {max(errors):.2g}")
    return len(tried)


def _small(method: Method) -> Iterator[Transform]:
    """The transforms of small size, under every norm, that a method serves."""
    for name in method.families:
        family = transforms.find(name)
        for n in range(2, LARGEST + 1):
            if family.has(n):
                shape = (family.small, n) if name.endswith("-2d") else n
                values = family.kernel_size(n) if family.kernel_size else 1
                kernel = range(1, values + 1) if family.kernel_formula else ()
                for norm in (norm for norm in method.norms if norm in family.norms):
                    transform = transforms.get(name, shape, norm, kernel)
                    if method.serves(transform):
                        yield transform
