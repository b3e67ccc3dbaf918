# Each target sets up what it needs; only Python >= 3.11 and make are assumed.
#   make demo       deduplicate, index and query examples/customers.csv
#   make test       lint, types and every quick test
#   make test-long  the bigger runs as well
#   make lint       ruff and mypy alone
#   make bench      the record benchmark against its peers (data: make bench DATA=folder)
#   make docs       write docs/cli.md from the commands, docs/python.md from the docstrings
#   make clean      remove the environment and what the demo wrote
# PYTHON=/path/to/python chooses the interpreter.

SHELL := /bin/sh
VENV := .venv
BIN := $(VENV)/bin
CHECK := import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))
FOUND := $(shell for python in python3.11 python3.12 python3.13 python3 python; do \
	if $$python -c '$(CHECK)' 2>/dev/null; then echo $$python; break; fi; done)
PYTHON ?= $(FOUND)
PIP := $(BIN)/python -m pip --disable-pip-version-check install --quiet --constraint constraints.txt
DATA ?= $(SIMSEARCH_DATA)
# Two test workers on small machines: each already uses every core inside NumPy and FAISS.
WORKERS ?= 2

.PHONY: demo test test-long lint bench docs clean setup

$(VENV)/.made: pyproject.toml constraints.txt
	@$(or $(PYTHON),false) -c '$(CHECK)' 2>/dev/null || { \
		echo "simsearch needs Python 3.11 or newer with its venv module (Debian and Ubuntu:"; \
		echo "apt install python3 python3-venv). Found: $(or $(PYTHON),none). Or say PYTHON=/path/to/python."; exit 1; } >&2
	@echo "Setting up $(VENV) (once; a few minutes)"
	@$(PYTHON) -m venv $(VENV)
	@$(PIP) --upgrade pip
	@$(PIP) --editable '.[dev,postgres]'
	@touch $@

$(VENV)/.made-bench: $(VENV)/.made
	@$(PIP) --editable '.[dev,postgres,bench]'
	@touch $@

setup: $(VENV)/.made

demo: $(VENV)/.made
	@BIN="$(BIN)" sh examples/demo.sh

lint: $(VENV)/.made
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

# Each worker's own threads would only wait for the other worker's.
test test-long: export OMP_NUM_THREADS ?= 1

test: lint
	$(BIN)/python -m pytest -n $(WORKERS) -m "not long"

test-long: lint
	$(BIN)/python -m pytest -n $(WORKERS) --hypothesis-profile new

bench: $(VENV)/.made-bench
	sh benchmarks/peers/setup.sh "$(PYTHON)"
	-$(BIN)/python benchmarks/records.py $(if $(DATA),--data "$(DATA)")
	-$(BIN)/python benchmarks/tables.py $(if $(DATA),--data "$(DATA)")
	-$(BIN)/python benchmarks/near_texts.py --data "$(DATA)"
	-$(BIN)/python benchmarks/many_texts.py --data "$(DATA)"
	-$(BIN)/python benchmarks/text_search.py --data "$(DATA)"
	-$(BIN)/python benchmarks/near_pictures.py --data "$(DATA)"
	-$(BIN)/python benchmarks/images.py --data "$(DATA)"
	-$(BIN)/python benchmarks/photo_copies.py --data "$(DATA)"
	-$(BIN)/python benchmarks/photo_files.py --data "$(DATA)"
	-$(BIN)/python benchmarks/photo_peers.py --data "$(DATA)"
	$(BIN)/python benchmarks/readme.py
	-$(BIN)/python benchmarks/growth.py
	-$(BIN)/python benchmarks/startup.py
	-$(BIN)/python benchmarks/index.py $(if $(DATA),--data "$(DATA)")
	-$(BIN)/python benchmarks/training.py $(if $(DATA),--data "$(DATA)")
	-$(BIN)/python benchmarks/labelled.py $(if $(DATA),--data "$(DATA)")
	-$(BIN)/python benchmarks/bases.py
	-$(BIN)/python benchmarks/asking.py $(if $(DATA),--data "$(DATA)")
	$(BIN)/python benchmarks/ablation.py $(if $(DATA),--data "$(DATA)")

docs: $(VENV)/.made
	$(BIN)/python -m simsearch.commands.reference > docs/cli.md.tmp
	mv docs/cli.md.tmp docs/cli.md
	$(BIN)/python docs/python_page.py > docs/python.md.tmp
	mv docs/python.md.tmp docs/python.md

clean:
	rm -rf $(VENV) demo build *.egg-info .mypy_cache .ruff_cache .pytest_cache
