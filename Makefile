# Needs Python 3.11 or newer (with venv) and make, and nothing else. `make PYTHON=python3.12 demo` takes another Python.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --no-input install --quiet --progress-bar off -c constraints.txt

PLUGINS := $(patsubst %/pyproject.toml,%,$(wildcard plugins/*/pyproject.toml))
# Not installed: the tests build them, and install them as an outsider would.
OUTSIDE := $(patsubst %/pyproject.toml,%,$(wildcard examples/*/pyproject.toml))
INPUTS := pyproject.toml constraints.txt $(PLUGINS:%=%/pyproject.toml)
WORKERS ?= 2

.DEFAULT_GOAL := help
.NOTPARALLEL:
.PHONY: help demo test test-spark test-long check lint types docs bench clean

help:
	@echo "make demo       the tour: import, measure, report, into demo-output/"
	@echo "make test       all tests of the core, the plugins, the docs and the examples"
	@echo "make test-spark the tests that need Spark (and Java 17 or newer)"
	@echo "make test-long  all of them, with the long runs"
	@echo "make check      lint, types, layers, docs"
	@echo "make docs       the documentation, into docs/_build/html/"
	@echo "make bench      all benchmarks"
	@echo "make clean      remove everything that make made"

demo: $(VENV)/.made-demo
	@$(BIN)/python -m community_mediation demo --out demo-output

test: $(VENV)/.made-test
	@$(BIN)/python -m pytest -n $(WORKERS)

# One process: each would start a Spark of its own.
test-spark: $(VENV)/.made-spark
	@$(BIN)/python -m pytest -m spark tests/spark docs/how-to/national-table-on-spark.md

test-long: $(VENV)/.made-spark
	@$(BIN)/python -m pytest -n $(WORKERS) -m "not spark" --hypothesis-profile=long
	@$(BIN)/python -m pytest -m spark --hypothesis-profile=long tests/spark docs/how-to/national-table-on-spark.md

check: lint types docs

lint: $(VENV)/.made-dev
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/lint-imports

# Each plugin by itself: they have modules of the same names.
types: $(VENV)/.made-dev
	@$(BIN)/mypy
	@set -e; for plugin in $(PLUGINS) $(OUTSIDE); do \
		echo "$$plugin"; \
		python="$$PWD/$(BIN)/python"; config="$$PWD/pyproject.toml"; \
		(cd "$$plugin" && MYPYPATH=src "$$python" -m mypy --config-file "$$config" $$(ls -d src tests 2>/dev/null)); \
	done

docs: $(VENV)/.made-dev
	@$(BIN)/python -m sphinx -q -W --keep-going -b html docs docs/_build/html
	@echo "docs/_build/html/index.html"

bench: $(VENV)/.made-bench
	@$(BIN)/python -m benchmarks

clean:
	rm -rf $(VENV) demo-output dist build docs/_build .coverage .coverage.*
	rm -rf .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
	find src tests docs plugins benchmarks -name __pycache__ -prune -exec rm -rf {} +

# One environment; each stamp adds what its command needs. A stamp that is newer than INPUTS costs no call of pip.

define install
@echo "Installing what '$(1)' needs into $(VENV) (once) …"
@$(PIP) -e ".[$(2)]" $(foreach plugin,$(PLUGINS),-e "./$(plugin)$(3)")
@touch $@
endef

$(VENV)/.made:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
		echo "This project needs Python 3.11 or newer; '$(PYTHON)' is not (it says: $$($(PYTHON) --version 2>&1))." >&2; \
		echo "Name another one: make PYTHON=python3.12 $(MAKECMDGOALS)" >&2; \
		exit 1; }
	@$(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); exit 1; }
	@touch $@

$(VENV)/.made-demo: $(VENV)/.made $(INPUTS)
	$(call install,make demo,cli$(COMMA)metrics$(COMMA)xlsx$(COMMA)charts)

$(VENV)/.made-test: $(VENV)/.made $(INPUTS)
	$(call install,make test,test,[test])
	@touch $(VENV)/.made-demo

$(VENV)/.made-spark: $(VENV)/.made $(INPUTS)
	$(call install,make test-spark,test$(COMMA)spark,[test])
	@touch $(VENV)/.made-demo $(VENV)/.made-test

$(VENV)/.made-bench: $(VENV)/.made $(INPUTS)
	$(call install,make bench,test$(COMMA)bench,[test])
	@touch $(VENV)/.made-demo $(VENV)/.made-test

$(VENV)/.made-dev: $(VENV)/.made $(INPUTS)
	$(call install,make check,dev,[test])
	@touch $(VENV)/.made-demo $(VENV)/.made-test

COMMA := ,
