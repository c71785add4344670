"""Threads: what ``threads`` binds besides the kernels, which take their number themselves."""

import contextlib
from collections.abc import Iterator
from typing import Any

from threadpoolctl import threadpool_limits


@contextlib.contextmanager
def bounded(settings: Any) -> Iterator[None]:
    """While this lasts the linear algebra of numpy and scipy keeps to ``settings.threads``, too (0: as it is)."""
    with threadpool_limits(limits=settings.threads or None, user_api="blas"):
        yield
