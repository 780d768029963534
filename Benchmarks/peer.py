"""What every peer of sparse inference has in common, and how it is timed.

A network is a list of (weights (outputs, inputs) float32, zero where pruned; biases (outputs) float32), with ReLU
between the layers; a batch is float32 (images, inputs), row-major; logits are (images, outputs).
"""

import itertools, sys, time

BLOCK_SIZES = [128, 1000]  # A large batch may be faster in parts whose activations stay in a cache.


def measure(run, batches, seconds=1.0, repeats=7):
    """Seconds per call, once for each repeat; the calls of a repeat go through the batches in turn.

    `repeats` loops of as many calls as fill `seconds` together, at least one call each, after a warm-up.
    """
    batches = itertools.cycle(batches)
    run(next(batches))
    start, calls = time.perf_counter(), 0
    while calls == 0 or time.perf_counter() - start < seconds / 10 / repeats:
        run(next(batches))
        calls += 1
    calls = max(1, round(calls * seconds / repeats / (time.perf_counter() - start)))
    times = []
    for _ in range(repeats):
        loop = list(itertools.islice(batches, calls))
        start = time.perf_counter()
        for batch in loop:
            run(batch)
        times.append((time.perf_counter() - start) / calls)
    return times


class Peer:
    """A library that runs a network: `prepare` once, `settle` for each batch size, then `run`, which alone is timed."""

    name = ""
    packages = ()

    def prepare(self, network, threads):
        """Brings the network into the library's form."""
        self.ways = self.ways_to_run(network, threads)
        self.chosen = {}
        self.unsupported = {}

    def ways_to_run(self, network, threads):
        """Functions from a batch to logits, by name."""
        raise NotImplementedError

    def settle(self, batches, expected, seconds=0.5):
        """Chooses the fastest way for batches of this size and returns its name.

        Every way's logits of the first batch are held against `expected`, computed in double precision. A way that
        the library refuses is left out, and is in `unsupported` with the library's words.
        """
        size = len(batches[0])
        timed = []
        for name, way in self.candidates(size):
            try:
                logits = way(batches[0])
            except (RuntimeError, NotImplementedError) as error:
                self.unsupported[name] = str(error).splitlines()[0]
                continue
            check(logits, expected, f"{self.name}, {name}")
            timed.append((min(measure(way, batches, seconds, repeats=3)), name, way))
        _, name, self.chosen[size] = min(timed, key=lambda entry: entry[0])
        return name

    def candidates(self, size):
        for name, way in self.ways.items():
            if name.startswith("one image: ") and size != 1:
                continue
            yield name, way
            for block in BLOCK_SIZES:
                if block < size:
                    yield f"{name}, by {block}", in_blocks(way, block)

    def run(self, batch):
        return self.chosen[len(batch)](batch)

    def versions(self):
        from importlib.metadata import version

        return ", ".join(f"{package} {version(package)}" for package in self.packages)


def in_blocks(way, size):
    import numpy as np

    return lambda batch: np.concatenate([way(batch[start:start + size]) for start in range(0, len(batch), size)])


def check(logits, expected, name):
    """Ends the program if logits differ from those in double precision by more than rounding."""
    import numpy as np

    difference = float(np.max(np.abs(np.asarray(logits, np.float64) - expected)))
    if logits.shape != expected.shape or not difference <= 1e-4 * np.max(np.abs(expected)):
        sys.exit(f"{name}: logits differ from those of NumPy in double precision by {difference:g}")


def logits_in_double_precision(network, batch):
    import numpy as np

    activations = batch.astype(np.float64)
    for layer, (weights, biases) in enumerate(network):
        activations = activations @ weights.T.astype(np.float64) + biases
        if layer + 1 < len(network):
            activations = np.maximum(activations, 0)
    return activations
