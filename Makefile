# fairweather: every target builds the environment it needs.
PYTHON ?= $(shell command -v python3.11 || command -v python3)
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
export OMP_NUM_THREADS ?= 1
export OMP_WAIT_POLICY ?= PASSIVE

.PHONY: help setup demo test test-kill test-calibration lint types format bench clean

help:  ## list the targets
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## */ - /'

$(STAMP): pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(0 if sys.version_info >= (3, 11) else "fairweather needs Python 3.11 or newer; set PYTHON=/path/to/python3.11")'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --constraint constraints.txt --editable '.[all]'
	@touch $@

setup: $(STAMP)  ## build .venv with everything; leaves .venv/bin/fairweather

demo: setup  ## run the embedded study to a report in runs/demo
	$(BIN)/fairweather demo --out runs/demo

test: setup  ## all tests but the long ones below
	$(BIN)/python -m pytest -n 2 --dist loadgroup -m 'not kill and not calibration'

test-kill: setup  ## kill a running study at 24 moments and compare what is left
	$(BIN)/python -m pytest -m kill -rA tests/kill

test-calibration: setup  ## the whole calibration table by simulation (long); writes docs/statistics.md
	$(BIN)/python -m pytest -n 2 -m calibration --junit-xml runs/calibration.xml tests/analysis/test_calibration.py
	$(BIN)/python -m tests.analysis.calibration.report runs/calibration.xml

lint: setup  ## ruff, formatting and rules
	$(BIN)/ruff check src tests bench
	$(BIN)/ruff format --check src tests bench

types: setup  ## mypy, strict
	$(BIN)/mypy

format: setup  ## let ruff format the code
	$(BIN)/ruff format src tests bench
	$(BIN)/ruff check --fix src tests bench

bench: setup  ## measure speed side by side with peers; writes bench/results.json
	$(BIN)/python -m bench.bench

clean:  ## remove the environment and all results
	rm -rf $(VENV) runs
