# make demo        photographs degraded by every preset, and a page of everything, in out/demo
# make test        the tests
# make lint        format, style, types and layers
# make check       lint and test
# make ray         the tests that start a cluster
# make gallery     the page alone, in out/gallery
# make bench       the speed of every effect and model
# make learn       small models trained for half an hour, scored on photos held out: make learn DATA=FOLDER
# make matter      whether the preset that a model learns from matters: make matter DATA=FOLDER
# make costs       what training and restoring cost on this machine, in restore_models/SPEED.md
# make picture     the picture of README.md
# make clean       throw away out/ and the virtual environment

PYTHON ?= python3
VENV ?= .venv
DATA ?= ../shared/data
READY := $(VENV)/.ready
RUN := $(VENV)/bin

.PHONY: demo test lint ray check gallery bench learn matter costs picture clean

demo: $(READY)
	@$(RUN)/foxing demo out/demo

test: $(READY)
	$(RUN)/python -m pytest -q

lint: $(READY)
	$(RUN)/ruff format --check .
	$(RUN)/ruff check --output-format concise .
	$(RUN)/mypy
	$(RUN)/lint-imports --no-logo

check: lint test

ray: $(READY)
	$(RUN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[ray]'
	$(RUN)/python -m pytest -q -m ray

gallery: $(READY)
	@$(RUN)/foxing degrade gallery out/gallery

bench: $(READY)
	$(RUN)/python -m pytest -q -m speed tests/speed --benchmark-quiet

learn: $(READY)
	$(RUN)/python scripts/learn.py $(DATA) --page restore_models/LEARNED.md

matter: $(READY)
	$(RUN)/python scripts/matter.py $(DATA) --page docs/matter.md

costs: $(READY)
	$(RUN)/python scripts/measure_training.py

picture: $(READY)
	$(RUN)/python scripts/draw_readme_picture.py docs/picture.webp

clean:
	rm -rf out $(VENV)

$(READY): pyproject.toml constraints.txt foxing.py
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Foxing needs Python 3.11 or later: make PYTHON=python3.12" >&2; exit 1; }
	@test -x $(RUN)/python || $(PYTHON) -m venv $(VENV) || \
		{ echo "no virtual environment: install the package python3-venv" >&2; exit 1; }
	@echo "installing into $(VENV), once"
	@$(RUN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[dev]'
	@touch $@
