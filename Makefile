# Every target is one or two lines of real commands. `make help` lists them.
PYTHON ?= python3
PORT ?= 8000
PIP := .venv/bin/pip install --quiet --disable-pip-version-check --require-hashes --only-binary :all:
PY := .venv/bin/python
PO := $(wildcard src/convoca/web/locale/*/LC_MESSAGES/django.po)
JOBS ?= 2

.PHONY: help program program-postgres program-pdf program-documents demo test test-pg test-slow test-browser run fmt lint types migrations messages train-linker bench check lock clean

help:  ## list the targets
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 16

.venv/bin/python:
	$(PYTHON) -m venv .venv
	echo "$(CURDIR)/src" > "$$($(PY) -c 'import sysconfig; print(sysconfig.get_path("purelib"))')/convoca.pth"

.venv/demo.stamp: .venv/bin/python requirements/demo.txt
	test -e .venv/test.stamp -a .venv/test.stamp -nt requirements/test.txt || $(PIP) -r requirements/demo.txt
	touch $@

.venv/postgres.stamp: .venv/bin/python requirements/postgres.txt
	$(PIP) -r requirements/postgres.txt
	touch $@

.venv/pdf.stamp: .venv/bin/python requirements/pdf.txt
	$(PIP) -r requirements/pdf.txt
	touch $@

.venv/documents.stamp: .venv/bin/python requirements/documents.txt
	$(PIP) -r requirements/documents.txt
	touch $@

.venv/test.stamp: .venv/bin/python requirements/test.txt
	$(PIP) -r requirements/test.txt
	touch $@

.venv/messages.stamp: $(PO) | .venv/bin/python
	$(PY) scripts/messages.py compile
	touch $@

program: .venv/demo.stamp .venv/messages.stamp  ## what a server needs, and nothing else

program-postgres: .venv/postgres.stamp .venv/messages.stamp  ## the same, with the driver for PostgreSQL

program-pdf: .venv/pdf.stamp .venv/messages.stamp  ## the same, with what makes PDF; may be added to program-postgres

program-documents: .venv/documents.stamp .venv/messages.stamp  ## the same, with what reads PDF; may be added to the others

demo: .venv/demo.stamp .venv/messages.stamp  ## the sample network on http://localhost:8000 (PORT= to change)
	@PORT=$(PORT) $(PY) -m convoca demo

test: .venv/test.stamp .venv/messages.stamp  ## the tests on SQLite, without a browser
	$(PY) -m pytest -n $(JOBS) -q -m "not browser and not slow"

test-pg: .venv/test.stamp .venv/messages.stamp  ## the same tests on PostgreSQL (CONVOCA_TEST_DATABASE_URL)
	$(PY) scripts/test_postgres.py -n $(JOBS) -q -m "not browser and not slow"

test-slow: .venv/test.stamp .venv/messages.stamp  ## crashes, kills and full disks
	$(PY) -m pytest -n $(JOBS) --dist worksteal -q -m "slow and not browser"

test-browser: .venv/test.stamp .venv/messages.stamp  ## journeys and axe in Debian's Chromium
	$(PY) -m pytest -q -m browser

run: .venv/test.stamp .venv/messages.stamp  ## serve CONVOCA_HOME (default ./var)
	$(PY) -m convoca serve

fmt: .venv/test.stamp  ## put the code into our format
	.venv/bin/ruff check --fix -q src tests scripts bench; .venv/bin/ruff format -q src tests scripts bench

lint: .venv/test.stamp  ## ruff, templates, import contracts, message catalogues
	.venv/bin/ruff check src tests scripts bench && .venv/bin/ruff format --check -q src tests scripts bench
	git ls-files '*.html' -z | xargs -0 .venv/bin/djade --check --target-version 5.2
	.venv/bin/lint-imports --no-cache
	$(PY) scripts/messages.py check

types: .venv/test.stamp  ## mypy, strict
	CONVOCA_HOME=/nonexistent .venv/bin/mypy

migrations: .venv/test.stamp  ## no migration is missing
	$(PY) -W ignore -m django makemigrations --check --dry-run --settings tests.settings

messages: .venv/test.stamp  ## renew the catalogues from the code and the templates
	$(PY) scripts/messages.py update

train-linker: .venv/test.stamp  ## learn anew how reports of one action are recognised (../shared/data/linkage)
	PYTHONPATH=src $(PY) scripts/train_linker.py

bench: .venv/test.stamp .venv/messages.stamp  ## the figures of docs/figures.md, measured here and now
	$(PY) -m bench

check: lint types migrations test test-slow test-pg test-browser  ## everything that CI runs, in the same order

lock:  ## renew the hash-locked sets (maintainers; needs uv)
	uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-header --no-annotate pyproject.toml -o requirements/demo.txt
	uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-header --no-annotate pyproject.toml --extra postgres -o requirements/postgres.txt
	uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-header --no-annotate pyproject.toml --extra pdf -o requirements/pdf.txt
	uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-header --no-annotate pyproject.toml --extra documents -o requirements/documents.txt
	uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-header --no-annotate pyproject.toml --extra postgres --extra pdf --extra documents --group test --group browser --group lint -o requirements/test.txt

clean:  ## remove what make made
	rm -rf .venv var
