"""The JAX function, executed as it is, under jit and under vmap, in both precisions."""

import numpy as np

from tests.runners.tools import library

VARIANTS = [
    {},
    {"channels": "pairs"},
    {"train": "constants"},
    {"train": "all", "channels": "pairs"},
]


def refusal(file, **options):
    """What is said where there is nothing to train."""
    if options.get("train", "none") == "none":
        return ""
    if file.program.field == "gf2":
        return f"{file.transform.title} is on bits, which have no gradients; nothing of it can be trained"
    return ""


def load(text, function):
    """The function that the text defines."""
    library("jax").config.update("jax_enable_x64", True)
    module = {}
    exec(text, module)
    return module[function]


def run(text, function, file, x, folder, **options):
    call = load(text, function)
    jax = library("jax")
    pairs = file.program.field == "complex" and options.get("channels") == "pairs"
    given = np.stack([x.real, x.imag], -1) if pairs else x
    result = np.asarray(call(given))
    for other in (jax.jit(call), jax.vmap(call)):
        np.testing.assert_allclose(np.asarray(other(given)), result, rtol=0, atol=1e-13 * np.abs(result).max())
    np.testing.assert_array_equal(np.asarray(call(given[None, ::-1]))[0, ::-1], result)
    if file.program.field != "gf2":
        small = {"f": np.float32, "c": np.complex64}[given.dtype.kind]
        assert call(given.astype(small)).dtype == small
    return result[..., 0] + 1j * result[..., 1] if pairs else result
