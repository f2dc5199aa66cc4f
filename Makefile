PYTHON ?= python3
VENV = .venv
BIN = $(VENV)/bin
# What an editable installation is made from; all other changes take effect by themselves.
BUILD = pyproject.toml hatch_build.py k8sgen_core/kubernetes/bundle.py
JUDGES = tests/judges/archives.txt
PIP_INSTALL = $(BIN)/python -m pip install --quiet --disable-pip-version-check

.PHONY: help demo test check static clean
.NOTPARALLEL:

help:
	@echo "make demo   generate the manifests of examples/shop and show what is wrong with them"
	@echo "make test   every check and every test but those that need a browser"
	@echo "make check  the inner loop: every check, and the tests that are fast"
	@echo "make clean  remove the environment and everything that was built"

demo: $(VENV)/user.stamp
	K8SGEN_SECRETS=placeholder $(BIN)/k8sgen generate examples/shop/app.py -o build/demo
	@# Findings (exit code 1) are what the demonstration shows; anything above is a failure.
	K8SGEN_SECRETS=placeholder $(BIN)/k8sgen validate examples/shop/app.py || [ $$? -eq 1 ]

test: static
	$(BIN)/python -m pytest -m "not browser" -n 2 --dist loadfile

check: static
	$(BIN)/python -m pytest -m "not browser and not slow" -n 2 --dist loadfile

static: $(VENV)/developer.stamp $(VENV)/judges.stamp
	$(BIN)/ruff format --check
	$(BIN)/ruff check
	$(BIN)/mypy
	$(BIN)/lint-imports

$(VENV)/user.stamp: $(BUILD) | $(VENV)/bin/python
	$(PIP_INSTALL) --editable '.[lsp]'
	@touch $@

$(VENV)/developer.stamp: $(BUILD) | $(VENV)/bin/python
	$(PIP_INSTALL) --editable '.[lsp,dev]'
	@touch $@ $(VENV)/user.stamp

$(VENV)/judges.stamp: $(JUDGES) | $(VENV)/bin/python
	$(BIN)/python -m pip download --quiet --disable-pip-version-check \
	  --no-deps --no-binary :all: --require-hashes --dest $(VENV)/judges -r $(JUDGES)
	@touch $@

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	  echo "K8s-Gen needs Python 3.11 or newer, and $(PYTHON) is not:" >&2; \
	  $(PYTHON) --version >&2; \
	  echo "name another one with: make PYTHON=/path/to/python3.11" >&2; \
	  exit 1; }
	$(PYTHON) -m venv $(VENV)

clean:
	rm -rf $(VENV) build dist k8sgen_core/kubernetes/_schemas
