# Everything here sets up what it needs; a bare machine with Python 3.11, git and make is enough.
PYTHON ?= $(shell for python in python3 python3.14 python3.13 python3.12 python3.11; do \
	$$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$python && break; done)
RUN = @$(if $(PYTHON),,echo "OBT needs Python 3.11 or later on PATH (or: make PYTHON=/path/to/python3.11 ...)" >&2; exit 1;) \
	PYTHONUNBUFFERED=1 $(PYTHON) -m
ARGS ?=

.PHONY: help demo test dev check gen lock audit release bench clean
help: ## this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-7s %s\n", $$1, $$2}' $(MAKEFILE_LIST)
	@echo '  Each takes ARGS="...", for example: make demo ARGS=--help'

demo: ## benchmark this machine's Ollama (or one that it installs) and look at the results
	$(RUN) dev.demo $(ARGS)

test: ## all tests, with what they need (ARGS="--only unit|frontend|e2e")
	$(RUN) dev.test $(ARGS)

dev: ## server and dashboard that follow your edits, on http://localhost:5173
	$(RUN) dev.serve $(ARGS)

check: ## linters, types, import and house rules, locks, generated code
	$(RUN) dev.check $(ARGS)

gen: ## the browser's types from the server's OpenAPI
	$(RUN) dev.gen $(ARGS)

lock: ## the locks from the pyproject.toml files (ARGS=upgrade for newer versions)
	$(RUN) dev.locks $(ARGS)

audit: ## known vulnerabilities of all that the locks pin; status 2 where the registries do not tell
	$(RUN) dev.audit $(ARGS)

release: ## wheels, their hashed requirements, what is in them (CycloneDX) and the sums, in dist/
	$(RUN) dev.release $(ARGS)

bench: ## benchmarks of OBT itself (ARGS=name to run one)
	$(RUN) dev.bench $(ARGS)

clean: ## forget the virtual environment, downloads, demo data, releases and the built dashboard
	rm -rf .venv .local dist frontend/node_modules frontend/.svelte-kit frontend/build backend/obt_server/dashboard/static \
		backend/obt_server/downloads/wheels
