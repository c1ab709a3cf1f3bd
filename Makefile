PYTHON ?= python3
HOST ?= 127.0.0.1
PORT ?= 8000
BIN := .venv/bin
BUILT := src/justicegraph/web/static/built/manifest.json
FRONTEND := hatch_build.py $(wildcard frontend/*.* frontend/src/*)

serve: .venv/ready
	$(BIN)/justicegraph serve --host $(HOST) --port $(PORT)

test: .venv/ready .venv/sssom/ready
	$(BIN)/ruff format --check src tests benchmarks docs/*.py hatch_build.py
	$(BIN)/ruff check src tests benchmarks docs/*.py hatch_build.py
	$(BIN)/mypy
	$(BIN)/pytest -m "not quiet" --numprocesses 3 --dist loadfile
	$(BIN)/pytest -m quiet --numprocesses 2 --dist loadfile

check: .venv/ready
	$(BIN)/justicegraph check

format: .venv/ready
	$(BIN)/justicegraph format
	$(BIN)/ruff format src tests benchmarks docs/*.py hatch_build.py

bench: .venv/ready
	$(BIN)/python -m benchmarks.start
	$(BIN)/python -m benchmarks.pipeline
	$(BIN)/python -m benchmarks.endpoint --quads 100000 --seconds 1 --only ours,oxigraph-memory
	$(BIN)/python -m benchmarks.attack --quads 100000 --seconds 5
	$(BIN)/python -m benchmarks.release --quads 100000

docs: .venv/ready
	rm -rf build/docs
	$(BIN)/sphinx-build --quiet --fresh-env --fail-on-warning --keep-going --doctree-dir build/doctrees docs build/docs
	@echo "The documentation is in build/docs/index.html; serve shows it at /docs."

wheel: docs
	$(BIN)/pip wheel --quiet --disable-pip-version-check --no-deps --wheel-dir dist .

context: .venv/ready
	$(BIN)/python -m justicegraph.jsonld

.venv/ready: pyproject.toml constraints.txt $(FRONTEND)
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is missing: install it, or name yours, as in make PYTHON=python3.12."; exit 1; }
	@$(PYTHON) -m venv .venv || { echo "Python's venv module is missing: install it (on Debian: apt install python3-venv)."; rm -rf .venv; exit 1; }
	$(BIN)/pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable '.[dev,docs]'
	@test -f $(BUILT) || echo "The query page has no editor, and there are no maps. Install Node and npm and run make again to have them."
	@touch $@

# These packages cannot share our environment: one changes pytest, another replaces rdflib's JSON-LD.
.venv/sssom/ready: tests/sssom.txt | .venv/ready
	@$(PYTHON) -m venv $(@D)
	$(@D)/bin/pip install --quiet --disable-pip-version-check --no-deps --requirement tests/sssom.txt
	@touch $@

.PHONY: serve test check format bench context docs wheel
