#!/usr/bin/env python3
"""Reads a .bbbz model with NumPy and zlib only: the format of docs/file-format.md, version 1.

    python3 docs/read_bbbz.py digits.bbbz                   # what the file holds
    python3 docs/read_bbbz.py digits.bbbz --npz dense.npz   # its layers as dense matrices

or, from Python:

    model = read_bbbz("digits.bbbz")
    outputs = model.outputs(pixels * model.input_scale)     # (examples, inputs) -> (examples, outputs)
"""

import argparse
import struct
import zlib
from dataclasses import dataclass

import numpy as np

MAGIC = b"\x89BBBZ\r\n\x1a"
NETWORK, CONNECTIONS, VALUES, BIASES = 1, 2, 3, 4
GAPS_BY_INPUT, GAPS_BY_OUTPUT, BITS_BY_INPUT, BITS_BY_OUTPUT = range(4)


@dataclass
class Layer:
    weights: np.ndarray  # (outputs, inputs), float32, zero where absent
    is_present: np.ndarray  # (outputs, inputs), bool
    biases: np.ndarray  # (outputs,), float32
    rectify: bool


@dataclass
class Model:
    layers: list
    input_scale: float
    outputs_are_classes: bool
    dense_weight_count: int
    dense_bias_count: int
    removed_count: int
    criterion: str

    def outputs(self, inputs):
        for layer in self.layers:
            inputs = inputs @ layer.weights.T + layer.biases
            if layer.rectify:
                inputs = np.maximum(inputs, 0)
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
        result = shift = 0
        while True:
            byte = self.take(1)[0]
            result |= (byte & 0x7F) << shift
            shift += 7
            if byte < 0x80:
                return result


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
        if kind >= 0x80:
            continue
        if kind > BIASES or (kind, layer) in sections:
            raise ValueError(f"section {kind} of layer {layer} is not expected")
        inflated = zlib.decompress(stored)
        if len(inflated) != size:
            raise ValueError(f"section {kind} of layer {layer} has the wrong size")
        sections[kind, layer] = inflated
    if position != len(data):
        raise ValueError("bytes follow the last section")
    return sections


def read_values(data, encoding, count):
    """Byte planes, lowest first: 0 is float32 rotated left by one bit, 1 is float16."""
    width = {0: 4, 1: 2}[encoding]
    planes = np.frombuffer(data, np.uint8).reshape(width, count).astype(np.uint32)
    words = sum(planes[i] << np.uint32(8 * i) for i in range(width)).astype(np.uint32)
    if encoding == 0:
        return ((words >> 1) | (words << 31)).astype(np.uint32).view(np.float32)
    return words.astype(np.uint16).view(np.float16).astype(np.float32)


def read_positions(data, coding, inputs, outputs):
    """The (group, position) of every weight, in the order in which the values are written."""
    groups, extent = (inputs, outputs) if coding in (GAPS_BY_INPUT, BITS_BY_INPUT) else (outputs, inputs)
    width = (extent.bit_length() + 7) // 8
    planes = np.frombuffer(data, np.uint8, groups * width).reshape(width, groups).astype(np.int64)
    counts = sum((planes[i] << (8 * i) for i in range(width)), np.zeros(groups, np.int64))
    payload = data[groups * width :]
    order = np.argsort(-counts, kind="stable")
    if coding in (BITS_BY_INPUT, BITS_BY_OUTPUT):
        bits = np.unpackbits(np.frombuffer(payload, np.uint8), bitorder="little")[: groups * extent]
        ranks, positions = np.nonzero(bits.reshape(groups, extent))
        return order[ranks], positions
    group_of, positions, next_byte = [], [], 0
    for group in order:
        position = 0
        for _ in range(counts[group]):
            while payload[next_byte] == 255:
                position += 255
                next_byte += 1
            position += payload[next_byte]
            next_byte += 1
            group_of.append(group)
            positions.append(position)
            position += 1
    if next_byte != len(payload):
        raise ValueError("bytes follow the last position")
    return np.array(group_of, int), np.array(positions, int)


def read_bbbz(path):
    with open(path, "rb") as file:
        sections = read_sections(file.read())
    network = Reader(sections[NETWORK, 0])
    outputs_are_classes = network.take(1)[0] == 1
    (input_scale,) = struct.unpack("<d", network.take(8))
    dense_weight_count, dense_bias_count, removed_count = (network.number() for _ in range(3))
    criterion = network.take(network.take(1)[0]).decode()
    inputs, layers = network.number(), []
    for index in range(network.number()):
        kind, activation, coding, encoding = network.take(4)
        outputs, weight_count = network.number(), network.number()
        if kind != 1:
            raise ValueError(f"layer kind {kind} is not known")
        groups, positions = read_positions(sections[CONNECTIONS, index], coding, inputs, outputs)
        rows, columns = (positions, groups) if coding in (GAPS_BY_INPUT, BITS_BY_INPUT) else (groups, positions)
        weights = np.zeros((outputs, inputs), np.float32)
        is_present = np.zeros((outputs, inputs), bool)
        weights[rows, columns] = read_values(sections[VALUES, index], encoding, weight_count)
        is_present[rows, columns] = True
        biases = read_values(sections[BIASES, index], encoding, outputs)
        layers.append(Layer(weights, is_present, biases, activation == 1))
        inputs = outputs
    return Model(
        layers, input_scale, outputs_are_classes, dense_weight_count, dense_bias_count, removed_count, criterion
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
        np.savez_compressed(arguments.npz, **arrays)


if __name__ == "__main__":
    main()
