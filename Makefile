# Tomsk Agglomeration Planner. `make run` starts it, `make test` tests it; both set up what is missing first.
# Needs Python 3.11+ and make. PYTHON=... chooses the interpreter, PORT=... the port, HOST=... the address.

PORT ?= 8501
PYTHON ?=
HOST ?=
ONLY ?=
ARGS ?=
JOBS ?= 2
UPGRADE ?=

VENV := .venv
PY := $(VENV)/bin/python
RUN_READY := $(VENV)/.run-ready
DEV_READY := $(VENV)/.dev-ready
BENCH_READY := $(VENV)/.bench-ready
KERNELS_READY := $(VENV)/.kernels-ready
COMPILED := $(shell grep -l "^@numba" geo/*.py)
# A virtual environment that is unfinished, or whose interpreter has gone, is set up again.
BROKEN := $(shell test -x $(PY) -a ! -e $(VENV)/.unfinished || echo broken)

UV = $(shell command -v uv || echo $(PY) -m uv)
COMPILE = @$(UV) pip compile --quiet --universal --python-version 3.11 --fork-strategy fewest --generate-hashes \
	--custom-compile-command 'make lock' $(if $(UPGRADE),--upgrade)

export PYTHON
.DEFAULT_GOAL := help
.NOTPARALLEL:
.PHONY: help run setup web test lint format types data-check bench lock clean broken

help: ## this list
	@sed -n 's/^\([a-z-]*\):.*## /\1	/p' $(MAKEFILE_LIST) | expand -t 14

run: setup ## start the app on http://localhost:8501 (PORT=, HOST=)
	@exec $(PY) -m streamlit run app.py --server.port $(PORT) $(if $(HOST),--server.address $(HOST))

setup: $(KERNELS_READY) web ## put the locked packages, the compiled loops and the web bundle in place

test: $(DEV_READY) $(KERNELS_READY) web ## run all tests (ARGS= goes to pytest, JOBS= side by side)
	@$(PY) -m tools.browser
	@$(PY) -m pytest -n $(JOBS) --dist loadfile --no-loadscope-reorder $(ARGS)

lint: $(DEV_READY) ## ruff: faults and layout
	@$(PY) -m ruff check .
	@$(PY) -m ruff format --check .

format: $(DEV_READY) ## let ruff mend what it can
	@$(PY) -m ruff check --fix-only --quiet .
	@$(PY) -m ruff format .

types: $(DEV_READY) ## mypy, strict
	@$(PY) -m mypy

data-check: $(RUN_READY) ## check every record of the embedded dataset
	@$(PY) -m layers.check

bench: $(BENCH_READY) $(KERNELS_READY) web ## measure against the baselines (ONLY=explorer for one group)
	@$(PY) -m tools.browser
	@$(PY) -m benchmarks $(ONLY)

lock: $(RUN_READY) ## compile the lock files anew (UPGRADE=1 takes newer versions)
	@command -v uv >/dev/null || $(PY) -m uv --version >/dev/null 2>&1 || $(PY) -m pip install --quiet uv
	$(COMPILE) requirements.in -o requirements.txt
	$(COMPILE) requirements-dev.in -o requirements-dev.txt
	$(COMPILE) requirements-bench.in -o requirements-bench.txt
	$(COMPILE) requirements-node.in -o requirements-node.txt
	@$(PY) -I tools/web.py --lock $(if $(UPGRADE),--upgrade)

clean: ## remove everything that make has put here
	rm -rf $(VENV) build node_modules .pytest_cache .mypy_cache .ruff_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(RUN_READY): requirements.txt tools/venv.sh $(BROKEN)
	@tools/venv.sh requirements.txt $@

$(DEV_READY): requirements-dev.txt $(RUN_READY)
	@tools/venv.sh requirements-dev.txt $@

$(BENCH_READY): requirements-bench.txt $(DEV_READY)
	@tools/venv.sh requirements-bench.txt $@

$(KERNELS_READY): $(COMPILED) $(RUN_READY)
	@echo "set-up: compiling the loops of the analyses" >&2
	@$(PY) -m layers.warm
	@touch $@

web: $(RUN_READY)
	@$(PY) -I tools/web.py
