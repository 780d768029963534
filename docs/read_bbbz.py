#!/usr/bin/env python3
"""Reads a .bbbz model with NumPy and zlib only: the format of docs/file-format.md, version 1.2.

    python3 docs/read_bbbz.py digits.bbbz                   # what the file holds
    python3 docs/read_bbbz.py digits.bbbz --npz dense.npz   # its layers as dense matrices

or, from Python:

    model = read_bbbz("digits.bbbz")
    outputs = model.outputs(model.scaled(pixels))           # (examples, inputs) -> (examples, outputs)
"""

import argparse
import math
import struct
import zlib
from dataclasses import dataclass

import numpy as np

MAGIC = b"\x89BBBZ\r\n\x1a"
NETWORK, CONNECTIONS, VALUES, BIASES, LAYER, INPUT_SCALING, DEVIATIONS = 1, 2, 3, 4, 5, 6, 128
(GAPS_BY_INPUT, GAPS_BY_OUTPUT, BITS_BY_INPUT, BITS_BY_OUTPUT,
 ORDERED_GAPS_BY_INPUT, ORDERED_GAPS_BY_OUTPUT) = range(6)  # fmt: skip
BY_INPUT = (GAPS_BY_INPUT, BITS_BY_INPUT, ORDERED_GAPS_BY_INPUT)
FLOAT32, FLOAT16, LEVELS = range(3)
OUTPUT_KINDS = ("numbers", "classes", "binary", "numbers", "mean-and-log-variance")


def logistic(x):
    return np.exp(-np.logaddexp(0, -x))


SELU_SCALE, SELU_ALPHA = 1.0507009873554804934193349852946, 1.6732632423543772848170429916717
# By their codes, from 0 on.
ACTIVATIONS = {
    "none": lambda x: x,
    "relu": lambda x: np.maximum(x, 0),
    "leaky-relu": lambda x: np.where(x < 0, x / 100, x),
    "elu": lambda x: np.where(x < 0, np.expm1(np.minimum(x, 0)), x),
    "selu": lambda x: SELU_SCALE * np.where(x < 0, SELU_ALPHA * np.expm1(np.minimum(x, 0)), x),
    "gelu": lambda x: x * np.vectorize(math.erfc, otypes=[float])(-x / math.sqrt(2)) / 2,
    "gelu-tanh": lambda x: x / 2 * (1 + np.tanh(math.sqrt(2 / math.pi) * (x + 0.044715 * x**3))),
    "silu": lambda x: x * logistic(x),
    "tanh": np.tanh,
    "sigmoid": logistic,
    "softplus": lambda x: np.logaddexp(0, x),
    "hard-swish": lambda x: x * np.clip(x + 3, 0, 6) / 6,
}


@dataclass
class Layer:
    weights: np.ndarray  # (outputs, inputs), float32, zero where absent
    is_present: np.ndarray  # (outputs, inputs), bool
    biases: np.ndarray  # (outputs,), float32
    activation: str  # a name of ACTIVATIONS
    cost: float  # nats that quantisation costs in expectation; NaN if not known
    weight_deviations: np.ndarray = None  # (outputs, inputs), float32, zero where absent
    bias_deviations: np.ndarray = None  # (outputs,), float32


