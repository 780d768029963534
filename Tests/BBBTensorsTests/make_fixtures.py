"""Writes the files in Fixtures/ with the libraries whose formats they are in.

Usage: python make_fixtures.py        (needs numpy, torch, safetensors, huggingface_hub)
"""

import collections
import pathlib

import numpy as np
import torch
from huggingface_hub import save_torch_state_dict
from safetensors.torch import save as safetensors_torch_save

FOLDER = pathlib.Path(__file__).parent / "Fixtures"
FOLDER.mkdir(exist_ok=True)


class Opaque:
    """A class that no reader knows."""

    def __init__(self):
        self.value = 1


def torch_content():
    base = torch.arange(12, dtype=torch.float32) * 0.5 - 1
    parameter = torch.nn.Parameter(torch.tensor([1.0, -2.0]))
    parameter.remark = "an attribute"
    return {
        "state_dict": collections.OrderedDict(
            base=base,
            transposed=base.view(3, 4).t(),
            shifted=base[5:9].view(2, 2),
            every_third=base[1::3],
            half=torch.tensor([1.5, -0.0, 6e-8, 65504.0, float("inf")], dtype=torch.float16),
            brain=torch.tensor([1.5, -3.0, 1e-40], dtype=torch.bfloat16),
            double=torch.tensor([0.1, 1e300], dtype=torch.float64),
            subnormal=torch.tensor([1e-45, -1e-40, 1.1754942e-38]),
            scalar=torch.tensor(2.5),
            empty=torch.zeros(0, 3),
            counts=torch.tensor([1, 2, 3]),
            mask=torch.tensor([True, False, True]),
            parameter=torch.nn.Parameter(torch.tensor([[4.0, 5.0]])),
            parameter_with_state=parameter,
            expanded=torch.tensor([7.0]).expand(2, 3),
        ),
        "epoch": 7,
        "best": 0.25,
        "done": True,
        "big": 2**70,
        "negative": -300,
        "history": [1.0, [2.0, 3.0]],
        "size": torch.Size([3, 4]),
        "name": "a checkpoint",
        "nothing": None,
        "constraint": Opaque(),
        "numbers": {0: torch.tensor([9.0]), 1: 5},
        "set": {1, 2},
    }


def write_torch():
    torch.save(torch_content(), FOLDER / "torch.pt")
    legacy = torch_content()
    torch.save(legacy, FOLDER / "torch_legacy.pt", _use_new_zipfile_serialization=False)
    torch.save(
        collections.OrderedDict(w=torch.ones(2), u=torch.tensor([1, 2], dtype=torch.uint16)),
        FOLDER / "torch_protocol_4.pt",
        pickle_protocol=4,
    )
    torch.save(torch.tensor([1.0, 2.0]), FOLDER / "torch_tensor.pt")
    torch.save([torch.tensor([1.0]), {"x": torch.tensor([2.0])}], FOLDER / "torch_list.pt")
    torch.save(Opaque(), FOLDER / "torch_object.pt")
    torch.save({"model": Opaque(), "epoch": 3}, FOLDER / "torch_object_in_dictionary.pt")


def write_numpy():
    c_order = np.arange(6, dtype="<f4").reshape(2, 3) / 4
    arrays = {
        "c_order": c_order,
        "fortran": np.asfortranarray(c_order),
        "big_endian": c_order.astype(">f8"),
        "half": c_order.astype("<f2"),
        "scalar": np.float64(2.5),
        "mask": np.array([True, False]),
        "bytes": np.arange(4, dtype="u1"),
        "integers": np.arange(3, dtype="<i4"),
        "words": np.array(["ab", "c"]),
        "zeros": np.zeros(50, dtype="<f4"),
    }
    np.savez(FOLDER / "stored.npz", **arrays)
    np.savez_compressed(FOLDER / "deflated.npz", **arrays)
    for version in [(1, 0), (2, 0), (3, 0)]:
        with open(FOLDER / f"version_{version[0]}.npy", "wb") as file:
            np.lib.format.write_array(file, np.asfortranarray(c_order), version=version)
    np.save(FOLDER / "scalar.npy", np.float64(2.5))
    np.save(FOLDER / "vector.npy", np.array([1.5, -0.0, 1e-45], dtype="<f4"))
    np.save(FOLDER / "matrix.npy", c_order.astype("<f2"))
    np.save(FOLDER / "empty.npy", np.zeros((12, 0, 3)))
    np.save(FOLDER / "mask.npy", np.array([[True, False]]))
    np.save(FOLDER / "object.npy", np.array([{}], dtype=object))
    np.save(FOLDER / "structured.npy", np.zeros(2, dtype=[("a", "<f4"), ("b", "<f4")]))


def write_safetensors():
    tensors = {
        "b": torch.tensor([[1.5, 2.5]]),
        "a": torch.tensor([1e-45]),
        "half": torch.tensor([0.5], dtype=torch.float16),
        "brain": torch.tensor([0.5, 1.0, 2.0], dtype=torch.bfloat16),
        "double": torch.tensor(0.1, dtype=torch.float64),
        "mask": torch.tensor([1, 2], dtype=torch.uint8),
        'quo"te': torch.zeros(0, 2),
    }
    (FOLDER / "all_types.safetensors").write_bytes(
        safetensors_torch_save(tensors, metadata={"format": "pt"})
    )


def write_sharded():
    tensors = {
        "fc1.weight": torch.arange(6, dtype=torch.float32).view(2, 3),
        "fc2.weight": torch.tensor([[0.5, 1.5]]),
        "fc2.bias": torch.tensor([0.25], dtype=torch.float64),
    }
    (FOLDER / "sharded").mkdir(exist_ok=True)
    save_torch_state_dict(
        tensors,
        FOLDER / "sharded",
        max_shard_size=24,
        metadata={"input_scale": "1/126"},
    )


if __name__ == "__main__":
    torch.manual_seed(0)
    write_torch()
    write_numpy()
    write_safetensors()
    write_sharded()
    for path in sorted(path for path in FOLDER.rglob("*") if path.is_file()):
        print(path.relative_to(FOLDER), path.stat().st_size)
