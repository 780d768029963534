#!/usr/bin/env python3
"""Whether two builds of bbbprune make the same files, byte for byte: what a change of structure must show.

    python3 Benchmarks/same_bytes.py OLD NEW CHECKPOINT…

OLD and NEW are programs. Of every checkpoint both print `inspect --json` and export, at 0, 50 and 95 %, the default file,
float32 and float16 files, one with uncertainty, masks with dense tensors, and files without whole units; both train small
networks of each likelihood and some methods, and run the paper's regression. A command that one refuses must be refused by
the other, in the same words. Prints what differs, and ends with an error if anything does. Checkpoints may bring options:
'model.pt --input-scale 1/126'.
"""

import argparse, hashlib, os, shlex, subprocess, sys, tempfile

EXPORTS = [
    ("default", "--sparsity {s} -o file.bbbz"),
    ("float32", "--sparsity {s} --values float32 -o file.bbbz"),
    ("float16", "--sparsity {s} --values float16 -o file.bbbz"),
    ("with uncertainty", "--sparsity {s} --keep-uncertainty -o file.bbbz"),
    ("dense and masks", "--sparsity {s} -o file.npz --masks masks.npz"),
    ("without units", "--units --sparsity {s} -o file.bbbz"),
    ("smaller dense", "--units --compact --sparsity {s} -o file.safetensors"),
]
SPARSITIES = ["0", "0.5", "0.95"]
TRAINING = [
    "--dataset synthetic-digits --hidden 20,20 --epochs 1 --minibatch 500",
    "--dataset synthetic-digits --hidden 20 --epochs 1 --minibatch 500 --local-reparametrisation",
    "--dataset synthetic-digits --hidden 20 --epochs 1 --minibatch 500 --method dropout",
    "--dataset noisy-curve --likelihood gaussian:0.07 --hidden 20 --epochs 3",
]


def digest(folder):
    """The checksum of each file below a folder."""
    result = {}
    for parent, _, names in os.walk(folder):
        for name in names:
            path = os.path.join(parent, name)
            with open(path, "rb") as file:
                result[os.path.relpath(path, folder)] = hashlib.sha256(file.read()).hexdigest()
    return result


def run(program, *commands):
    """How commands end and what they print, but for times, and the files that they leave in a folder of their own."""
    with tempfile.TemporaryDirectory() as folder:
        printed = []
        for command in commands:
            outcome = subprocess.run([program, *command], cwd=folder, capture_output=True, text=True)
            result = outcome.stdout if command[0] not in ("train", "experiment") else ""
            printed.append((outcome.returncode, result, outcome.stderr if outcome.returncode else ""))
        return printed, digest(folder)


def jobs(checkpoints):
    """The name of each comparison, and its commands."""
    for line in checkpoints:
        checkpoint, *options = shlex.split(line)
        checkpoint = os.path.abspath(checkpoint)
        name = os.path.basename(checkpoint)
        yield f"{name}: inspect", [["inspect", checkpoint, *options, "--json", "-"]]
        for sparsity in SPARSITIES:
            for kind, text in EXPORTS:
                yield (f"{name}: {kind} at {sparsity}",
                       [["export", checkpoint, *options, *text.format(s=sparsity).split()]])
    for options in TRAINING:
        command = ["train", *options.split(), "--seed", "3", "-o", "model.safetensors"]
        yield f"train {options}", [command, ["export", "model.safetensors", "--sparsity", "0.5", "-o", "model.bbbz"]]
    yield "experiment regression", [["experiment", "regression", "-o", "regression", "--epochs", "20"]]


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("old", type=os.path.abspath)
    parser.add_argument("new", type=os.path.abspath)
    parser.add_argument("checkpoint", nargs="+", help="a file, and options for reading it")
    options = parser.parse_args()
    count = different = 0
    for name, commands in jobs(options.checkpoint):
        before, after = run(options.old, *commands), run(options.new, *commands)
        count += 1
        if before == after:
            continue
        different += 1
        for old, new in zip(before[0], after[0]):
            if old != new:
                print(f"{name}: prints or ends otherwise: exit {old[0]} and {new[0]}, {old[2].strip()} | {new[2].strip()}")
        for file in sorted(before[1].keys() | after[1].keys()):
            if before[1].get(file) != after[1].get(file):
                print(f"{name}: {file} differs")
    print(f"{count - different} of {count} comparisons are equal byte for byte")
    if different:
        sys.exit(1)


if __name__ == "__main__":
    main()
