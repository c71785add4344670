"""JAX: a pure function of whole batches, for jit, grad and vmap, with its constants frozen or as an argument."""

from gp_fft.export.form import Form
from gp_fft.export.learn import WORDS, LearnOptions, Parameters
from gp_fft.export.lines import wrapped
from gp_fft.export.python import constant_lines, docstring
from gp_fft.export.target import Source, Target


def write(source: Source, options: LearnOptions) -> str:
    """A module with one function of an array; trained, it has its parameters as second argument."""
    parameters = Parameters.of(source, options)
    form, pairs = parameters.form, parameters.form.parts == 2 and options.channels == "pairs"
    last = ", 2" * pairs
    first = f"Outputs (..., {len(form.outputs) // form.parts}{last}) of an array x (..., {form.inputs}{last})"
    lines = ["import jax.numpy as jnp"]
    lines += ["from jax import lax", ""] if form.parts == 2 and not pairs else [""]
    if parameters.values:
        where = "CONSTANTS" if options.train == "constants" else "WEIGHTS"
        lines += [
            *wrapped(map(repr, parameters.values), "", f"{where} = (", ",)" if len(parameters.values) == 1 else ")")
        ]
        lines += ["", "", f"def {source.function}(x, parameters={where}):"]
        lines += docstring(source, f"{first}; the parameters are a sequence or an array.")
        lines += wrapped(
            parameters.names, "    ", "(", ",) = parameters" if len(parameters.names) == 1 else ") = parameters"
        )
    else:
        lines += [*constant_lines(form, source), *[""] * bool(form.constants), ""]
        lines += [f"def {source.function}(x):", *docstring(source, f"{first}; the precision stays.")]
    lines += ["    x = jnp.asarray(x)"]
    if form.parts == 2 and not pairs:
        lines += ["    x = x.astype(jnp.result_type(x, jnp.complex64))", "    xre, xim = jnp.real(x), jnp.imag(x)"]
    lines += [f"    {line}" for line in parameters.body(pairs, "jnp.zeros_like")]
    return "\n".join([*lines, *_result(form, pairs)]) + "\n"


def _result(form: Form, pairs: bool) -> list[str]:
    """The lines that put the outputs together."""
    names = [form.names[value] for value in form.outputs]
    if form.parts == 1:
        return wrapped(names, "    ", "return jnp.stack([", "], axis=-1)")
    lines = wrapped(names[::2], "    ", "yre = jnp.stack([", "], axis=-1)")
    lines += wrapped(names[1::2], "    ", "yim = jnp.stack([", "], axis=-1)")
    return [*lines, "    return jnp.stack([yre, yim], axis=-1)" if pairs else "    return lax.complex(yre, yim)"]


TARGET = Target("jax", "a JAX function, frozen or trainable", ".py", write, LearnOptions, keywords=WORDS)
