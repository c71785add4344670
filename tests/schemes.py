"""Schemes that the tests share, and the slow twin of running one."""

import numpy as np

from gp_fft.schemes.family import matrix
from gp_fft.schemes.scheme import CALL, SUM

DECIMATION_IN_FREQUENCY = """# scheme dft 2^k
t1 = block(x, 2, 0)
t2 = block(x, 2, 1)
t3 = t1 + t2
t4 = self(t3)
t5 = t1 - t2
t6 = twiddle(t5, 1)
t7 = self(t6)
y = interleave(t4, t7)
"""
CONJUGATE_PAIR = """# scheme dft 2^k
t1 = stride(x, 2, 0)
t2 = self(t1)
t3 = stride(x, 4, 1)
t4 = self(t3)
t5 = shift(x, -1)
t6 = stride(t5, 4, 0)
t7 = self(t6)
t8 = twiddle(t4, 1)
t9 = twiddle(t7, -1)
t10 = t8 + t9
t11 = t8 - t9
t12 = concatenate(t10, -1i*t11)
t13 = t2 + t12
t14 = t2 - t12
y = concatenate(t13, t14)
"""
HARTLEY = """# scheme dht 2^k
t1 = stride(x, 2, 0)
t2 = self(t1)
t3 = stride(x, 2, 1)
t4 = self(t3)
t5 = reverse(t4)
t6 = cosines(t4, 1)
t7 = sines(t5, 1)
t8 = t6 + t7
t9 = t2 + t8
t10 = t2 - t8
y = concatenate(t9, t10)
"""
WALSH = """# scheme wht 2^k
t1 = block(x, 2, 0)
t2 = block(x, 2, 1)
t3 = self(t1)
t4 = self(t2)
t5 = t3 + t4
t6 = t3 - t4
y = concatenate(t5, t6)
"""
THREES = """# scheme dft 3^k
t1 = stride(x, 3, 0)
t2 = self(t1)
t3 = stride(x, 3, 1)
t4 = self(t3)
t5 = stride(x, 3, 2)
t6 = self(t5)
t7 = concatenate(t2, t2, t2)
t8 = concatenate(t4, t4, t4)
t9 = concatenate(t6, t6, t6)
t10 = twiddle(t8, 1)
t11 = twiddle(t9, 2)
t12 = t7 + t10
y = t12 + t11
"""


def slow(scheme, x):
    """The transform by recursion, entry by entry, from what the primitives say alone."""
    n, prime = len(x), scheme.family.prime
    if n < prime**scheme.depth:
        return matrix(scheme.family.transform, n) @ x
    vectors = [np.asarray(x, complex)]
    for step, level in zip(scheme.steps, scheme.levels[1:], strict=True):
        parts = [1j**turn * vectors[ref] for ref, turn in step.arguments]
        if step.form.name == CALL:
            made = slow(scheme, parts[0])
        elif step.form.name == SUM:
            made = parts[0] + parts[1]
        else:
            form = step.form
            says = scheme.primitive(step).entries(n // prime**level, n, prime**form.levels, form.k, form.of)
            weights = says.weights()
            made = np.array([weights[k] * parts[says.part[k]][says.source[k]] for k in range(n // prime**level)])
        vectors.append(made)
    return vectors[-1]
