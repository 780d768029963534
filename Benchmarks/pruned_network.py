"""A posterior checkpoint as arrays, and the network that pruning by |mean|/sigma leaves of it."""

import os, sys

from file_size import read_test_images


def shared_path(*parts):
    """A path in the folder that BBBPRUNE_SHARED names; None if it is not set."""
    folder = os.environ.get("BBBPRUNE_SHARED")
    return folder and os.path.join(folder, *parts)


def add_arguments(parser):
    """The checkpoint and the dataset's folder, which the environment may give."""
    checkpoint = shared_path("checkpoints", "bbb_mix1200.safetensors")
    folder = os.environ.get("BBBPRUNE_DATA") or shared_path("data")
    parser.add_argument("checkpoint", nargs="?" if checkpoint else None, default=checkpoint,
                        help="a posterior in safetensors, NAME.weight_mu and NAME.weight_rho (or .mu, .rho); "
                             "default: bbb_mix1200 in the folder that BBBPRUNE_SHARED names")
    parser.add_argument("--dataset-folder", metavar="FOLDER", default=folder, required=not folder,
                        help="where MNIST's test files are, or a folder mnist with them; default: $BBBPRUNE_DATA")


def read_posterior(path):
    """The layers as (means, sigmas, biases), float32, and the factor that bytes are multiplied by."""
    import numpy as np
    from safetensors import safe_open

    layers = []
    with safe_open(path, "numpy") as file:
        names = set(file.keys())
        for end in ("_mu", ".mu"):
            for name in sorted(name for name in names if name.endswith(".weight" + end)):
                stem, rho = name.removesuffix("weight" + end), end.replace("mu", "rho")
                if not {stem + "weight" + rho, stem + "bias" + end} <= names:
                    sys.exit(f"{path}: {name} is there without {stem}weight{rho} or {stem}bias{end}")
                sigmas = np.logaddexp(0, file.get_tensor(stem + "weight" + rho).astype(np.float64))
                layers.append((file.get_tensor(name), sigmas.astype(np.float32), file.get_tensor(stem + "bias" + end)))
        metadata = file.metadata() or {}
    if not layers:
        sys.exit(f"{path}: no tensor is named as bbbprune train names means (fc1.weight.mu), or as fc1.weight_mu")
    if any(after[0].shape[1] != before[0].shape[0] for before, after in zip(layers, layers[1:])):
        sys.exit(f"{path}: the layers, sorted by name, do not chain")
    numerator, _, denominator = metadata.get("input_scale", f"1/{metadata.get('pixel_divisor', 255)}").partition("/")
    return layers, float(numerator) / float(denominator or 1)


def prune(posterior, sparsity):
    """The network that is left: the fraction of all weights with the smallest |mean|/sigma is zero."""
    import numpy as np

    ratios = np.concatenate([(np.abs(means.astype(np.float64)) / sigmas).ravel() for means, sigmas, _ in posterior])
    is_left = np.ones(len(ratios), bool)
    is_left[np.argsort(ratios, kind="stable")[:round(sparsity * len(ratios))]] = False
    parts = np.split(is_left, np.cumsum([means.size for means, _, _ in posterior])[:-1])
    return [(np.where(part.reshape(means.shape), means, np.float32(0)), biases)
            for (means, _, biases), part in zip(posterior, parts)]
