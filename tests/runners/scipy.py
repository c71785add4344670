"""The SciPy function, executed, and the product of its factors as a matrix."""

import numpy as np

VARIANTS = [{}]


def run(text, function, file, x, folder, **options):
    module = {}
    exec(text, module)
    result = module[function](x)
    np.testing.assert_array_equal(module[function](x[None, ::-1])[0, ::-1], result)
    np.testing.assert_array_equal(module[function](x[0]), result[0])
    small = np.complex64 if file.program.field == "complex" else np.float32
    assert module[function](x.astype(small)).dtype == small
    whole = np.eye(file.program.inputs)
    for factor in module["FACTORS"]:
        whole = factor @ whole
        assert max(np.diff(factor.indptr)) <= 2
    np.testing.assert_allclose(whole, file.program.matrix(), rtol=0, atol=1e-14 * np.abs(whole).max())
    return result
