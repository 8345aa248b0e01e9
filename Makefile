# Two commands: `make demo` and `make test`. `make help` lists the rest.
.DEFAULT_GOAL := help
.PHONY: help demo demo-reset test lint faults permissions-report screenshots bench bench-growth lock audit sbom css
PYTHON := .venv/bin/python

help:            ## list what can be done
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 16

demo:            ## everything, with fictional children, on http://127.0.0.1:8000 (PORT and DATA_DIR override)
	@sh requirements/install.sh demo
	@exec $(PYTHON) -m demo

demo-reset:      ## forget the demonstration's data
	@sh requirements/install.sh demo
	@$(PYTHON) -m demo reset

test:            ## set up what is missing, then lint and run every test
	@sh requirements/install.sh dev
	@make --no-print-directory lint >.venv/lint.log 2>&1 & lint=$$!; \
	  $(PYTHON) -m pytest -q -n 3 --dist loadscope --no-loadscope-reorder tests; tests=$$?; \
	  wait $$lint || { cat .venv/lint.log; exit 1; }; exit $$tests

lint:            ## ruff, types, import contracts, templates
	@$(PYTHON) -m ruff check --quiet .
	@$(PYTHON) -m ruff format --quiet --check .
	@$(PYTHON) -m mypy --no-error-summary
	@.venv/bin/lint-imports --no-logo > .venv/imports.log || { cat .venv/imports.log; exit 1; }
	@.venv/bin/djlint --quiet --lint templates

faults:          ## kill, cut and race, and print what was lost as JSON (takes its time; SHORT=1 as in make test; PARTS="editors": those alone)
	@sh requirements/install.sh dev >&2
	@$(PYTHON) -m tests.faults $(if $(SHORT),short) $(PARTS)

permissions-report: ## who may do what, over every route and with each check taken away, as JSON (25 minutes; PARTS="media twin": those alone)
	@sh requirements/install.sh dev >&2
	@$(PYTHON) -m tests.permissions $(PARTS)

screenshots:     ## drive the demonstration over every page, role and width into var/screenshots
	@sh requirements/install.sh dev
	@$(PYTHON) -m demo.screenshots

bench:           ## measure the product against its targets (ONLY=T1,T4 and ROUNDS=7 override)
	@sh requirements/install.sh bench .venv-bench >&2
	@.venv-bench/bin/python -m bench

bench-growth:    ## measure how it grows, to 640,000 plans (takes its time, and 10 GB of disk)
	@sh requirements/install.sh bench .venv-bench >&2
	@.venv-bench/bin/python -m bench.growth

lock:            ## make the lock files anew from requirements/*.in
	@cd requirements && for each in dev demo core uv bench; do \
	  constraint=$$([ $$each = dev ] || [ $$each = uv ] || echo "-c dev.txt"); \
	  ../.venv/bin/uv pip compile -q --python-version 3.11 --generate-hashes --no-emit-index-url \
	    --no-annotate --no-header $$each.in $$constraint -o $$each.txt; done

audit:           ## ask pip-audit about every locked package; fails when it can't know (requirements/audit.py tells how to refresh)
	@sh requirements/install.sh dev
	@$(PYTHON) requirements/audit.py

sbom:            ## list what the product is made of, as CycloneDX, in var/sbom.json
	@sh requirements/install.sh dev
	@mkdir -p var && .venv/bin/cyclonedx-py requirements requirements/core.txt --pyproject pyproject.toml --output-reproducible -o var/sbom.json

css:             ## compile the styles again (needs npm)
	@npm install --silent --no-package-lock && npm run --silent css
