#!/usr/bin/env python3
"""The density from which on a layer is faster dense than sparse: what Execution/BreakEven.swift holds.

    python3 Benchmarks/break_even.py [CHECKPOINT] [--dataset-folder FOLDER]

Runs the network that pruning leaves at several sparsities with all layers sparse and with all layers dense, and prints a
Markdown table of microseconds per image: single images, and batches of 16 and 128.
"""

import argparse, os, statistics, subprocess, tempfile

import environment
import pruned_network
from inference_speed import build, export

SPARSITIES = ["0.3", "0.4", "0.45", "0.5", "0.6", "0.7", "0.8", "0.9", "0.95"]
BATCHES = [1, 16, 128]


def microseconds(program, model, images, size, form):
    times = subprocess.run([program, model, images, str(size), "1", "5"], check=True, capture_output=True, text=True,
                           env={**os.environ, "FORM": form}).stdout.split()
    return 1e6 * statistics.median(map(float, times)) / size


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    pruned_network.add_arguments(parser)
    options = parser.parse_args()
    environment.enter("numpy", "safetensors")
    programs = build()
    images, _ = pruned_network.read_test_images(options.dataset_folder, 1 / 255)
    print(f"{environment.machine()}; µs per image, sparse / dense\n")
    print("| density | " + " | ".join(f"batch {size}" for size in BATCHES) + " |")
    print("|---:|" + "---:|" * len(BATCHES))
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "images.f32")
        images.tofile(path)
        for sparsity in SPARSITIES:
            model, _ = export(programs[0], options.checkpoint, sparsity, folder, "--values", "float32")
            cells = [" / ".join(f"{microseconds(programs[1], model, path, size, form):.1f}" for form in ("sparse", "dense"))
                     for size in BATCHES]
            print(f"| {1 - float(sparsity):.2f} | " + " | ".join(cells) + " |", flush=True)


if __name__ == "__main__":
    main()
