# sitecert's own commands; `make help` lists them. SITE= narrows validate, plan, compile and check.
PYTHON ?= $(shell command -v python3.11 || command -v python3)
SITE ?=
N ?= 100
VERSION ?= 8.1
PAIR ?=
SECONDS ?= 600

BIN := .venv/bin
STAND_IN_SHELL := $(addprefix tests/smartsuite/files/,keeper.sh httpd ords-standalone.sh amcom_httpd.init)
READY := .venv/ready
SITECERT := $(BIN)/sitecert

.PHONY: all validate plan compile check test lint docs corpora fuzz bench smartsuite system-packages lock clean help

all: compile ## set up and compile (the default)

validate: $(READY) ## check every site; write nothing
	$(SITECERT) validate $(SITE)

plan: $(READY) ## say what compile would do; write nothing
	$(SITECERT) plan $(SITE)

compile: $(READY) ## make out/ what the sites say
	$(SITECERT) compile $(SITE)

check: $(READY) ## what CI calls: validate, out/ is what the sites say, no private key lies open
	$(SITECERT) validate $(SITE)
	$(SITECERT) compile --check $(SITE)
	$(SITECERT) leaks

# Half of the time the tests wait: for servers that boot, for a patience that ends.
test: $(READY) ## the whole suite, with branch coverage
	rm -f .coverage .coverage.*
	$(BIN)/coverage run -m pytest -n $$((2 * $$(getconf _NPROCESSORS_ONLN))) --dist worksteal $(PYTEST)
	$(BIN)/coverage combine --quiet
	$(BIN)/coverage report

lint: $(READY) ## ruff, mypy, and shellcheck on our own shell
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/shellcheck .ci/run $(STAND_IN_SHELL)

docs: $(READY) ## make docs/rules.md anew from the registry, docs/shapes.md from the tests' tables
	$(BIN)/python -c 'from sitecert.problems import reference, registry; \
	    print(reference.rules_markdown(registry.all_rules().values()), end="")' > docs/rules.md
	@PYTHONPATH=tests $(BIN)/python -m shapes.page > docs/shapes.md

corpora: $(READY) ## count anew what the reader makes of other projects' files, for a review
	PYTHONPATH=tests $(BIN)/python -m corpora.counting > tests/corpora/counts.json

fuzz: $(READY) ## search for files that the reader cannot stand, for SECONDS of CPU
	PYTHONPATH=tests $(BIN)/python -m fuzz $(SECONDS)

bench: $(READY) ## speed, as ratios within one run; N=100 sites, N=1000 for the large figures
	$(BIN)/python tests/bench/bench.py $(N)
	$(BIN)/python tests/bench/review_bench.py $(N)

smartsuite: $(READY) ## a shell on a stand-in for Smart Suite, as root; VERSION=5.x, PAIR=haproxy for two behind it
	@PYTHONPATH=tests $(BIN)/python -m smartsuite $(VERSION) $(PAIR)

system-packages: ## install what the system tests use (Debian, as root)
	apt-get update
	DEBIAN_FRONTEND=noninteractive apt-get install --yes --no-install-recommends \
	    $$(sed 's/#.*//' system-packages.txt)

lock: $(READY) ## pin the dependencies anew, with hashes
	$(BIN)/python -m pip install uv
	$(BIN)/uv pip compile --quiet --upgrade --universal --python-version 3.11 --generate-hashes --no-header \
	    --no-emit-index-url --no-emit-find-links --group dev pyproject.toml -o requirements.lock

clean: ## remove the virtual environment and what tests leave
	rm -rf .venv .coverage .coverage.* .pytest_cache .mypy_cache .ruff_cache .hypothesis dist

help: ## list these commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-16s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

$(READY): requirements.lock pyproject.toml
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	touch $(READY)
