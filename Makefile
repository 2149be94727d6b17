# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

# Needs git and Python 3.11 or later. Everything else goes to .venv/ and build/.
# Another Python: make test PYTHON=/path/to/python3

export PYTHON
# A checkout that belongs to someone else, as in many CI containers, is read all the same.
export GIT_CONFIG_COUNT := 1
export GIT_CONFIG_KEY_0 := safe.directory
export GIT_CONFIG_VALUE_0 := $(CURDIR)
# Ansible's own files stay out of the home directory.
export ANSIBLE_HOME := $(CURDIR)/build/home/.ansible

BIN := .venv/bin
TREE := build/tree/ansible_collections/keyfactor
PYTEST := $(BIN)/python -m pytest

.PHONY: help
help: ## show this list
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/  make \1\t\2/p' Makefile | expand -t 20

.PHONY: venv
venv: ## make the virtual environment, or keep it
	@tools/make_venv

# The checkout under the name that Ansible's imports expect.
.PHONY: tree
tree: venv
	@mkdir -p $(TREE)
	@ln -sfn ../../../.. $(TREE)/command

# The collection awx.awx, whose modules the playbook of the AWX kit calls.
.PHONY: awx
awx: venv
	@$(BIN)/python -m tools.awx_collection

.PHONY: build
build: venv ## build the artifact and install it, both below build/
	@$(BIN)/python -m tools.build

.PHONY: demo
demo: build ## watch the collection verify four environments
	@$(BIN)/python -m demo

.PHONY: screenshot
screenshot: demo ## take the picture of the report that the README shows
	$(BIN)/python -m tools.screenshot build/demo/report/report.html docs/report.png

.PHONY: format
format: venv ## let ruff format the Python files
	$(BIN)/ruff check --fix-only --quiet
	$(BIN)/ruff format

.PHONY: generate
generate: tree ## update the documentation of the connection's options
	$(BIN)/python -m tools.generate

.PHONY: lint
lint: tree awx ## ruff, mypy, ansible-lint, changelog, licences, generated documentation
	$(BIN)/ruff format --check
	$(BIN)/ruff check
	$(BIN)/mypy $(TREE)/command/plugins tests/emulator demo benchmarks tools
	$(BIN)/python -m tools.schemas --check
	$(BIN)/shellcheck .ci/run $(addprefix tools/,add_kerberos ansible_lint find_python install_debian_packages make_venv new_venv)
	$(BIN)/python -m tools.imports
	tools/ansible_lint
	$(BIN)/antsibull-changelog lint
	$(BIN)/reuse lint --lines
	$(BIN)/python -m tools.generate --check

.PHONY: unit
unit: tree ## unit tests; more options with ARGS=...
	$(PYTEST) tests/unit $(ARGS)

.PHONY: sanity
sanity: venv ## ansible-test sanity; more options with ARGS=...
	$(BIN)/python -m tools.sanity $(ARGS)

.PHONY: integration
integration: build tree awx ## playbooks against the emulator; more options with ARGS=...
	$(PYTEST) tests/integration $(ARGS)

# One pytest at the end: its last lines count all the tests, and it measures coverage of plugins/.
.PHONY: test
test: lint sanity build awx ## all of lint, sanity, unit and integration, with coverage
	@echo "lint and sanity passed, unit and integration tests follow"
	$(PYTEST) -p tools.pytest_coverage tests/unit tests/integration

.PHONY: matrix
matrix: build tree awx ## unit, sanity and integration with every ansible-core; one with ARGS="--core 2.16"
	$(BIN)/python -m tools.matrix $(ARGS)

.PHONY: docs
docs: build ## the documentation site in build/docs/html; a warning or a dead link fails
	@tools/new_venv build/venvs/docs $$(cat .venv/.python) -r tests/requirements-docs.txt
	build/venvs/docs/bin/python -m tools.docs

.PHONY: galaxy
galaxy: build ## what Galaxy and Automation Hub check on the artifact
	@tools/new_venv build/venvs/galaxy $$(cat .venv/.python) -r tests/requirements-galaxy.txt
	build/venvs/galaxy/bin/python -m tools.galaxy
	@tools/new_venv build/venvs/docs $$(cat .venv/.python) -r tests/requirements-docs.txt
	build/venvs/docs/bin/python -m tools.docs --lint

.PHONY: release
release: tree awx ## everything up to publishing: make release VERSION=1.0.0
	$(BIN)/python -m tools.release $(VERSION) $(ARGS)

.PHONY: bench
bench: build ## measure speed, takes long; quickly with ARGS=--quick
	$(BIN)/python -m benchmarks $(ARGS)

.PHONY: changelog
changelog: tree ## write the changelog of a release from its fragments
	PATH="$(CURDIR)/$(BIN):$$PATH" antsibull-changelog release

.PHONY: clean
clean: ## remove all that was made, the virtual environment too
	rm -rf .venv .venv.lock build
