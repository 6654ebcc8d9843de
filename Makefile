# One entry each. `make demo` and `make test` are all that a fresh machine with Python 3.11 or newer needs.
PYTHON ?= python3
BIN := .venv/bin
DEMO := $(or $(TMPDIR),/tmp)/beanstock-demo

.PHONY: demo test test-browser lint goldens bench faults simulate compiled clean

demo: .venv/installed
	rm -rf $(DEMO)
	$(BIN)/beanstock post samples/bike-works --ledgers $(DEMO)
	$(BIN)/beanstock check samples/bike-works --ledgers $(DEMO)
	$(BIN)/beanstock report balance-sheet samples/bike-works --ledgers $(DEMO)
	$(BIN)/beanstock report income-statement samples/bike-works --ledgers $(DEMO)
	$(BIN)/beanstock report stock samples/bike-works --ledgers $(DEMO)

test: .venv/tested
	$(BIN)/pytest

# The page of reports in headless Chromium (apt install chromium); `make test` leaves it out.
test-browser: .venv/tested
	@command -v chromium chromium-browser google-chrome > /dev/null || { echo "no Chromium here" >&2; exit 1; }
	BROWSER_TESTS=1 $(BIN)/pytest -n 0 tests/browser

lint: .venv/tested
	$(BIN)/ruff check cli tests
	$(BIN)/ruff format --check cli tests
	$(BIN)/mypy
	$(BIN)/lint-imports

# The committed books of the samples; run it after a change of code or rules, and read the diff as an accountant would.
goldens: .venv/installed
	for sample in samples/*/; do $(BIN)/beanstock post $$sample --ledgers ledgers/$$(basename $$sample) --overwrite || exit 1; done

bench: .venv/tested
	$(BIN)/python tests/bench/all_benches.py $(ARGS)

faults: .venv/tested
	$(BIN)/python tests/faults/all_faults.py $(ARGS)

# Some hundred random companies against the model of the contract; `make simulate ARGS="--companies 1 --seed 17"` for one.
simulate: .venv/tested
	$(BIN)/pytest tests/simulation --companies 1000 --seed 100000 $(ARGS)

# The same program, a third faster: a wheel in dist/ whose hot path is compiled (needs a C compiler), and all tests on it.
compiled: .venv/tested
	rm -rf .venv-compiled
	$(PYTHON) -m venv .venv-compiled
	HATCH_BUILD_HOOKS_ENABLE=1 $(BIN)/python -m build  # from a source archive: no compiled file stays in the checkout
	.venv-compiled/bin/pip install --quiet --disable-pip-version-check "$$(ls -t dist/beanstock-*-cp*.whl | head -1)[dev]"
	.venv-compiled/bin/pytest -o pythonpath= $(ARGS)

.venv/installed: pyproject.toml
	$(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet --disable-pip-version-check --editable .
	touch $@

.venv/tested: .venv/installed
	$(BIN)/pip install --quiet --disable-pip-version-check --editable '.[dev]'
	touch $@

clean:
	rm -rf .venv .venv-compiled .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache dist build
