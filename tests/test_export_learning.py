"""What is trained: gradients against finite differences, and exports that learn a filter bank from where they begin."""

import numpy as np
import pytest

from gp_fft import transforms
from gp_fft.export.form import Form, Statement
from gp_fft.export.learn import Parameters
from gp_fft.export.targets import export
from gp_fft.files.shelf import Shelf
from tests.runners.jax import load as load_jax
from tests.runners.tools import library
from tests.runners.torch import load as load_torch

SHELF = Shelf.open()
CASES = [("dft", 5, "constants"), ("dft", 4, "all"), ("dct2", 8, "all"), ("rdft", 7, "constants")]
STEP = 1e-6


def signals(file, batch):
    rng = np.random.default_rng(5)
    x = rng.standard_normal((batch, file.program.inputs))
    return x + 1j * rng.standard_normal(x.shape) if file.program.field == "complex" else x


def slopes(loss, at):
    """The gradient of a function of a vector by central differences."""
    ways = np.eye(len(at)) * STEP
    return np.array([(loss(at + way) - loss(at - way)) / (2 * STEP) for way in ways])


@pytest.mark.parametrize(("name", "n", "train"), CASES)
def test_the_gradients_of_jax_are_those_of_finite_differences(name, n, train):
    file = SHELF.find(transforms.get(name, n)).file
    jax, call = library("jax"), load_jax(export(file, "jax", {"train": train}), f"{name}{'_' * name[-1].isdigit()}{n}")
    jnp, x = library("jax.numpy"), signals(file, 3)
    start = np.array(call.__defaults__[0])
    target = np.roll(file.program(x), 1, -1)

    @jax.jit
    def loss(parameters, x=x):
        return jnp.sum(jnp.abs(call(x, parameters) - target) ** 2)

    np.testing.assert_allclose(jax.grad(loss)(start), slopes(loss, start), rtol=1e-6, atol=1e-5)
    tuples = jax.jit(jax.grad(loss))(call.__defaults__[0])
    np.testing.assert_allclose(np.array(tuples), jax.grad(loss)(start), rtol=1e-9, atol=1e-9)
    flat = x.view(float).ravel()

    def of_inputs(flat):
        return loss(start, jnp.asarray(flat.view(x.dtype).reshape(x.shape)))

    both = jax.grad(loss, argnums=1)(start, x)  # of complex numbers JAX gives the conjugate of the steepest way
    both = np.asarray(jnp.conj(both)) if x.dtype.kind == "c" else np.asarray(both)
    np.testing.assert_allclose(
        np.ascontiguousarray(both).view(float).ravel(), slopes(of_inputs, flat), rtol=1e-6, atol=1e-5
    )


@pytest.mark.parametrize("channels", ["complex", "pairs"])
@pytest.mark.parametrize(("name", "n", "train"), CASES)
def test_the_gradients_of_pytorch_are_those_of_finite_differences(name, n, train, channels):
    file = SHELF.find(transforms.get(name, n)).file
    torch = library("torch")
    module = load_torch(export(file, "torch", {"train": train, "channels": channels}), f"{name}{n}")
    x = signals(file, 2)
    pairs = channels == "pairs" and x.dtype.kind == "c"
    given = torch.tensor(np.stack([x.real, x.imag], -1) if pairs else x, requires_grad=True)
    assert torch.autograd.gradcheck(module, (given,))
    (parameter,) = module.parameters()
    start = parameter.detach().numpy().copy()

    def loss():
        return (module(given).abs() ** 2).sum()

    def at(values):
        with torch.no_grad():
            parameter.copy_(torch.tensor(values))
            return loss().item()

    loss().backward()
    np.testing.assert_allclose(parameter.grad.numpy(), slopes(at, start), rtol=1e-6, atol=1e-5)


def bank(n):
    """A fixed bank of n filters that is near no transform: band passes with tilted phases."""
    rng = np.random.default_rng(8)
    t = np.arange(n)
    return np.array([np.cos((k + 0.35) * np.pi * (t + 0.5) / n + 0.3) * np.hanning(n + 2)[1:-1] for k in range(n)]) * (
        1 + 0.1 * rng.standard_normal((n, 1))
    )


@pytest.mark.parametrize("train", ["constants", "all"])
def test_a_trained_export_of_pytorch_begins_as_the_transform_and_learns_a_filter_bank(train):
    torch = library("torch")
    file = SHELF.find(transforms.get("dct2", 8)).file
    module = load_torch(export(file, "torch", {"train": train}), "dct28")
    x = signals(file, 64)
    given, wanted = torch.tensor(x), torch.tensor(x @ bank(8).T)
    np.testing.assert_allclose(module(given).detach().numpy(), file.program(x), rtol=0, atol=1e-12)
    optimizer = torch.optim.Adam(module.parameters(), lr=0.02)
    losses = []
    for _ in range(150):
        optimizer.zero_grad()
        loss = ((module(given) - wanted) ** 2).mean()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    assert losses[-1] < (0.5 if train == "all" else 0.9) * losses[0]
    assert set(module.state_dict()) == {"weights" if train == "all" else "constants"}


def test_a_trained_export_of_jax_learns_a_filter_bank():
    jax, jnp = library("jax"), library("jax.numpy")
    file = SHELF.find(transforms.get("dct2", 8)).file
    call = load_jax(export(file, "jax", {"train": "all"}), "dct2_8")
    x = signals(file, 64)
    wanted, parameters = x @ bank(8).T, jnp.array(call.__defaults__[0])
    np.testing.assert_allclose(call(x), file.program(x), rtol=0, atol=1e-12)
    step = jax.jit(jax.value_and_grad(lambda p: jnp.mean((call(x, p) - wanted) ** 2)))
    first, _ = step(parameters)
    for _ in range(150):
        last, slope = step(parameters)
        parameters -= 0.01 * slope
    assert last < 0.7 * first


def test_what_is_frozen_has_no_parameters():
    file = SHELF.find(transforms.get("dft", 8)).file
    module = load_torch(export(file, "torch"), "dft8")
    assert not list(module.parameters())
    assert load_jax(export(file, "jax"), "dft8").__defaults__ is None


def test_both_parts_of_a_complex_operation_have_one_weight():
    statements = (Statement("sum", 4, 0, 2), Statement("sum", 5, 3, 1, 2))
    names = ("x0re", "x0im", "x1re", "x1im", "y0re", "y0im")
    parameters = Parameters(Form("complex", 2, 2, statements, (4, 5), names), "all")
    assert [parameters.expression(s) for s in statements] == ["w0 * x0re + w1 * x1re", "w1 * x1im - w0 * x0im"]
