#!/usr/bin/env python3
"""Bytes, test error and divergence of a pruned network in each way a user could store it.

    python3 Benchmarks/file_size.py CHECKPOINT --dataset-folder FOLDER [--sparsities 0.95,0.98]
        [--calibrate NAME|FILE] [--input-scale SCALE] [--bbbprune-flags="--precision 0.01"]… [--csv FILE]

For the posterior checkpoint of a multilayer perceptron and MNIST's test images. Every way below stores the means that
`bbbprune export` leaves at each sparsity, biases included; bbbprune itself also knows the standard deviations. What was
stored is read back with its own reader (docs/read_bbbz.py for bbbprune), and error and divergence are those of what was
read. The divergence is KL(p ‖ q), p being the class probabilities of the unpruned means and q those of the file,
averaged over the test images; labels play no part in it. It orders files by what was lost, where errors differ by
chance.

NNCodec (MPEG's Neural Network Coding) is run plainly, through its tensor interface, over its steps `qp`; and searched
over a grid of the settings below that interface: the weight `lambda_scale` of its rate-distortion quantiser (0, off, by
default), `opt_qp`, and a coarser step for biases, which saves up to 2 kB. Both also start from less pruned weights.
For each bbbprune file the smallest NNCodec file with no more errors, and that with no more divergence, are chosen after
the fact on the test images, in NNCodec's favour.

With `--calibrate` bbbprune conditions on such inputs and chooses the sparsity itself, at several bounds of the
divergence. NNCodec is then searched twice: from means that were cut by |μ|/σ, and from bbbprune's conditioned means too,
so that the coder's merit is seen apart from the conditioning's.

Builds bbbprune and makes a Python environment of its own beside this file. Needs a C++ compiler, as NNCodec does.
"""

import argparse, contextlib, csv, gzip, io, json, os, platform, shlex, struct, subprocess, sys, tempfile, zlib
from dataclasses import dataclass

import environment

PACKAGE = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
REQUIREMENTS = ["torch", "numpy", "scipy", "safetensors", "nncodec==2.1.3"]
PLAIN_STEPS = [-24, -22, -20, -18, -17, -16, -14]
SEARCH_STEPS = [-24, -22, -21, -20, -19, -18, -17, -16]
SEARCH = [{"lambda_scale": 0}, {"lambda_scale": 0.5}, {"lambda_scale": 1}, {"lambda_scale": 1.5},
          {"lambda_scale": 2}, {"opt_qp": True, "lambda_scale": 0.5}]
LESS_PRUNED = ["0.75", "0.9"]  # where NNCodec starts as well
CALIBRATED_FLAGS = [f"--max-divergence {nats}" for nats in (0.0002, 0.0005, 0.001, 0.002, 0.005)]
BBBPRUNE_FLAGS = ["--values float32", "--values float16",
                  *(f"--precision {precision}" for precision in (0.005, 0.01, 0.015, 0.02, 0.03, 0.04))]


@dataclass
class Row:
    sparsity: str
    way: str
    bytes: int
    weights_left: int
    errors: int
    divergence: float  # nats
    family: str  # "simple", "bbbprune", "nncodec plain", "nncodec searched" or "nncodec conditioned"


# A network is a list of (weights (outputs, inputs) float32, biases (outputs) float32).

def named(network):
    """The network as a dictionary of tensors."""
    return {f"{layer}.{kind}": tensor for layer, tensors in enumerate(network)
            for kind, tensor in zip(("weight", "bias"), tensors)}


