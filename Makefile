# Everything runs in .venv, made from pinned and hashed requirements.
PYTHON ?= python3
BIN := .venv/bin
ARGS ?=
TIME ?= 600

.PHONY: help setup demo test check test-micropython bench fuzz lock clean

help:  ## this list
	@grep -hE '^[a-z0-9-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*##/\t/'

.venv/demo.done: requirements/demo.txt pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "elecbay needs Python 3.11 or newer, this is %s: install it, or call make PYTHON=python3.12" % sys.version.split()[0])'
	$(PYTHON) -m venv .venv
	$(BIN)/pip install -q --disable-pip-version-check --require-hashes -r requirements/demo.txt
	$(BIN)/pip install -q --disable-pip-version-check --no-deps --no-build-isolation -e .
	touch $@

.venv/dev.done: requirements/dev.txt .venv/demo.done
	$(BIN)/pip install -q --disable-pip-version-check --require-hashes -r requirements/dev.txt
	touch $@

setup: .venv/dev.done  ## everything to run and develop, in .venv

demo: .venv/demo.done  ## a street of simulated homes trades an evening (ARGS="--homes 5 --seed 7 --record FILE")
	$(BIN)/elecbay demo $(ARGS)

test: setup  ## all tests (ARGS are given to pytest)
	$(BIN)/pytest $(ARGS)

test-micropython: setup  ## the portable tests alone, on both Pythons
	$(BIN)/pytest tests/portable tests/test_micropython.py $(ARGS)

check: setup  ## ruff, mypy --strict, layers and portability
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/pytest tests/test_architecture.py

bench: setup  ## figures to bench/results
	$(BIN)/python tests/bench.py

.venv/fuzz.done: requirements/fuzz.txt .venv/dev.done
	$(BIN)/pip install -q --disable-pip-version-check --require-hashes -r requirements/fuzz.txt
	touch $@

fuzz: .venv/fuzz.done  ## every decoder against mutated bytes, TIME=600 seconds each (atheris: Linux on x86-64)
	@for decoder in sml dsmr dlms-hdlc dlms-mbus dlms tic iec62056-21; do \
	  echo "== $$decoder"; $(BIN)/python tests/fuzz/push.py $$decoder -max_total_time=$(TIME) -print_final_stats=1 $(ARGS) || exit 1; done
	@echo "== modbus"; $(BIN)/python tests/fuzz/modbus.py -max_total_time=$(TIME) -print_final_stats=1 $(ARGS)

lock: setup  ## pin requirements anew from pyproject.toml, with hashes
	sh requirements/lock.sh

clean:
	rm -rf .venv build *.egg-info
