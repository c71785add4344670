"""How a command is stopped from outside: Ctrl-C is KeyboardInterrupt, SIGTERM says that it was SIGTERM."""

import contextlib
import signal
import threading
from collections.abc import Callable, Iterator
from typing import Any

INTERRUPTED = 130  # what a shell reports for a command stopped by Ctrl-C
TERMINATED = 143  # and by SIGTERM
CTRL_C, SIGTERM = "stopped by Ctrl-C", "stopped by SIGTERM"  # reasons why a run or a hunt ended


class Terminated(KeyboardInterrupt):
    """SIGTERM came: all that is done on Ctrl-C is done, under its own name and with its own exit code."""


def reason(stop: KeyboardInterrupt) -> str:
    """What stopped a command, in words."""
    return SIGTERM if isinstance(stop, Terminated) else CTRL_C


def exit_code(reason: str) -> int:
    """The exit code of a command that ended for a reason and kept everything: 0, but 143 after SIGTERM."""
    return TERMINATED if reason.startswith(SIGTERM) else 0


def was_stopped(reason: str) -> bool:
    """Whether this is the reason of a command that somebody stopped."""
    return reason.startswith((CTRL_C, SIGTERM))


def wish_of(number: int) -> KeyboardInterrupt:
    """The exception that stands for a signal."""
    return Terminated() if number == signal.SIGTERM else KeyboardInterrupt()


@contextlib.contextmanager
def handled(handler: Callable[[int, Any], None], *numbers: int) -> Iterator[None]:
    """While this lasts these signals go to a handler; elsewhere than in the main thread nothing changes."""
    main = threading.current_thread() is threading.main_thread()
    before = {number: signal.signal(number, handler) for number in numbers if main}
    try:
        yield
    finally:
        for number, former in before.items():
            signal.signal(number, former)


@contextlib.contextmanager
def sigterm_raises() -> Iterator[None]:
    """Let SIGTERM raise :class:`Terminated` as Ctrl-C raises KeyboardInterrupt, unless it is handled or ignored."""

    def stop(number: int, _: Any) -> None:
        raise wish_of(number)

    usual = signal.getsignal(signal.SIGTERM) is signal.SIG_DFL
    with handled(stop, *([signal.SIGTERM] if usual else [])):
        yield
