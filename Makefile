# Everything here works on a fresh machine with a shell, make and Python from 3.11 on.
#
#   make install   install what the hub needs
#   make run       the same, then start the demo on http://localhost:8000
#   make test      install what the tests need and run them (TESTS="tests/kernel -x" for some of them)
#   make check     all checks: style, types, imports, tests
#   make lint      the checks without the tests
#   make bench     measure fan-out and webhook against what the machine could do
#   make crash     kill processes at random for a while and judge what is left
#   make messages  bring the catalogues in locales/ in step with the sentences in the code
#   make docs      bring the tables in docs/ in step with the code
#   make migration NAME="what changes"   write a migration from the changed tables
#   make lock      pin all requirements anew
#   make clean     remove everything that was installed or built, but no data
SHELL := /bin/sh
BIN := .venv/bin
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check
WORKERS ?= auto
TESTS ?=
CRASH ?=

.PHONY: install run test check lint bench crash messages docs migration assets browser lock clean
.DEFAULT_GOAL := run

install: .venv/ready assets

run: install
	exec $(BIN)/hub demo

test: .venv/ready-for-tests assets browser
	$(BIN)/python -m pytest -q -n $(WORKERS) --maxprocesses 8 --dist worksteal $(TESTS)

check: lint
	$(MAKE) --no-print-directory test

lint: .venv/ready-for-tests
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: .venv/ready-for-tests assets
	$(BIN)/python -m bench

crash: .venv/ready-for-tests assets
	$(BIN)/python -m tests.crash $(CRASH)

assets: $(BIN)/python
	sh assets/build.sh

browser:
	sh tools/browser.sh

$(BIN)/python:
	sh tools/venv.sh .venv

# A stamp for each state of .venv: where nothing has changed, nothing is installed.

.venv/ready: requirements.lock pyproject.toml | $(BIN)/python
	$(PIP) --require-hashes --only-binary :all: -r requirements.lock
	$(PIP) --no-deps --no-build-isolation -e .
	touch $@

.venv/ready-for-tests: requirements-test.lock pyproject.toml | $(BIN)/python
	$(PIP) --require-hashes --only-binary :all: -r requirements-test.lock
	$(PIP) --no-deps --no-build-isolation -e .
	touch $@ .venv/ready

messages: .venv/ready
	$(BIN)/python -m tools.messages

docs: .venv/ready assets
	$(BIN)/python -m tools.docs

migration: .venv/ready
	$(BIN)/python -m tools.migration "$(NAME)"

# Pins stay as they are unless they must move; UPGRADE=--upgrade moves all of them.
LOCK := .venv-lock/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	--no-header --no-annotate --no-emit-index-url --no-emit-find-links $(UPGRADE)

lock: .venv-lock/ready
	$(LOCK) pyproject.toml -o requirements.lock
	$(LOCK) pyproject.toml --extra test -c requirements.lock -o requirements-test.lock
	$(LOCK) --group node -o requirements-node.lock
	$(LOCK) --group lock -o requirements-lock.lock

.venv-lock/ready: requirements-lock.lock
	sh tools/venv.sh .venv-lock
	.venv-lock/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-lock.lock
	touch $@

clean:
	rm -rf .venv .venv-lock .node node_modules hub/static/built .mypy_cache .ruff_cache .pytest_cache \
		.hypothesis .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
