"""PyTorch as a peer: sparse and dense inference, a network loaded and asked once, and a whole sweep."""

import functools, os, time, warnings

from peer import Peer

SPARSITIES = [0, 0.25, 0.5, 0.75, 0.8, 0.85, 0.9, 0.925, 0.95, 0.96, 0.97, 0.98, 0.985, 0.99,
              0.995]  # Sweep.defaultSparsities


def torch_layers(network, weights_from=lambda weights: weights):
    """The network as tensors that share NumPy's memory, or as what `weights_from` makes of the matrices."""
    import torch

    return [(weights_from(torch.from_numpy(weights)), torch.from_numpy(biases)) for weights, biases in network]


def torch_forward(layers, activations):
    import torch

    for index, (weights, biases) in enumerate(layers):
        activations = torch.nn.functional.linear(activations, weights, biases)
        if index + 1 < len(layers):
            activations.relu_()
    return activations


def without_gradients(run):
    """A way through PyTorch, from and to NumPy."""
    import torch

    def way(batch):
        with torch.inference_mode():
            return run(torch.from_numpy(batch)).numpy()

    return way


class PyTorchSparse(Peer):
    """Compressed sparse rows, which PyTorch hands to MKL."""

    name = "PyTorch sparse CSR"
    packages = ("torch",)

    def ways_to_run(self, network, threads):
        import torch

        torch.set_num_threads(threads)
        # PyTorch says at length that sparse matrices are a beta feature, and unchecked.
        warnings.filterwarnings("ignore", "Sparse (CSR|invariant)")

        def sparse(weights):
            rows = weights.to_sparse_csr()
            # MKL takes 32-bit indices; others would be converted at every call.
            return torch.sparse_csr_tensor(rows.crow_indices().int(), rows.col_indices().int(), rows.values(),
                                           rows.shape)

        layers = [(weights, weights.t(), biases, biases[:, None]) for weights, biases in torch_layers(network, sparse)]

        def through(step, activations):
            for index, layer in enumerate(layers):
                activations = step(activations, *layer)
                if index + 1 < len(layers):
                    activations.relu_()
            return activations

        def product(activations, weights, transposed, biases, column):
            return (weights @ activations).add_(column)

        def fused_product(activations, weights, transposed, biases, column):
            return torch.addmm(column, weights, activations)

        def product_of_rows(activations, weights, transposed, biases, column):
            return (activations @ transposed).add_(biases)

        def vector_product(activations, weights, transposed, biases, column):
            return (weights @ activations).add_(biases)

        def fused_vector_product(activations, weights, transposed, biases, column):
            return torch.addmv(biases, weights, activations)

        ways = {"W @ X.t()": lambda batch: through(product, batch.t()).t(),
                "W @ copy of X.t()": lambda batch: through(product, batch.t().contiguous()).t(),
                "addmm(b, W, X.t())": lambda batch: through(fused_product, batch.t()).t(),
                "addmm(b, W, copy of X.t())": lambda batch: through(fused_product, batch.t().contiguous()).t(),
                "X @ W.t()": lambda batch: through(product_of_rows, batch),
                "one image: W @ x": lambda batch: through(vector_product, batch[0])[None],
                "one image: addmv(b, W, x)": lambda batch: through(fused_vector_product, batch[0])[None]}
        return {name: without_gradients(way) for name, way in ways.items()}


class PyTorchDense(Peer):
    name = "PyTorch dense"
    packages = ("torch",)

    def ways_to_run(self, network, threads):
        import torch

        torch.set_num_threads(threads)
        layers = torch_layers(network)
        return {"linear(X, W)": without_gradients(lambda batch: torch_forward(layers, batch))}


