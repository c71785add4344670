"""`threads` binds everything: bursts, mending, scoring and linear algebra."""

from threading import active_count

import pytest
from threadpoolctl import threadpool_info

from gp_fft import transforms
from gp_fft.kernels import evaluate
from gp_fft.kernels.packed import pack
from gp_fft.search.loop import generations
from gp_fft.search.score import score
from gp_fft.search.settings import Settings
from gp_fft.search.start import start
from gp_fft.search.threads import bounded

TRANSFORM = transforms.get("dft", 32)
LARGE = 16 * (1 + evaluate._SHARE // (32 * 32 * 48))  # programs that several threads would share


def workers(monkeypatch, threads):
    """How many workers a large population is dealt out to."""
    genomes = start(TRANSFORM, Settings(start="definition"))[:1] * LARGE
    dealt = []
    monkeypatch.setattr(evaluate, "_CORES", 8)
    monkeypatch.setattr(evaluate, "_evaluate_share", lambda *given: dealt.append(given[-1]) or given[-3].fill(0))
    evaluate.evaluate(pack(genomes), TRANSFORM.matrix, threads)
    return dealt


@pytest.mark.parametrize(("threads", "dealt"), [(1, [1]), (2, [2] * 2), (0, [8] * 8)])
def test_scoring_keeps_to_its_threads(monkeypatch, threads, dealt):
    assert workers(monkeypatch, threads) == dealt


def test_the_setting_reaches_the_scoring(monkeypatch):
    given = []
    real = evaluate.evaluate
    monkeypatch.setattr(
        "gp_fft.search.score.evaluate", lambda *words, bits: given.append(words[2]) or real(*words, bits=bits)
    )
    score(start(transforms.dft(4), Settings()), transforms.dft(4), Settings(threads=1))
    assert given == [1]


def test_one_thread_is_one_thread(monkeypatch):
    """While one works all others wait: never more than one is at work on bursts and mending, none on scoring."""
    import gp_fft.kernels.adjust
    import gp_fft.kernels.burst

    counted = []
    for module, name in ((gp_fft.kernels.burst, "_run_job"), (gp_fft.kernels.adjust, "_mend_part")):
        real = getattr(module, name)
        monkeypatch.setattr(module, name, lambda *given, real=real: counted.append(active_count()) or real(*given))
    before = active_count()
    for _ in generations(transforms.dft(4), Settings(generations=2, threads=1, population=8)):
        pass
    assert counted
    assert max(counted) <= before + 2, "the worker, and the watch that sleeps"


def test_linear_algebra_keeps_to_its_threads():
    def blas():
        return {pool["num_threads"] for pool in threadpool_info() if pool["user_api"] == "blas"}

    before = blas()
    with bounded(Settings(threads=1)):
        assert blas() <= {1}
    with bounded(Settings()):
        assert blas() == before
    assert blas() == before
