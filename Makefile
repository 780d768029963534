# The two commands a newcomer needs are `make test` and `make sweep`; both do their own set-up.

BUILD := swift build --configuration release --product bbbprune
BBBPRUNE := .build/release/bbbprune
SWIFT := Package.swift Sources Tests Fuzz/Package.swift Fuzz/Sources/Fuzz
.PHONY: help build test sweep fuzz kernels arm protobuf format lint install setup openblas pictures browser

help:
	@echo "make test                        build everything and run the tests"
	@echo "make sweep                       error and file size against sparsity, of a network that is included;"
	@echo "                                 CHECKPOINT=model.pt DATASET=mnist DATA=folder for another"
	@echo "make build                       the command-line tool alone: $(BBBPRUNE)"
	@echo "make install PREFIX=/usr/local   copy it to PREFIX/bin"
	@echo "make browser                     install Chromium, in which the tests open the HTML report"
	@echo "make fuzz                        feed every parser damaged files for SECONDS=600 each; TARGET=npy for one"
	@echo "make arm                         run the kernels for ARM in an emulator (Linux), against the plain ones"
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

# Training loads OpenBLAS when it begins (macOS has Accelerate); nothing else needs it.
openblas:
	@if [ "$$(uname)" = Linux ] && ! /sbin/ldconfig -p | grep -q libopenblas; then \
	  sudo=$$([ "$$(id -u)" = 0 ] || echo sudo); \
	  { command -v apt-get > /dev/null && $$sudo apt-get update -qq \
	    && $$sudo apt-get install -y -qq libopenblas0; } || \
	    echo "OpenBLAS is missing: the tests of training are skipped." >&2; \
	fi

# Pictures are read by libpng and libjpeg-turbo, whose package has another name on Ubuntu.
pictures:
	@if [ "$$(uname)" = Linux ] && ! { /sbin/ldconfig -p | grep -q 'libpng16\.so\.16' \
	  && /sbin/ldconfig -p | grep -q 'libturbojpeg\.so\.0'; }; then \
	  sudo=$$([ "$$(id -u)" = 0 ] || echo sudo); \
	  { command -v apt-get > /dev/null && $$sudo apt-get update -qq \
	    && $$sudo apt-get install -y -qq libpng16-16 \
	    && { $$sudo apt-get install -y -qq libturbojpeg0 || $$sudo apt-get install -y -qq libturbojpeg; }; } || \
	    echo "libpng or libjpeg-turbo is missing: the tests of pictures are skipped." >&2; \
	fi

# 300 MB for one suite of tests, which says so if it is skipped: not a part of `make test`.
browser:
	@command -v chromium > /dev/null || command -v google-chrome > /dev/null || { \
	  sudo=$$([ "$$(id -u)" = 0 ] || echo sudo); \
	  command -v apt-get > /dev/null || { \
	    echo "Install Chromium or Chrome, or set BBBPRUNE_BROWSER to a browser of that kind." >&2; exit 1; }; \
	  $$sudo apt-get update -qq && $$sudo apt-get install -y -qq chromium; \
	}

build: setup
	$(BUILD)

test: setup openblas pictures kernels
	swift test --configuration release --disable-xctest --scratch-path .build-tests $(SWIFT_FLAGS)

sweep: build
	$(BBBPRUNE) sweep $(if $(CHECKPOINT),"$(CHECKPOINT)") $(if $(DATASET),--dataset $(DATASET)) \
	  $(if $(DATA),--data "$(DATA)")

fuzz: setup
	Fuzz/run $(or $(SECONDS),600) $(TARGET)

# Every kernel against the plain one, without Swift: by `make test` on this machine's processor, by `make arm` on an emulated
# one, where the same checksum must come out.
CLANG := $(dir $(shell command -v swift))clang
KERNELS_IN_C := -std=c11 -O2 -Wall -Wextra -Werror -ISources/CBBBKernels/include \
  Sources/CBBBKernels/*.c Tests/KernelsInC/*.c -lm
kernels:
	mkdir -p .build-kernels
	$(CLANG) $(KERNELS_IN_C) -o .build-kernels/native
	.build-kernels/native

arm: kernels
	@if [ "$$(uname)" != Linux ]; then echo "make arm needs Linux's user-mode emulation" >&2; exit 1; fi
	@[ -d /usr/aarch64-linux-gnu/include ] && command -v qemu-aarch64-static > /dev/null || { \
	  sudo=$$([ "$$(id -u)" = 0 ] || echo sudo); \
	  command -v apt-get > /dev/null || { \
	    echo "Install a C library for aarch64-linux-gnu and qemu-aarch64-static." >&2; exit 1; }; \
	  $$sudo apt-get update -qq && $$sudo apt-get install -y -qq --no-install-recommends \
	    qemu-user-static libc6-dev-arm64-cross gcc-aarch64-linux-gnu; \
	}
	$(CLANG) --target=aarch64-linux-gnu -static -fuse-ld=lld $(KERNELS_IN_C) -o .build-kernels/arm
	native=$$(.build-kernels/native) && arm=$$(qemu-aarch64-static .build-kernels/arm) && [ "$$native" = "$$arm" ]

# The messages of ONNX files, from their description; needs Python's grpcio-tools. What it writes is committed.
protobuf:
	swift build --package-path .build/checkouts/swift-protobuf --scratch-path .build-protobuf \
	  --product protoc-gen-swift
	python3 -m grpc_tools.protoc --plugin=protoc-gen-swift=.build-protobuf/debug/protoc-gen-swift \
	  --swift_opt=Visibility=Internal -ISources/BBBONNX/Protobuf --swift_out=Sources/BBBONNX/Protobuf onnx.proto

install: build
	install -d "$(PREFIX)/bin"
	install -m 755 $(BBBPRUNE) "$(PREFIX)/bin/bbbprune"
	install -d "$(PREFIX)/share/bbbprune"
	install -m 644 fixtures/*.safetensors "$(PREFIX)/share/bbbprune"

install: PREFIX ?= /usr/local

format:
	swift format --in-place --recursive $(SWIFT)

lint:
	swift format lint --strict --recursive $(SWIFT)
