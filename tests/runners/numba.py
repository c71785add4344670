"""The Numba function, compiled and executed, in place as well where the sides are equal."""

import numpy as np

VARIANTS = [{}]


def run(text, function, file, x, folder, **options):
    module = {}
    exec(text, module)
    y = np.empty((len(x), len(file.program.outputs)), x.dtype)
    module[function](x, y)
    if x.shape == y.shape:
        place = x.copy()
        module[function](place, place)
        np.testing.assert_array_equal(place, y)
    return y
