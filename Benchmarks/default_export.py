#!/usr/bin/env python3
"""What the default file does to a network's error, beside the float32 file at the same sparsity, as Markdown.

    python3 Benchmarks/default_export.py --dataset-folder FOLDER [--bbbprune PROGRAM] 'CHECKPOINT [OPTIONS]'…

Each checkpoint may bring options of `bbbprune export` for reading it: 'model.pt --input-scale 1/126'. It is a
multilayer perceptron for MNIST, or a regression whose inputs and targets are given: 'model.pth --inputs x.npy
--targets y.npy'. Both files of each sparsity are written, read back with docs/read_bbbz.py and run on the test images. p is
that of the exact two-sided McNemar test between them. Ends with an error if a default file loses more than may be: 0.15 points
(0.3 where the float32 file itself is more than 2 points above the unpruned network), or 2 % of a regression's root
mean square error. Builds bbbprune and makes a Python environment of its own beside this file.
"""

import argparse, gzip, json, math, os, shlex, struct, subprocess, sys, tempfile

import environment

PACKAGE = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))


def read_idx(path):
    """An IDX array of bytes, plain or gzipped."""
    import numpy as np

    path = path if os.path.exists(path) else path + ".gz"
    with (gzip.open if path.endswith(".gz") else open)(path, "rb") as file:
        data = file.read()
    shape = struct.unpack_from(f">{data[3]}I", data, 4)
    return np.frombuffer(data, np.uint8, offset=4 + 4 * data[3]).reshape(shape)


def mcnemar(first, second):
    """The exact two-sided p-value of two classifiers' being right."""
    b, c = int((first & ~second).sum()), int((second & ~first).sum())
    tail = sum(math.comb(b + c, k) for k in range(min(b, c) + 1))
    return min(1.0, 2 * tail / 2 ** (b + c))


class Digits:
    """MNIST's test images: the error in per cent."""

    def __init__(self, folder, scaling):
        images = read_idx(os.path.join(folder, "t10k-images-idx3-ubyte"))
        self.pixels = images.reshape(len(images), -1).astype("float32")
        self.labels = read_idx(os.path.join(folder, "t10k-labels-idx1-ubyte"))
        self.mean, self.deviation = scaling

    def measure(self, model):
        inputs = (self.pixels * model.input_scale - self.mean) / self.deviation
        correct = model.outputs(inputs.astype("float32")).argmax(1) == self.labels
        return 100 * (1 - correct.mean()), correct

    def compare(self, unpruned, plain, default):
        limit = 0.3 if plain[0] > unpruned[0] + 2 else 0.15
        return f"{mcnemar(plain[1], default[1]):.2f}", default[0] <= plain[0] + limit + 1e-9


class Numbers:
    """A regression's inputs and targets: the root mean square error."""

    def __init__(self, inputs, targets):
        import numpy as np

        self.inputs, self.targets = np.load(inputs).astype("float32"), np.load(targets).reshape(-1)

    def measure(self, model):
        return float(((model.outputs(self.inputs)[:, 0] - self.targets) ** 2).mean() ** 0.5), None

    def compare(self, unpruned, plain, default):
        return "–", default[0] <= 1.02 * plain[0]


def export(program, checkpoint, options, sparsity, *flags):
    """The model of an exported file, its bytes, and what the tool says of it."""
    from read_bbbz import read_bbbz

    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "model.bbbz")
        report = subprocess.check_output([program, "export", checkpoint, *options, "--sparsity", sparsity, "-o", path,
                                          "--json", "-", *flags], text=True)
        return read_bbbz(path), os.path.getsize(path), json.loads(report)


def measure(program, line, options):
    """The rows of one checkpoint's table, and whether each cell is within its limit."""
    parser = argparse.ArgumentParser()
    for name in ("--inputs", "--targets"):
        parser.add_argument(name)
    parser.add_argument("--scaling", default="0,1")
    own, (checkpoint, *flags) = parser.parse_known_args(shlex.split(line))
    scaling = [float(number) for number in own.scaling.split(",")]
    examples = Numbers(own.inputs, own.targets) if own.inputs else Digits(options.dataset_folder, scaling)
    unpruned = examples.measure(export(program, checkpoint, flags, "0", "--values", "float32")[0])
    for sparsity in options.sparsities.split(","):
        model, plain_bytes, _ = export(program, checkpoint, flags, sparsity, "--values", "float32")
        plain = examples.measure(model)
        model, default_bytes, report = export(program, checkpoint, flags, sparsity)
        default = examples.measure(model)
        p, is_within = examples.compare(unpruned, plain, default)
        digits = 2 if isinstance(examples, Digits) else 4
        precision = f"{report['rounding']['precision']:.2g}" if report.get("rounding") else "float32"
        cells = [os.path.basename(checkpoint), f"{100 * float(sparsity):g} %", f"{plain[0]:.{digits}f}",
                 f"{default[0]:.{digits}f}", p, f"{plain_bytes:,}", f"{default_bytes:,}", precision]
        yield "| " + " | ".join(cells) + " |" + ("" if is_within else " **beyond the limit**"), is_within


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("checkpoint", nargs="+", help="a file, and options of 'bbbprune export' for reading it; "
                        "--scaling MEAN,DEVIATION of scaled pixels, or --inputs FILE --targets FILE of a regression")
    parser.add_argument("--dataset-folder", metavar="FOLDER", help="where MNIST's test files are")
    parser.add_argument("--sparsities", default="0,0.5,0.75,0.9,0.95", help="default: %(default)s")
    parser.add_argument("--bbbprune", metavar="PROGRAM", help="the tool, if it should not be built")
    options = parser.parse_args()
    environment.enter("numpy")
    sys.path.insert(0, os.path.join(PACKAGE, "docs"))
    program = options.bbbprune
    if not program:
        subprocess.check_call(["swift", "build", "-c", "release", "--product", "bbbprune"], cwd=PACKAGE,
                              stdout=sys.stderr)
        program = os.path.join(PACKAGE, ".build", "release", "bbbprune")
    print("| checkpoint | removed, asked | float32: error % or RMSE | default: the same | McNemar p | float32: bytes "
          "| default: bytes | precision |\n|---|---:|---:|---:|---:|---:|---:|---:|")
    is_within = True
    for line in options.checkpoint:
        for row, is_row_within in measure(program, line, options):
            print(row, flush=True)
            is_within &= is_row_within
    if not is_within:
        sys.exit("a default file loses more than may be")


if __name__ == "__main__":
    main()
