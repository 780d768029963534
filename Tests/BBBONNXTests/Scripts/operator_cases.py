"""Writes one small model for each of many uses of operators, and what ONNX Runtime makes of it.

    python3 operator_cases.py FOLDER

Writes FOLDER/NAME.onnx and FOLDER/expected.json: {NAME: values}, as runtime_values.py has them, or {NAME: null} for
models that ONNX Runtime cannot run.
"""

import json
import pathlib
import sys

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

from runtime_values import runtime_values

CASES = {}
RANDOM = np.random.default_rng(7)


def floats(*shape):
    return RANDOM.uniform(-1, 1, shape).astype(np.float32)


def ints(*values):
    return np.array(values, dtype=np.int64)


def case(name, op, inputs, outputs=1, opset=17, dtype=TensorProto.FLOAT, **attributes):
    """A node. An input is a list (an input of the graph, "b" being the batch), an array (an initializer) or None."""
    graph_inputs, initializers, names = [], [], []
    for index, given in enumerate(inputs):
        if given is None:
            names.append("")
            continue
        names.append(f"in{index}")
        if isinstance(given, list):
            graph_inputs.append(helper.make_tensor_value_info(names[-1], dtype, given))
        else:
            initializers.append(numpy_helper.from_array(np.asarray(given), names[-1]))
    if not graph_inputs:
        graph_inputs.append(helper.make_tensor_value_info("unused", TensorProto.FLOAT, ["b", 1]))
    made = [f"out{index}" for index in range(outputs)]
    node = helper.make_node(op, names, made, name="it", **attributes)
    graph = helper.make_graph(
        [node], "case", graph_inputs, [onnx.ValueInfoProto(name=name) for name in made], initializers)
    CASES[name] = helper.make_model(
        graph, ir_version=10 if opset > 19 else 8, opset_imports=[helper.make_opsetid("", opset)])


IMAGE = ["b", 4, 9, 8]

# Convolutions and pools.
for pads in [None, [1, 0, 2, 1]]:
    for strides in [[1, 1], [2, 3]]:
        for dilations in [[1, 1], [2, 1]]:
            more = {"pads": pads} if pads else {}
            tag = f"{bool(pads)}{strides[1]}{dilations[0]}"
            case(f"conv{tag}", "Conv", [IMAGE, floats(6, 4, 3, 2), floats(6)], strides=strides, dilations=dilations, **more)
            case(f"convtranspose{tag}", "ConvTranspose", [IMAGE, floats(4, 6, 3, 2)], strides=strides, dilations=dilations, **more)
            for ceil in [0, 1]:
                case(f"maxpool{tag}{ceil}", "MaxPool", [IMAGE], kernel_shape=[3, 2], strides=strides, dilations=dilations, ceil_mode=ceil, **more)
                case(f"averagepool{tag}{ceil}", "AveragePool", [IMAGE], kernel_shape=[3, 2], strides=strides, ceil_mode=ceil, **more)
for auto in ["SAME_UPPER", "SAME_LOWER", "VALID"]:
    for stride in [1, 2, 3]:
        case(f"conv{auto}{stride}", "Conv", [IMAGE, floats(6, 4, 3, 4)], auto_pad=auto, strides=[stride, stride])
        case(f"convtranspose{auto}{stride}", "ConvTranspose", [IMAGE, floats(4, 6, 3, 4)], auto_pad=auto, strides=[stride, stride])
        case(f"maxpool{auto}{stride}", "MaxPool", [IMAGE], kernel_shape=[3, 2], auto_pad=auto, strides=[stride, stride])
case("convgroup", "Conv", [IMAGE, floats(8, 2, 3, 3)], group=2)
case("conv1d", "Conv", [["b", 4, 11], floats(5, 4, 3)])
case("conv3d", "Conv", [["b", 2, 5, 6, 7], floats(5, 2, 3, 3, 3)])
case("convtransposegroup", "ConvTranspose", [IMAGE, floats(4, 3, 3, 3)], group=2, output_padding=[1, 1], strides=[2, 2])
case("convtransposeshape", "ConvTranspose", [IMAGE, floats(4, 3, 3, 3)], output_shape=[18, 16], strides=[2, 2])
case("globalaverage", "GlobalAveragePool", [IMAGE])
case("globalmax", "GlobalMaxPool", [IMAGE])

