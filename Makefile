# The commands of the project. Python 3.11+, git and make are all that must be there.
PYTHON ?= python3
PORT ?= 8000
BIN := .venv/bin

.PHONY: run test check fix bench seed clean

run: .venv/run.stamp   ## serve the portal with a background worker and demonstration data
	PORT=$(PORT) $(BIN)/python -m danang_poverty.embedded

test: .venv/dev.stamp  ## every test; browser tests are skipped, loudly, where there is no Chromium
	$(BIN)/python -m pytest -n auto $(TESTS)

check: .venv/dev.stamp ## linters, migrations, deployment check
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/djade --check $$(git ls-files 'templates/*.html')
	$(BIN)/python manage.py makemigrations --check --dry-run
	$(BIN)/python manage.py spectacular --validate --fail-on-warn --file /dev/null
	$(BIN)/python -m pytest tests/test_project.py -k deployment_check

fix: .venv/dev.stamp   ## format and mend what the linters can
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .
	-$(BIN)/djade $$(git ls-files 'templates/*.html')

bench: .venv/dev.stamp ## ratios on PostgreSQL at 300,000 households
	$(BIN)/python -m tests.bench

seed: .venv/run.stamp  ## load areas, agencies, standards, plan and demonstration data, without serving
	$(BIN)/python -m danang_poverty.embedded prepare

.venv/bin/pip:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed."; exit 1; }
	@$(PYTHON) -m venv .venv || { echo "Python's venv module is missing. On Debian or Ubuntu: apt-get install python3-venv"; rm -rf .venv; exit 1; }

.venv/run.stamp: requirements.txt | .venv/bin/pip
	$(BIN)/pip install --quiet --disable-pip-version-check -r requirements.txt
	@touch $@

.venv/dev.stamp: requirements.txt requirements-dev.txt | .venv/bin/pip
	$(BIN)/pip install --quiet --disable-pip-version-check -r requirements-dev.txt
	@touch $@ .venv/run.stamp
