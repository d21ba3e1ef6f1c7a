.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

PYTHON ?= $(shell command -v python3.11 || command -v python3)
BIN := .venv/bin
PIP := $(BIN)/python -m pip install -qq --disable-pip-version-check
MODEL := models/xx_wirewatch_news
LOCK := $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header

.PHONY: help setup run test check format quality quality-record benchmark docs pictures env lock clean

help: ## Show this list.
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | expand -t 16

setup: $(BIN)/wirewatch ## Install what the main job needs into .venv.

run: $(BIN)/wirewatch ## Run the main job on a sample wire; the results land in data/.
	@$(BIN)/wirewatch demo

test: $(BIN)/pytest ## Run the whole test suite.
	@$(BIN)/pytest -n 2 tests/unit tests/contract tests/integration tests/quality tests/dags
	@$(BIN)/pytest -q tests/benchmarks

check: $(BIN)/pytest ## Format, lint, types, architecture.
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports

format: $(BIN)/pytest ## Format the code and mend what can be mended.
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .

quality: $(BIN)/pytest ## Measure enrichment and dedup on the project's own marked texts.
	@$(BIN)/pytest -s tests/quality

quality-record: $(BIN)/pytest ## Measure, and write the figures that later runs are compared with.
	@QUALITY_RECORD=1 $(BIN)/pytest -q -s tests/quality/test_figures.py

benchmark: $(BIN)/pytest ## Measure the hot paths against their peers, at full size.
	@LAG_BENCHMARK=5 AIRFLOW_BENCHMARK=1000 SCALE_BENCHMARK=5000 BENCHMARK_ARTICLES=20000 DEDUP_BENCHMARK=500000 $(BIN)/pytest -s tests/benchmarks

env: ## Write .env, with passwords of its own, for docker compose.
	@$(PYTHON) tools/write_environment.py

docs: $(BIN)/pytest ## Write docs/settings.md and docs/reference.md from the code.
	@$(BIN)/python -m tools.write_reference

pictures: $(BIN)/pytest ## Draw the README's pictures from a demo run (needs Chromium).
	@$(BIN)/python -m tools.draw_pictures

lock: $(BIN)/pytest ## Lock the versions anew.
	@$(LOCK) requirements/setup.in -o requirements/setup.txt
	@$(LOCK) pyproject.toml $(MODEL)/pyproject.toml -c requirements/constraints.in -o requirements/run.txt
	@$(LOCK) pyproject.toml $(MODEL)/pyproject.toml --extra postgres -c requirements/run.txt -o requirements/postgres.txt
	@$(LOCK) pyproject.toml $(MODEL)/pyproject.toml --extra airflow --extra postgres -c requirements/run.txt -o requirements/airflow.txt
	@$(LOCK) pyproject.toml $(MODEL)/pyproject.toml --extra image -c requirements/airflow.txt -o requirements/image.txt
	@$(LOCK) pyproject.toml $(MODEL)/pyproject.toml --extra dev -c requirements/airflow.txt -o requirements/dev.txt

clean: ## Remove what was installed and measured; the data folder stays.
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache

.venv/pyvenv.cfg:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed; name it with PYTHON=…" >&2; exit 1; }
	@echo "setting up .venv, about half a minute …" >&2
	@$(PYTHON) -m venv .venv

$(BIN)/wirewatch: .venv/pyvenv.cfg requirements/run.txt requirements/setup.txt pyproject.toml $(MODEL)/pyproject.toml
	@$(PIP) --require-hashes -r requirements/run.txt -r requirements/setup.txt
	@$(PIP) --no-deps --no-build-isolation -e . -e $(MODEL)
	@touch $@

$(BIN)/pytest: $(BIN)/wirewatch requirements/dev.txt
	@echo "installing the test tools …" >&2
	@$(PIP) --require-hashes -r requirements/dev.txt
	@touch $@