# Products.
case("gemm", "Gemm", [["b", 5], floats(5, 3), floats(3)])
case("gemmtransposed", "Gemm", [["b", 5], floats(3, 5)], transB=1, alpha=0.5)
case("matmul2", "MatMul", [["b", 5], floats(5, 3)])
case("matmul3", "MatMul", [["b", 7, 5], floats(5, 3)])
case("matmulvector", "MatMul", [["b", 7, 5], floats(5)])
case("matmulleft", "MatMul", [floats(6, 5), ["b", 5, 2]])
case("matmulboth", "MatMul", [["b", 2, 7, 5], ["b", 2, 5, 7]])
case("einsum1", "Einsum", [["b", 2, 7, 5], ["b", 2, 9, 5]], equation="bhqd,bhkd->bhqk")
case("einsum2", "Einsum", [["b", 7, 5], floats(5, 3)], equation="...i,ij->...j")
case("einsum3", "Einsum", [["b", 7], floats(7, 3)], equation="bi,ij")
case("einsum4", "Einsum", [["b", 7, 2]], equation="bij->bji")
case("attention4", "Attention", [["b", 4, 6, 8], ["b", 2, 5, 8], ["b", 2, 5, 10]], opset=23)
case("attention3", "Attention", [["b", 6, 32], ["b", 5, 16], ["b", 5, 16]], opset=23, q_num_heads=4, kv_num_heads=2)

# Normalizations.
case("batchnorm", "BatchNormalization", [IMAGE, floats(4), floats(4), floats(4), abs(floats(4))])
case("instancenorm", "InstanceNormalization", [IMAGE, floats(4), floats(4)])
case("groupnorm", "GroupNormalization", [IMAGE, floats(4), floats(4)], opset=21, num_groups=2)
case("layernorm", "LayerNormalization", [["b", 7, 5], floats(5), floats(5)])
case("layernorm2", "LayerNormalization", [["b", 7, 5], floats(7, 5)], axis=1)
case("rmsnorm", "RMSNormalization", [["b", 7, 5], floats(5)], opset=23)
case("softmax", "Softmax", [["b", 7, 5]], axis=1)
case("softmaxold", "Softmax", [["b", 5]], opset=11)
case("logsoftmax", "LogSoftmax", [["b", 5]])

# Reductions, as attribute and as input.
for op in ["ReduceMean", "ReduceMax", "ReduceMin", "ReduceProd", "ReduceL2"]:
    case(f"{op}all", op, [floats(2, 3)])
    case(f"{op}old", op, [IMAGE], axes=[-1, -2], keepdims=0)
    case(f"{op}new", op, [IMAGE, ints(-1, 1)], opset=18)
    case(f"{op}fold", op, [floats(2, 3, 4), ints(0, 2)], opset=18, keepdims=0)
    case(f"{op}noop", op, [IMAGE], opset=18, noop_with_empty_axes=1)
case("reducesum", "ReduceSum", [IMAGE, ints(1)], keepdims=0)
case("reducesumold", "ReduceSum", [IMAGE], opset=11, axes=[1])
case("reducesumfold", "ReduceSum", [np.arange(12).reshape(3, 4), ints(1)], keepdims=0)
case("cumsum", "CumSum", [floats(3, 4), ints(1)], exclusive=1, reverse=1)
case("cumsum2", "CumSum", [np.arange(12).reshape(3, 4), ints(0)])

# Elements.
for op in ["Relu", "Sigmoid", "Tanh", "Erf", "Softplus", "Softsign", "Elu", "Selu", "Celu", "LeakyRelu", "ThresholdedRelu",
           "HardSigmoid", "HardSwish", "Sin", "Cos"]:
    case(op, op, [IMAGE])
for op in ["Exp", "Sqrt", "Reciprocal", "Floor", "Ceil", "Round", "Abs", "Neg", "Sign", "Log"]:
    case(op, op, [["b", 3]])
    case(f"{op}fold", op, [abs(floats(7)) * 9 if op in ("Sqrt", "Log") else floats(7) * 9])
