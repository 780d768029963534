#!/usr/bin/env python3
"""Microseconds per image of a pruned network: bbbprune beside SciPy, PyTorch and ONNX Runtime.

    python3 Benchmarks/inference_speed.py [CHECKPOINT] [--dataset-folder FOLDER] [--threads 1] [--rounds 5]

For a trained posterior and MNIST's test images, in this process for the peers and in one of its own for bbbprune; the
measurements alternate, `--rounds` times. All run the same weights: those that `bbbprune export --values float32` leaves
at each sparsity, and those of a default export, quantised, at 95 %. Every peer is measured at its best (see
inference_peers.py) and every answer is held against NumPy in double precision.

Prints Markdown tables: medians and ranges, the ratio of the best peer's median to ours, and as the limit the time that the
network's multiplications take at the rate of NumPy's matrix product on this machine. Then the same for loading a 98 % file
and answering one image, within a warm process and from the start of a process, and for a sweep of 15 sparsities, with two threads.
On one core: `chrt -f 1 taskset -c 1 python3 Benchmarks/inference_speed.py --no-sweep`.
"""

import argparse, os, platform, statistics, subprocess, sys, tempfile, time

import environment
import pruned_network
from inference_peers import BATCH_SIZES, REQUIREMENTS, batches_of, peers
from peer import check, logits_in_double_precision, measure
from pytorch_peers import SPARSITIES, PyTorchSweep, StateDictStart

PACKAGE = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
PROGRAMS = os.path.join(PACKAGE, "Benchmarks", "Programs")
START = """
import sys, numpy, torch
with torch.inference_mode():
    layers = torch.load(sys.argv[1], weights_only=True, mmap=True)
    values = torch.from_numpy(numpy.load(sys.argv[2]))
    for layer in range(len(layers) // 2):
        values = torch.nn.functional.linear(values, layers[f"{layer}.weight"], layers[f"{layer}.bias"])
        if 2 * layer + 2 < len(layers):
            values.relu_()
print(values.tolist())
"""


def build():
    """The paths of bbbprune and of the program that times it."""
    quiet = {"stdout": subprocess.DEVNULL}
    subprocess.check_call(["swift", "build", "-c", "release", "--product", "bbbprune"], cwd=PACKAGE, **quiet)
    subprocess.check_call(["swift", "build", "-c", "release", "--product", "inference-speed"], cwd=PROGRAMS, **quiet)
    return (os.path.join(PACKAGE, ".build", "release", "bbbprune"),
            os.path.join(PROGRAMS, ".build", "release", "inference-speed"))


class Ours:
    """bbbprune's library, in a process of its own for each measurement."""

    def __init__(self, program, model, images_path, threads):
        self.command = [program, model, images_path]
        self.threads = threads

    def seconds_per_call(self, size, seconds, repeats=3):
        command = self.command + [str(size), str(seconds), str(repeats), str(self.threads)]
        return [float(line) for line in subprocess.run(command, check=True, capture_output=True, text=True).stdout.split()]

    def logits(self, size, folder):
        """Those of the first images."""
        import numpy as np

        path = os.path.join(folder, "logits.f32")
        subprocess.run(self.command + [str(size), "0", "1", str(self.threads), path], check=True, capture_output=True)
        return np.fromfile(path, np.float32).reshape(size, -1)


def export(program, checkpoint, sparsity, folder, *flags):
    """The path of the model, and its network as matrices."""
    sys.path.insert(0, os.path.join(PACKAGE, "docs"))
    from read_bbbz import read_bbbz

    path = os.path.join(folder, "-".join([str(sparsity), *flags]) + ".bbbz")
    subprocess.run([program, "export", checkpoint, "--sparsity", str(sparsity), *flags, "-o", path], check=True,
                   capture_output=True)
    return path, [(layer.weights, layer.biases) for layer in read_bbbz(path).matrices]


def product_rate():
    """Multiplications and additions per second of NumPy's matrix product, on one thread."""
    import numpy as np

    left, right = (np.random.rand(1200, 1200).astype("f") for _ in range(2))
    best = min(timed(lambda: left @ right) for _ in range(20))
    return 2 * 1200**3 / best


def timed(call):
    start = time.perf_counter()
    call()
    return time.perf_counter() - start


def text(times, scale=1e6, digits=2):
    low, middle, high = (scale * f(times) for f in (min, statistics.median, max))
    return f"{middle:.{digits}f} ({low:.{digits}f}–{high:.{digits}f})"


def compare(title, model, network, images, images_path, options, folder, timing_program, rate):
    """Prints the table of one network."""
    expected = logits_in_double_precision(network, images)
    ours = Ours(timing_program, model, images_path, options.threads)
    all_peers = peers()
    for peer in all_peers:
        peer.prepare(network, options.threads)
    weights = sum(int((matrix != 0).sum()) for matrix, _ in network)
    print(f"\n{title}: {'-'.join(str(matrix.shape[1]) for matrix, _ in network)}-{len(network[-1][1])}, "
          f"{weights:,} weights; at the rate of NumPy's product {2e6 * weights / rate:.2f} µs per image\n")
    print("| batch | bbbprune | " + " | ".join(peer.name for peer in all_peers) + " | best peer / bbbprune | "
          "ONNX Runtime / bbbprune |")
    print("|---:|" + "---:|" * (len(all_peers) + 3))
    for size in options.batches:
        batches = batches_of(images, size)
        check(ours.logits(size, folder), expected[:size], "bbbprune")
        for peer in all_peers:
            peer.settle(batches, expected[:size])
        mine, theirs = [], {peer.name: [] for peer in all_peers}
        for _ in range(options.rounds):
            mine += [seconds / size for seconds in ours.seconds_per_call(size, options.seconds)]
            for peer in all_peers:
                theirs[peer.name] += [seconds / size for seconds in measure(peer.run, batches, options.seconds, 3)]
        medians = {name: statistics.median(times) for name, times in theirs.items()}
        middle = statistics.median(mine)
        print(f"| {size} | **{text(mine)}** | " + " | ".join(text(times) for times in theirs.values())
              + f" | **{min(medians.values()) / middle:.1f}** | {medians['ONNX Runtime dense'] / middle:.1f} |", flush=True)
    return all_peers


