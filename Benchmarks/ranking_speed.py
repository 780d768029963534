#!/usr/bin/env python3
"""Seconds to rank weights by |mean| / standard deviation and to cut at 95 %: bbbprune beside NumPy.

    python3 Benchmarks/ranking_speed.py [--weights 100000000] [--threads 1,2] [--repeats 5] [--folder FOLDER]

Makes two checkpoints in a temporary folder (16 bytes of disk and 50 of memory for each weight): one with
standard deviations, one with rho, where sigma = log(1 + exp(rho)). Our program begins with the file in the
page cache, NumPy with mean and ready-made sigma in memory; both end with the threshold and a mask. NumPy
computes `abs(mean) / sigma` and `np.partition`, on one thread. Each repetition is a new process of either,
in turn, which does its work several times: the first time memory is new to the process, later it is not.
Our mask is compared with that of a stable sort in double precision. Prints a Markdown table: medians and
ranges, ratios, the time to read both arrays once (`mean.sum(), sigma.sum()`, from memory and from the mapped
file), and the peak memory of our process beside the size of the file.
"""

import argparse, json, os, platform, statistics, struct, subprocess, sys, tempfile, time

import environment

HERE = os.path.dirname(os.path.abspath(__file__))
PROGRAMS = os.path.join(HERE, "Programs")


def write_checkpoint(path, arrays):
    """A safetensors file of float32 arrays of one shape."""
    header, end = {}, 0
    for name, array in arrays.items():
        header[name] = {"dtype": "F32", "shape": list(array.shape), "data_offsets": [end, end + array.nbytes]}
        end += array.nbytes
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    with open(path, "wb") as file:
        file.write(struct.pack("<Q", len(text)) + text)
        for array in arrays.values():
            array.tofile(file)
    return 8 + len(text)