case("Mish", "Mish", [IMAGE], opset=20)
case("Gelu", "Gelu", [IMAGE], opset=20, approximate="tanh")
for op in ["Add", "Sub", "Mul", "Div", "Pow", "Min", "Max"]:
    case(op, op, [["b", 3, 1], floats(1, 4)])
    case(f"{op}fold", op, [abs(floats(3, 1)), floats(2, 1, 4)])
for op in ["Add", "Sub", "Mul", "Div", "Mod", "Min", "Max"]:
    case(f"{op}integers", op, [ints(7, -7, 9, -9), ints(2, 2, -4, -4)])
case("fmod", "Mod", [ints(7, -7, 9, -9), ints(2, 2, -4, -4)], fmod=1)
case("Sum", "Sum", [["b", 3, 1], floats(1, 4), floats(3, 4)])
case("Mean", "Mean", [["b", 3, 1], floats(1, 4)])
case("prelu", "PRelu", [IMAGE, floats(4, 1, 1)])
case("clip", "Clip", [IMAGE, np.float32(0), np.float32(6)])
case("clipfold", "Clip", [floats(9) * 3, None, np.float32(1)])
case("where", "Where", [np.array([True, False, True]), floats(2, 3), floats(3)])
for op in ["Equal", "Less", "Greater", "LessOrEqual", "GreaterOrEqual"]:
    case(op, op, [ints(1, 2, 3), ints(2)])
    case(f"{op}float", op, [floats(4), floats(4)])
for op in ["And", "Or", "Xor"]:
    case(op, op, [np.array([True, False, True]), np.array([True, False, False])])
case("Not", "Not", [np.array([True, False])])
case("castint", "Cast", [floats(9) * 9], to=TensorProto.INT64)
case("casthalf", "Cast", [floats(9) * 9], to=TensorProto.FLOAT16)
case("castfloat", "Cast", [ints(3, -2)], to=TensorProto.FLOAT)
case("castbool", "Cast", [ints(3, 0)], to=TensorProto.BOOL)

# Layouts.
case("reshape0", "Reshape", [IMAGE, ints(0, -1)])
case("reshape1", "Reshape", [IMAGE, ints(-1, 4, 72)])
case("flatten", "Flatten", [IMAGE])
case("flatten2", "Flatten", [IMAGE], axis=2)
case("flattenfold", "Flatten", [floats(2, 3, 4)], axis=-1)
case("transpose", "Transpose", [IMAGE], perm=[0, 2, 3, 1])
case("transposefold", "Transpose", [floats(2, 3, 4)], perm=[2, 0, 1])
case("transposedefault", "Transpose", [floats(2, 3, 4)])
case("squeeze", "Squeeze", [["b", 1, 5, 1], ints(1, -1)])
case("squeezeold", "Squeeze", [["b", 1, 5, 1]], opset=11, axes=[-1])
case("unsqueeze", "Unsqueeze", [["b", 5], ints(0, -1)])
case("unsqueezeold", "Unsqueeze", [["b", 5]], opset=11, axes=[1, 3])
case("expand", "Expand", [["b", 1, 5], ints(1, 4, 1)])
case("expandfold", "Expand", [floats(3, 1), ints(2, 1, 4)])
case("tile", "Tile", [["b", 2, 5], ints(1, 3, 2)])
case("tilefold", "Tile", [floats(2, 3), ints(2, 2)])
case("depthtospace", "DepthToSpace", [IMAGE], blocksize=2)
case("spacetodepth", "SpaceToDepth", [["b", 3, 4, 6]], blocksize=2)
for upper in [0, 1]:
    for diagonal in [-1, 0, 2]:
        case(f"trilu{upper}{diagonal}", "Trilu", [floats(2, 4, 5), np.array(diagonal)], upper=upper)

