#!/usr/bin/env python3
"""Seconds per epoch of Bayes by Backprop: bbbprune beside the same loop in PyTorch.

    python3 Benchmarks/training_speed.py [--threads 1,2] [--repeats 3]

784-1200-1200-10, scale-mixture prior, Adam, minibatch 128, one draw of all weights a step, 60,000
examples of random pixels (the time does not depend on them). Builds bbbprune, makes a Python
environment of its own beside this file, and prints a Markdown table: medians and ranges of
interleaved runs, their ratio, and the matrix products alone, which are the limit.
"""

import argparse, ctypes, ctypes.util, os, statistics, struct, subprocess, sys, tempfile, time

import environment

HERE = os.path.dirname(os.path.abspath(__file__))
SIZES = [784, 1200, 1200, 10]
EXAMPLES = 60000
MINIBATCH = 128


def pytorch_epoch(threads):
    """One epoch; PyTorch's own fused Adam, everything else as vectorised as it gets."""
    import torch

    torch.set_num_threads(threads)
    torch.manual_seed(0)
    shapes = [s for i, o in zip(SIZES, SIZES[1:]) for s in ((o, i), (o,))]
    means = [torch.randn(s) * (2 / s[-1]) ** 0.5 * (len(s) > 1) for s in shapes]
    rhos = [torch.full(s, -4.0) for s in shapes]
    for p in means + rhos:
        p.requires_grad_()
    optimizer = torch.optim.Adam(means + rhos, lr=1e-3, fused=True)
    wide, narrow = 1.0, 0.0024787522
    log_share = torch.tensor([0.5 / wide, 0.5 / narrow]).log()
    inputs = torch.rand(EXAMPLES, SIZES[0])
    labels = torch.randint(SIZES[-1], (EXAMPLES,))
    order = torch.randperm(EXAMPLES)
    start = time.perf_counter()
    steps = (EXAMPLES + MINIBATCH - 1) // MINIBATCH
    for rows in order.split(MINIBATCH):
        complexity = 0.0
        x = inputs[rows]
        weights = []
        for mean, rho in zip(means, rhos):
            sigma = torch.nn.functional.softplus(rho)
            noise = torch.randn_like(mean)
            w = mean + sigma * noise
            log_posterior = -sigma.log() - 0.5 * noise * noise
            log_prior = torch.logaddexp(
                log_share[0] - 0.5 * (w / wide) ** 2, log_share[1] - 0.5 * (w / narrow) ** 2)
            complexity = complexity + (log_posterior - log_prior).sum()
            weights.append(w)
        for layer in range(0, len(weights), 2):
            x = torch.nn.functional.linear(x, weights[layer], weights[layer + 1])
            x = torch.relu(x) if layer + 2 < len(weights) else x
        cost = torch.nn.functional.cross_entropy(x, labels[rows]) + complexity / (steps * len(rows))
        optimizer.zero_grad(set_to_none=True)
        cost.backward()
        optimizer.step()
    return time.perf_counter() - start


def bbbprune_epoch(program, folder, threads):
    """What the second epoch of two adds to the time of one: neither start nor end of the program."""
    times = []
    for epochs in (1, 2):
        start = time.perf_counter()
        subprocess.run(
            [program, "train", "--train", os.path.join(folder, "train-images-idx3-ubyte"),
             "--validation", "0", "--epochs", str(epochs), "--threads", str(threads),
             "-o", os.path.join(folder, "model.safetensors")],
            check=True, stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
        times.append(time.perf_counter() - start)
    return times[1] - times[0]


def products_epoch(threads):
    """The matrix products of an epoch alone, by the BLAS that bbbprune uses."""
    import numpy

    blas = ctypes.CDLL(ctypes.util.find_library("openblas"))
    blas.openblas_set_num_threads(threads)
    pointer = lambda array: array.ctypes.data_as(ctypes.c_void_p)
    row_major, plain, transposed = 101, 111, 112

    def multiply(ta, tb, m, n, k, a, lda, b, ldb, c, ldc):
        blas.cblas_sgemm(row_major, ta, tb, m, n, k, ctypes.c_float(1), pointer(a), lda, pointer(b), ldb,
                         ctypes.c_float(0), pointer(c), ldc)

    # Random numbers between 0 and 1: subnormal ones would be slow.
    arrays = [[numpy.random.rand(*s).astype("f") for s in ((MINIBATCH, i), (o, i), (MINIBATCH, o), (o, i))]
              for i, o in zip(SIZES, SIZES[1:])]
    steps = (EXAMPLES + MINIBATCH - 1) // MINIBATCH
    start = time.perf_counter()
    for _ in range(steps):
        for index, (x, w, h, g) in enumerate(arrays):
            o, i = w.shape
            multiply(plain, transposed, MINIBATCH, o, i, x, i, w, i, h, o)
            multiply(transposed, plain, o, i, MINIBATCH, h, o, x, i, g, i)
            if index > 0:
                multiply(plain, plain, MINIBATCH, i, o, h, o, w, i, x, i)
                x[:] = 0.5
    return time.perf_counter() - start


def write_random_digits(folder):
    import numpy

    random = numpy.random.default_rng(0)
    with open(os.path.join(folder, "train-images-idx3-ubyte"), "wb") as file:
        file.write(struct.pack(">IIII", 0x803, EXAMPLES, 28, 28))
        file.write(random.integers(0, 256, EXAMPLES * 784, dtype="u1").tobytes())
    with open(os.path.join(folder, "train-labels-idx1-ubyte"), "wb") as file:
        file.write(struct.pack(">II", 0x801, EXAMPLES))
        file.write(random.integers(0, 10, EXAMPLES, dtype="u1").tobytes())


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--threads", default="1,2")
    parser.add_argument("--repeats", type=int, default=3)
    options = parser.parse_args()
    environment.enter("torch", "numpy")
    import torch

    package = os.path.dirname(HERE)
    subprocess.check_call(["swift", "build", "-c", "release", "--product", "bbbprune"], cwd=package,
                          stdout=subprocess.DEVNULL)
    program = os.path.join(package, ".build", "release", "bbbprune")
    text = lambda times: f"{statistics.median(times):.2f} ({min(times):.2f}–{max(times):.2f})"
    processor = next((line.split(":")[1].strip() for line in open("/proc/cpuinfo")
                      if line.startswith("model name")), "unknown") if os.path.exists("/proc/cpuinfo") else ""
    print(f"{processor}; PyTorch {torch.__version__}; median (range) of {options.repeats} runs\n")
    print("| threads | bbbprune, s per epoch | PyTorch, s per epoch | ratio | products alone, s | share of the limit |")
    print("|---|---|---|---|---|---|")
    with tempfile.TemporaryDirectory() as folder:
        write_random_digits(folder)
        for threads in map(int, options.threads.split(",")):
            ours, theirs, products = [], [], []
            for _ in range(options.repeats):
                ours.append(bbbprune_epoch(program, folder, threads))
                products.append(products_epoch(threads))
                theirs.append(pytorch_epoch(threads))
            a, b, c = map(statistics.median, (ours, theirs, products))
            print(f"| {threads} | {text(ours)} | {text(theirs)} | {b / a:.2f} | {text(products)} | {c / a:.0%} |",
                  flush=True)


main()
