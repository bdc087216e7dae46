# `make serve` and `make test` need only Python 3.11 or newer and make.
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
INSTALLED := $(VENV)/installed

.PHONY: serve build test test-all fuzz check bench clean

serve: $(INSTALLED)  ## build the graph when there is none, and serve it on http://127.0.0.1:8000
	$(BIN)/zorgkg serve

build: $(INSTALLED)  ## build the graph from data/ and publish it
	$(BIN)/zorgkg build

test: $(INSTALLED)  ## a file of tests runs in one process, files side by side
	$(BIN)/python -m pytest -n auto --dist loadfile --no-loadscope-reorder -m "not slow"

test-all: $(INSTALLED)  ## also what takes long, and what needs Java: Spark, and the remote engine on Apache Jena Fuseki, which Maven fetches; and sssom, which judges link files
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable '.[dev,registers,spark]'
	$(BIN)/python scripts/fetch_fuseki.py
	$(BIN)/python scripts/fetch_sssom.py
	ZORGKG_REQUIRE_JAVA=1 ZORGKG_REQUIRE_SSSOM=1 $(BIN)/python -m pytest -n auto --dist loadfile --no-loadscope-reorder

CASES ?= 200
fuzz: $(INSTALLED)  ## requests made up of the API's description, CASES for each operation (tests/web/test_fuzz.py sends few)
	$(BIN)/python scripts/fuzz_api.py --cases $(CASES)

check: $(INSTALLED)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

SIZE ?= 1000 10000
bench: $(INSTALLED)  ## measure beside the peers (docs/performance.md); SIZE=100000 takes long, and much disk
	$(BIN)/python -m bench.run $(SIZE)

clean:
	rm -rf $(VENV) .zorgkg .bench

$(INSTALLED): pyproject.toml constraints.txt
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "zorgkg needs Python 3.11 or newer; set PYTHON=...")'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable '.[dev]'
	touch $@
