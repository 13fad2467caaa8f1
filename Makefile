# Everything needs only make and Python 3.11 or later; the environment is made on the first call.
#   make run    make test [ARGS=…]    make lint    make format    make bench [ARGS=…]
#   make model [RUNS=…]

PYTHON ?= python3.12 python3.11 python3
ARGS ?=
RUNS ?= 2000

BIN := $(CURDIR)/.venv/bin
RUN_READY := .venv/run.ready
DEV_READY := .venv/dev.ready
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet
COMPILE := CUSTOM_COMPILE_COMMAND="make requirements" $(BIN)/pip-compile --quiet --strip-extras \
	--no-allow-unsafe --no-annotate --no-emit-options \
	--no-emit-index-url --no-emit-find-links --no-emit-trusted-host

export PATH := $(BIN):$(PATH)

.PHONY: run test model lint format bench messages requirements clean
.DEFAULT_GOAL := run

run: $(RUN_READY)
	@$(BIN)/python -m deploy.run

# Two tests at a time, as half of them wait for something; one: make test JOBS=0
JOBS ?= 2
test: $(DEV_READY)
	@$(BIN)/pytest -q -n $(JOBS) --dist worksteal $(ARGS)

# The whole market as a game that hypothesis plays, with a look at everything after each step.
model: $(DEV_READY)
	@$(BIN)/python -m tests.support.model $(RUNS)

lint: $(DEV_READY)
	@$(BIN)/ruff format --check --quiet . || { echo "make format puts that right"; exit 1; }
	@$(BIN)/ruff check --quiet .
	@$(BIN)/mypy --no-error-summary .
	@$(BIN)/lint-imports --no-logo

format: $(DEV_READY)
	@$(BIN)/ruff check --quiet --fix . ; $(BIN)/ruff format .

bench: $(DEV_READY)
	@$(BIN)/python -m bench $(ARGS)

# After a sentence has changed: takes it into menus/wording/messages.pot and every catalogue there.
messages: $(DEV_READY)
	@$(BIN)/pybabel --quiet extract -F pyproject.toml --no-default-keywords -k N_ --no-location \
	  --no-wrap --omit-header -o menus/wording/messages.pot menus
	@for catalogue in menus/wording/*.po; do \
	  $(BIN)/pybabel --quiet update -i menus/wording/messages.pot -o $$catalogue \
	    -l $$(basename $$catalogue .po) --no-wrap --no-fuzzy-matching --ignore-obsolete \
	    --ignore-pot-creation-date || exit 1; \
	done

# Newer versions: make requirements ARGS=--upgrade
requirements: $(DEV_READY)
	@$(BIN)/python -c 'import sys; sys.exit(sys.version_info[:2] != (3, 11))' || { \
	  echo "Compiled with Python 3.11: make clean requirements PYTHON=python3.11" >&2; exit 1; }
	$(COMPILE) $(ARGS) -o requirements.txt requirements.in
	$(COMPILE) $(ARGS) -o requirements-dev.txt requirements-dev.in

# Leaves var/, where the market's data is.
clean:
	rm -rf .venv .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis
	find . -name __pycache__ -type d -not -path './.git/*' -prune -exec rm -rf {} +

$(BIN)/python:
	@for python in $(PYTHON); do \
	  if $$python -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' \
	    2>/dev/null; then exec $$python -m venv --clear .venv; fi; \
	done; \
	echo "Needs Python 3.11 or later with venv (tried: $(PYTHON)); or make PYTHON=/its/path" >&2; \
	exit 1

# A call that was cut short leaves no mark, and the next one goes on.
$(RUN_READY): requirements.txt | $(BIN)/python
	@echo "Installing what the service needs…"
	@$(PIP) install -r requirements.txt
	@touch $@

$(DEV_READY): requirements-dev.txt $(RUN_READY)
	@echo "Installing what tests and checks need…"
	@$(PIP) install -r requirements-dev.txt
	@touch $@
