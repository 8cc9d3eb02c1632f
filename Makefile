# make run    the product with a demo municipality, on http://127.0.0.1:8000
# make test   everything is tried, on SQLite and on PostgreSQL, with every input
# make test-pair  the tests of the API again, against two servers behind a reverse proxy
# make check  what CI runs: format, rules, types, direction, and the tests in their short form, with coverage
# make fuzz   the searching tests for FUZZ_MINUTES: new examples each time, on both databases
# make attack sqlmap and wapiti against the running product, on both databases
# make bench  the speed, on both databases up to a million handovers; figures in docs/performance.md
# make bench-work the work that waits in line, beside pgqueuer and Procrastinate on PostgreSQL
# make faults the server is killed 200 times on each database, and must lose nothing
# Nothing is needed beyond Python 3.11 or newer and make; but the tests also need Chromium and
# curl, and `make check` and `make bench`, which measure, wrk: apt install chromium-headless-shell curl
# wrk (where there is no such package: chromium).

PYTHON ?= python3
TESTS ?= -n auto --maxschedchunk 4
FUZZ_MINUTES ?= 15
CATALOGUE := app/locale/en.po

BIN := .venv/bin
PIP := $(BIN)/python -m pip install -qq --disable-pip-version-check
UV  := $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
       --annotation-style line --no-strip-extras --no-emit-index-url --no-emit-find-links --custom-compile-command "make lock"

# Where nothing may be kept of what was compiled, every process that a test starts compiles it anew.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: run setup setup-dev assets test test-pair check types direction holes fuzz attack faults bench bench-work format lock translations access reminders looks pictures clean
.DEFAULT_GOAL := run

run: setup
	@$(BIN)/gavebord run --demo $(if $(PORT),--port $(PORT))

setup: .venv/installed assets

setup-dev: .venv/installed-dev assets
	@$(BIN)/python -m tests.provider.install
	@$(BIN)/python -m tests.node.install

test: setup-dev
	$(BIN)/pytest $(TESTS)

test-pair: setup-dev
	GAVEBORD_TEST_DATABASES=pair $(BIN)/python -m pytest -p tests.pair_report $(TESTS)

check: setup-dev
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	@$(MAKE) --no-print-directory --jobs 2 --output-sync types direction holes
	@rm -f .coverage*
	$(BIN)/python -m pytest -p tests.measuring -p tests.short $(TESTS)
	@$(BIN)/coverage combine --quiet
	$(BIN)/coverage report
	$(BIN)/python -W ignore -m bench --short --sizes 2000

types:
	$(BIN)/mypy

direction:
	$(BIN)/lint-imports

holes:
	$(BIN)/bandit --quiet --recursive --configfile pyproject.toml app migrations frontend/install.py

fuzz: setup-dev
	FUZZ_MINUTES=$(FUZZ_MINUTES) $(BIN)/pytest -n 2 --durations=0 -rA tests/hostile

attack: setup-dev .venv/attack/installed
	$(BIN)/python -m tests.attack

bench: setup-dev
	$(BIN)/python -W ignore -m bench --write docs/performance.md

# The short form, of the product alone, is in `make test`.
bench-work: setup-dev .venv/rivals/installed
	$(BIN)/python -W ignore -m bench.work --write docs/performance.md

# The short form is in `make test`. Other numbers: make faults ROUNDS=1000.
faults: setup-dev
	GAVEBORD_KILL_ROUNDS=$(or $(ROUNDS),200) $(BIN)/pytest -s tests/faults/test_kills.py
	GAVEBORD_WORK_ROUNDS=$(or $(ROUNDS),200) $(BIN)/pytest -s tests/work -k test_faults

format: .venv/installed-dev
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