# Selections.
case("concat", "Concat", [["b", 2, 5], ["b", 3, 5]], axis=-2)
case("concatfold", "Concat", [floats(2, 3), floats(2, 1)], axis=1)
case("split", "Split", [IMAGE, ints(1, 3)], outputs=2, axis=1)
case("splitequal", "Split", [IMAGE], outputs=2, axis=1)
case("splitold", "Split", [IMAGE], outputs=2, opset=11, axis=1, split=[3, 1])
case("splituneven", "Split", [IMAGE], outputs=2, opset=18, axis=2, num_outputs=2)
case("splitfold", "Split", [floats(3, 5), ints(2, 3)], outputs=2, axis=1)
for start, end, step in [(0, 3, 1), (-3, 100, 1), (8, 0, -2), (-1, -100, -1), (2, -2, 3), (5, 2, 1), (-100, 4, 2)]:
    case(f"slice{start}{end}{step}", "Slice", [IMAGE, ints(start), ints(end), ints(2), ints(step)])
    case(f"slicefold{start}{end}{step}", "Slice", [floats(3, 9, 2), ints(start), ints(end), ints(1), ints(step)])
case("slicedefault", "Slice", [floats(4, 5), ints(1, 2), ints(3, 5)])
case("gather", "Gather", [IMAGE, ints(0, -1)], axis=2)
case("gatherscalar", "Gather", [IMAGE, np.array(1)], axis=1)
case("gatherfold", "Gather", [floats(3, 4, 2), np.array([[0, 2], [-1, 1]])], axis=1)
case("embedding", "Gather", [floats(10, 6), ["b", 5]], dtype=TensorProto.INT64)
case("pad", "Pad", [IMAGE, ints(0, 1, 2, 3, 0, 0, 1, -2)])
case("padreflect", "Pad", [IMAGE, ints(1, 2, 3, 1), None, ints(2, 3)], opset=18, mode="reflect")
case("resizescales", "Resize", [IMAGE, None, np.array([1, 1, 2, 1.7], np.float32)], mode="linear")
case("resizesizes", "Resize", [IMAGE, None, None, ints(5, 11)], opset=18, axes=[2, 3])
for name, gates in [("LSTM", 4), ("GRU", 3), ("RNN", 1)]:
    for direction, count in [("forward", 1), ("bidirectional", 2)]:
        case(f"{name}{direction}", name, [[6, "b", 5], floats(count, gates * 3, 5), floats(count, gates * 3, 3), floats(count, gates * 6)],
             outputs=3 if name == "LSTM" else 2, hidden_size=3, direction=direction)

# Shapes.
case("size", "Size", [floats(3, 4)])
case("constantofshape", "ConstantOfShape", [ints(2, 3)], value=helper.make_tensor("value", TensorProto.INT64, [1], [7]))
case("constantofshapedefault", "ConstantOfShape", [ints(2)])
for start, end, step in [(0, 5, 1), (5, 0, -2), (1, 1, 3), (0, 7, 3)]:
    case(f"range{start}{end}{step}", "Range", [np.array(start), np.array(end), np.array(step)])
case("rangefloat", "Range", [np.float32(0), np.float32(1), np.float32(0.3)])



def chain(name, inputs, nodes, initializers, outputs=("y",), opset=17):
    """Several nodes: (operator, inputs, outputs, attributes)."""
    graph = helper.make_graph(
        [helper.make_node(op, read.split(), made.split(), **attributes) for op, read, made, attributes in nodes], "chain",
        [helper.make_tensor_value_info(key, TensorProto.FLOAT, shape) for key, shape in inputs.items()],
        [onnx.ValueInfoProto(name=name) for name in outputs],
        [numpy_helper.from_array(np.asarray(array), key) for key, array in initializers.items()])
    CASES[name] = helper.make_model(
        graph, ir_version=10 if opset > 19 else 8, opset_imports=[helper.make_opsetid("", opset)])


# What exporters write of whole layers, with the batch free ("b") and fixed (3).
LSTM = {"w": floats(1, 12, 5), "r": floats(1, 12, 3)}
chain("lstmstates", {"x": [6, "b", 5]},
      [("Shape", "x", "s", {}), ("Gather", "s one", "n", {}), ("Unsqueeze", "n zero", "n1", {}),
       ("Concat", "first n1 last", "t", {"axis": 0}), ("ConstantOfShape", "t", "h", {}), ("LSTM", "x w r  h h", "y", {"hidden_size": 3})],
      LSTM | {"one": np.array(1), "zero": ints(0), "first": ints(1), "last": ints(3)})
