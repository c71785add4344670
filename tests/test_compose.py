"""Compositions compute their transform exactly, at the counts of the books for small parts."""

from __future__ import annotations

import pytest

from gp_fft import transforms
from gp_fft.cost import EXACT, count
from gp_fft.errors import UsageError
from gp_fft.evolve.compose import compose, cooley_tukey, prime_factor
from gp_fft.evolve.settings import Settings
from gp_fft.evolve.start import start


@pytest.mark.parametrize("n", [4, 6, 8, 12, 15, 20])
@pytest.mark.parametrize("name", ["dft", "idft"])
def test_every_composition_is_exact_and_the_cheapest_comes_first(name, n):
    transform = transforms.get(name, n)
    made = compose(transform)
    counts = [count(program).flops for program in made]
    assert counts == sorted(counts)
    assert all(transform.error(program) < EXACT for program in made)


def test_prime_factors_need_no_twiddles():
    transform = transforms.dft(12)
    assert count(prime_factor(transform, 3, 4)).muls < count(cooley_tukey(transform, 3, 4)).muls


def test_cooley_tukey_of_two_and_four_has_the_twiddles_of_radix_2():
    assert count(cooley_tukey(transforms.dft(4), 2, 2)).flops == 16


@pytest.mark.parametrize("transform", [transforms.dft(7), transforms.dht(8), transforms.dft(4, norm="ortho")])
def test_what_cannot_be_composed_is_refused_in_one_sentence(transform):
    with pytest.raises(UsageError, match="compose"):
        compose(transform)


def test_a_population_starts_from_several_compositions():
    genomes = start(transforms.dft(12), Settings(start="compose", population=8))
    assert len(genomes) == 8
    assert len({genome.key() for genome in genomes}) > 1
