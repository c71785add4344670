"""Threads: what ``threads`` binds besides the kernels, which take their number themselves."""

import contextlib
from collections.abc import Iterator

from threadpoolctl import threadpool_limits

from gp_fft.search.settings import Settings


@contextlib.contextmanager
def bounded(settings: Settings) -> Iterator[None]:
    """While this lasts the linear algebra of numpy and scipy keeps to ``settings.threads``, too (0: as it is)."""
    with threadpool_limits(limits=settings.threads or None, user_api="blas"):
        yield