# Keeps the versions that are there; `make lock UPGRADE=--upgrade` takes the newest.
# The development lock is made first, so that what is tried is what is run.
lock: .venv/installed-dev
	$(UV) $(UPGRADE) pyproject.toml --group dev requirements/build.in -o requirements/dev.txt
	$(UV) $(UPGRADE) pyproject.toml requirements/build.in -c requirements/dev.txt -o requirements/run.txt
	$(UV) $(UPGRADE) requirements/node.in -o requirements/node.txt
	$(UV) $(UPGRADE) requirements/attack.in -o requirements/attack.txt
	$(UV) $(UPGRADE) requirements/rivals.in -o requirements/rivals.txt

# Brings the English catalogue up to date with the Danish texts in the code: what is new comes
# without a translation, and a test asks for it.
translations: .venv/installed-dev
	$(BIN)/pybabel --quiet extract --mapping-file babel.cfg --ignore-dirs '.*' --no-default-keywords --keywords Message --keywords _ \
	  --omit-header --no-location --sort-by-file --output-file .venv/messages.pot app
	$(BIN)/pybabel --quiet update --input-file .venv/messages.pot --output-file $(CATALOGUE) \
	  --locale en --no-fuzzy-matching --ignore-obsolete --omit-header --width 100

# Every page as the tests see it, in both languages and on both sizes of screen.
looks: setup-dev
	GAVEBORD_KEEP_LOOKS=yes $(BIN)/pytest -q -n 2 tests/browser

# The pictures in the guides, as the tests see the demo.
pictures: setup-dev
	$(BIN)/pytest -q tests/browser/test_guides.py -k guide_shows
	mkdir -p docs/billeder
	@for picture in tests/browser/shots/guide-*.png; do cp "$$picture" "docs/billeder/$${picture##*/guide-}"; done

# The page of who may do what, out of the table that the tests go by.
access: .venv/installed-dev
	$(BIN)/python -m tests.access

# The page of what is sent when, out of the rules themselves.
reminders: .venv/installed-dev
	$(BIN)/python -m tests.notifications

assets: .venv/made
	@$(BIN)/python frontend/install.py

clean:
	rm -rf .venv frontend/node_modules tests/*/node_modules tests/browser/shots app/static/vendor .coverage .coverage.* \
	       .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis

# Stamps: each is made anew only when the file that it was made from has changed.

.venv/made:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || \
	  { echo "Gavebordet needs Python 3.11 or newer. If it has another name: make PYTHON=python3.12"; exit 1; }
	@$(PYTHON) -m venv .venv
	@touch $@

# The locks are whole, so nothing is worked out again: older versions of pip take `pydantic[email]`
# and the `pydantic` that others ask for to be two packages, and find no hash for the second.

.venv/installed: requirements/run.txt pyproject.toml .venv/made
	@echo "Installing what Gavebordet needs ..."
	@$(PIP) --require-hashes --no-deps -r requirements/run.txt
	@$(PIP) --no-deps --no-build-isolation -e .
	@touch $@

.venv/installed-dev: requirements/dev.txt pyproject.toml .venv/made
	@echo "Installing what Gavebordet and its tests need ..."
	@sed -n '/^uv==/,/[^\\]$$/p' requirements/dev.txt > .venv/uv.txt
	@$(PIP) --require-hashes --no-deps -r .venv/uv.txt
	@$(BIN)/uv pip install --quiet --python $(BIN)/python --compile-bytecode --require-hashes --no-deps -r requirements/dev.txt
	@$(PIP) --no-deps --no-build-isolation -e .
	@touch $@ .venv/installed

# An environment of its own: what the attackers need is nothing that the product should have.
.venv/attack/installed: requirements/attack.txt .venv/made
	@echo "Installing the attackers ..."
	@$(PYTHON) -m venv .venv/attack
	@.venv/attack/bin/python -m pip install -qq --disable-pip-version-check --require-hashes -r $<
	@touch $@

# The same for those whom the speed of the work is measured beside.
.venv/rivals/installed: requirements/rivals.txt .venv/made
	@echo "Installing pgqueuer and Procrastinate ..."
	@$(PYTHON) -m venv .venv/rivals
	@.venv/rivals/bin/python -m pip install -qq --disable-pip-version-check --require-hashes -r $<
	@touch $@
