# Grevy's commands. `make` lists them. Needs git, make and Python 3.11 or newer; installs into .venv only.

PYTHON  ?= python3
SERVE   ?= 1
WORKERS ?= 2
BIN     := .venv/bin
UV      := $(BIN)/uv
# Compiled once here: where Python is told to write no bytecode, as in many images, every start would compile it all.
INSTALL := $(UV) pip install --quiet --compile-bytecode --python $(BIN)/python

.DEFAULT_GOAL := help
.PHONY: help demo test check bench pictures lock docs clean

help:  ## list the commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "make %-9s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

demo: .venv/.runtime  ## a study of 350 virtual patients, from capture to report, then the start page (SERVE=0: no page)
	$(BIN)/grevy demo --out demo --replace $(if $(filter 0,$(SERVE)),--no-serve,--serve)

CHROMIUM = $(firstword $(foreach name,chromium chromium-browser google-chrome google-chrome-stable,\
  $(shell command -v $(name) 2>/dev/null)))

test: .venv/.development  ## all tests; those on Apache Spark only where Java is, those in a browser where Chromium is
	@command -v java >/dev/null || printf '%s\n' \
	  '*******************************************************************************' \
	  '* JAVA IS NOT INSTALLED: the tests that compare DuckDB with Apache Spark are   *' \
	  '* LEFT OUT. Install a Java runtime, version 17 or newer, to run them as well. *' \
	  '*******************************************************************************' >&2
	@test -n "$(CHROMIUM)" || printf '%s\n' \
	  '*******************************************************************************' \
	  '* CHROMIUM IS NOT INSTALLED: the tests of the pages in a browser are LEFT OUT. *' \
	  '* Install Chromium or Google Chrome to run them as well.                      *' \
	  '*******************************************************************************' >&2
	$(BIN)/python -m pytest -n $(WORKERS) --dist loadfile

check: .venv/.development  ## what a change must pass: format, lint, types, import contracts, documents, tests
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python docs/generate.py --check
	$(MAKE) test

bench: .venv/.development  ## how long lesions take to PFS and confirmed best response, beside hand-written SQL
	$(BIN)/python -m benchmarks

bench-web: .venv/.development  ## server time of the pages on the demo study, beside targets and other systems
	$(BIN)/python -m benchmarks.web

docs: .venv/.development  ## write the generated reference pages again
	$(BIN)/python docs/generate.py

pictures: .venv/.development  ## take the pictures of the guides again (needs Chromium)
	GREVY_PICTURES=1 $(BIN)/python -m pytest -n 0 tests/browser/test_guides.py

lock: .venv/.runtime  ## resolve all requirements again, with hashes
	$(UV) pip compile -q --universal --python-version 3.11 --generate-hashes requirements-bootstrap.in \
	  -o requirements-bootstrap.txt
	$(UV) pip compile -q --universal --python-version 3.11 --generate-hashes pyproject.toml --group build \
	  -o requirements.txt
	$(UV) pip compile -q --universal --python-version 3.11 --generate-hashes pyproject.toml --group dev \
	  --extra spark --extra postgres -c requirements.txt -o requirements-dev.txt

clean:  ## remove the environment, the demo and all caches
	rm -rf .venv demo build dist .pytest_cache .hypothesis .mypy_cache .ruff_cache .import_linter_cache

# --- The environment: uv from a pinned hash, then every package from a pinned hash -------------------------------

.venv/.uv: requirements-bootstrap.txt
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed, found " + sys.version)'
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --require-hashes -r requirements-bootstrap.txt
	touch $@

.venv/.runtime: .venv/.uv requirements.txt pyproject.toml
	$(INSTALL) --require-hashes -r requirements.txt
	$(INSTALL) --no-deps --no-build-isolation -e .
	$(BIN)/python -m compileall -q grevy
	touch $@

.venv/.development: .venv/.runtime requirements-dev.txt
	$(INSTALL) --require-hashes -r requirements-dev.txt
	touch $@
