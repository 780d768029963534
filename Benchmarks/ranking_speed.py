#!/usr/bin/env python3
"""Seconds to rank weights by |mean| / standard deviation and to cut at 95 %: bbbprune beside NumPy.

    python3 Benchmarks/ranking_speed.py [--weights 100000000] [--threads 1,2] [--repeats 5] [--folder FOLDER]

Makes two checkpoints in a temporary folder (16 bytes of disk and 50 of memory for each weight): one
with standard deviations, one with rho, where sigma = log(1 + exp(rho)). Both programs begin with the file in
the page cache and end with the threshold and a mask; their runs alternate. NumPy computes
`abs(mean) / sigma` and `np.partition`, on ready-made sigma and one thread, from arrays in memory. Our mask is
compared with that of a stable sort in double precision. Prints a Markdown table: medians and ranges,
their ratio, the time to read both arrays once (`mean.sum(), sigma.sum()`, from memory and from the mapped
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


def numpy_seconds(mean, sigma, removed):
    import numpy as np

    start = time.perf_counter()
    scores = (np.abs(mean) / sigma).ravel()
    threshold = np.partition(scores, removed - 1)[removed - 1]
    mask = scores > threshold
    seconds = time.perf_counter() - start
    assert np.count_nonzero(mask) <= mean.size - removed
    return seconds


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
        """The median seconds of three passes of one process, and its peak memory in bytes."""
        command = [self.path, checkpoint, str(sparsity), str(threads), "3"] + ([mask] if mask else [])
        lines = subprocess.run(command, check=True, capture_output=True, text=True).stdout.split()
        return statistics.median(map(float, lines[:-1])), int(lines[-1])


def text(times):
    return f"{statistics.median(times):.3f} ({min(times):.3f}–{max(times):.3f})"


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--weights", type=int, default=100_000_000, help="a multiple of 1000")
    parser.add_argument("--sparsity", type=float, default=0.95)
    parser.add_argument("--threads", default="1,2")
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--folder", help="where the checkpoints are made; default: the system's temporary folder")
    options = parser.parse_args()
    environment.enter("numpy")
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
        for checkpoint, expected in exact.items():
            path = os.path.join(folder, "mask")
            program.run(checkpoint, options.sparsity, threads[-1], path)
            with open(path, "rb") as file:
                if file.read() != expected:
                    sys.exit(f"the mask of {os.path.basename(checkpoint)} is not that of a stable sort")
        mapped = np.memmap(given, dtype=np.float32, mode="r", offset=start).reshape(2, -1)
        peer, memory, mapping = [], [], []
        ours = {(checkpoint, count): [] for checkpoint in exact for count in threads}
        peaks = {count: 0 for count in threads}
        for _ in range(options.repeats):
            peer.append(numpy_seconds(mean, sigma, removed))
            memory.append(reading_seconds(mean, sigma))
            mapping.append(reading_seconds(*mapped))
            for (checkpoint, count), times in ours.items():
                seconds, peak = program.run(checkpoint, options.sparsity, count)
                times.append(seconds)
                peaks[count] = max(peaks[count], peak)
    print(f"{environment.machine()}; NumPy {np.__version__}, Python {platform.python_version()}; {mean.size:,} weights, "
          f"{options.sparsity:.0%} removed; medians (ranges) of {options.repeats} runs; masks equal a stable sort's\n")
    median = statistics.median
    print("| | seconds | NumPy's time, times | reading once, times | peak memory, of the file |")
    print("|---|---|---|---|---|")
    print(f"| reading once, from memory | {text(memory)} | | 1 | |")
    print(f"| reading once, mapped file | {text(mapping)} | | {median(mapping) / median(memory):.1f} | |")
    print(f"| NumPy, σ ready-made | {text(peer)} | 1 | {median(peer) / median(memory):.1f} | |")
    for (checkpoint, count), times in ours.items():
        what = "σ given" if checkpoint == given else "σ from ρ"
        print(f"| bbbprune, {what}, {count} thread{'s' * (count > 1)} | {text(times)} | {median(peer) / median(times):.1f} "
              f"| {median(times) / median(memory):.1f} | {peaks[count] / size:.1%} |")


main()
