"""The search as one call: ``gp_fft.evolve(gp_fft.dft(8), seed=1, seconds=10)`` gives a front.

The package is itself that call (its module class has ``__call__``), because ``gp_fft.evolve`` is both the name that
users want and the floor where the search lives.
"""

from __future__ import annotations

import sys
from types import ModuleType
from typing import TYPE_CHECKING, Any

from gp_fft.errors import UsageError
from gp_fft.evolve.settings import Settings
from gp_fft.transforms import Transform

if TYPE_CHECKING:
    from gp_fft.evolve.front import Front


def evolve(transform: Transform, **settings: Any) -> Front:
    """Evolve programs for a transform and return the :class:`~gp_fft.evolve.front.Front`.

    The keywords are the fields of :class:`~gp_fft.evolve.settings.Settings`; give at least one of ``seconds``,
    ``generations`` and ``target_cost``. Nothing is written to disk. Raises UsageError for settings that do not fit.
    """
    from gp_fft.evolve.front import Front
    from gp_fft.evolve.loop import generations

    chosen = Settings(**settings)
    if chosen.seconds is None and chosen.generations is None and chosen.target_cost is None:
        raise UsageError("evolve needs a budget: seconds, generations or target_cost")
    for state, _ in generations(transform, chosen):
        last = state
    return Front(transform, last.front, chosen.cost)


class _CallablePackage(ModuleType):
    """This package as the function of the same name."""

    def __call__(self, transform: Transform, **settings: Any) -> Front:
        return evolve(transform, **settings)


sys.modules[__name__].__class__ = _CallablePackage
