# Each target does its own set-up; scripts/setup.sh says what it installs.

# Debian keeps Mosquitto where only root's PATH looks.
export PATH := $(PATH):/usr/sbin:/sbin

.PHONY: help demo test check hil fuzz bench pictures lock setup python

help:
	@echo "make demo    a till in this terminal, with a demo shop and its headquarters"
	@echo "make test    all checks, all tests, and the coverage of the core"
	@echo "make check   format, lint, types and import contracts"
	@echo "make hil     the scenarios of hil_tests on a bench: BENCH=local, or a real box"
	@echo "make fuzz    the parsers of device bytes under atheris, SECONDS=20 each (x86-64)"
	@echo "make bench   the figures, with the floor beside each"
	@echo "make pictures  the pictures of README and guides, drawn anew from the demo"
	@echo "make lock    pin the dependencies anew after a change in pyproject.toml"
	@echo "make setup   only what the others set up: .venv, Mosquitto, a font and umockdev"

demo: python
	@scripts/setup.sh broker-optional
	@scripts/setup.sh font-optional
	@.venv/bin/edge demo --receipts build/receipts

# The core has tests of its own, which need nothing but it: they alone have to run all of it. What
# traces them stands in nobody's way where threads come and go.
CORE_TESTS = tests/checkout tests/promotions
test: setup check
	.venv/bin/coverage run -m pytest $(CORE_TESTS)
	.venv/bin/python scripts/coverage_gate.py
	.venv/bin/python -m pytest $(CORE_TESTS:%=--ignore=%)

check: python
	.venv/bin/ruff format --check .
	.venv/bin/ruff check .
	.venv/bin/mypy
	.venv/bin/lint-imports

BENCH ?= local
hil: setup
	BENCH=$(BENCH) BENCH_FILE=$(BENCH_FILE) .venv/bin/python -m pytest hil_tests

SECONDS ?= 20
fuzz: python
	@scripts/setup.sh fuzzer
	PYTHONPATH=build/fuzz/lib .venv/bin/python -m tests.fuzz.run $(SECONDS)

bench: python
	@scripts/setup.sh font
	PYTHONPATH=. .venv/bin/python benchmarks/run.py

pictures: setup
	.venv/bin/python scripts/draw_pictures.py
	.venv/bin/python -m scripts.draw_receipts
	.venv/bin/python -m scripts.draw_selftest
	.venv/bin/python -m scripts.draw_screens
	.venv/bin/python -m scripts.draw_guide

lock:
	scripts/lock.sh

setup: python
	@scripts/setup.sh broker
	@scripts/setup.sh font
	@scripts/setup.sh umockdev

python:
	@scripts/setup.sh python
