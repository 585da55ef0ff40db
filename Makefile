# The verbs. Each folder has the how, under the same names: make --directory ruby-worker help
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory

PARTS := python ruby-worker java-worker integration-tests
export PYTHON ?= python3
export RUBY ?= ruby

help:             ## Show these lines
	@awk -F ':.*## ' '/^[a-z%-]+:.*## / {printf "  make %-14s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

demo: setup       ## Run the orders through four runtimes: make demo, or make demo ORDERS=file.json
	@$(MAKE) --directory examples/orders demo PYTHON='$(CURDIR)/.venv/bin/python' \
	  $(if $(ORDERS),ORDERS='$(ORDERS)' FROM='$(CURDIR)')

test: setup $(PARTS:%=test-%)  ## Set everything up and run every test of every part

test-%: setup     ## Test one part: make test-ruby-worker
	@echo "── $*"
	@$(MAKE) --directory $* test

integration: test-integration-tests  ## Run the tests across languages, over real processes

test-pythons: setup  ## Run Python's unit tests on every CPython 3.10 to 3.14 that is here
	@$(MAKE) --directory python test-pythons

test-jdks: setup  ## Run the Java worker's tests on every newer JDK that is here
	@$(MAKE) --directory java-worker test-jdks

fuzz: setup       ## Look for a payload that hurts a codec: a minute of atheris, then three codecs side by side
	@$(MAKE) --directory python fuzz
	@PYFLOW_FUZZ=$${PYFLOW_FUZZ:-50000} $(MAKE) --directory integration-tests test ARGS=test_differential.py PARALLEL=

bench: setup      ## Measure speed and memory, beside what they are compared with
	@$(MAKE) --directory bench bench

lint: setup       ## Check style and types in three languages
	@for part in python ruby-worker java-worker; do $(MAKE) --directory $$part lint || exit 1; done

setup:            ## Install what is missing; a second run installs nothing
	@$(MAKE) --jobs 3 --output-sync=target setup-python setup-ruby-worker setup-java-worker
	@$(MAKE) --jobs 3 --output-sync=target setup-integration-tests

setup-%:
	@$(MAKE) --directory $* setup

clean:            ## Remove what was built and installed here
	rm -rf .venv .build java-worker/target ruby-worker/lib/pyflow/codec/*.so
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

.PHONY: help demo test integration test-pythons test-jdks fuzz bench lint setup clean
