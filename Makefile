# The commands of this repository. `make demo` and `make test` need nothing but Python 3.11, make and a network.

VENV  := .venv
BIN   := $(VENV)/bin
READY := $(VENV)/.ready
ARGS  ?=

# Decides what the public reads and what gets deleted: every line and every branch of it is under test.
CORE  := model/* evaluate/* render/* history/* publish/* sweep/* watch* pipeline* rollback* config/* errors.py values.py
space := $(subst ,, )
comma := ,
CORE_FILES := $(subst $(space),$(comma),$(addprefix statusgen/,$(CORE)))

.DEFAULT_GOAL := help
.PHONY: help catalogues demo test fast bench check format pictures clean parts

help: ## list these commands
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## (.*)/  make \1	\2/' | expand -t 16

demo: $(READY) ## a miniature instance and a real S3 server on this machine, published before and after a failure
	$(BIN)/statusgen demo $(ARGS)

test: $(READY) parts ## the whole test suite, with real servers and a browser
	$(BIN)/pytest --cov --cov-report= $(ARGS)
	$(BIN)/coverage report --include='$(CORE_FILES)' --fail-under=100

fast: $(READY) ## the part of the tests that needs no server, in seconds
	$(BIN)/pytest -q -n auto $(wildcard tests/unit tests/property tests/golden tests/problems) $(ARGS)

bench: $(READY) parts ## what probing, the state, the page and building cost; minutes, and no test
	$(BIN)/python -m tests.benchmarks.probing
	$(BIN)/python -m tests.benchmarks.crowd
	$(BIN)/python -m tests.benchmarks.history
	$(BIN)/python -m tests.benchmarks.front
	$(BIN)/python -m tests.benchmarks.building

check: $(READY) ## style, types, layers, spelling, workflows
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/codespell
	$(BIN)/zizmor --offline --quiet .github

format: $(READY) ## put the code into shape
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

pictures: $(READY) parts ## the pictures of docs/images anew
	$(BIN)/python -m tests.screenshots

catalogues: $(READY) ## bring the translations up to date with the code: what is new in them waits for a translator
	$(BIN)/python -m tests.catalogues

clean: ## remove the environment and every cache; a published site and its state stay
	rm -rf $(VENV) .cache .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache .coverage build dist
	find statusgen tests -name __pycache__ -type d -prune -exec rm -rf {} +

parts: ## what the tests need beyond Python: a browser, Java and the HTML checker
	@.ci/install-parts

$(READY): pyproject.toml .ci/create-environment
	@.ci/create-environment $(VENV)
	@touch $@
