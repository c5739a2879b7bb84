# The commands of the project. `make run` and `make test` set up all they need.
PYTHON := .venv/bin/python
export PYTHONPATH := $(CURDIR)
export RASA_TELEMETRY_ENABLED := false

.PHONY: help run chat test lint types check environment environment-dev system requirements \
	bench-latency bench-catalogue bench-recommender bench-classifier bench-moderation bench-facts \
	bench-simulator bench-nlu bench-streams bench-console bench-redaction clean

help:  ## what can be made
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## */\t/' | expand -t 20

run: environment  ## set up what is missing, then serve
	@exec $(PYTHON) -m bot run

chat: environment  ## talk to Usher in the terminal
	@$(PYTHON) -m bot run --setup-only
	@exec $(PYTHON) -m bot chat

# Rooms with browsers have a process each (Playwright keeps an event loop running in its), beside the
# others; what they say comes last.
test: environment-dev system  ## run the tests
	@mkdir -p var; status=0; \
	{ seen=0; \
	  $(PYTHON) -m pytest -q tests/console || seen=1; \
	  $(PYTHON) -m pytest -q tests/widget || seen=1; \
	  exit $$seen; } > var/test-pages.log 2>&1 & pages=$$!; \
	$(PYTHON) -m pytest -q --ignore=tests/console --ignore=tests/widget || status=1; \
	wait $$pages || status=1; \
	cat var/test-pages.log; \
	exit $$status

lint: environment-dev  ## ruff
	@$(PYTHON) -m ruff check .
	@$(PYTHON) -m ruff format --check .

types: environment-dev  ## mypy
	@$(PYTHON) -m mypy

check: lint types test  ## everything that must hold before a change lands

environment:
	@deploy/environment.sh

environment-dev:
	@deploy/environment.sh dev

system:  # Debian packages that the tests use: installed when they may be, else said
	@deploy/system.sh

requirements:  ## compile requirements.txt from requirements.in (needs uv)
	uv pip compile -q --python-version 3.10 --generate-hashes --no-emit-index-url --no-header \
		requirements.in -o requirements.txt
	uv pip compile -q --python-version 3.10 --generate-hashes --no-emit-index-url --no-header \
		requirements-dev.in -o requirements-dev.txt

bench-latency: environment-dev  ## Usher beside the bot that `rasa init` makes
	@$(PYTHON) -m bot run --setup-only
	@$(PYTHON) -m benchmarks.latency

bench-catalogue: environment-dev  ## import, memory, start and look-up at 100,000 titles
	@$(PYTHON) -m benchmarks.catalogue

bench-recommender: environment-dev  ## the recommender beside others: figures, speed, reasons, cold start
	@$(PYTHON) -m bot run --setup-only
	@benchmarks/peers.sh recommender
	@OMP_NUM_THREADS=1 $(PYTHON) -m benchmarks.recommender_serving
	@OMP_NUM_THREADS=1 $(PYTHON) -m benchmarks.recommender_cold
	@$(PYTHON) -m benchmarks.recommender $(if $(DATA),--data $(DATA)) $(if $(FOLDS),--folds $(FOLDS)) \
		$(if $(MINUTES),--minutes $(MINUTES))

bench-classifier: environment-dev  ## topics and sentiment on held-out sentences
	@$(PYTHON) -m bot run --setup-only
	@$(PYTHON) -m benchmarks.classifier $(if $(DATA),--data $(DATA))
	@if [ -d ../shared/data/sentiment ]; then $(PYTHON) -m benchmarks.classifier_ablation; fi

bench-moderation: environment-dev  ## moderation on public test sets, where they are present
	@$(PYTHON) -m bot run --setup-only
	@benchmarks/peers.sh moderation
	@$(PYTHON) -m benchmarks.moderation $(if $(DATA),--data $(DATA))

bench-facts: environment-dev  ## coverage of our own facts, and their agreement with public sets
	@$(PYTHON) -m bot run --setup-only
	@$(PYTHON) -m benchmarks.facts

bench-simulator: environment-dev  ## simulated viewers talk to the trained assistant
	@$(PYTHON) -m bot run --setup-only
	@$(PYTHON) -m benchmarks.simulator $(if $(TRANSCRIPTS),--transcripts $(TRANSCRIPTS))

bench-nlu: environment-dev  ## what is understood: own sentences, reference sets, hard names
	@$(PYTHON) -m bot run --setup-only
	@OMP_NUM_THREADS=1 $(PYTHON) -m benchmarks.nlu $(if $(DATA),--data $(DATA))

bench-streams: environment-dev  ## 2,000 idle event streams on one server
	@$(PYTHON) -m benchmarks.streams

bench-console: environment-dev system  ## the console's heaviest pages with a million messages, on both databases
	@$(PYTHON) -m benchmarks.console $(if $(MESSAGES),--messages $(MESSAGES))

bench-redaction: environment-dev  ## how well personal data is masked before it is stored
	@$(PYTHON) -m tests.store.redaction

clean:  ## remove what was built (var, .venv, trained assistants)
	rm -rf var .venv models/*.tar.gz