CASES["lstmstates"].graph.node[-1].input[:] = ["x", "w", "r", "", "", "h", "h"]
chain("lstmfrozen", {"x": [3, 6, 5]},
      [("Transpose", "x", "xt", {"perm": [1, 0, 2]}), ("LSTM", "xt w r", "y", {"hidden_size": 3})],
      LSTM | {"h": np.zeros((1, 3, 3), np.float32)})
CASES["lstmfrozen"].graph.node[-1].input[:] = ["xt", "w", "r", "", "", "h", "h"]
for batch in ["b", 3]:
    chain(f"classtoken{batch}", {"x": [batch, 4, 8]},
          [("Shape", "x", "s", {}), ("Gather", "s zero", "n", {}), ("Unsqueeze", "n axis", "n1", {}),
           ("Concat", "n1 minus minus", "t", {"axis": 0}), ("Equal", "t minus", "e", {}), ("Where", "e ones t", "u", {}),
           ("Expand", "token u", "c", {}), ("Concat", "c x", "y", {"axis": 1})],
          {"zero": np.array(0), "axis": ints(0), "minus": ints(-1), "ones": ints(1, 1, 1), "token": floats(1, 1, 8)})
chain("classtokenfolded", {"x": [3, 4, 8]},
      [("Expand", "token u", "c", {}), ("Concat", "c x", "z", {"axis": 1}), ("Add", "z c", "y", {})],
      {"u": ints(3, 1, 8), "token": floats(1, 1, 8)})
chain("heads", {"x": [7, "b", 12]},
      [("Shape", "x", "s", {}), ("Gather", "s one", "n", {}), ("Mul", "n four", "m", {}), ("Unsqueeze", "m axis", "m1", {}),
       ("Concat", "seven m1 three", "t", {"axis": 0}), ("Reshape", "x t", "h", {}), ("Transpose", "h", "ht", {"perm": [1, 0, 2]}),
       ("Transpose", "h", "hk", {"perm": [1, 2, 0]}), ("MatMul", "ht hk", "p", {}), ("Softmax", "p", "a", {"axis": -1}),
       ("MatMul", "a ht", "o", {}), ("Transpose", "o", "ot", {"perm": [1, 0, 2]}), ("Unsqueeze", "n axis", "n1", {}),
       ("Mul", "seven n1", "rows", {}), ("Concat", "rows twelve", "u", {"axis": 0}), ("Reshape", "ot u", "y", {})],
      {"one": np.array(1), "four": np.array(4), "axis": ints(0), "seven": ints(7), "three": ints(3), "twelve": ints(12)})
chain("upsampling", {"x": ["b", 2, 5, 6]},
      [("Shape", "x", "s", {}), ("Slice", "s two four", "hw", {}), ("Cast", "hw", "f", {"to": TensorProto.FLOAT}),
       ("Mul", "f scale", "g", {}), ("Floor", "g", "k", {}), ("Cast", "k", "i", {"to": TensorProto.INT64}),
       ("Slice", "s zero two", "bc", {}), ("Concat", "bc i", "t", {"axis": 0}), ("Resize", "x   t", "y", {})],
      {"two": ints(2), "four": ints(4), "zero": ints(0), "scale": np.float32(1.5)})
CASES["upsampling"].graph.node[-1].input[:] = ["x", "", "", "t"]

if __name__ == "__main__":
    folder = pathlib.Path(sys.argv[1])
    expected = {}
    for name, model in CASES.items():
        (folder / f"{name}.onnx").write_bytes(model.SerializeToString())
        try:
            expected[name] = runtime_values(model)
        except Exception as error:  # Whatever it is, there is nothing to compare with.
            expected[name] = None
            print(name, str(error)[:300], file=sys.stderr)
    (folder / "expected.json").write_text(json.dumps(expected))
