#!/usr/bin/env python3
"""Reads a .bbbz model with NumPy and zlib only: the format of docs/file-format.md, versions 1 and 2.

    python3 docs/read_bbbz.py digits.bbbz                   # what the file holds
    python3 docs/read_bbbz.py digits.bbbz --npz dense.npz   # its matrices, dense

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
NETWORK, CONNECTIONS, VALUES, BIASES, PARAMETER, INPUT_SCALING, GRAPH = range(1, 8)
DEVIATIONS, PORTS = 128, 129
(GAPS_BY_INPUT, GAPS_BY_OUTPUT, BITS_BY_INPUT, BITS_BY_OUTPUT,
 ORDERED_GAPS_BY_INPUT, ORDERED_GAPS_BY_OUTPUT) = range(6)  # fmt: skip
BY_INPUT = (GAPS_BY_INPUT, BITS_BY_INPUT, ORDERED_GAPS_BY_INPUT)
FLOAT32, FLOAT16, LEVELS = range(3)
# By their codes; an activation is 64 and its own code.
OPERATIONS = {
    0: "linear", 1: "linear", 2: "convolution", 3: "convolution", 4: "max-pool", 5: "average-pool",
    6: "average-pool-counting-padding", 7: "add", 8: "concatenate", 9: "flatten", 10: "slice", 11: "pad",
    12: "linear", 13: "linear", 14: "convolution", 15: "convolution",
    16: "transpose", 17: "reshape", 18: "softmax", 19: "normalise", 20: "product",
    21: "subtract", 22: "multiply", 23: "divide", 24: "minimum", 25: "maximum", 26: "constant",
    27: "pad", 28: "gather",
    32: "power", 33: "equal", 34: "less", 35: "select",
}  # fmt: skip
SHARING = range(12, 16)  # the codes of those that use an earlier operation's matrix
ARITHMETIC = {"add": np.add, "subtract": np.subtract, "multiply": np.multiply, "divide": np.divide,
              "minimum": np.minimum, "maximum": np.maximum, "power": np.power,
              "equal": lambda x, y: np.where(x == y, 1.0, 0.0), "less": lambda x, y: np.where(x < y, 1.0, 0.0),
              "select": lambda x, y: np.where(y != 0, x, 0.0)}  # fmt: skip
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
    "relu6": lambda x: np.clip(x, 0, 6),
    "exponential": np.exp,
    "logarithm": np.log,
    "square-root": np.sqrt,
    "error-function": np.vectorize(math.erf, otypes=[float]),
    "absolute": np.abs,
    "sign": np.sign,
    "floor": np.floor,
    "ceiling": np.ceil,
    "round": np.rint,
    "sine": np.sin,
    "cosine": np.cos,
}


@dataclass
class Matrix:
    weights: np.ndarray  # (rows, columns), float32, zero where absent
    is_present: np.ndarray  # (rows, columns), bool
    biases: np.ndarray  # (rows,), float32
    cost: float  # nats that quantisation costs in expectation; NaN if not known
    weight_deviations: np.ndarray = None  # (rows, columns), float32, zero where absent
    bias_deviations: np.ndarray = None  # (rows,), float32


@dataclass
class Node:
    operation: str  # one of OPERATIONS, or of ACTIVATIONS
    inputs: list  # the numbers of the values read: 0 is the input, then one more than the node's
    window: list = None  # (cells, stride, dilation, padding before, padding after) of each axis
    axes: list = None  # (first, count, step) of a slice, (before, after, between) of zeros, channels first; of others numbers of axes
    positions: list = None  # of a gathering
    extents: list = None  # of what is given another shape
    epsilon: float = None  # of a normalisation
    transposed: int = None  # operands of a product that are: 1 the first, 2 the second, 3 both
    shape: tuple = None  # of a constant
    rows: int = None  # of a matrix, or the numbers of a constant
    parameter: int = None  # the number of its matrix
    is_sharing: bool = False  # whether the matrix is an earlier operation's


@dataclass
class Port:
    name: str
    shape: tuple  # of one example
    example_axis: int  # of its array; None if that has no axis of examples
    holds_integers: bool


@dataclass
class Model:
    input_shape: tuple  # channels first
    nodes: list  # in order of evaluation; the last one gives the output
    matrices: list
    input_scale: float
    input_means: np.ndarray  # none, one, or one per channel
    input_deviations: np.ndarray
    output: str  # a name of OUTPUT_KINDS
    noise_deviation: float  # of the targets, for numbers; None if not known
    dense_weight_count: int
    dense_bias_count: int
    removed_count: int
    criterion: str
    inputs: list  # of ports: the parts of the network's input, one behind the other
    outputs_by_name: list  # the same of its output

    def scaled(self, pixels):
        """The inputs that bytes become; an example's channels stand one behind the other."""
        inputs = pixels * self.input_scale
        if len(self.input_means):
            inputs = inputs - np.repeat(self.input_means, inputs.shape[-1] // len(self.input_means))
        if len(self.input_deviations):
            inputs = inputs / np.repeat(self.input_deviations, inputs.shape[-1] // len(self.input_deviations))
        return inputs

    def outputs(self, inputs):
        """(examples, inputs) -> (examples, outputs), in double precision, slow and plain."""
        values = [np.asarray(inputs, float).reshape(-1, *self.input_shape)]
        for node in self.nodes:
            read = [values[index] for index in node.inputs]
            values.append(self.result(node, read, len(values[0])))
        return values[-1].reshape(*np.shape(inputs)[:-1], -1)

    def result(self, node, read, examples):
        if node.operation == "constant":
            numbers = self.matrices[node.parameter].biases.astype(float).reshape(node.shape)
            return np.broadcast_to(numbers, (examples, *node.shape))
        if node.operation in ACTIVATIONS:
            return ACTIVATIONS[node.operation](read[0])
        if node.operation in ARITHMETIC:
            return ARITHMETIC[node.operation](*read)
        if node.operation == "concatenate":
            return np.concatenate(read, axis=1)
        if node.operation == "slice":
            return read[0][(slice(None), *[slice(a, a + count * step, step) for a, count, step in node.axes])]
        if node.operation == "pad":
            between = [zeros for _, _, zeros in node.axes]
            extents = [extent + zeros * max(extent - 1, 0) for extent, zeros in zip(read[0].shape[1:], between)]
            spread = np.zeros((examples, *extents))
            spread[(slice(None), *[slice(None, None, zeros + 1) for zeros in between])] = read[0]
            return np.pad(spread, [(0, 0), *[(before, after) for before, after, _ in node.axes]])
        if node.operation == "gather":
            return read[0].take(node.positions, node.axes[0] + 1)
        if node.operation == "flatten":
            return read[0].reshape(len(read[0]), -1)
        if node.operation == "transpose":
            return read[0].transpose(0, *[axis + 1 for axis in node.axes])
        if node.operation == "reshape":
            return read[0].reshape(len(read[0]), *node.extents)
        if node.operation in ("softmax", "normalise"):
            axes = tuple(axis + 1 for axis in node.axes)
            if node.operation == "softmax":
                powers = np.exp(read[0] - read[0].max(axis=axes, keepdims=True))
                return powers / powers.sum(axis=axes, keepdims=True)
            distances = read[0] - read[0].mean(axis=axes, keepdims=True)
            return distances / np.sqrt((distances**2).mean(axis=axes, keepdims=True) + node.epsilon)
        if node.operation == "product":
            first, second = (np.swapaxes(value, -1, -2) if node.transposed & bit else value for value, bit in zip(read, (1, 2)))
            return first @ second
        if node.operation == "linear":
            matrix = self.matrices[node.parameter]
            return read[0] @ matrix.weights.T + matrix.biases
        fill = -np.inf if node.operation == "max-pool" else 0
        cells = windows(read[0], node.window, fill)  # (examples, channels, cells, positions…)
        if node.operation == "convolution":
            matrix = self.matrices[node.parameter]
            columns = cells.reshape(cells.shape[0], -1, *cells.shape[3:])
            sums = np.moveaxis(np.tensordot(columns, matrix.weights.T, ((1,), (0,))), -1, 1)
            return sums + matrix.biases.reshape(-1, *[1] * len(node.window))
        if node.operation == "max-pool":
            return cells.max(axis=2)
        inside = windows(np.ones_like(read[0]), node.window, 1 if "counting" in node.operation else 0)
        return cells.sum(axis=2) / inside.sum(axis=2)


def windows(values, axes, fill):
    """What each cell of a window reads at each position: (examples, channels, cells, positions…)."""
    padding = [(0, 0), (0, 0)] + [(before, after) for _, _, _, before, after in axes]
    padded = np.pad(values, padding, constant_values=fill)
    outputs = [(extent - (cells - 1) * dilation - 1) // stride + 1
               for extent, (cells, stride, dilation, _, _) in zip(padded.shape[2:], axes)]  # fmt: skip
    parts = []
    for cell in np.ndindex(*[axis[0] for axis in axes]):
        slices = [slice(at * dilation, at * dilation + (count - 1) * stride + 1, stride)
                  for at, count, (_, stride, dilation, _, _) in zip(cell, outputs, axes)]  # fmt: skip
        parts.append(padded[(slice(None), slice(None), *slices)])
    return np.stack(parts, axis=2)


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
    """The major version and the sections {(kind, parameter): inflated bytes}; kinds of 128 and more may be skipped."""
    if data[:8] != MAGIC:
        raise ValueError("not a .bbbz file")
    major, _minor, count, checksum = struct.unpack_from("<BBHI", data, 8)
    if major not in (1, 2):
        raise ValueError(f"format version {major} is not known")
    table = data[16 : 16 + 15 * count]
    if zlib.crc32(data[:12] + table) != checksum:
        raise ValueError("the header is damaged")
    sections, position = {}, 16 + 15 * count
    for kind, parameter, size, stored_size, checksum in struct.iter_unpack("<BHIII", table):
        stored = data[position : position + stored_size]
        position += stored_size
        if len(stored) != stored_size or zlib.crc32(stored) != checksum:
            raise ValueError(f"section {kind} of parameter {parameter} is damaged")
        if kind >= 0x80 and kind not in (DEVIATIONS, PORTS):
            continue
        if kind not in (NETWORK, CONNECTIONS, VALUES, BIASES, PARAMETER, INPUT_SCALING, GRAPH, DEVIATIONS, PORTS):
            raise ValueError(f"section kind {kind} is not known")
        if (kind, parameter) in sections:
            raise ValueError(f"section {kind} of parameter {parameter} is not expected")
        inflated = zlib.decompress(stored)
        if len(inflated) != size:
            raise ValueError(f"section {kind} of parameter {parameter} has the wrong size")
        sections[kind, parameter] = inflated
    if position != len(data):
        raise ValueError("bytes follow the last section")
    return major, sections


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


def read_places(reader, coding, rows, columns, taps):
    """The row and column of every weight, in the order in which the values are written."""
    by_input = coding in BY_INPUT
    sizes = (columns // taps, rows * taps) if by_input else (rows, columns)
    groups, positions = read_positions(reader, coding, *sizes)
    return (positions // taps, groups * taps + positions % taps) if by_input else (groups, positions)


def read_positions(reader, coding, groups, extent):
    """The (group, position) of every weight, in the order in which the values are written."""
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


def read_network_section(reader):
    """Version 1: layers, each feeding the next; (input shape, nodes, [(coding, encoding, weights)])."""
    inputs, nodes, written = reader.number(), [], []
    for index in range(reader.number()):
        kind, activation, coding, encoding = reader.take(4)
        known(kind, (1,), "layer kind")
        rows, weight_count = reader.number(), reader.number()
        nodes.append(Node("linear", [len(nodes)], rows=rows, parameter=index))
        name = list(ACTIVATIONS)[known(activation, range(len(ACTIVATIONS)), "activation")]
        if name != "none":
            nodes.append(Node(name, [len(nodes)]))
        written.append((coding, encoding, weight_count))
    return (inputs,), nodes, written


def read_window(reader):
    return [tuple(reader.number() for _ in range(5)) for _ in range(reader.number())]


def read_graph_section(reader):
    """Version 2: operations in order of evaluation; as `read_network_section`."""
    shape, nodes, written = tuple(reader.number() for _ in range(reader.number())), [], []
    for index in range(reader.number()):
        code = reader.take(1)[0]
        inputs = [index]
        if code & 0x80:
            inputs = [index - reader.number() for _ in range(reader.number())]
        code &= 0x7F
        if code >= 64:
            node = Node(list(ACTIVATIONS)[known(code - 64, range(len(ACTIVATIONS)), "activation")], inputs)
        else:
            node = Node(OPERATIONS[known(code, OPERATIONS, "operation")], inputs)
        if node.operation in ("linear", "convolution"):
            node.is_sharing, node.parameter = code in SHARING, len(written)
            if node.is_sharing:
                node.parameter = nodes[index - 1 - reader.number()].parameter
            node.rows = reader.number()
            if node.operation == "convolution":
                reader.number()  # groups, which only say how many weights there could be
                node.window = read_window(reader)
            if not node.is_sharing:
                coding, encoding = reader.take(2)
                written.append((coding, encoding, reader.number()))
        elif node.operation.endswith("pool") or "pool-" in node.operation:
            node.window = read_window(reader)
        elif node.operation == "constant":
            node.shape = tuple(reader.number() for _ in range(reader.number()))
            node.rows, node.parameter = math.prod(node.shape), len(written)
            coding, encoding = reader.take(2)
            written.append((coding, encoding, reader.number()))
        elif node.operation in ("slice", "pad"):
            numbers = 2 if code == 11 else 3
            node.axes = [tuple(reader.number() for _ in range(numbers)) for _ in range(reader.number())]
            if code == 11:
                node.axes = [(*zeros, 0) for zeros in node.axes]
        elif node.operation == "gather":
            node.axes, node.positions = [reader.number()], []
            for _ in range(reader.number()):
                start, step, count, repetition = (reader.number() for _ in range(4))
                step = -(step >> 1) if step & 1 else step >> 1
                node.positions += [start + at * step for at in range(count) for _ in range(repetition)]
        elif node.operation == "transpose":
            node.axes = [reader.number() for _ in range(reader.number())]
        elif node.operation == "reshape":
            node.extents = [reader.number() for _ in range(reader.number())]
        elif node.operation == "softmax":
            node.axes = [reader.number()]
        elif node.operation == "normalise":
            (node.epsilon,) = struct.unpack("<d", reader.take(8))
            node.axes = [reader.number() for _ in range(reader.number())]
        elif node.operation == "product":
            node.transposed = reader.number()
        nodes.append(node)
    return shape, nodes, written


def shapes_of(input_shape, nodes):
    """The shape of each value for one example."""
    shapes = [tuple(input_shape)]
    for node in nodes:
        read = [shapes[index] for index in node.inputs]
        shape = read[0] if read else node.shape
        if node.operation == "slice":
            shape = tuple(count for _, count, _ in node.axes)
        elif node.operation == "pad":
            shape = tuple(
                extent + before + after + between * max(extent - 1, 0)
                for extent, (before, after, between) in zip(shape, node.axes)
            )
        elif node.operation == "gather":
            shape = tuple(len(node.positions) if axis == node.axes[0] else extent for axis, extent in enumerate(shape))
        elif node.operation in ARITHMETIC:
            shape = tuple(other if one == 1 else one for one, other in zip(*read))
        elif node.operation == "flatten":
            shape = (math.prod(shape),)
        elif node.operation == "transpose":
            shape = tuple(shape[axis] for axis in node.axes)
        elif node.operation == "reshape":
            shape = tuple(node.extents)
        elif node.operation == "product":
            rows = shape[-1] if node.transposed & 1 else shape[-2]
            shape = (*shape[:-2], rows, read[1][-2] if node.transposed & 2 else read[1][-1])
        elif node.operation == "concatenate":
            shape = (sum(other[0] for other in read), *shape[1:])
        elif node.operation == "linear":
            shape = (node.rows,)
        elif node.window is not None:
            positions = [(extent + before + after - (cells - 1) * dilation - 1) // stride + 1
                         for extent, (cells, stride, dilation, before, after) in zip(shape[1:], node.window)]  # fmt: skip
            shape = (shape[0] if node.rows is None else node.rows, *positions)
        shapes.append(shape)
    return shapes


def columns_and_taps(node, nodes, shapes):
    """The columns of a matrix, and those of one unit: kernel cells, or positions of what was flattened."""
    if node.operation == "constant":
        return 0, 1
    shape = shapes[node.inputs[0]]
    if node.operation == "convolution":
        cells = math.prod(axis[0] for axis in node.window)
        return shape[0] * cells, cells
    before = nodes[node.inputs[0] - 1] if node.inputs[0] > 0 else None
    flattened = before is not None and before.operation == "flatten"
    return shape[0], math.prod(shapes[before.inputs[0]][1:]) if flattened else 1


def read_matrix(sections, index, written, rows, columns, taps):
    coding, encoding, weight_count = written
    known(coding, range(6), "connection coding")
    if (PARAMETER, index) in sections:
        reader = Reader(sections[PARAMETER, index])
        (cost,) = struct.unpack("<f", reader.take(4))
        if cost < 0 or cost == float("inf"):
            raise ValueError(f"a cost of {cost} is not possible")
    else:  # version 1.0 has the three parts apart, and knows no cost
        reader = Reader(b"".join(sections[part, index] for part in (CONNECTIONS, VALUES, BIASES)))
        cost = float("nan")
    place = read_places(reader, coding, rows, columns, taps)
    weights = np.zeros((rows, columns), np.float32)
    is_present = np.zeros((rows, columns), bool)
    weights[place] = finite(read_values(reader, encoding, weight_count))
    is_present[place] = True
    matrix = Matrix(weights, is_present, finite(read_values(reader, encoding, rows)), cost)
    reader.finish()
    if (DEVIATIONS, index) in sections:
        deviations = read_deviations(sections[DEVIATIONS, index], weight_count, rows)
        matrix.weight_deviations = np.zeros((rows, columns), np.float32)
        matrix.weight_deviations[place] = deviations[:weight_count]
        matrix.bias_deviations = deviations[weight_count:]
    return matrix


def read_ports(content, shapes):
    """The ports of inputs and of outputs, whose numbers are those of `shapes`."""
    reader = Reader(content)
    both = []
    for shape in shapes:
        ports = []
        for _ in range(reader.number()):
            name = reader.take(reader.number()).decode()
            flags = known(reader.take(1)[0], range(4), "what an array holds")
            example_axis = reader.number() if flags & 1 else None
            ports.append(Port(name, tuple(reader.number() for _ in range(reader.number())), example_axis, flags & 2 != 0))
        if sum(math.prod(port.shape) for port in ports) != math.prod(shape) or len({port.name for port in ports}) < len(ports):
            raise ValueError("the named arrays are not those of the network")
        if any(port.example_axis is not None and port.example_axis > len(port.shape) for port in ports):
            raise ValueError("the examples of an array are along an axis that it has not")
        both.append(ports)
    reader.finish()
    return both


def read_bbbz(path):
    with open(path, "rb") as file:
        version, sections = read_sections(file.read())
    reader = Reader(sections[NETWORK if version == 1 else GRAPH, 0])
    output_kind = known(reader.take(1)[0], range(5), "output kind")
    noise_deviation = struct.unpack("<d", reader.take(8))[0] if output_kind == 3 else None
    (input_scale,) = struct.unpack("<d", reader.take(8))
    for number in [input_scale] + ([] if noise_deviation is None else [noise_deviation]):
        if not 0 < number < math.inf:
            raise ValueError("a scale or deviation is not positive")
    dense_weight_count, dense_bias_count, removed_count = (reader.number() for _ in range(3))
    criterion = reader.take(reader.take(1)[0]).decode()
    input_shape, nodes, written = (read_network_section if version == 1 else read_graph_section)(reader)
    reader.finish()
    input_means = input_deviations = np.zeros(0)
    if (INPUT_SCALING, 0) in sections:
        input_means, input_deviations = read_input_scaling(sections[INPUT_SCALING, 0], math.prod(input_shape))
    shapes = shapes_of(input_shape, nodes)
    matrices = []
    for node in nodes:
        if node.parameter is not None and not node.is_sharing:
            columns, taps = columns_and_taps(node, nodes, shapes)
            matrices.append(read_matrix(sections, len(matrices), written[len(matrices)], node.rows, columns, taps))
    outputs = math.prod(shapes[-1])
    if (output_kind == 2 and outputs != 1) or (output_kind == 4 and outputs % 2):
        raise ValueError("the outputs are not as many as their kind needs")
    inputs, outputs_by_name = [Port("input", tuple(input_shape), 0, False)], [Port("output", tuple(shapes[-1]), 0, False)]
    if (PORTS, 0) in sections:
        inputs, outputs_by_name = read_ports(sections[PORTS, 0], (input_shape, shapes[-1]))
    if any(kind not in (NETWORK, GRAPH, PORTS) and parameter >= len(matrices) for kind, parameter in sections):
        raise ValueError("a section belongs to no matrix")
    return Model(
        input_shape, nodes, matrices, input_scale, input_means, input_deviations, OUTPUT_KINDS[output_kind],
        noise_deviation, dense_weight_count, dense_bias_count, removed_count, criterion, inputs,
        outputs_by_name,
    )


def main():
    parser = argparse.ArgumentParser(description="Read a .bbbz model.")
    parser.add_argument("model")
    parser.add_argument("--npz", help="write each matrix's dense weights and biases here")
    arguments = parser.parse_args()
    model = read_bbbz(arguments.model)
    for what, ports in ("input", model.inputs), ("output", model.outputs_by_name):
        for port in ports:
            print(f"{what} {port.name}: {port.shape}, examples along axis {port.example_axis}")
    for index, node in enumerate(model.nodes):
        print(f"{index}: {node.operation} of " + ", ".join("input" if at == 0 else f"{at - 1}" for at in node.inputs))
    for index, matrix in enumerate(model.matrices):
        rows, columns = matrix.weights.shape
        print(f"matrix {index}: {columns} -> {rows}, {matrix.is_present.sum()} weights")
    if arguments.npz:
        arrays = {}
        for index, matrix in enumerate(model.matrices):
            arrays[f"{index}.weight"] = matrix.weights
            arrays[f"{index}.mask"] = matrix.is_present
            arrays[f"{index}.bias"] = matrix.biases
            if matrix.weight_deviations is not None:
                arrays[f"{index}.weight.sigma"] = matrix.weight_deviations
                arrays[f"{index}.bias.sigma"] = matrix.bias_deviations
        np.savez_compressed(arguments.npz, **arrays)


if __name__ == "__main__":
    main()