@dataclass
class Model:
    layers: list
    input_scale: float
    input_means: np.ndarray  # none, one, or one per channel
    input_deviations: np.ndarray
    output: str  # a name of OUTPUT_KINDS
    noise_deviation: float  # of the targets, for numbers; None if not known
    dense_weight_count: int
    dense_bias_count: int
    removed_count: int
    criterion: str

    def scaled(self, pixels):
        """The inputs that bytes become; an example's channels stand one behind the other."""
        inputs = pixels * self.input_scale
        if len(self.input_means):
            inputs = inputs - np.repeat(self.input_means, inputs.shape[-1] // len(self.input_means))
        if len(self.input_deviations):
            inputs = inputs / np.repeat(self.input_deviations, inputs.shape[-1] // len(self.input_deviations))
        return inputs

    def outputs(self, inputs):
        for layer in self.layers:
            inputs = ACTIVATIONS[layer.activation](inputs @ layer.weights.T + layer.biases)
        return inputs


class Reader:
    def __init__(self, data):
        self.data, self.position = data, 0

    def take(self, count):
        if self.position + count > len(self.data):
            raise ValueError("the data end too early")
        self.position += count
        return self.data[self.position - count : self.position]

    def number(self):
        """Seven bits a byte, least significant first; the high bit says that more follow."""
        result = 0
        for shift in range(0, 56, 7):
            byte = self.take(1)[0]
            result |= (byte & 0x7F) << shift
            if byte < 0x80:
                return result
        raise ValueError("a number has more than 56 bits")

    def finish(self):
        if self.position != len(self.data):
            raise ValueError("bytes follow what was to be read")


def read_sections(data):
    """The sections {(kind, layer): inflated bytes}; kinds of 128 and more may be skipped."""
    if data[:8] != MAGIC:
        raise ValueError("not a .bbbz file")
    major, _minor, count, checksum = struct.unpack_from("<BBHI", data, 8)
    if major != 1:
        raise ValueError(f"format version {major} is not known")
    table = data[16 : 16 + 15 * count]
    if zlib.crc32(data[:12] + table) != checksum:
        raise ValueError("the header is damaged")
    sections, position = {}, 16 + 15 * count
    for kind, layer, size, stored_size, checksum in struct.iter_unpack("<BHIII", table):
        stored = data[position : position + stored_size]
        position += stored_size
        if len(stored) != stored_size or zlib.crc32(stored) != checksum:
            raise ValueError(f"section {kind} of layer {layer} is damaged")
        if kind >= 0x80 and kind != DEVIATIONS:
            continue
        if kind not in (NETWORK, CONNECTIONS, VALUES, BIASES, LAYER, INPUT_SCALING, DEVIATIONS):
            raise ValueError(f"section kind {kind} is not known")
        if (kind, layer) in sections:
            raise ValueError(f"section {kind} of layer {layer} is not expected")
        inflated = zlib.decompress(stored)
        if len(inflated) != size:
            raise ValueError(f"section {kind} of layer {layer} has the wrong size")
        sections[kind, layer] = inflated
    if position != len(data):
        raise ValueError("bytes follow the last section")
    return sections


def known(code, codes, what):
    if code not in codes:
        raise ValueError(f"{what} {code} is not known")
    return code


def finite(numbers):
    if not np.all(np.isfinite(numbers)):
        raise ValueError("a value is not finite")
    return numbers


def read_values(reader, encoding, count):
    """Byte planes, lowest first (float32 rotated left by one bit, or float16), or numbers of levels."""
    if encoding == LEVELS:
        levels = read_levels(reader)
        return levels[np.frombuffer(reader.take(count), np.uint8)]
    width = {FLOAT32: 4, FLOAT16: 2}[known(encoding, (FLOAT32, FLOAT16), "value encoding")]
    planes = np.frombuffer(reader.take(width * count), np.uint8).reshape(width, count).astype(np.uint32)
    words = sum(planes[i] << np.uint32(8 * i) for i in range(width)).astype(np.uint32)
    if encoding == FLOAT32:
        return ((words >> 1) | (words << 31)).astype(np.uint32).view(np.float32)
    return words.astype(np.uint16).view(np.float16).astype(np.float32)


def read_levels(reader):
    """The value of each number: a grid, or a list of float16 or float32."""
    kind = reader.take(1)[0]
    if kind == 0:
        (step,) = struct.unpack("<f", reader.take(4))
        zero = reader.take(1)[0]
        return (np.arange(256) - zero).astype(np.float32) * np.float32(step)
    dtype = {1: np.dtype("<f2"), 2: np.dtype("<f4")}[known(kind, (1, 2), "level table")]
    count = reader.take(1)[0] + 1
    return np.frombuffer(reader.take(count * dtype.itemsize), dtype).astype(np.float32)


def read_gap(reader, escape=255):
    """The escape stands for as many skipped positions and is followed by the rest."""
    gap = 0
    while True:
        byte = reader.take(1)[0]
        if byte > escape:
            raise ValueError("a gap has a symbol beyond the escape")
        gap += byte
        if byte != escape:
            return gap


def read_ordered_positions(reader, groups, extent):
    """Runs of falling counts, first positions, then the other gaps; the groups are in order already."""
    escape = reader.take(1)[0]
    if escape == 0:
        raise ValueError("gaps have no symbols")
    counts, count = [], extent
    while len(counts) < groups:
        count -= reader.number()
        counts += [count] * reader.number()
    if len(counts) != groups or count < 0:
        raise ValueError("the counts of units do not fit the layer")
    firsts, previous_count, first = [], None, 0
    for count in counts:
        if count != previous_count:
            first = 0
        if count:
            first += read_gap(reader, escape)
        firsts.append(first)
        previous_count = count
    group_of, positions = [], []
    for group, (count, first) in enumerate(zip(counts, firsts)):
        for index in range(count):
            position = first if index == 0 else position + 1 + read_gap(reader, escape)
            group_of.append(group)
            positions.append(position)
    return np.array(group_of, int), np.array(positions, int)


def read_positions(reader, coding, inputs, outputs):
    """The (group, position) of every weight, in the order in which the values are written."""
    groups, extent = (inputs, outputs) if coding in BY_INPUT else (outputs, inputs)
    if coding in (ORDERED_GAPS_BY_INPUT, ORDERED_GAPS_BY_OUTPUT):
        return read_ordered_positions(reader, groups, extent)
    width = (extent.bit_length() + 7) // 8
    planes = np.frombuffer(reader.take(groups * width), np.uint8).reshape(width, groups).astype(np.int64)
    counts = sum((planes[i] << (8 * i) for i in range(width)), np.zeros(groups, np.int64))
    order = np.argsort(-counts, kind="stable")
    if coding in (BITS_BY_INPUT, BITS_BY_OUTPUT):
        bits = np.frombuffer(reader.take((groups * extent + 7) // 8), np.uint8)
        bits = np.unpackbits(bits, bitorder="little")[: groups * extent]
        ranks, positions = np.nonzero(bits.reshape(groups, extent))
        return order[ranks], positions
    group_of, positions = [], []
    for group in order:
        position = 0
        for _ in range(counts[group]):
            position += read_gap(reader)
            group_of.append(group)
            positions.append(position)
            position += 1
    return np.array(group_of, int), np.array(positions, int)


def read_deviations(data, weight_count, bias_count):
    """On a logarithmic scale, a byte each; 255 stands for 0."""
    reader = Reader(data)
    resolution = reader.take(1)[0]
    if resolution == 0:
        raise ValueError("standard deviations have no resolution")
    (lowest,) = struct.unpack("<h", reader.take(2))
    table = np.exp2((lowest + np.arange(256.0)) / resolution)
    table[255] = 0
    deviations = table[np.frombuffer(reader.take(weight_count + bias_count), np.uint8)]
    reader.finish()
    return finite(deviations.astype(np.float32))


def read_input_scaling(data, inputs):
    """Means and deviations, of one or as many channels as divide the inputs."""
    reader, lists = Reader(data), []
    for _ in range(2):
        count = reader.number()
        lists.append(finite(np.frombuffer(reader.take(8 * count), "<f8")))
    reader.finish()
    means, deviations = lists
    channels = max(len(means), len(deviations))
    if channels == 0 or inputs % channels or {len(means), len(deviations)} - {0, 1, channels} or np.any(deviations <= 0):
        raise ValueError("the means and deviations of the inputs are not possible")
    return means, deviations


def read_bbbz(path):
    with open(path, "rb") as file:
        sections = read_sections(file.read())
    network = Reader(sections[NETWORK, 0])
    output_kind = known(network.take(1)[0], range(5), "output kind")
    noise_deviation = struct.unpack("<d", network.take(8))[0] if output_kind == 3 else None
    (input_scale,) = struct.unpack("<d", network.take(8))
    for number in [input_scale] + ([] if noise_deviation is None else [noise_deviation]):
        if not 0 < number < math.inf:
            raise ValueError("a scale or deviation is not positive")
    dense_weight_count, dense_bias_count, removed_count = (network.number() for _ in range(3))
    criterion = network.take(network.take(1)[0]).decode()
    inputs, layers = network.number(), []
    input_means = input_deviations = np.zeros(0)
    if (INPUT_SCALING, 0) in sections:
        input_means, input_deviations = read_input_scaling(sections[INPUT_SCALING, 0], inputs)
    for index in range(network.number()):
        kind, activation, coding, encoding = network.take(4)
        outputs, weight_count = network.number(), network.number()
        known(kind, (1,), "layer kind")
        activation = list(ACTIVATIONS)[known(activation, range(len(ACTIVATIONS)), "activation")]
        known(coding, range(6), "connection coding")
        if (LAYER, index) in sections:
            reader = Reader(sections[LAYER, index])
            (cost,) = struct.unpack("<f", reader.take(4))
            if cost < 0 or cost == float("inf"):
                raise ValueError(f"a cost of {cost} is not possible")
        else:  # version 1.0 has the three parts apart, and knows no cost
            reader = Reader(b"".join(sections[part, index] for part in (CONNECTIONS, VALUES, BIASES)))
            cost = float("nan")
        groups, positions = read_positions(reader, coding, inputs, outputs)
        place = (positions, groups) if coding in BY_INPUT else (groups, positions)
        weights = np.zeros((outputs, inputs), np.float32)
        is_present = np.zeros((outputs, inputs), bool)
        weights[place] = finite(read_values(reader, encoding, weight_count))
        is_present[place] = True
        layer = Layer(weights, is_present, finite(read_values(reader, encoding, outputs)), activation, cost)
        reader.finish()
        if (DEVIATIONS, index) in sections:
            deviations = read_deviations(sections[DEVIATIONS, index], weight_count, outputs)
            layer.weight_deviations = np.zeros((outputs, inputs), np.float32)
            layer.weight_deviations[place] = deviations[:weight_count]
            layer.bias_deviations = deviations[weight_count:]
        layers.append(layer)
        inputs = outputs
    network.finish()
    if (output_kind == 2 and inputs != 1) or (output_kind == 4 and inputs % 2):
        raise ValueError("the outputs are not as many as their kind needs")
    if any(kind != NETWORK and layer >= len(layers) for kind, layer in sections):
        raise ValueError("a section belongs to no layer")
    return Model(
        layers, input_scale, input_means, input_deviations, OUTPUT_KINDS[output_kind], noise_deviation,
        dense_weight_count, dense_bias_count, removed_count, criterion,
    )


def main():
    parser = argparse.ArgumentParser(description="Read a .bbbz model.")
    parser.add_argument("model")
    parser.add_argument("--npz", help="write each layer's dense weights and biases here")
    arguments = parser.parse_args()
    model = read_bbbz(arguments.model)
    for index, layer in enumerate(model.layers):
        outputs, inputs = layer.weights.shape
        print(f"layer {index}: {inputs} -> {outputs}, {layer.is_present.sum()} weights")
    if arguments.npz:
        arrays = {}
        for index, layer in enumerate(model.layers):
            arrays[f"{index}.weight"] = layer.weights
            arrays[f"{index}.mask"] = layer.is_present
            arrays[f"{index}.bias"] = layer.biases
            if layer.weight_deviations is not None:
                arrays[f"{index}.weight.sigma"] = layer.weight_deviations
                arrays[f"{index}.bias.sigma"] = layer.bias_deviations
        np.savez_compressed(arguments.npz, **arrays)


if __name__ == "__main__":
    main()
