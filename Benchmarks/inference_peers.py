#!/usr/bin/env python3
"""The peers of sparse inference: other libraries that run the same pruned network.

    python3 Benchmarks/inference_peers.py [CHECKPOINT] [--dataset-folder FOLDER] [--sparsity 0.95] [--threads 1]

Alone, this prints each peer's time per image at several batch sizes, the time PyTorch takes to load a state_dict and
answer one image, and that of a whole sweep in PyTorch. On one core:

    chrt -f 1 taskset -c 1 python3 Benchmarks/inference_peers.py

(Linux takes 5 % of each second from a real-time process, which shows in the top of the ranges.)

A peer knows several ways to run a network, and `settle` chooses the fastest for a batch size, so that each is measured
at its best. All results are held against NumPy in double precision. Makes a Python environment of its own beside this
file.
"""

import argparse, functools, statistics, sys, tempfile

import environment
import pruned_network
from peer import Peer, logits_in_double_precision, measure
from pytorch_peers import SPARSITIES, PyTorchDense, PyTorchSparse, PyTorchSweep, StateDictStart

# This ml_dtypes, which onnx needs, lets NumPy stay below 2, as NNCodec wants it in the same environment.
REQUIREMENTS = ["torch", "numpy", "scipy", "safetensors", "ml_dtypes==0.5.4", "onnxruntime", "onnx"]
BATCH_SIZES = [1, 16, 128, 1000, 10000]


class SciPy(Peer):
    """Compressed sparse rows; activations stay transposed between layers. SciPy's products use one thread."""

    name = "SciPy CSR"
    packages = ("scipy", "numpy")

    def ways_to_run(self, network, threads):
        import numpy as np
        from scipy.sparse import csr_matrix

        layers = [(csr_matrix(weights), biases, biases[:, np.newaxis]) for weights, biases in network]

        def through(activations, vector=False):
            for index, (weights, biases, column) in enumerate(layers):
                activations = weights @ activations
                activations += biases if vector else column
                if index + 1 < len(layers):
                    np.maximum(activations, 0, out=activations)
            return activations

        return {"W @ X.T": lambda batch: through(batch.T).T,
                "W @ copy of X.T": lambda batch: through(np.ascontiguousarray(batch.T)).T,
                "one image: W @ x": lambda batch: through(batch[0], vector=True)[np.newaxis]}


class ONNXRuntime(Peer):
    """A graph of Gemm and Relu, with all optimisations."""

    name = "ONNX Runtime dense"
    packages = ("onnxruntime", "onnx")

    def ways_to_run(self, network, threads):
        import numpy as np
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        options.inter_op_num_threads = 1
        options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_ENABLE_ALL
        session = onnxruntime.InferenceSession(onnx_model(network), options, providers=["CPUExecutionProvider"])
        binding = session.io_binding()
        outputs = functools.cache(lambda count: np.empty((count, len(network[-1][1])), np.float32))

        def bound(batch):
            logits = outputs(len(batch))
            binding.bind_input("inputs", "cpu", 0, np.float32, batch.shape, batch.ctypes.data)
            binding.bind_output("logits", "cpu", 0, np.float32, logits.shape, logits.ctypes.data)
            session.run_with_iobinding(binding)
            return logits.copy()  # The next call writes where this one did.

        return {"run": lambda batch: session.run(None, {"inputs": batch})[0], "IO binding": bound}


def onnx_model(network):
    """The network in ONNX's format."""
    from onnx import TensorProto, helper, numpy_helper

    nodes, constants, name = [], [], "inputs"
    for layer, (weights, biases) in enumerate(network):
        constants += [numpy_helper.from_array(weights, f"weights{layer}"),
                      numpy_helper.from_array(biases, f"biases{layer}")]
        is_last = layer + 1 == len(network)
        sums = "logits" if is_last else f"sums{layer}"
        nodes.append(helper.make_node("Gemm", [name, f"weights{layer}", f"biases{layer}"], [sums], transB=1))
        if not is_last:
            name = f"activations{layer}"
            nodes.append(helper.make_node("Relu", [sums], [name]))
    floats = lambda name, size: helper.make_tensor_value_info(name, TensorProto.FLOAT, ["images", size])
    graph = helper.make_graph(nodes, "perceptron", [floats("inputs", network[0][0].shape[1])],
                              [floats("logits", len(network[-1][1]))], constants)
    # Versions old enough for every ONNX Runtime of recent years.
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    return model.SerializeToString()


def peers():
    """The peers of inference, new ones at every call."""
    return [SciPy(), PyTorchSparse(), PyTorchDense(), ONNXRuntime()]


def batches_of(images, size):
    """The images in batches of one size, so that calls in turn do not see the same image again and again."""
    return [images[start:start + size] for start in range(0, len(images) - size + 1, size)]


def parse_options():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    pruned_network.add_arguments(parser)
    parser.add_argument("--sparsity", type=float, default=0.95, help="default: %(default)s")
    parser.add_argument("--threads", type=int, default=1, help="default: %(default)s; SciPy has one")
    parser.add_argument("--seconds", type=float, default=2, help="for each measurement; default: %(default)s")
    return parser.parse_args()


def main():
    options = parse_options()
    environment.enter(*REQUIREMENTS)
    posterior, input_scale = pruned_network.read_posterior(options.checkpoint)
    images, labels = pruned_network.read_test_images(options.dataset_folder, input_scale)
    network = pruned_network.prune(posterior, options.sparsity)
    expected = logits_in_double_precision(network, images)
    all_peers = peers()
    print("; ".join(dict.fromkeys(peer.versions() for peer in all_peers)) + f"; threads: {options.threads}\n")
    print("| peer | batch | µs per image: median (range) | fastest way |")
    print("|---|---:|---:|---|")
    for peer in all_peers:
        peer.prepare(network, options.threads)
        for size in BATCH_SIZES:
            batches = batches_of(images, size)
            way = peer.settle(batches, expected[:size])
            times = [1e6 * time / size for time in measure(peer.run, batches, options.seconds)]
            print(f"| {peer.name} | {size} | {statistics.median(times):.2f} ({min(times):.2f}–{max(times):.2f}) | "
                  f"{way} |", flush=True)
        for way, reason in peer.unsupported.items():
            print(f"{peer.name} does not support {way}: {reason}", file=sys.stderr)

    with tempfile.TemporaryDirectory() as folder:
        start = StateDictStart(folder)
        start.prepare(network, options.threads)
        way = start.settle(batches_of(images, 1), expected[:1])
        times = [1e3 * time for time in measure(start.run, batches_of(images, 1), options.seconds)]
        print(f"\nload a state_dict and answer one image: {statistics.median(times):.2f} ms "
              f"({min(times):.2f}–{max(times):.2f}), {way}")
    sweep = PyTorchSweep()
    selection, size = sweep.prepare(posterior, images, labels, options.threads)
    runs = [sweep.run() for _ in range(3)]
    times, errors = [seconds for seconds, _ in runs], runs[0][1]
    print(f"sweep of {len(SPARSITIES)} sparsities: {statistics.median(times):.2f} s "
          f"({min(times):.2f}–{max(times):.2f}), thresholds by {selection}, batches of {size}; errors: "
          + ", ".join(f"{count} at {sparsity:g}" for sparsity, count in zip(SPARSITIES, errors)))


if __name__ == "__main__":
    main()
