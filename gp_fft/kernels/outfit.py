"""The outfit of a walk among approximations: what it sees by, what it is to beat, where it keeps what it meets."""

import numpy as np
from numba import njit

from gp_fft.kernels.jit import ALLOCATING
from gp_fft.kernels.near import Near
from gp_fft.kernels.products import MOST
from gp_fft.kernels.sight import TINY, Sight
from gp_fft.kernels.workbench import Flat


@njit(**ALLOCATING)
def outfit(task, k, b):
    """What the walk of job k has among approximations; empty arrays where it keeps to its matrix."""
    job = task.jobs[k]
    m, n = task.target.shape
    there = job.cells > 0
    values = b.values.shape[0] if there else 0
    terms = b.terms.shape[0] if there else 0
    most = MOST if there else 0
    largest = TINY
    for entry in task.weighed.ravel():
        largest = max(largest, entry.real * entry.real + entry.imag * entry.imag)
    sight = Sight(
        task.rules.skew,
        task.rules.limit,
        task.rules.measure,
        task.rules.rows,
        task.weighed,
        task.rules.basis,
        task.norms,
        largest,
        np.empty((values, n), np.complex128),
        np.empty((values, m), np.complex128),
        np.empty((m if there else 0, n), np.complex128),
        np.empty(m, np.int64),
        np.empty(m, np.float64),
        np.empty(terms, np.int64),
        np.empty(terms, np.int64),
        np.empty(terms, np.float64),
        np.empty((most, most), np.float64),
        np.empty(most, np.float64),
        np.empty((most, m), np.complex128),
    )
    known = np.empty(job.cells, np.float64)
    for c in range(job.cells):
        known[c] = task.rules.known[min(job.low + c, task.rules.known.shape[0] - 1)]
    to = task.children
    first = job.slab
    last = job.slab + job.cells
    slabs = Flat(
        to.starts[first:last], to.refs[first:last], to.sizes[first:last], to.turns[first:last], to.outputs[first:last]
    )
    return Near(sight, task.rules.approximations, task.rules.known, known, job.low, slabs, to.counts[first:last])