def make_posterior(count):
    """Means and rho as a trained network has them: |mean| / sigma from 0 to some tens."""
    import numpy as np

    random = np.random.default_rng(0)
    shape = (count // 1000, 1000)
    mean = random.standard_normal(shape, dtype=np.float32) * np.float32(0.05)
    rho = random.standard_normal(shape, dtype=np.float32) * np.float32(0.5) - np.float32(4)
    return mean, rho, np.log1p(np.exp(rho))


def sorted_mask(mean, sigma, removed):
    """What stays after the smallest scores go, ties by position; packed as our program packs it."""
    import numpy as np

    scores = np.abs(mean.ravel().astype(np.float64)) / sigma.ravel().astype(np.float64)
    # A stable argsort of everything, of which only what lies around the cut need be done.
    cut = np.partition(scores, removed - 1)[removed - 1]
    keeps = scores > cut
    ties = np.flatnonzero(scores == cut)
    keeps[ties[removed - np.count_nonzero(scores < cut):]] = True
    return np.packbits(keeps, bitorder="little").tobytes()


def softplus(rho):
    """In double precision, so that the mask can be compared bit by bit."""
    import numpy as np

    rho = rho.astype(np.float64)
    return np.maximum(rho, 0) + np.log1p(np.exp(-np.abs(rho)))


PASSES = 4


def numpy_passes(checkpoint, start, removed):
    """What a process of NumPy's runs: prints the seconds of each pass."""
    import numpy as np

    mean, sigma = np.fromfile(checkpoint, np.float32, offset=start).reshape(2, -1)
    for _ in range(PASSES):
        begin = time.perf_counter()
        scores = np.abs(mean) / sigma
        threshold = np.partition(scores, removed - 1)[removed - 1]
        mask = scores > threshold
        print(time.perf_counter() - begin)
        del scores, mask


def numpy_run(checkpoint, start, removed):
    """The seconds of the first pass of a new process, and the median of the later ones."""
    command = [sys.executable, __file__, "--peer", checkpoint, str(start), str(removed)]
    return first_and_later(subprocess.run(command, check=True, capture_output=True, text=True).stdout.split())


def first_and_later(seconds):
    first, *later = map(float, seconds)
    return first, statistics.median(later)


def reading_seconds(mean, sigma):
    start = time.perf_counter()
    mean.sum(), sigma.sum()
    return time.perf_counter() - start


class Program:
    """Our program, a new process for each repetition."""

    def __init__(self):
        command = ["swift", "build", "-c", "release", "--package-path", PROGRAMS, "--product", "ranking-speed"]
        subprocess.check_call(command, stdout=subprocess.DEVNULL)
        self.path = os.path.join(PROGRAMS, ".build", "release", "ranking-speed")

    def run(self, checkpoint, sparsity, threads, mask=None):
        """The seconds of the first pass, the median of the later ones, and the peak memory in bytes."""
        command = [self.path, checkpoint, str(sparsity), str(threads), str(PASSES)] + ([mask] if mask else [])
        lines = subprocess.run(command, check=True, capture_output=True, text=True).stdout.split()
        return *first_and_later(lines[:-1]), int(lines[-1])


def text(times):
    return f"{statistics.median(times):.3f} ({min(times):.3f}–{max(times):.3f})"


def check_masks(program, exact, sparsity, threads, folder):
    path = os.path.join(folder, "mask")
    for checkpoint, expected in exact.items():
        program.run(checkpoint, sparsity, threads, path)
        with open(path, "rb") as file:
            if file.read() != expected:
                sys.exit(f"the mask of {os.path.basename(checkpoint)} is not that of a stable sort")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--weights", type=int, default=100_000_000, help="a multiple of 1000")
    parser.add_argument("--sparsity", type=float, default=0.95)
    parser.add_argument("--threads", default="1,2")
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--folder", help="where the checkpoints are made; default: the system's temporary folder")
    parser.add_argument("--peer", nargs=3, help=argparse.SUPPRESS)
    options = parser.parse_args()
    environment.enter("numpy")
    if options.peer:
        checkpoint, start, removed = options.peer
        return numpy_passes(checkpoint, int(start), int(removed))
    import numpy as np

    threads = [int(count) for count in options.threads.split(",")]
    program = Program()
    mean, rho, sigma = make_posterior(options.weights)
    removed = round(options.sparsity * mean.size)
    with tempfile.TemporaryDirectory(dir=options.folder) as folder:
        given = os.path.join(folder, "sigma.safetensors")
        from_rho = os.path.join(folder, "rho.safetensors")
        start = write_checkpoint(given, {"fc.weight": mean, "fc.weight.sigma": sigma})
        write_checkpoint(from_rho, {"fc.weight_mu": mean, "fc.weight_rho": rho})
        size = os.path.getsize(given)
        exact = {given: sorted_mask(mean, sigma, removed), from_rho: sorted_mask(mean, softplus(rho), removed)}
        check_masks(program, exact, options.sparsity, threads[-1], folder)
        mapped = np.memmap(given, dtype=np.float32, mode="r", offset=start).reshape(2, -1)
        peer, memory, mapping = [], [], []
        ours = {(checkpoint, count): [] for checkpoint in exact for count in threads}
        for _ in range(options.repeats):
            peer.append(numpy_run(given, start, removed))
            memory.append(reading_seconds(mean, sigma))
            mapping.append(reading_seconds(*mapped))
            for (checkpoint, count), runs in ours.items():
                runs.append(program.run(checkpoint, options.sparsity, count))
    print(f"{environment.machine()}; NumPy {np.__version__}, Python {platform.python_version()}; {mean.size:,} weights, "
          f"{options.sparsity:.0%} removed; medians (ranges) of {options.repeats} runs; masks equal a stable sort's\n")
    median = statistics.median
    peer_first, peer_later = zip(*peer)
    limit = median(memory)
    print("| | first pass, s | × NumPy | later passes, s | × NumPy | ÷ reading once | peak memory ÷ file |")
    print("|---|---|---|---|---|---|---|")
    print(f"| reading once, from memory | | | {text(memory)} | | 1 | |")
    print(f"| reading once, mapped file | | | {text(mapping)} | | {median(mapping) / limit:.1f} | |")
    print(f"| NumPy, σ ready-made | {text(peer_first)} | 1 | {text(peer_later)} | 1 | {median(peer_later) / limit:.1f} | |")
    for (checkpoint, count), runs in ours.items():
        first, later, peaks = zip(*runs)
        what = "σ given" if checkpoint == given else "σ from ρ"
        print(f"| bbbprune, {what}, {count} thread{'s' * (count > 1)} "
              f"| {text(first)} | {median(peer_first) / median(first):.1f} "
              f"| {text(later)} | {median(peer_later) / median(later):.1f} "
              f"| {median(later) / limit:.1f} | {max(peaks) / size:.1%} |")


main()
