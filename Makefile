# Everything a newcomer types: `make evolve` and `make test`; both make their own environment in .venv.

VENV := .venv
BIN := $(VENV)/bin
# The first interpreter that is new enough.
PYTHON ?= $(shell for p in python3 python3.11 python3.12 python3.13 python3.14; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && { echo $$p; break; }; done)

.PHONY: help evolve test browser toolchains torch docs bench table clean
help:
	@echo "make evolve   evolve the 8-point DFT from random programs and show what came out"
	@echo "make test     lint, types and the whole test suite"
	@echo "make docs     build the documentation into site/"
	@echo "make bench    counts and speed against the reference tables"
	@echo "make table    make the tables and the picture of the records afresh in README and docs"
	@echo "make clean    remove the environment and everything that was built (runs stay)"

$(VENV)/.made:
	@test -n "$(PYTHON)" || { echo "gp-fft needs Python 3.11 or newer; set PYTHON=/path/to/python"; exit 1; }
	$(PYTHON) -m venv $(VENV)
	@touch $@

$(VENV)/.installed: $(VENV)/.made pyproject.toml
	$(BIN)/python -m pip install --quiet --editable .
	@touch $@

$(VENV)/.test-extras: $(VENV)/.installed
	$(BIN)/python -m pip install --quiet --editable '.[test]'
	@touch $@

$(VENV)/.bench-extras: $(VENV)/.installed
	$(BIN)/python -m pip install --quiet --editable '.[bench]'
	@touch $@

evolve: $(VENV)/.installed
	$(BIN)/gp-fft evolve dft 8 --start random --seconds 20 --target-cost 56

# The tests of pages need a browser; where it cannot be installed they say so and are skipped, but not in CI.
browser:
	@if command -v chromium >/dev/null && command -v chromedriver >/dev/null; then :; \
	elif command -v apt-get >/dev/null && [ "$$(id -u)" = 0 ]; then \
		apt-get update -qq && DEBIAN_FRONTEND=noninteractive \
		apt-get install -y -qq --no-install-recommends chromium chromium-driver >/dev/null; \
	else echo "no chromium and chromedriver here: the tests of pages will be skipped"; fi

# The tests execute what `gp-fft export` writes; what is missing here is said and skipped, but not in CI.
toolchains:
	@missing=""; for tool in rustc:rustc iverilog:iverilog clang:clang; do \
		command -v $${tool%:*} >/dev/null || [ -x $$HOME/.cargo/bin/$${tool%:*} ] || missing="$$missing $${tool#*:}"; done; \
	if [ -z "$$missing" ]; then :; \
	elif command -v apt-get >/dev/null && [ "$$(id -u)" = 0 ]; then \
		apt-get update -qq && DEBIAN_FRONTEND=noninteractive \
		apt-get install -y -qq --no-install-recommends $$missing >/dev/null; \
	else echo "not here:$$missing; the tests of what they compile will be skipped"; fi

# `make test` installs PyTorch in CI alone, for it is large.
torch: $(VENV)/.test-extras
	@$(BIN)/python -c "import torch" 2>/dev/null || $(BIN)/python -m pip install --quiet --retries 1 torch==2.13.0 \
		|| echo "no PyTorch for this machine; the tests of its modules will be skipped"

test: $(VENV)/.test-extras browser toolchains $(if $(CI),torch)
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/python -c 'from gp_fft.search import warm; warm.warm_up(warm.tell_stderr)'
	$(BIN)/python -m pytest -n 2 --dist worksteal
	NUMBA_DISABLE_JIT=1 $(BIN)/python -m pytest -m plain -p no:cacheprovider

docs: $(VENV)/.test-extras
	$(BIN)/python -m mkdocs build --strict

bench: $(VENV)/.bench-extras
	$(BIN)/gp-fft bench
	@for file in $$(grep -l '__main__' benchmarks/*.py) benchmarks/codec; do \
		$(BIN)/python -m benchmarks.$$(basename $$file .py) || exit 1; done

# Whoever changes a record runs this; a test finds out if not.
table: $(VENV)/.installed
	$(BIN)/gp-fft bench --records --renew README.md --renew docs/records.md --plot docs/pictures/counts.svg --force

clean:
	rm -rf $(VENV) build dist site *.egg-info .mypy_cache .pytest_cache .ruff_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
