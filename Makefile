# Hannun: every command of the installation. `make help` lists them.
PYTHON ?= python3
PORT ?= 8000
ARGS ?=
PY := .venv/bin/python
export UV_PYTHON_DOWNLOADS := never
export PIP_DISABLE_PIP_VERSION_CHECK := 1
export UV_SYSTEM_CERTS := 1
MAKEFLAGS += --no-print-directory
# Tools keep their downloads under HOME; an account without one of its own uses the local folder.
ifneq ($(shell test -d "$$HOME" -a -w "$$HOME" && echo yes),yes)
export UV_CACHE_DIR := $(CURDIR)/.local/cache/uv
export PIP_CACHE_DIR := $(CURDIR)/.local/cache/pip
export npm_config_cache := $(CURDIR)/.local/cache/npm
endif
HAVE_PYTHON = command -v $(PYTHON) >/dev/null || { echo "hannun: $(PYTHON) is missing: install Python 3.11 or newer, on Debian and Ubuntu with apt-get install python3 python3-venv." >&2; exit 1; }

.PHONY: help setup setup-browser demo test bench bench-matching stop lint lock

help: ## list the commands
	@sed -n 's/^\([a-z-]*\):.*## /  make \1\t/p' Makefile | expand -t 24

setup: ## install packages and assets; quick when nothing has changed
	@$(HAVE_PYTHON)
	@$(PYTHON) -I config/bootstrap.py

setup-browser: ## the same, and a browser for tests if the machine has none
	@$(HAVE_PYTHON)
	@$(PYTHON) -I config/bootstrap.py --browser

demo: setup ## serve the demonstration at PORT=8000 until Ctrl-C
	@exec $(PY) -m config.serve --port "$(PORT)" --end-with-parent

test: setup-browser ## run all tests; ARGS="tests/config -k env" runs some
	@$(PY) -m pytest -n auto --dist worksteal $(ARGS)

bench: setup ## measure loading, page and search; ARGS="--help" tells the sizes
	@$(PY) manage.py bench $(ARGS)

bench-matching: setup ## measure matching beside Splink; ARGS="--help" tells the sizes
	@$(PY) -m uv pip install -q --require-hashes -r requirements-bench.txt
	@$(PY) manage.py bench_matching $(ARGS)

stop: ## end the demonstration, the database and the broker
	@test ! -x $(PY) || $(PY) -m config.serve --stop

lint: setup ## check format and style
	@$(PY) -m ruff format --check .
	@$(PY) -m ruff check .

lock: setup ## choose versions anew from requirements*.in and package.json
	@$(PY) -m uv pip compile -q --upgrade --generate-hashes --no-header --universal --python-version 3.11 requirements.in -o requirements.txt
	@$(PY) -m uv pip compile -q --upgrade --generate-hashes --no-header --universal --python-version 3.11 requirements-dev.in -o requirements-dev.txt
	@$(PY) -m uv pip compile -q --upgrade --generate-hashes --no-header --universal --python-version 3.11 requirements-bench.in -o requirements-bench.txt
	@$(PY) -m config.assets.npm
	@! grep -nE 'https?://' requirements*.txt config/assets/package-lock.json config/assets/browser/package-lock.json