def unnamed(tensors):
    return [(tensors[f"{layer}.weight"], tensors[f"{layer}.bias"]) for layer in range(len(tensors) // 2)]


# Each way: a function that writes files into a folder, and one that makes a network of them.

def write(folder, name, data):
    with open(os.path.join(folder, name), "wb") as file:
        file.write(data)


def read(folder, name):
    with open(os.path.join(folder, name), "rb") as file:
        return file.read()


def write_dense(network, folder):
    from safetensors.numpy import save

    write(folder, "dense.safetensors.gz", gzip.compress(save(named(network)), 9, mtime=0))


def read_dense(folder):
    from safetensors.numpy import load

    return unnamed(load(gzip.decompress(read(folder, "dense.safetensors.gz"))))


def write_int8(network, folder):
    """Symmetric: one scale for each matrix, the largest weight becomes ±127; biases stay float32."""
    import numpy as np
    from safetensors.numpy import save

    tensors = {}
    for name, tensor in named(network).items():
        if name.endswith(".weight"):
            scale = np.float32(np.abs(tensor).max() / 127 or 1)
            tensors[name + ".scale"] = np.array([scale])
            tensor = np.rint(tensor / scale).astype(np.int8)
        tensors[name] = tensor
    write(folder, "int8.safetensors.gz", gzip.compress(save(tensors), 9, mtime=0))


def read_int8(folder):
    import numpy as np
    from safetensors.numpy import load

    tensors = load(gzip.decompress(read(folder, "int8.safetensors.gz")))
    return unnamed({name: tensor.astype(np.float32) * tensors[name + ".scale"] if name.endswith(".weight") else tensor
                    for name, tensor in tensors.items() if not name.endswith(".scale")})


def write_csr(network, folder):
    import numpy as np
    from scipy.sparse import csr_matrix, save_npz

    for layer, (weights, _) in enumerate(network):
        save_npz(os.path.join(folder, f"{layer}.npz"), csr_matrix(weights))
    np.savez_compressed(os.path.join(folder, "biases.npz"), *[biases for _, biases in network])


def read_csr(folder):
    import numpy as np
    from scipy.sparse import load_npz

    with np.load(os.path.join(folder, "biases.npz")) as biases:
        return [(load_npz(os.path.join(folder, f"{layer}.npz")).toarray(), biases[f"arr_{layer}"])
                for layer in range(len(biases.files))]


def write_bitmask(network, folder):
    """For each layer its shape, a bit for each weight, the values that are left, the biases."""
    import numpy as np

    parts = []
    for weights, biases in network:
        mask = weights != 0
        parts += [struct.pack("<II", *weights.shape), np.packbits(mask).tobytes(),
                  weights[mask].astype("<f2").tobytes(), biases.astype("<f4").tobytes()]
    write(folder, "bitmask.z", zlib.compress(b"".join(parts), 9))


def read_bitmask(folder):
    import numpy as np

    data = memoryview(zlib.decompress(read(folder, "bitmask.z")))
    network = []
    while data:
        outputs, inputs = struct.unpack_from("<II", data)
        count, data = outputs * inputs, data[8:]
        mask = np.unpackbits(np.frombuffer(data, np.uint8, (count + 7) // 8), count=count).astype(bool)
        data = data[(count + 7) // 8:]
        weights = np.zeros(count, np.float32)
        weights[mask] = np.frombuffer(data, "<f2", mask.sum())
        data = data[2 * int(mask.sum()):]
        network.append((weights.reshape(outputs, inputs), np.frombuffer(data, "<f4", outputs)))
        data = data[4 * outputs:]
    return network


def nncodec_tensor_interface(step):
    """Its interface for single tensors, as documented; it ignores `nonweight_qp`: biases are nearly exact."""
    def write_tensors(network, folder):
        from nncodec.tensor import encode

        with tempfile.TemporaryDirectory() as scratch:  # where NNCodec also leaves what it returns
            settings = {"qp": step, "use_dq": True, "param_opt": True, "results": scratch}
            for name, tensor in named(network).items():
                write(folder, name + ".nnc", encode(tensor, settings))

    def read_tensors(folder):
        from nncodec.tensor import decode

        return unnamed({name.removesuffix(".nnc"): decode(bytearray(read(folder, name)))
                        for name in os.listdir(folder)})

    return write_tensors, read_tensors


def nncodec_network(step, settings):
    """The function below it, which has all settings; the whole network in one bitstream."""
    def write_network(network, folder):
        from nncodec import nnc

        bitstream = nnc.compress(named(network), qp=step, nonweight_qp=-38, use_dq=True, param_opt=False,
                                 row_skipping=True, return_bitstream=True, bitstream_path=os.devnull, **settings)
        write(folder, "network.nnc", bitstream)

    def read_network(folder):
        from nncodec import nnc

        return unnamed(nnc.decompress(bytearray(read(folder, "network.nnc"))))

    return write_network, read_network


def bbbprune_file(program, checkpoint, flags):
    """bbbprune starts from the checkpoint, not from the pruned means; read by the independent reader."""
    def write_file(_, folder):
        run(program, "export", *checkpoint, "-o", os.path.join(folder, "model.bbbz"), *shlex.split(flags))

    def read_file(folder):
        sys.path.insert(0, os.path.join(PACKAGE, "docs"))
        from read_bbbz import read_bbbz

        return [(layer.weights, layer.biases) for layer in read_bbbz(os.path.join(folder, "model.bbbz")).matrices]

    return write_file, read_file


class TestSet:
    def __init__(self, images, labels, reference):
        """Images are rows, already scaled; the reference is the network whose predictions are to be kept."""
        self.images, self.labels = images, labels
        self.reference = log_probabilities(reference, images)
        self.reference_errors = int((self.reference.argmax(1) != labels).sum())

    def errors_and_divergence(self, network):
        import numpy as np

        predicted = log_probabilities(network, self.images)
        errors = int((predicted.argmax(1) != self.labels).sum())
        return errors, float((np.exp(self.reference) * (self.reference - predicted)).sum(1).mean())


def log_probabilities(network, images):
    """Log-probabilities of the classes: ReLU between the layers, then softmax."""
    import numpy as np
    from scipy.sparse import csr_matrix
    from scipy.special import log_softmax

    activations = images.T
    for layer, (weights, biases) in enumerate(network):
        if np.count_nonzero(weights) < 0.05 * weights.size:
            weights = csr_matrix(weights)  # faster
        activations = weights @ activations + biases[:, np.newaxis]
        if layer + 1 < len(network):
            activations = np.maximum(activations, 0)
    return log_softmax(activations.T.astype(np.float64), axis=1)


def measure(sparsity, way, family, network, functions, test):
    import numpy as np

    encode, decode = functions
    # NNCodec prints what it does to standard output.
    with tempfile.TemporaryDirectory() as folder, contextlib.redirect_stdout(io.StringIO()):
        encode(network, folder)
        decoded = [(np.asarray(weights, np.float32), np.asarray(biases, np.float32))
                   for weights, biases in decode(folder)]
        size = sum(os.path.getsize(os.path.join(folder, name)) for name in os.listdir(folder))
    left = sum(int(np.count_nonzero(weights)) for weights, _ in decoded)
    return Row(sparsity, way, size, left, *test.errors_and_divergence(decoded), family)


def read_test_images(folder, input_scale):
    import numpy as np

    def idx(name):
        for path in (os.path.join(folder, *part, name + ending) for part in ([], ["mnist"]) for ending in ("", ".gz")):
            if os.path.exists(path):
                with (gzip.open if path.endswith(".gz") else open)(path, "rb") as file:
                    data = file.read()
                shape = struct.unpack_from(f">{data[3]}I", data, 4)
                return np.frombuffer(data, np.uint8, offset=4 + 4 * data[3]).reshape(shape)
        sys.exit(f"{folder}: {name} is not there, nor in a folder mnist in it; "
                 f"'bbbprune data mnist --data {folder}' downloads it")

    images, labels = idx("t10k-images-idx3-ubyte"), idx("t10k-labels-idx1-ubyte")
    images = images.reshape(len(images), -1).astype(np.float32) * np.float32(input_scale)
    return images, labels


def run(*command):
    result = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    if result.returncode != 0:
        sys.exit(f"{shlex.join(command)} failed:\n{result.stderr.strip()}")
    return result.stdout


def pruned_network(program, checkpoint, description, sparsity, *flags):
    import numpy as np
    from safetensors.numpy import load_file

    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "pruned.safetensors")
        run(program, "export", *checkpoint, "--sparsity", sparsity, "-o", path, *flags)
        tensors = load_file(path)
    network = []
    for layer in description["layers"]:
        weights = np.asarray(tensors[layer["mean"]], np.float32)
        weights = weights.T if layer["layout"] == "(in, out)" else weights
        biases = np.asarray(tensors[layer["bias_mean"]], np.float32) if layer.get("bias_mean") else \
            np.zeros(len(weights), np.float32)
        network.append((np.ascontiguousarray(weights), biases))
    return network


def frontier(rows):
    """The rows that no other row beats in both bytes and divergence, smallest first."""
    best = []
    for row in sorted(rows, key=lambda row: (row.bytes, row.divergence)):
        if not best or row.divergence < best[-1].divergence:
            best.append(row)
    return best


def print_table(rows, dense_bytes, images):
    print("| sparsity | way | bytes | × smaller | weights left | errors | error % | divergence, 10⁻³ nats |")
    print("|---|---|---:|---:|---:|---:|---:|---:|")
    for row in rows:
        print(f"| {row.sparsity} | {row.way} | {row.bytes:,} | {dense_bytes / row.bytes:.1f} | {row.weights_left:,} | "
              f"{row.errors} | {100 * row.errors / images:.2f} | {1000 * row.divergence:.3f} |")


def print_comparison(rows, name, loss, show):
    """Beside each bbbprune file the smallest NNCodec file that loses no more: of some of its runs, and of more."""
    families = [row.family for row in rows]
    rivals = [("searched", "nncodec plain", "nncodec searched"),
              ("conditioned means too", "nncodec plain", "nncodec searched", "nncodec conditioned")
              ] if "nncodec conditioned" in families else [
              ("plain", "nncodec plain"), ("searched", "nncodec plain", "nncodec searched")]
    print(f"| bbbprune | bytes | {name} |" + "".join(
        f" smallest NNCodec, {title} | {name} | bytes | bbbprune's is |" for title, *_ in rivals))
    print("|---|---:|---:|" + "---|---:|---:|---|" * len(rivals))
    for row in (row for row in rows if row.family == "bbbprune"):
        cells = [f"{row.way.removeprefix('bbbprune ')} at {row.sparsity}", f"{row.bytes:,}", show(row)]
        for _, *families in rivals:
            others = [other for other in rows if other.family in families and loss(other) <= loss(row)]
            if not others:
                cells += ["none", "–", "–", "–"]
                continue
            best = min(others, key=lambda other: other.bytes)
            share = row.bytes / best.bytes - 1
            cells += [f"{best.way.removeprefix('NNCodec, ')} at {best.sparsity}", show(best), f"{best.bytes:,}",
                      f"{abs(share):.1%} {'smaller' if share < 0 else 'larger'}"]
        print("| " + " | ".join(cells) + " |")


def open_checkpoint(program, checkpoint, dataset_folder, input_scale):
    """What `bbbprune inspect` tells, and the test images with what the unpruned network predicts for them."""
    description = json.loads(run(program, "inspect", *checkpoint, "--json", "-"))
    if not description.get("layer_sizes") or any(layer["kind"] != "fully connected" for layer in description["layers"]):
        sys.exit(f"{checkpoint[0]}: not a multilayer perceptron; this script runs no other networks")
    scale = input_scale or description.get("input_scale") or 1 / 255
    images, labels = read_test_images(dataset_folder, scale)
    if images.shape[1] != description["layer_sizes"][0]:
        sys.exit(f"{checkpoint[0]}: the network takes {description['layer_sizes'][0]} inputs, "
                 f"but MNIST's images have {images.shape[1]} pixels")
    return description, TestSet(images, labels, pruned_network(program, checkpoint, description, "0"))


def fraction(text):
    from fractions import Fraction

    return float(Fraction(text))


def parse_options():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0], epilog=__doc__.split("\n\n")[-1],
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("checkpoint", help="the posterior of a multilayer perceptron, unpruned")
    parser.add_argument("--dataset-folder", required=True, metavar="FOLDER",
                        help="where MNIST's test files are, or a folder mnist with them")
    parser.add_argument("--sparsities", default="0.95,0.98", help="default: %(default)s")
    parser.add_argument("--calibrate", metavar="NAME|FILE",
                        help="inputs to condition on, as 'bbbprune export --calibrate' takes them")
    parser.add_argument("--input-scale", metavar="SCALE", type=fraction,
                        help="what pixels are multiplied by, such as 1/126, if the checkpoint does not say")
    parser.add_argument("--bbbprune-flags", action="append", metavar="FLAGS",
                        help="further options of 'bbbprune export', such as --bbbprune-flags=\"--precision 0.01\"; "
                             "repeat it to compare several; default: several, from exact to coarse")
    parser.add_argument("--bbbprune", metavar="PROGRAM", help="the tool, if it should not be built")
    parser.add_argument("--csv", metavar="FILE", help="write every row, NNCodec's whole grid too")
    options = parser.parse_args()
    options.sparsities = options.sparsities.split(",")
    for text in options.sparsities:
        try:
            valid = 0 <= float(text) <= 1
        except ValueError:
            valid = False
        if not valid:
            parser.error(f"--sparsities: '{text}' is not a fraction from 0 to 1")
    if not os.path.isfile(options.checkpoint):
        parser.error(f"{options.checkpoint}: there is no such file")
    if not os.path.isdir(options.dataset_folder):
        parser.error(f"{options.dataset_folder}: there is no such folder")
    return options


def tool(path):
    """The program at the path, or bbbprune as built here if there is none."""
    if path:
        if not os.access(path, os.X_OK):
            sys.exit(f"{path}: not a program; leave --bbbprune out to have it built")
        return os.path.abspath(path)
    try:
        subprocess.check_call(["swift", "build", "-c", "release", "--product", "bbbprune"], cwd=PACKAGE,
                              stdout=sys.stderr)
    except FileNotFoundError:
        sys.exit("swift is not on the PATH; install it, or give a built tool with --bbbprune PROGRAM")
    except subprocess.CalledProcessError:
        sys.exit("bbbprune could not be built; see the compiler's messages above")
    return os.path.join(PACKAGE, ".build", "release", "bbbprune")


def main():
    options = parse_options()
    environment.enter(*REQUIREMENTS)
    from importlib.metadata import version

    program = tool(options.bbbprune)
    checkpoint = [options.checkpoint, *(["--input-scale", str(options.input_scale)] if options.input_scale else [])]
    conditioned = ["--calibrate", options.calibrate, "--data", options.dataset_folder] if options.calibrate else []
    description, test = open_checkpoint(program, checkpoint, options.dataset_folder, options.input_scale)
    sizes = description["layer_sizes"]
    dense_bytes = 4 * sum(outputs * (inputs + 1) for inputs, outputs in zip(sizes, sizes[1:]))

    rows = []
    for sparsity in dict.fromkeys([*LESS_PRUNED, *options.sparsities]):
        print(f"sparsity {sparsity} …", file=sys.stderr, flush=True)
        ways = []
        if sparsity in options.sparsities:
            ways += [("dense float32 safetensors, gzip -9", "simple", (write_dense, read_dense)),
                     ("dense int8, one scale per matrix, gzip -9", "simple", (write_int8, read_int8)),
                     ("SciPy CSR, float32, save_npz", "simple", (write_csr, read_csr)),
                     ("bitmask and float16, zlib 9", "simple", (write_bitmask, read_bitmask))]
        if sparsity in options.sparsities and not conditioned:
            ways += [(f"bbbprune {flags}", "bbbprune",
                      bbbprune_file(program, [*checkpoint, "--sparsity", sparsity], flags))
                     for flags in options.bbbprune_flags or BBBPRUNE_FLAGS]
        ways += [(f"NNCodec, plain, qp {step}", "nncodec plain", nncodec_tensor_interface(step))
                 for step in PLAIN_STEPS]
        search = [(", ".join(["NNCodec", f"qp {step}", *(f"{name} {value}" for name, value in settings.items())]),
                   nncodec_network(step, settings)) for step in SEARCH_STEPS for settings in SEARCH]
        ways += [(way, "nncodec searched", functions) for way, functions in search]
        network = pruned_network(program, checkpoint, description, sparsity)
        rows += [measure(sparsity, way, family, network, functions, test) for way, family, functions in ways]
        if conditioned:
            network = pruned_network(program, checkpoint, description, sparsity, *conditioned)
            rows += [measure(f"{sparsity}, conditioned", way, "nncodec conditioned", network, functions, test)
                     for way, functions in search]
    if conditioned:
        rows += [measure("any sparsity", f"bbbprune {flags}", "bbbprune", None,
                         bbbprune_file(program, [*checkpoint, *conditioned], flags), test)
                 for flags in options.bbbprune_flags or CALIBRATED_FLAGS]

    print(f"{os.path.basename(options.checkpoint)}: {'-'.join(map(str, sizes))}, {dense_bytes:,} bytes as dense "
          f"float32; {len(test.labels):,} test images, {test.reference_errors} errors unpruned\n")
    print("bbbprune " + run(program, "--version").strip() + f"; Python {platform.python_version()}; zlib "
          f"{zlib.ZLIB_RUNTIME_VERSION}; " + "; ".join(f"{name} {version(name)}" for name in
                                              ("numpy", "scipy", "safetensors", "nncodec")) + "\n")
    searched = [row for row in rows if row.family in ("nncodec searched", "nncodec conditioned")]
    print_table([row for row in rows if row not in searched], dense_bytes, len(test.labels))
    limit = max(row.divergence for row in rows if row.family == "bbbprune")
    print(f"\nNNCodec searched: what of {len(searched)} runs no other beats in both bytes and divergence\n")
    print_table([row for row in frontier(searched) if row.divergence <= limit], dense_bytes, len(test.labels))
    print("\nAt equal error\n")
    print_comparison(rows, "errors", lambda row: row.errors, lambda row: str(row.errors))
    print("\nAt equal divergence (10⁻³ nats)\n")
    print_comparison(rows, "divergence", lambda row: row.divergence, lambda row: f"{1000 * row.divergence:.3f}")
    if options.csv:
        with open(options.csv, "w", newline="") as file:
            table = csv.writer(file)
            table.writerow(["sparsity", "way", "family", "bytes", "ratio", "weights_left", "errors", "error",
                            "divergence"])
            for row in rows:
                table.writerow([row.sparsity, row.way, row.family, row.bytes, f"{dense_bytes / row.bytes:.2f}",
                                row.weights_left, row.errors, row.errors / len(test.labels), f"{row.divergence:.6g}"])


if __name__ == "__main__":
    main()
