# What people and CI run. Each recipe is one line; what it does stands in tools/.
# Nothing has to be installed first but Python 3.11 or newer: tools/python finds it,
# and every target that needs .venv makes it (tools/setup.py).

ANY := sh tools/python
IN := .venv/bin/python

.DEFAULT_GOAL := help
.PHONY: help run test check fix screenshots messages lock clean

help:
	@sed -n 's/^\([a-z]*\):.*## /make \1\t/p' Makefile

run: ## install what is missing, load the record and the demo, serve on 127.0.0.1:8000 (PORT)
	@$(ANY) -m tools.run

test: ## everything: make check, the suite on SQLite and on PostgreSQL, the stories in Chromium
	@$(ANY) -m tools.setup dev
	@$(IN) -m tools.test

check: ## lint, formats, types, imports, pending migrations, Django's own checks
	@$(ANY) -m tools.setup dev
	@$(IN) -m tools.check

fix: ## format Python and templates, repair what lint can repair
	@$(ANY) -m tools.setup dev
	@$(IN) -m tools.check --fix

screenshots: ## pictures of the main pages, in screenshots/
	@$(ANY) -m tools.setup dev
	@$(IN) -m tools.screenshots

messages: ## bring the message catalogues up to date with the source, and compile them
	@$(ANY) -m tools.setup runtime
	@$(IN) -m tools.messages update compile

lock: ## write requirements.txt and requirements-dev.txt anew from pyproject.toml
	@$(ANY) -m tools.setup dev
	@$(IN) -m tools.lock

clean: ## remove the environment and caches; var/ (database, key, mail) stays
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache screenshots
	rm -f locale/*/LC_MESSAGES/*.mo
