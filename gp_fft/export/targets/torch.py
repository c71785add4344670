"""PyTorch: a module of whole batches, for autograd and compile, with its constants frozen or as parameters."""

from gp_fft.export.form import Form
from gp_fft.export.learn import WORDS, LearnOptions, Parameters
from gp_fft.export.lines import wrapped
from gp_fft.export.python import constant_lines, docstring
from gp_fft.export.target import Source, Target


def write(source: Source, options: LearnOptions) -> str:
    """A file with one ``torch.nn.Module``, called like the transform in capitals: ``Dft8``, or as it is asked for."""
    parameters = Parameters.of(source, options)
    form, pairs = parameters.form, parameters.form.parts == 2 and options.channels == "pairs"
    last = ", 2" * pairs
    first = f"Outputs (..., {len(form.outputs) // form.parts}{last}) of a tensor x (..., {form.inputs}{last})."
    name = options.function or "".join(word.capitalize() for word in source.function.split("_"))
    lines = ["import torch", ""]
    if not parameters.values and form.constants:
        lines += [*constant_lines(form, source), ""]
    lines += ["", f"class {name}(torch.nn.Module):", *docstring(source, first)]
    lines += _parameters(parameters)
    lines += ["", "    def forward(self, x):"]
    if parameters.values:
        where, one = parameters.train.replace("all", "weights"), len(parameters.names) == 1
        lines += wrapped(parameters.names, "        ", "(", f"{',' * one}) = self.{where}.unbind()")
    if form.parts == 2 and not pairs:
        lines += ["        if not x.is_complex():", "            x = torch.complex(x, torch.zeros_like(x))"]
        lines += ["        xre, xim = x.real, x.imag"]
    lines += [f"        {line}" for line in parameters.body(pairs, "torch.zeros_like")]
    return "\n".join([*lines, *_result(form, pairs)]) + "\n"


def _parameters(parameters: Parameters) -> list[str]:
    """The constructor, where there is anything to construct."""
    if not parameters.values:
        return []
    where = parameters.train.replace("all", "weights")
    lines = ["", "    def __init__(self, dtype=None, device=None):", "        super().__init__()"]
    lines += wrapped(map(repr, parameters.values), "        ", "values = [", "]")
    made = "torch.tensor(values, dtype=dtype or torch.get_default_dtype(), device=device)"
    return [*lines, f"        self.{where} = torch.nn.Parameter({made})"]


def _result(form: Form, pairs: bool) -> list[str]:
    """The lines that put the outputs together."""
    names = [form.names[value] for value in form.outputs]
    if form.parts == 1:
        return wrapped(names, "        ", "return torch.stack([", "], -1)")
    lines = wrapped(names[::2], "        ", "yre = torch.stack([", "], -1)")
    lines += wrapped(names[1::2], "        ", "yim = torch.stack([", "], -1)")
    return [*lines, "        return torch.stack([yre, yim], -1)" if pairs else "        return torch.complex(yre, yim)"]


TARGET = Target("torch", "a PyTorch module, frozen or trainable", ".py", write, LearnOptions, keywords=WORDS)
