# Aftercare. `make help` lists what there is.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
BROWSER := .venv-browser
BROWSER_READY := $(BROWSER)/.ready
CODE := bot handlers scheduling locales domain sandbox tests bench

.DEFAULT_GOAL := help
.PHONY: help demo run test again check proof browser pictures understanding bench requirements clean

help:  ## this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /  make \1\t/' | expand -t 24

$(READY): requirements.txt
	@test -d $(VENV) || $(PYTHON) -m venv $(VENV)
	@echo "Installing into $(VENV) (once)…"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt
	@PYTHONDONTWRITEBYTECODE= $(BIN)/python -OO -X no_debug_ranges -c "import bot.serving"
	@touch $@

$(BROWSER_READY): requirements-browser.txt
	@test -d $(BROWSER) || $(PYTHON) -m venv $(BROWSER)
	@echo "Installing into $(BROWSER) (once)…"
	@$(BROWSER)/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-browser.txt
	@touch $@

demo: $(READY)  ## the whole product on this machine, without any account: prints the address of its page
	@$(BIN)/python -m bot demo

run: $(READY)  ## the product, with the settings of the environment
	@$(BIN)/python -m bot run

test: $(READY)  ## all tests, with a seeded sample of each proof
	@$(BIN)/python -m pytest -n 4 --dist loadgroup

again: $(READY)  ## the tests that failed last, one after the other
	@$(BIN)/python -m pytest --last-failed --last-failed-no-failures none

check: $(READY)  ## format, lint, types, floors, catalogues, unit tests: under a minute
	@$(BIN)/ruff format --check --quiet $(CODE)
	@$(BIN)/ruff check --quiet $(CODE)
	@$(BIN)/mypy --no-error-summary & types=$$!; \
		$(BIN)/python -m pytest -n 2 --brief tests/rules tests/domain tests/scheduling tests/locales; tests=$$?; \
		wait $$types && exit $$tests

proof: $(READY)  ## the proofs in full size; writes docs/proofs/
	@$(BIN)/python -m pytest -n 2 --dist loadgroup --full tests/proofs tests/domain/test_races.py \
		tests/domain/test_slot_races.py tests/domain/test_hold.py tests/domain/test_working_time.py tests/domain/test_pricing_rules.py \
		tests/domain/test_coverage_rules.py tests/domain/test_clock_oracle.py tests/ground/test_company_file_mutations.py tests/scheduling/test_daytime.py tests/journey/test_walker.py tests/journey/test_walks.py \
		tests/domain/test_prompting.py tests/understanding/test_meaning.py tests/journey/test_journey.py

browser: $(BROWSER_READY)  ## the demo page in Chromium (Debian's chromium and chromium-driver)
	@$(BROWSER)/bin/python -m pytest -m browser tests/browser

pictures: $(BROWSER_READY)  ## the README's pictures, played anew in Chromium
	@$(BROWSER)/bin/python -m tests.browser.pictures

understanding: $(READY)  ## how well messages are understood, on rows nobody learnt from
	@OPENBLAS_NUM_THREADS=1 $(BIN)/python -m tests.understanding.measure

bench: $(READY)  ## the benches: tables, never tests
	@$(BIN)/python -m bench

requirements:  ## pin the dependencies anew, with hashes and without addresses
	@uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --group dev \
		--custom-compile-command "make requirements" --upgrade pyproject.toml -o requirements.txt
	@uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --group browser \
		--custom-compile-command "make requirements" --constraint requirements.txt pyproject.toml \
		-o requirements-browser.txt

clean:  ## forget the virtual environment and the demo's data
	@rm -rf $(VENV) $(BROWSER) var .mypy_cache .ruff_cache .pytest_cache .hypothesis
