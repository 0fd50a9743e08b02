# fairweather: every target builds the environment it needs.
PYTHON ?= $(shell command -v python3.11 || command -v python3)
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
export OMP_NUM_THREADS ?= 1
export OMP_WAIT_POLICY ?= PASSIVE

.PHONY: help setup demo test test-kill test-demo test-calibration fairtown domains lint types format bench clean

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
	$(BIN)/python -m pytest -n 2 --dist loadgroup -m 'not kill and not calibration and not demo'

test-kill: setup  ## kill a running study at 24 moments and compare what is left
	$(BIN)/python -m pytest -m kill -rA tests/kill

test-demo: setup  ## run the whole demo (ten minutes) and check that Fairtown is good enough for it
	$(BIN)/python -m pytest -m demo -rA tests/test_demo.py

test-calibration: setup  ## the whole calibration table by simulation (long); writes docs/statistics.md
	$(BIN)/python -m pytest -n 2 -m calibration --junit-xml runs/calibration.xml tests/analysis/test_calibration.py
	$(BIN)/python -m tests.analysis.calibration.report runs/calibration.xml

lint: setup  ## ruff, formatting and rules
	$(BIN)/ruff check src tests bench experiments
	$(BIN)/ruff format --check src tests bench experiments

types: setup  ## mypy, strict
	$(BIN)/mypy

format: setup  ## let ruff format the code
	$(BIN)/ruff format src tests bench experiments
	$(BIN)/ruff check --fix src tests bench experiments

bench: setup  ## measure speed side by side with peers; writes bench/results.json
	$(BIN)/python -m bench.bench

# The real photographs that Fairtown is tested on, and the published results it is compared with; not part of the project.
CAMVID ?= ../shared/data/camvid
PUBLISHED ?= ../shared/reference/prove_stage1_domains.csv

fairtown: setup  ## measure what docs/fairtown.md says (about an hour on 2 cores); writes docs/fairtown/
	$(BIN)/python -m experiments.pictures
	$(BIN)/python -m experiments.tones
	$(BIN)/python -m experiments.classifier
	$(BIN)/python -m experiments.transfer --camvid $(CAMVID)
	$(BIN)/fairweather run studies/fairtown_difficulty.yaml --out runs/fairtown_difficulty
	$(BIN)/python -m experiments.difficulty --published $(PUBLISHED)

domains: setup  ## fit the offline tagger on Fairtown and measure it (minutes); writes docs/domains/
	$(BIN)/python -m experiments.tagger --camvid $(CAMVID)

clean:  ## remove the environment and all results
	rm -rf $(VENV) runs
