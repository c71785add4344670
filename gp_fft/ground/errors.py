"""What goes wrong is one of two things: the request (usage, exit code 2) or the data (exit code 1)."""


class GpFftError(Exception):
    """Any bad input; its message is one sentence that names what was given and what is allowed."""

    exit_code = 1


class UsageError(GpFftError, ValueError):
    """The request cannot be met as asked: an unknown name, a number out of range, a missing argument."""

    exit_code = 2


class DataError(GpFftError, ValueError):
    """The request is fine, the data is not: a malformed program, a damaged file, a full disk.

    ``place`` says which part of a program file is at fault, where that is known: a key, and the item of its list.
    """

    exit_code = 1

    def __init__(self, message: str = "", place: tuple[str, int | None] | None = None) -> None:
        super().__init__(message)
        self.place = place
