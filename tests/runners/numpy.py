"""The NumPy function, executed on the batch and on another shape of it."""

import numpy as np

VARIANTS = [{}]


def run(text, function, file, x, folder, **options):
    module = {}
    exec(text, module)
    result = module[function](x)
    np.testing.assert_array_equal(module[function](x[None, ::-1])[0, ::-1], result)
    np.testing.assert_array_equal(module[function](x[0]), result[0])
    if file.program.field == "complex":
        assert module[function](x.astype(np.complex64)).dtype == np.complex64
    return result