def compare_starts(network, model, images, images_path, options, folder, programs):
    """Load and answer one image, warm and from the start of a process."""
    import numpy as np

    peer = StateDictStart(folder)
    peer.prepare(network, 1)
    way = peer.settle(batches_of(images, 1), logits_in_double_precision(network, images)[:1])
    ours = Ours(programs[1], model, images_path, 1)
    image = os.path.join(folder, "image.npy")
    np.save(image, images[:1])
    commands = {"bbbprune": [programs[0], "predict", model, "--input", image],
                "PyTorch": [sys.executable, "-c", START, peer.path, image]}
    warm, starts = {"bbbprune": [], "PyTorch": []}, {"bbbprune": [], "PyTorch": []}
    for _ in range(options.rounds):
        warm["bbbprune"] += ours.seconds_per_call("load", options.seconds)
        warm["PyTorch"] += measure(peer.run, batches_of(images, 1), options.seconds, 3)
        for name, command in commands.items():
            starts[name].append(timed(lambda: subprocess.run(command, check=True, capture_output=True)))
    print("\n| load a 98 % model and answer one image | bbbprune, ms | PyTorch, ms | ratio |")
    print("|---|---:|---:|---:|")
    for what, times in ((f"in a warm process ({way})", warm), ("a process, start to end", starts)):
        ratio = statistics.median(times["PyTorch"]) / statistics.median(times["bbbprune"])
        print(f"| {what} | {text(times['bbbprune'], 1e3, 3)} | {text(times['PyTorch'], 1e3, 3)} | **{ratio:.1f}** |")


def compare_sweeps(posterior, images, labels, options, program):
    """A sweep: our whole process beside PyTorch's loop, which begins with everything in memory."""
    sweep = PyTorchSweep()
    selection, size = sweep.prepare(posterior, images, labels, 2)
    command = [program, "sweep", options.checkpoint, "--dataset", "mnist", "--data", options.dataset_folder,
               "--threads", "2"]
    ours, theirs = [], []
    for _ in range(options.rounds):
        ours.append(timed(lambda: subprocess.run(command, check=True, capture_output=True)))
        theirs.append(sweep.run()[0])
    ratio = statistics.median(theirs) / statistics.median(ours)
    print(f"\n| sweep of {len(SPARSITIES)} sparsities, {len(images):,} images, 2 threads | seconds |")
    print("|---|---:|")
    print(f"| `bbbprune sweep`, process from start to end, files encoded and read back | {text(ours, 1, 3)} |")
    print(f"| PyTorch, masked dense matrices ({selection}, batches of {size}), data in memory | {text(theirs, 1, 3)} |")
    print(f"| ratio | **{ratio:.1f}** |")


def parse_options():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    pruned_network.add_arguments(parser)
    parser.add_argument("--threads", type=int, default=1, help="default: %(default)s; SciPy has one")
    parser.add_argument("--rounds", type=int, default=5, help="default: %(default)s")
    parser.add_argument("--seconds", type=float, default=0.5, help="for each measurement; default: %(default)s")
    parser.add_argument("--sparsities", default="0.5,0.75,0.95,0.98,0.99")
    parser.add_argument("--batches", type=lambda text: [int(size) for size in text.split(",")], default=BATCH_SIZES)
    parser.add_argument("--no-sweep", action="store_true")
    parser.add_argument("--only-sweep", action="store_true")
    return parser.parse_args()


def main():
    options = parse_options()
    environment.enter(*REQUIREMENTS)
    programs = build()
    posterior, input_scale = pruned_network.read_posterior(options.checkpoint)
    images, labels = pruned_network.read_test_images(options.dataset_folder, input_scale)
    with tempfile.TemporaryDirectory() as folder:
        images_path = os.path.join(folder, "images.f32")
        images.tofile(images_path)
        if not options.only_sweep:
            rate = product_rate()
            print(f"{environment.machine()}; Python {platform.python_version()}; threads: {options.threads}; "
                  f"medians (ranges) of {3 * options.rounds} measurements, of process starts and sweeps {options.rounds}; µs per image; NumPy's matrix product: "
                  f"{rate / 1e9:.0f} GFLOP/s")
            for sparsity in options.sparsities.split(","):
                model, _ = export(programs[0], options.checkpoint, sparsity, folder, "--values", "float32")
                network = pruned_network.prune(posterior, float(sparsity))
                used = compare(f"**{100 * float(sparsity):g} %**", model, network, images, images_path, options, folder,
                               programs[1], rate)
            model, network = export(programs[0], options.checkpoint, "0.95", folder)
            compare("**95 %, default export (quantised)**", model, network, images, images_path, options, folder,
                    programs[1], rate)
            model, network = export(programs[0], options.checkpoint, "0.98", folder)
            compare_starts(pruned_network.prune(posterior, 0.98), model, images, images_path, options, folder, programs)
            print("\n" + "; ".join(dict.fromkeys(peer.versions() for peer in used)))
        if not options.no_sweep:
            compare_sweeps(posterior, images, labels, options, programs[0])


if __name__ == "__main__":
    main()
