PYTHON ?= python3
BIN := .venv/bin

test: .venv/ready
	$(BIN)/ruff format --check src tests
	$(BIN)/ruff check src tests
	$(BIN)/mypy
	$(BIN)/pytest

.venv/ready: pyproject.toml constraints.txt
	@$(PYTHON) -m venv .venv || { echo "Python's venv module is missing: install it (on Debian: apt install python3-venv)."; rm -rf .venv; exit 1; }
	$(BIN)/pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable '.[dev]'
	@touch $@

.PHONY: test
