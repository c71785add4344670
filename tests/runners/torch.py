"""The PyTorch module, executed as it is and as one graph of torch.compile, in both precisions."""

import numpy as np

from tests.runners.jax import VARIANTS as VARIANTS
from tests.runners.jax import refusal as refusal
from tests.runners.tools import library


def load(text, function, **given):
    """The module of the class that the text defines, in float64 where it has parameters."""
    torch = library("torch")
    module = {}
    exec(text, module)
    kind = next(one for name, one in module.items() if name.lower() == function.replace("_", ""))
    return kind(**({"dtype": torch.float64} if "def __init__" in text else {}))


def run(text, function, file, x, folder, **options):
    call = load(text, function)
    torch = library("torch")
    torch._dynamo.reset()
    pairs = file.program.field == "complex" and options.get("channels") == "pairs"
    given = torch.from_numpy(
        np.stack([x.real, x.imag], -1) if pairs else x.view(np.int64) if x.dtype.kind == "u" else x
    )
    result = call(given).detach()
    whole = torch.compile(call, fullgraph=True, backend="eager")(given).detach()
    torch.testing.assert_close(whole, result, rtol=0, atol=0)
    torch.testing.assert_close(call(given[None].flip(1)).flip(1)[0].detach(), result, rtol=0, atol=0)
    if file.program.field != "gf2":
        small = torch.complex64 if given.is_complex() else torch.float32
        assert call(given.to(small)).dtype == small
    result = result.numpy()
    return result[..., 0] + 1j * result[..., 1] if pairs else result.view(x.dtype)
