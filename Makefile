# The two commands a newcomer needs are `make test` and `make sweep`; both do their own set-up.

BUILD := swift build --configuration release --product bbbprune
BBBPRUNE := .build/release/bbbprune
DATASET := mnist
DATA := $(BBBPRUNE_DATA)

.PHONY: help build test sweep format lint install setup

help:
	@echo "make test                        build everything and run the tests"
	@echo "make sweep CHECKPOINT=model.pt   error and file size against sparsity (DATA=folder of datasets)"
	@echo "make build                       the command-line tool alone: $(BBBPRUNE)"
	@echo "make install PREFIX=/usr/local   copy it to PREFIX/bin"
	@echo "make format, make lint           lay out the sources; check their layout"

# zlib and a BLAS (Accelerate) are part of macOS; on Debian and Ubuntu their headers are packages.
CBLAS_PLACES := /usr/include/cblas.h /usr/include/*-linux-gnu/cblas.h /usr/include/openblas/cblas.h

setup:
	@command -v swift > /dev/null || { \
	  echo "Swift is not installed: see https://www.swift.org/install" >&2; exit 1; }
	@if [ "$$(uname)" = Linux ]; then \
	  missing=; \
	  [ -e /usr/include/zlib.h ] || missing="$$missing zlib1g-dev"; \
	  [ -n "$(wildcard $(CBLAS_PLACES))" ] || missing="$$missing libopenblas-dev"; \
	  [ -z "$$missing" ] && exit 0; \
	  command -v apt-get > /dev/null || { \
	    echo "Headers are missing: install your system's counterpart of$$missing" \
	      "(Debian's names for the development packages of zlib and OpenBLAS)." >&2; exit 1; }; \
	  sudo=$$([ "$$(id -u)" = 0 ] || echo sudo); \
	  $$sudo apt-get update -qq && $$sudo apt-get install -y -qq $$missing; \
	fi

build: setup
	$(BUILD)

test: setup
	swift test --configuration release --disable-xctest --scratch-path .build-tests

sweep: setup
	@if [ -z "$(CHECKPOINT)" ] || [ -z "$(DATA)" ]; then \
	  echo "Say which network and where the images are: make sweep CHECKPOINT=model.safetensors" \
	    "DATA=folder (one that holds MNIST's test files; BBBPRUNE_DATA is taken where DATA is not given)." >&2; \
	  exit 2; \
	fi
	$(BUILD)
	$(BBBPRUNE) sweep "$(CHECKPOINT)" --dataset $(DATASET) --data "$(DATA)"

install: build
	install -d "$(PREFIX)/bin"
	install -m 755 $(BBBPRUNE) "$(PREFIX)/bin/bbbprune"

install: PREFIX ?= /usr/local

format:
	swift format --in-place --recursive Package.swift Sources Tests

lint:
	swift format lint --strict --recursive Package.swift Sources Tests
