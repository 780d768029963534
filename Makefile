# The two commands a newcomer needs are `make test` and `make sweep`; both do their own set-up.

BUILD := swift build --configuration release --product bbbprune
BBBPRUNE := .build/release/bbbprune
DATASET := mnist
DATA :=

.PHONY: help build test sweep format lint install setup

help:
	@echo "make test                        build everything and run the tests"
	@echo "make sweep CHECKPOINT=model.pt   error and file size against sparsity (DATA=folder of datasets)"
	@echo "make build                       the command-line tool alone: $(BBBPRUNE)"
	@echo "make install PREFIX=/usr/local   copy it to PREFIX/bin"
	@echo "make format, make lint           lay out the sources; check their layout"

# zlib is part of macOS; on Debian and Ubuntu its headers are a package.
setup:
	@command -v swift > /dev/null || { \
	  echo "Swift is not installed: see https://www.swift.org/install" >&2; exit 1; }
	@if [ "$$(uname)" = Linux ] && ! [ -e /usr/include/zlib.h ]; then \
	  command -v apt-get > /dev/null || { \
	    echo "zlib's headers are missing: install your system's zlib development package." >&2; exit 1; }; \
	  sudo=$$([ "$$(id -u)" = 0 ] || echo sudo); \
	  $$sudo apt-get update -qq && $$sudo apt-get install -y -qq zlib1g-dev; \
	fi

build: setup
	$(BUILD)

test: setup
	swift test --configuration release --disable-xctest --scratch-path .build-tests

sweep: setup
	@if [ -z "$(CHECKPOINT)" ]; then \
	  echo "Say which network: make sweep CHECKPOINT=model.safetensors (DATA=folder, one that holds" \
	    "MNIST's test files, or DATASET=synthetic-digits)." >&2; \
	  exit 2; \
	fi
	$(BUILD)
	$(BBBPRUNE) sweep "$(CHECKPOINT)" --dataset $(DATASET) $(if $(DATA),--data "$(DATA)")

install: build
	install -d "$(PREFIX)/bin"
	install -m 755 $(BBBPRUNE) "$(PREFIX)/bin/bbbprune"

install: PREFIX ?= /usr/local

format:
	swift format --in-place --recursive Package.swift Sources Tests

lint:
	swift format lint --strict --recursive Package.swift Sources Tests
