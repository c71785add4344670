"""More: the settings of a run that goes on, with a new budget counted from what is done."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any, TypeVar, cast

from gp_fft.ground.errors import UsageError

if TYPE_CHECKING:
    from gp_fft.evolution.state import State

Asked = TypeVar("Asked")


def extended(
    settings: Asked,
    subject: Any,
    state: State[Any] | None,
    again: str,
    seconds: float | None = None,
    generations: int | None = None,
    target_cost: float | None = None,
    threads: int | None = None,
) -> Asked:
    """The settings, of whichever problem, to go on with after ``state``; without a budget the rest of its own is used.

    ``seconds`` and ``generations`` give that much more and replace the old budget and target; ``again`` is the call
    that gives more. Raises UsageError for what does not fit, and where nothing would be left to do.
    """
    for name, value in (("seconds", seconds), ("generations", generations)):
        if value is not None and not value > 0:
            raise UsageError(f"{name} must be more than 0, not {value}")
    spent, done = (0.0, 0) if state is None else (state.seconds, state.generation)
    asked: dict[str, Any] = {}
    if seconds is not None or generations is not None:
        asked = {
            "seconds": None if seconds is None else spent + seconds,
            "generations": None if generations is None else done + generations,
            "target_cost": None,
        }
    asked |= {} if threads is None else {"threads": threads}
    asked |= {} if target_cost is None else {"target_cost": target_cost}
    changed: Any = dataclasses.replace(cast("Any", settings), **asked)
    changed.check(subject)
    if state is not None and (reason := state.stop_reason(changed)):
        raise UsageError(
            f"the run has stopped for good ({reason}) after {done} generations; give it more, such as: {again}"
        )
    return cast("Asked", changed)
