# posecoach: `make` prints this help. Everything runs on a machine that has only Python and make.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
FLEET_VENV := .venv-fleet
FLEET_STAMP := $(FLEET_VENV)/.installed

.DEFAULT_GOAL := help
.PHONY: help install fleet-tools demo test check bench system-test vm-test bundle arm64-test power-cuts evaluate starter gallery model \
  constraints clean

help:  ## print this help
	@echo "posecoach: a coach in a box"
	@sed -n 's/^\([a-z-]*\):[^#]*## \(.*\)/  make \1\t\2/p' $(MAKEFILE_LIST) | expand -t 22

install: $(STAMP)  ## make .venv with all that development and the demo need

$(STAMP): pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "posecoach needs Python 3.11 or later, $(PYTHON) is $$($(PYTHON) --version)"; exit 78; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { \
	  echo "$(PYTHON) cannot make a virtual environment: Debian keeps that part in python3-venv"; \
	  if [ "$$(id -u)" = 0 ]; then echo "installing it"; apt-get update -qq && apt-get install -y -qq python3-venv; \
	  else echo "run: sudo apt install python3-venv"; exit 69; fi; }
	@echo "installing into $(VENV) (once, a minute or two)"
	@$(PYTHON) -m venv --clear $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r constraints.txt
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@$(BIN)/python -m posecoach.kernels
	@touch $@

fleet-tools: $(FLEET_STAMP)  ## make .venv-fleet with what sets boxes up over SSH (provisioning/fleet)

$(FLEET_STAMP): provisioning/requirements.txt
	@echo "installing into $(FLEET_VENV) (once)"
	@$(PYTHON) -m venv --clear $(FLEET_VENV)
	@$(FLEET_VENV)/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r provisioning/requirements.txt
	@touch $@

demo: install  ## watch the coach at work: a whole session, to a video and a picture
	@$(BIN)/posecoach demo

test: install  ## all tests that need no Pi, TPU, camera, screen or root, on all cores (TESTS="-n 0 tests/unit")
	@$(BIN)/pytest -q -n logical --maxprocesses 8 --dist loadfile --no-loadscope-reorder $(TESTS)

check: install fleet-tools  ## ruff, mypy strict, shellcheck, playbook lint
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@if [ -x $(BIN)/shellcheck ]; then $(BIN)/shellcheck .ci/run $$(git ls-files '*.sh'); else echo "shellcheck: no wheel for this machine, left out"; fi
	@cd provisioning && PATH="$(CURDIR)/$(FLEET_VENV)/bin:$$PATH" ansible-lint -q

system-test: install fleet-tools  ## the service on real systemd, in a container (root, Debian; skips with the reason)
	@$(BIN)/pytest -q tests/system

vm-test: install  ## a whole machine: screen, keys, camera, power cuts (root, Debian, half an hour; skips with the reason)
	@$(BIN)/pytest -q -rP tests/vm

bundle: install  ## one signed file for boxes without a network: TARGET=trixie-arm64 [KEY= VERSION= EXTRAS= MODELS= WITHOUT=]
	@PYTHONPATH=provisioning:device $(BIN)/python -m bundle --target "$(or $(TARGET),trixie-arm64)" $(if $(KEY),--key "$(KEY)") \
	  $(if $(VERSION),--version "$(VERSION)") $(if $(EXTRAS),--extras "$(EXTRAS)") $(if $(MODELS),--models "$(MODELS)") \
	  $(if $(WITHOUT),--without "$(WITHOUT)")

arm64-test: install  ## bundles for the Raspberry Pi, installed and tried in an emulated root (root, Debian, half an hour)
	@$(BIN)/python tests/bench/arm64.py

power-cuts: install  ## the power of a box goes at twenty random moments of an update (root, Debian, ten minutes)
	@$(BIN)/python tests/bench/power_cuts.py

bench: install  ## where the time of a frame goes, flat memory over ten minutes, and how calm the keypoints are
	@$(BIN)/posecoach bench
	@$(BIN)/python tests/bench/decode.py
	@$(BIN)/python tests/bench/dtw.py
	@$(BIN)/python tests/bench/live.py
	@$(BIN)/python tests/bench/memory.py
	@$(BIN)/python tests/bench/jitter.py

evaluate: install  ## how far the scores can be believed: one table, measured (a quarter of an hour; EVALUATE=--quick)
	@$(BIN)/python tests/bench/evaluate.py $(EVALUATE)

starter: install  ## write the starter routines anew, from the built-in athlete
	@$(BIN)/python tests/bench/starter.py --write

gallery: install  ## every scene of the screen as PNG, into ./gallery
	@$(BIN)/python tests/bench/gallery.py gallery

model: install  ## train the model that ships anew, from nothing (four hours on two cores)
	@$(PYTHON) -m venv --clear .venv-training
	@.venv-training/bin/python -m pip install --quiet --disable-pip-version-check -r models/training/requirements.txt
	@PYTHONPATH=device TF_CPP_MIN_LOG_LEVEL=2 .venv-training/bin/python models/training/train.py .venv-training/athlete.keras
	@PYTHONPATH=device TF_CPP_MIN_LOG_LEVEL=2 .venv-training/bin/python models/training/export.py .venv-training/athlete.keras models/posecoach-athlete.tflite
	@$(BIN)/python models/training/evaluate.py models/posecoach-athlete.tflite
	@echo "write its sha256 and size into models/manifest.toml: $$(sha256sum models/posecoach-athlete.tflite) $$(wc -c < models/posecoach-athlete.tflite)"

constraints:  ## pin every dependency anew (needs uv)
	@uv pip compile --quiet --universal --generate-hashes --python-version 3.11 --no-header --upgrade \
	  --extra desktop --group dev pyproject.toml --output-file constraints.txt
	@uv pip compile --quiet --universal --generate-hashes --python-version 3.11 --no-header --upgrade \
	  provisioning/requirements.in --output-file provisioning/requirements.txt

clean:  ## remove what make made
	@rm -rf $(VENV) $(FLEET_VENV) .venv-training gallery posecoach-demo
