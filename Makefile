# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

# Needs git and Python 3.11 or later. Everything else goes to .venv/ and build/.
# To use another Python: make test PYTHON=/path/to/python3

export PYTHON
# Let git read checkouts of another owner, as in many CI containers.
export GIT_CONFIG_COUNT := 1
export GIT_CONFIG_KEY_0 := safe.directory
export GIT_CONFIG_VALUE_0 := $(CURDIR)
# Keep Ansible's files out of the home directory.
export ANSIBLE_HOME := $(CURDIR)/build/home/.ansible

BIN := .venv/bin
TREE := build/tree/ansible_collections/keyfactor
PYTEST := $(BIN)/python -m pytest
# All tests take long: run them in one process per CPU.
PARALLEL := --numprocesses=auto --dist=loadfile

.PHONY: help
help: ## show this help
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/  make \1\t\2/p' Makefile | expand -t 20

.PHONY: venv
venv: ## create or update the virtual environment
	@tools/make_venv

# Link the checkout under the path that imports of the collection require.
.PHONY: tree
tree: venv
	@mkdir -p $(TREE)
	@ln -sfn ../../../.. $(TREE)/command

# Install the collection awx.awx, which the playbook of the AWX kit uses.
.PHONY: awx
awx: venv
	@$(BIN)/python -m tools.awx_collection

# Install ansible-rulebook, which runs the event source in a test.
.PHONY: eda
eda: venv
	@tools/new_venv build/venvs/eda $$(cat .venv/.python) tests/requirements-eda.txt

.PHONY: build
build: venv ## build the artifact and install it, both in build/
	@$(BIN)/python -m tools.build

.PHONY: demo
demo: build ## verify five emulated environments
	@$(BIN)/python -m demo

.PHONY: screenshot
screenshot: demo ## update the screenshot of the report for the documentation
	$(BIN)/python -m tools.screenshot build/demo/report/report.html docs/report.png

.PHONY: format
format: venv ## format the Python files with ruff
	$(BIN)/ruff check --fix-only --quiet
	$(BIN)/ruff format

.PHONY: generate
generate: tree ## update the documentation of the connection's options
	$(BIN)/python -m tools.generate

.PHONY: lint
lint: tree awx ## check with ruff, mypy, shellcheck, ansible-lint and others
	$(BIN)/ruff format --check
	$(BIN)/ruff check
	$(BIN)/mypy $(TREE)/command/plugins tests/emulator tests/fuzz demo benchmarks tools
	$(BIN)/python -m tools.schemas --check
	$(BIN)/shellcheck .ci/run $(addprefix tools/,add_kerberos ansible_lint find_python install_debian_packages lock make_venv new_venv)
	$(BIN)/python -m tools.imports
	tools/ansible_lint
	$(BIN)/antsibull-changelog lint
	$(BIN)/reuse lint --lines
	$(BIN)/python -m tools.generate --check

.PHONY: unit
unit: tree ## run the unit tests; pass options with ARGS=...
	$(PYTEST) $(PARALLEL) tests/unit $(ARGS)

.PHONY: fuzz
fuzz: tree ## fuzz the collection with random input; pass options with ARGS=...
	$(BIN)/python -m tests.fuzz $(ARGS)

.PHONY: mutation
mutation: tree ## check that the unit tests notice changes of the code; options: ARGS=...
	$(BIN)/python -m tools.mutation $(ARGS)

.PHONY: sanity
sanity: venv ## run ansible-test sanity; pass options with ARGS=...
	$(BIN)/python -m tools.sanity $(ARGS)

.PHONY: integration
integration: build tree awx eda ## run the integration tests; pass options with ARGS=...
	$(PYTEST) $(PARALLEL) tests/integration $(ARGS)

# A single pytest run comes last, so that the last lines count all tests. It measures coverage too.
.PHONY: test
test: lint sanity build awx eda ## run lint, sanity, unit and integration tests, with coverage
	@echo "lint and sanity passed, unit and integration tests follow"
	$(PYTEST) $(PARALLEL) -p tools.pytest_coverage tests/unit tests/integration

.PHONY: matrix
matrix: build tree awx eda ## run all tests with every ansible-core, or with one: ARGS="--core 2.16"
	$(BIN)/python -m tools.matrix $(ARGS)

.PHONY: docs
docs: build ## build the documentation site in build/docs/html/
	@tools/new_venv build/venvs/docs $$(cat .venv/.python) tests/requirements-docs.txt
	build/venvs/docs/bin/python -m tools.docs

.PHONY: galaxy
galaxy: build ## check the artifact as Galaxy and Automation Hub do
	@tools/new_venv build/venvs/galaxy $$(cat .venv/.python) tests/requirements-galaxy.txt
	build/venvs/galaxy/bin/python -m tools.galaxy
	@tools/new_venv build/venvs/docs $$(cat .venv/.python) tests/requirements-docs.txt
	build/venvs/docs/bin/python -m tools.docs --lint

.PHONY: lock
lock: ## lock the test requirements; newer versions: ARGS=--upgrade
	@tools/lock $(ARGS)

# The release workflow runs this with the tag as VERSION.
.PHONY: artifact
artifact: venv ## build the artifact twice and compare the bytes
	@$(BIN)/python -m tools.release.artifact

.PHONY: release
release: tree awx ## prepare a release: make release VERSION=1.0.0
	$(BIN)/python -m tools.release $(VERSION) $(ARGS)

.PHONY: bench
bench: build ## run the benchmark (slow), or a short one: ARGS=--quick
	$(BIN)/python -m benchmarks $(ARGS)

.PHONY: changelog
changelog: tree ## write the changelog from its fragments
	PATH="$(CURDIR)/$(BIN):$$PATH" antsibull-changelog release

.PHONY: clean
clean: ## remove everything that was built, including .venv
	rm -rf .venv .venv.lock build
