"""The search as one call: ``gp_fft.evolve(gp_fft.dft(8), seed=1, seconds=10)`` gives a front."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from gp_fft.errors import UsageError
from gp_fft.search.settings import Settings
from gp_fft.transforms import Transform

if TYPE_CHECKING:
    from gp_fft.search.front import Front


def evolve(transform: Transform, **settings: Any) -> Front:
    """Evolve programs for a transform and return the :class:`~gp_fft.search.front.Front`.

    The keywords are the fields of :class:`~gp_fft.search.settings.Settings`; give at least one of ``seconds``,
    ``generations`` and ``target_cost``. Nothing is written to disk. Raises UsageError for settings that do not fit.
    """
    from gp_fft.search.front import Front
    from gp_fft.search.loop import generations
    from gp_fft.search.threads import bounded
    from gp_fft.search.warm import tell_stderr, warm_up

    chosen = Settings(**settings)
    if chosen.seconds is None and chosen.generations is None and chosen.target_cost is None:
        raise UsageError("evolve needs a budget: seconds, generations or target_cost")
    warm_up(tell_stderr)
    with bounded(chosen):
        for state, _ in generations(transform, chosen):
            last = state
    return Front(transform, last.front, chosen.cost)