class StateDictStart(Peer):
    """Loads the dense, masked network from a state_dict and answers; `prepare` saves it in a folder.

    Neither the start of Python nor the import of PyTorch is in the time of `run`.
    """

    name = "PyTorch, state_dict loaded each time"
    packages = ("torch",)

    def __init__(self, folder):
        self.path = os.path.join(folder, "network.pt")

    def ways_to_run(self, network, threads):
        import torch

        torch.set_num_threads(threads)
        torch.save({f"{layer}.{name}": tensor for layer, tensors in enumerate(torch_layers(network))
                    for name, tensor in zip(("weight", "bias"), tensors)}, self.path)

        def answer(batch, **options):
            tensors = torch.load(self.path, weights_only=True, **options)
            layers = [(tensors[f"{layer}.weight"], tensors[f"{layer}.bias"]) for layer in range(len(network))]
            return torch_forward(layers, batch)

        return {"torch.load": without_gradients(answer),
                "torch.load, mmap": without_gradients(functools.partial(answer, mmap=True))}


class PyTorchSweep:
    """The test errors of a network pruned to every sparsity, by masks on dense matrices in PyTorch.

    A posterior is a list of (means, sigmas, biases); it and the images are in memory beforehand.
    """

    def prepare(self, posterior, images, labels, threads):
        """Chooses the fastest way to find thresholds and the fastest batch size; returns their names."""
        import torch

        torch.set_num_threads(threads)
        self.posterior = [tuple(map(torch.from_numpy, layer)) for layer in posterior]
        self.images, self.labels = torch.from_numpy(images), torch.tensor(labels, dtype=torch.long)
        selections = {"kthvalue": self.by_kthvalue, "torch.sort": self.by_sorting,
                      "numpy.partition": self.by_partition}
        ratios = torch.cat([ratio.flatten() for ratio in self.ratios()])
        layers = [(means, biases) for means, _, biases in self.posterior]
        counts = [round(sparsity * len(ratios)) for sparsity in SPARSITIES]
        with torch.inference_mode():
            selection = fastest({name: functools.partial(select, ratios, counts)
                                 for name, select in selections.items()})
            size = fastest({size: functools.partial(self.errors, layers, size)
                            for size in (100, 250, 1000, len(images))})
        self.select, self.batch_size = selections[selection], size
        return selection, size

    def run(self):
        """The seconds taken, and the errors at each of SPARSITIES."""
        import torch

        start = time.perf_counter()
        with torch.inference_mode():
            ratios = self.ratios()
            joint = torch.cat([ratio.flatten() for ratio in ratios])
            counts = [round(sparsity * len(joint)) for sparsity in SPARSITIES]
            errors = []
            for threshold in self.select(joint, counts):
                layers = [(means * (ratio > threshold), biases)
                          for (means, _, biases), ratio in zip(self.posterior, ratios)]
                errors.append(self.errors(layers, self.batch_size))
        return time.perf_counter() - start, errors

    def ratios(self):
        return [means.abs() / sigmas for means, sigmas, _ in self.posterior]

    def errors(self, layers, batch_size):
        return sum(int((torch_forward(layers, images).argmax(1) != labels).sum())
                   for images, labels in zip(self.images.split(batch_size), self.labels.split(batch_size)))

    # Each: the largest ratio removed, if so many go; no ratio is below -1.

    @staticmethod
    def by_kthvalue(ratios, counts):
        return [ratios.kthvalue(count).values if count else -1 for count in counts]

    @staticmethod
    def by_sorting(ratios, counts):
        ordered = ratios.sort().values
        return [ordered[count - 1] if count else -1 for count in counts]

    @staticmethod
    def by_partition(ratios, counts):
        import numpy as np

        ordered = np.partition(ratios.numpy(), [count - 1 for count in counts if count])
        return [float(ordered[count - 1]) if count else -1 for count in counts]


def fastest(functions):
    """The name of the function that takes least, of two calls each."""
    def seconds(function):
        start = time.perf_counter()
        function()
        return time.perf_counter() - start

    return min(functions, key=lambda name: min(seconds(functions[name]) for _ in range(2)))
