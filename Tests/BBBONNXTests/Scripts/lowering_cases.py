"""Writes small networks, and what ONNX Runtime makes of three examples.

    python3 lowering_cases.py FOLDER

Writes FOLDER/NAME.onnx and FOLDER/expected.json: {NAME: {"inputs": [...], "outputs": [...]}}, row-major, of the cases of
operator_cases.py that have one input and one output of real numbers, of those here, and of
function_cases.py; the names of those that must run begin with "run".
"""

import json
import pathlib
import sys

import numpy as np
import onnxruntime
from onnx import TensorProto, numpy_helper

import function_cases  # noqa: F401  (adds its own)
from operator_cases import CASES, IMAGE, chain, floats, ints

EXAMPLES = 3
ROOT = np.float32(np.sqrt(2))


def run(name, shape, nodes, opset=17, **constants):
    """A network that must run: nodes (operator, inputs, outputs, attributes), reading x and making y."""
    chain(f"run{name}", {"x": shape}, nodes, constants, opset=opset)


# Convolutions, with whatever they may be told.
for name, shape, kernel, attributes in [
    ("1d", ["b", 4, 11], (6, 2, 3), {"group": 2, "pads": [2, 1], "dilations": [2]}),
    ("2d", IMAGE, (8, 1, 3, 2), {"group": 4, "pads": [1, 0, 2, 1], "strides": [2, 3], "dilations": [2, 1]}),
    ("3d", ["b", 2, 5, 6, 7], (4, 1, 3, 2, 3), {"group": 2, "pads": [0, 1, 2, 1, 0, 0], "strides": [1, 2, 1]}),
    ("upper", IMAGE, (6, 4, 3, 4), {"auto_pad": "SAME_UPPER", "strides": [2, 2]}),
    ("lower", IMAGE, (6, 4, 3, 4), {"auto_pad": "SAME_LOWER", "strides": [2, 2]}),
]:
    run(f"conv{name}", shape, [("Conv", "x w b", "y", attributes)], w=floats(*kernel), b=floats(kernel[0]))
    run(f"convbn{name}", shape, [("Conv", "x w", "c", attributes), ("BatchNormalization", "c s b m v", "y", {"epsilon": 1e-3})],
        w=floats(*kernel), s=floats(kernel[0]), b=floats(kernel[0]), m=floats(kernel[0]), v=abs(floats(kernel[0])))
run("convtransposed", IMAGE, [("Transpose", "w", "v", {"perm": [3, 2, 0, 1]}), ("Conv", "x v", "y", {})], w=floats(3, 2, 4, 6))

# Linear layers.
for trans in [0, 1]:
    for bias in [(), (1,), (3,), (1, 3), (1, 1)]:
        run(f"gemm{trans}{len(bias)}{bias[-1:]}", ["b", 5], [("Gemm", "x w c", "y", {"transB": trans, "alpha": 0.5, "beta": -1.5})],
            w=floats(*((3, 5) if trans else (5, 3))), c=floats(*bias))
run("gemmnobias", ["b", 5], [("Gemm", "x w", "y", {"alpha": 0.0})], w=floats(5, 3))
run("gemmbn", ["b", 5], [("Gemm", "x w c", "g", {}), ("BatchNormalization", "g s b m v", "y", {})],
    w=floats(5, 3), c=floats(3), s=floats(3), b=floats(3), m=floats(3), v=abs(floats(3)))
run("matmul", ["b", 5], [("MatMul", "x w", "y", {})], w=floats(5, 3))
run("matmuladd", ["b", 5], [("MatMul", "x w", "m", {}), ("Add", "c m", "y", {})], w=floats(5, 3), c=floats(3))
run("matmulvector", ["b", 5], [("MatMul", "x w", "y", {})], w=floats(5))
run("matmulturned", ["b", 5], [("Transpose", "w", "v", {}), ("MatMul", "x v", "m", {}), ("Add", "m c", "y", {})],
    w=floats(3, 5), c=floats(1, 3))
HEAD = [("Gemm", "t w c", "y", {})]
for name, behind in [("same", [("Gemm", "x w c", "a", {})]), ("bias", [("Gemm", "x w d", "a", {})]), ("nobias", [("MatMul", "x w", "a", {})]),
                     ("factor", [("Gemm", "x w c", "a", {"alpha": 0.5})]), ("bn", [("Gemm", "x w c", "g", {}), ("BatchNormalization", "g s b m v", "a", {})]),
                     ("late", [("MatMul", "x w", "g", {}), ("Add", "g c", "h", {}), ("Mul", "h k", "a", {})]),
                     ("turned", [("Transpose", "w", "o", {}), ("MatMul", "x o", "a", {})])]:
    run(f"tied{name}", ["b", 4], behind + [("Tanh", "a", "t", {})] + HEAD,
        w=floats(4, 4), c=floats(4), d=floats(4), s=floats(4), b=floats(4), m=floats(4), v=abs(floats(4)), k=floats(4))
run("tiedkernels", IMAGE, [("Conv", "x w b", "c", {"pads": [1, 1, 1, 1]}), ("Relu", "c", "r", {}), ("Conv", "r w b", "d", {"strides": [2, 2]}),
                           ("Relu", "d", "s", {}), ("Conv", "s w b", "e", {"pads": [1, 1, 1, 1]}), ("Mul", "e k", "y", {})],
    w=floats(4, 4, 3, 3), b=floats(4), k=floats(4, 1, 1))
run("tiedgroups", IMAGE, [("Conv", "x w", "c", {"group": 2, "pads": [1, 1, 1, 1]}), ("Conv", "c w", "y", {"group": 2})], w=floats(4, 2, 3, 3))
run("tiedtokens", ["b", 5, 4], [("MatMul", "x w", "m", {}), ("Add", "m b", "a", {}), ("ReduceMean", "a", "r", {"axes": [1], "keepdims": 0}),
                                ("MatMul", "r w", "n", {}), ("Add", "n b", "y", {})], w=floats(4, 4), b=floats(4))
run("tied", ["b", 4], [("MatMul", "x w", "a", {}), ("Relu", "a", "r", {}), ("MatMul", "r w", "y", {})], w=floats(4, 4))

# Arithmetic behind a matrix.
for op in ["Add", "Sub", "Mul", "Div"]:
    for name, shape in [("scalar", ()), ("one", (1, 1, 1)), ("units", (6, 1, 1)), ("whole", (1, 6, 1, 1))]:
        run(f"{op}{name}", IMAGE, [("Conv", "x w", "c", {}), (op, "c k", "y", {})], w=floats(6, 4, 2, 2), k=floats(*shape))
        if op != "Div":
            run(f"{op}{name}first", IMAGE, [("Conv", "x w b", "c", {}), (op, "k c", "y", {})],
                w=floats(6, 4, 2, 2), b=floats(6), k=floats(*shape))
run("chain", IMAGE, [("Conv", "x w b", "c", {}), ("Mul", "c k", "d", {}), ("Add", "d l", "e", {}), ("BatchNormalization", "e s b m v", "y", {})],
    w=floats(6, 4, 2, 2), b=floats(6), k=floats(6, 1, 1), l=floats(6, 1, 1), s=floats(6), m=floats(6), v=abs(floats(6)))

# Activations, and functions of several nodes.
WIDE = ["b", 2, 30]
for op, attributes in [
    ("Relu", {}), ("LeakyRelu", {}), ("Sigmoid", {}), ("Tanh", {}), ("Elu", {}), ("Selu", {}), ("Softplus", {}), ("HardSwish", {}),
]:
    run(op, WIDE, [("Conv", "x w", "z", {}), (op, "z", "y", attributes)], w=4 * floats(3, 2, 1))
for approximate in ["none", "tanh"]:
    run(f"gelu{approximate}", WIDE, [("Conv", "x w", "z", {}), ("Gelu", "z", "y", {"approximate": approximate})], opset=20, w=4 * floats(3, 2, 1))
run("relu6", WIDE, [("Conv", "x w", "z", {}), ("Clip", "z low high", "y", {})], w=9 * floats(3, 2, 1), low=np.float32(0), high=np.float32(6))
run("relu0", WIDE, [("Conv", "x w", "z", {}), ("Clip", "z low", "y", {})], w=9 * floats(3, 2, 1), low=np.float32(0))
for order in ["z s", "s z"]:
    run(f"silu{order[0]}", WIDE, [("Conv", "x w", "z", {}), ("Sigmoid", "z", "s", {}), ("Mul", order, "y", {})], w=4 * floats(3, 2, 1))
    run(f"swish{order[0]}", WIDE, [("Conv", "x w", "z", {}), ("HardSigmoid", "z", "s", {"alpha": 1 / 6}), ("Mul", order, "y", {})],
        w=4 * floats(3, 2, 1))
for number, (scaling, gate, inner, outer) in enumerate([
    (("Div", "z root"), "e one", "z g", "p half"), (("Mul", "z inverse"), "one e", "g z", "half p"), (("Mul", "inverse z"), "e one", "z half", "p g"),
    (("Div", "z root"), "one e", "half z", "g p"), (("Div", "z root"), "e one", "g half", "z p"), (("Div", "z root"), "e one", "half g", "p z"),
]):
    run(f"erf{number}", WIDE,
        [("Conv", "x w", "z", {}), (*scaling, "d", {}), ("Erf", "d", "e", {}), ("Add", gate, "g", {}), ("Mul", inner, "p", {}), ("Mul", outer, "y", {})],
        w=4 * floats(3, 2, 1), root=ROOT, inverse=1 / ROOT, one=np.float32(1), half=np.float32(0.5))

# Pools.
for kind in ["MaxPool", "AveragePool"]:
    for ceil in [0, 1]:
        for pads in [[0, 0, 0, 0], [1, 0, 1, 1]]:
            run(f"{kind}{ceil}{pads[0]}", IMAGE, [(kind, "x", "y", {"kernel_shape": [3, 2], "strides": [2, 3], "pads": pads, "ceil_mode": ceil})])
run("maxdilated", IMAGE, [("MaxPool", "x", "y", {"kernel_shape": [3, 2], "dilations": [2, 3], "pads": [1, 1, 1, 1]})])
run("maxupper", IMAGE, [("MaxPool", "x", "y", {"kernel_shape": [3, 2], "strides": [2, 2], "auto_pad": "SAME_UPPER"})])
run("averagebeyond", IMAGE, [("AveragePool", "x", "y", {"kernel_shape": [3, 2], "strides": [2, 3], "pads": [1, 0, 0, 1], "count_include_pad": 1, "ceil_mode": 1})])
run("averageall", IMAGE, [("AveragePool", "x", "y", {"kernel_shape": [3, 2], "pads": [1, 0, 2, 1], "count_include_pad": 1})])
for kind in ["GlobalMaxPool", "GlobalAveragePool"]:
    run(kind, IMAGE, [(kind, "x", "p", {}), ("Flatten", "p", "f", {}), ("MatMul", "f w", "y", {})], w=floats(4, 3))
for kind in ["ReduceMax", "ReduceMean"]:
    for keep in [0, 1]:
        run(f"{kind}{keep}", IMAGE, [(kind, "x", "y", {"axes": [-1, 2], "keepdims": keep})])
run("reducenew", IMAGE, [("ReduceMean", "x a", "p", {"keepdims": 1}), ("Reshape", "p t", "f", {}), ("MatMul", "f w", "y", {})], opset=20,
    a=ints(-1, -2), t=ints(-1, 4), w=floats(4, 3))
run("reducesome", IMAGE, [("ReduceMax", "x", "y", {"axes": [2], "keepdims": 1})])

# Shapes.
run("flattened", IMAGE, [("Unsqueeze", "x a", "u", {}), ("Flatten", "u", "f", {}), ("Flatten", "f", "g", {}), ("MatMul", "g w", "y", {})],
    a=ints(1), w=floats(288, 3))
run("squeezed", IMAGE, [("GlobalMaxPool", "x", "p", {}), ("Squeeze", "p a", "s", {}), ("Squeeze", "s a", "f", {}), ("MatMul", "f w", "y", {})],
    a=ints(2), w=floats(4, 3))
run("thereandback", ["b", 4], [("Unsqueeze", "x a", "u", {}), ("Squeeze", "u a", "v", {}), ("MatMul", "v w", "y", {})], a=ints(1), w=floats(4, 3))
run("sum", IMAGE, [("Relu", "x", "r", {}), ("Tanh", "x", "t", {}), ("Add", "r t", "y", {})])
run("double", IMAGE, [("Tanh", "x", "t", {}), ("Add", "t t", "y", {})])
run("concat", IMAGE, [("Relu", "x", "r", {}), ("Concat", "x r x", "y", {"axis": -3})])
run("slice", IMAGE, [("Slice", "x s e a t", "y", {})], s=ints(1, -1), e=ints(4, 99), a=ints(1, -1), t=ints(2, 1))
run("pad", IMAGE, [("Pad", "x p", "y", {})], p=ints(0, 1, 0, 2, 0, 0, 3, 1))
run("padzero", IMAGE, [("Pad", "x p z", "y", {})], p=ints(0, 1, 0, 2, 0, 0, 3, 1), z=np.float32(0))
run("dead", ["b", 4], [("Sin", "x", "d", {}), ("MatMul", "x w", "y", {})], w=floats(4, 3))
run("residual", IMAGE,
    [("Conv", "x w", "c", {"pads": [1, 1, 1, 1]}), ("BatchNormalization", "c s b m v", "n", {}), ("Relu", "n", "r", {}), ("Add", "r x", "y", {})],
    w=floats(4, 4, 3, 3), s=floats(4), b=floats(4), m=floats(4), v=abs(floats(4)))

# Ends.
for op in ["Softmax", "LogSoftmax"]:
    run(op, ["b", 4], [("MatMul", "x w", "c", {}), (op, "c", "y", {"axis": 1})], w=floats(4, 3))
run("softmaxold", ["b", 4], [("MatMul", "x w", "c", {}), ("Softmax", "c", "y", {})], opset=11, w=floats(4, 3))
run("softmaxflattened", IMAGE, [("GlobalMaxPool", "x", "p", {}), ("Softmax", "p", "s", {"axis": 1}), ("Flatten", "s", "y", {})])
run("binary", ["b", 4], [("MatMul", "x w", "c", {}), ("Sigmoid", "c", "s", {}), ("Squeeze", "s a", "y", {})], w=floats(4, 1), a=ints(1))
run("labels", ["b", 4], [("MatMul", "x w", "c", {}), ("Sigmoid", "c", "y", {})], w=floats(4, 3))


# Axes in any order, split and joined, with what reads them so.
TOKENS = ["b", 6, 8]  # tokens, features
for perm, shape in [([0, 2, 1], [0, 8, 2, 3]), ([0, 2, 1], [0, 3, 16]), ([0, 1, 2], [0, 2, 3, 8]), ([0, 2, 1], [0, 4, 2, 6])]:
    turned = [("Transpose", "x", "t", {"perm": perm}), ("Reshape", "t s", "r", {})]
    name = f"{perm[1]}{shape[1]}{len(shape)}"
    run(f"order{name}", TOKENS, turned + [("Relu", "r", "y", {})], s=ints(*shape))
    run(f"orderback{name}", TOKENS, turned + [("Flatten", "r", "f", {}), ("MatMul", "f w", "y", {})], s=ints(*shape), w=floats(48, 3))
    run(f"ordersum{name}", TOKENS, turned + [("Tanh", "r", "a", {}), ("Add", "r a", "c", {}), ("Mul", "c k", "y", {})],
        s=ints(*shape), k=floats(shape[-1]))
run("linearontokens", TOKENS, [("MatMul", "x w", "m", {}), ("Add", "m c", "y", {})], w=floats(8, 5), c=floats(5))
run("linearonimage", IMAGE, [("MatMul", "x w", "m", {}), ("Mul", "m c", "y", {})], w=floats(8, 5), c=floats(5))
run("matrixfirst", TOKENS, [("MatMul", "w x", "m", {}), ("Add", "m c", "y", {})], w=floats(5, 6), c=floats(5, 1))
run("vectorontokens", TOKENS, [("MatMul", "x w", "m", {}), ("Relu", "m", "y", {})], w=floats(8))
run("normalizedtokens", TOKENS, [("LayerNormalization", "x s b", "y", {"epsilon": 1e-3})], s=floats(8), b=floats(8))
run("normalizedboth", TOKENS, [("LayerNormalization", "x s b", "y", {"axis": 1})], s=floats(6, 8), b=floats(6, 8))
run("normalizedturned", TOKENS, [("Transpose", "x", "t", {"perm": [0, 2, 1]}), ("LayerNormalization", "t s", "y", {})], s=floats(6))
run("instance", IMAGE, [("InstanceNormalization", "x s b", "y", {})], s=floats(4), b=floats(4))
run("groups", IMAGE, [("Reshape", "x f", "r", {}), ("InstanceNormalization", "r o z", "n", {}), ("Reshape", "n g", "u", {}),
                      ("Mul", "u s", "y", {})],
    f=ints(0, 2, -1), o=np.ones(2, np.float32), z=np.zeros(2, np.float32), g=ints(0, 4, 9, 8), s=floats(4, 1, 1))
run("batchnormfirst", IMAGE, [("BatchNormalization", "x s b m v", "n", {}), ("Conv", "n w", "y", {})],
    s=floats(4), b=floats(4), m=floats(4), v=abs(floats(4)), w=floats(3, 4, 2, 2))
for axis in [1, 2, -1]:
    run(f"softmax{axis}", TOKENS, [("Softmax", "x", "s", {"axis": axis}), ("Relu", "s", "y", {})])
    run(f"concat{axis}", TOKENS, [("Tanh", "x", "t", {}), ("Concat", "x t", "y", {"axis": axis})])
run("concatconstant", TOKENS, [("Relu", "x", "r", {}), ("Slice", "r a e i", "s", {}), ("Concat", "s r", "y", {"axis": 1})],
    a=ints(2), e=ints(4), i=ints(1))
for perm in [[0, 1, 2], [0, 2, 1]]:
    run(f"products{perm[1]}", TOKENS, [("Transpose", "x", "t", {"perm": perm}), ("Transpose", "t", "u", {"perm": [0, 2, 1]}),
                                       ("MatMul", "t u", "y", {})])
run("heads", TOKENS, [
    ("MatMul", "x w", "a", {}), ("Add", "a c", "p", {}), ("Reshape", "p s", "r", {}), ("Transpose", "r", "t", {"perm": [2, 0, 3, 1, 4]}),
    ("Split", "t", "q0 k0 v0", {}), ("Squeeze", "q0 z", "q", {}), ("Squeeze", "k0 z", "k", {}), ("Squeeze", "v0 z", "v", {}),
    ("Transpose", "k", "kt", {"perm": [0, 1, 3, 2]}), ("MatMul", "q kt", "m", {}), ("Mul", "m f", "n", {}), ("Softmax", "n", "o", {"axis": -1}),
    ("MatMul", "o v", "h", {}), ("Transpose", "h", "g", {"perm": [0, 2, 1, 3]}), ("Reshape", "g d", "j", {}), ("MatMul", "j e", "y", {})],
    w=floats(8, 24), c=floats(24), s=ints(0, 6, 3, 2, 4), z=ints(0), f=np.float32(0.5), d=ints(0, 6, 8), e=floats(8, 8), opset=13)
run("headsbatchsecond", TOKENS, [
    ("Transpose", "x", "s", {"perm": [1, 0, 2]}), ("MatMul", "s w", "p", {}), ("Reshape", "p h", "r", {}), ("Transpose", "r", "q", {"perm": [1, 0, 2]}),
    ("Transpose", "q", "k", {"perm": [0, 2, 1]}), ("MatMul", "q k", "m", {}), ("Softmax", "m", "o", {"axis": -1}), ("MatMul", "o q", "a", {}),
    ("Transpose", "a", "c", {"perm": [1, 0, 2]}), ("Reshape", "c d", "e", {}), ("Transpose", "e", "y", {"perm": [1, 0, 2]})],
    w=floats(8, 8), h=ints(6, -1, 4), d=ints(6, -1, 8))
run("gather", TOKENS, [("Gather", "x i", "g", {"axis": 1}), ("MatMul", "g w", "y", {})], i=ints(-1).reshape(()), w=floats(8, 3))
run("gathersome", TOKENS, [("Gather", "x i", "y", {"axis": 2})], i=ints(1, 3, 5))
run("meanoftokens", TOKENS, [("ReduceMean", "x", "m", {"axes": [1], "keepdims": 0}), ("MatMul", "m w", "y", {})], w=floats(8, 3))
run("meanoffeatures", TOKENS, [("ReduceMean", "x", "m", {"axes": [-1]}), ("Sub", "x m", "y", {})])
run("gate", IMAGE, [("GlobalAveragePool", "x", "p", {}), ("Conv", "p w", "c", {}), ("Sigmoid", "c", "s", {}), ("Mul", "x s", "y", {})],
    w=floats(4, 4, 1, 1))
run("quotient", TOKENS, [("Sigmoid", "x", "s", {}), ("Div", "x s", "q", {}), ("Max", "q k", "y", {})], k=floats(6, 1))

# Elements in any order, more than once, and around a value.
run("gatherany", TOKENS, [("Gather", "x i", "g", {"axis": 1}), ("Relu", "g", "r", {}), ("MatMul", "r w", "y", {})], i=ints(3, 0, 0, -1, 5), w=floats(8, 3))
run("gathershaped", TOKENS, [("Gather", "x i", "y", {"axis": 2})], i=ints(7, 1, 1, 0, 2, 4).reshape(2, 3))
run("gatherchannels", IMAGE, [("Conv", "x w", "c", {}), ("Gather", "c i", "g", {"axis": 1}), ("Conv", "g v", "y", {})],
    w=floats(5, 4, 2, 2), i=ints(4, 2, 2, 0), v=floats(2, 4, 1, 1))
run("backwards", IMAGE, [("Slice", "x s e a t", "y", {})], s=ints(-1, 0, 7), e=ints(-99, 3, 0), a=ints(1, 2, 3), t=ints(-1, 2, -3))
run("tiled", IMAGE, [("Tile", "x n", "t", {}), ("Relu", "t", "y", {})], n=ints(1, 2, 1, 3))
run("expanded", ["b", 4, 1, 3], [("Expand", "x n", "t", {}), ("Mul", "t k", "y", {})], n=ints(1, 1, 5, 1), k=floats(4, 5, 3))
run("expandednew", ["b", 4], [("Unsqueeze", "x i", "u", {}), ("Expand", "u n", "y", {})], i=ints(1, 3), n=ints(1, 2, 4, 3))
for mode in ["edge", "reflect", "wrap"]:
    run(f"pad{mode}", IMAGE, [("Pad", "x p", "d", {"mode": mode}), ("Conv", "d w", "y", {})], opset=19,
        p=ints(0, 1, 3, 2, 0, 2, 0, 4), w=floats(3, 7, 2, 2))
run("padnumber", IMAGE, [("Relu", "x", "r", {}), ("Pad", "r p n", "y", {})], p=ints(0, 1, 0, 2, 0, 0, 3, 1), n=np.float32(-1.5))
run("padless", IMAGE, [("Pad", "x p n", "y", {})], p=ints(0, -1, 2, 0, 0, 0, -3, -1), n=np.float32(2))
for mode in ["DCR", "CRD"]:
    run(f"depthtospace{mode}", ["b", 8, 3, 5], [("DepthToSpace", "x", "d", {"blocksize": 2, "mode": mode}), ("Conv", "d w", "y", {})], w=floats(3, 2, 2, 2))
run("spacetodepth", ["b", 2, 6, 4], [("SpaceToDepth", "x", "d", {"blocksize": 2}), ("Conv", "d w", "y", {})], w=floats(3, 8, 1, 1))
run("shuffled", ["b", 6, 3, 5], [("Conv", "x w", "c", {"group": 2}), ("Reshape", "c s", "r", {}), ("Transpose", "r", "t", {"perm": [0, 2, 1, 3, 4]}),
                                  ("Reshape", "t u", "v", {}), ("Conv", "v w", "y", {"group": 2})],
    w=floats(6, 3, 1, 1), s=ints(0, 2, 3, 3, 5), u=ints(0, 6, 3, 5))

# Transposed convolutions.
for name, shape, kernel, attributes in [
    ("1d", ["b", 4, 7], (4, 2, 3), {"group": 2, "strides": [3], "output_padding": [2]}),
    ("2d", ["b", 4, 3, 4], (4, 6, 2, 2), {"strides": [2, 2]}),
    ("3d", ["b", 2, 3, 2, 2], (2, 3, 2, 1, 3), {"strides": [1, 2, 2], "pads": [0, 0, 1, 1, 0, 1]}),
    ("dilated", ["b", 4, 3, 4], (4, 6, 2, 3), {"strides": [2, 1], "dilations": [1, 2], "pads": [1, 2, 0, 1]}),
    ("cut", ["b", 4, 5, 6], (4, 2, 1, 2), {"strides": [2, 3], "pads": [1, 2, 2, 3]}),
]:
    run(f"transposed{name}", shape, [("ConvTranspose", "x w c", "t", attributes), ("BatchNormalization", "t s b m v", "y", {})],
        w=floats(*kernel), **{key: abs(floats(kernel[1] * attributes.get("group", 1))) for key in "csbmv"})

# Values sampled more or less finely.
for mode in ["nearest", "linear"]:
    for transform in ["half_pixel", "pytorch_half_pixel", "align_corners", "asymmetric", "half_pixel_symmetric"]:
        for rows, columns in [(18, 5), (13, 8)]:
            run(f"resize{mode}{transform}{rows}", IMAGE, [("Relu", "x", "r", {}), ("Resize", "r n n s", "y",
                {"mode": mode, "coordinate_transformation_mode": transform, "axes": [2, 3]})], opset=19, n=np.zeros(0, np.float32), s=ints(rows, columns))
for rounding in ["round_prefer_floor", "round_prefer_ceil", "floor", "ceil"]:
    run(f"nearest{rounding}", IMAGE, [("Resize", "x n s", "y", {"nearest_mode": rounding, "coordinate_transformation_mode": "asymmetric"})], opset=13,
        n=np.zeros(0, np.float32), s=np.array([1, 1, 2, 1.5], np.float32))
run("resizescales", IMAGE, [("Resize", "x n s", "y", {"mode": "linear"})], n=np.zeros(0, np.float32), s=np.array([1, 1, 0.6, 2.3], np.float32))
for name, attributes in [
    ("cubic", {"mode": "cubic"}), ("cubiccorners", {"mode": "cubic", "coordinate_transformation_mode": "align_corners"}),
    ("steep", {"mode": "cubic", "cubic_coeff_a": -0.5}), ("larger", {"keep_aspect_ratio_policy": "not_larger"}),
    ("smaller", {"mode": "linear", "keep_aspect_ratio_policy": "not_smaller"}),
]:
    run(f"resize{name}", IMAGE, [("Resize", "x n n s", "y", {"axes": [2, 3], **attributes})], opset=18, n=np.zeros(0, np.float32), s=ints(13, 5))
run("resizeaxes", IMAGE, [("Resize", "x n s", "y", {"mode": "linear", "axes": [3, 2]})], opset=18, n=np.zeros(0, np.float32), s=np.array([2, 1.5], np.float32))

# Functions that are made of others.
for op, attributes in [("Neg", {}), ("Abs", {}), ("HardSigmoid", {}), ("HardSigmoid", {"alpha": 0.3, "beta": 0.4}), ("Softsign", {}),
                       ("LeakyRelu", {"alpha": 0.3}), ("LeakyRelu", {"alpha": 1.5})]:
    run(f"{op}{len(attributes)}{attributes.get('alpha', '')}", TOKENS, [(op, "x", "y", attributes)])
run("mish", TOKENS, [("Mish", "x", "y", {})], opset=18)
run("reciprocal", TOKENS, [("Sigmoid", "x", "s", {}), ("Reciprocal", "s", "y", {})])
for exponent in [1, 2, 3, -1]:
    run(f"power{exponent}", TOKENS, [("Sigmoid", "x", "s", {}), ("Pow", "s e", "y", {})], e=np.float32(exponent))
run("clip", TOKENS, [("Clip", "x l m", "y", {})], l=np.float32(-0.3), m=np.float32(0.4))
run("clipbelow", TOKENS, [("Clip", "x l", "y", {})], l=np.float32(-0.3))
run("prelu", IMAGE, [("PRelu", "x s", "y", {})], s=floats(4, 1, 1))
run("several", TOKENS, [("Tanh", "x", "t", {}), ("Sum", "x t k", "s", {}), ("Max", "s x t", "m", {}), ("Min", "m k", "y", {})], k=floats(8))
run("reducesum", IMAGE, [("ReduceSum", "x a", "s", {"keepdims": 0}), ("MatMul", "s w", "y", {})], a=ints(2, 3), w=floats(4, 3))
run("oldlayernorm", TOKENS, [
    ("ReduceMean", "x", "m", {"axes": [-1]}), ("Sub", "x m", "d", {}), ("Pow", "d two", "q", {}), ("ReduceMean", "q", "v", {"axes": [-1]}),
    ("Add", "v e", "w", {}), ("Sqrt", "w", "r", {}), ("Div", "d r", "n", {}), ("Mul", "n s", "p", {}), ("Add", "p b", "y", {})],
    two=np.float32(2), e=np.float32(1e-3), s=floats(8), b=floats(8), opset=14)

# Nodes that change nothing between a matrix that is read elsewhere, too, and what would be folded into it.
ALIASES = {
    "slice": [("Slice", "c z e o", "a", {})], "split": [("Split", "c", "a", {"axis": 1})], "expand": [("Expand", "c u", "a", {})],
    "reshape": [("Reshape", "c f", "g", {}), ("Reshape", "g h", "a", {})], "mean": [("GlobalAveragePool", "c", "a", {})],
    "pad": [("Pad", "c p", "a", {})], "cast": [("Cast", "c", "a", {"to": 1})], "concat": [("Concat", "c", "a", {"axis": 1})],
}
for alias, nodes in ALIASES.items():
    for fold in [[("BatchNormalization", "a s b m v", "n", {})], [("Mul", "a k", "n", {})]]:
        run(f"alias{alias}{fold[0][0]}", ["b", 3, 1, 1], [("Conv", "x w", "c", {})] + nodes + fold + [("Relu", "c", "r", {}), ("Add", "n r", "y", {})],
            w=floats(4, 3, 1, 1), z=ints(0), e=ints(99), o=ints(1), u=ints(1, 4, 1, 1), f=ints(0, 4), h=ints(0, 4, 1, 1), p=ints(0, 0, 0, 0, 0, 0, 0, 0),
            s=floats(4), b=floats(4), m=floats(4), v=abs(floats(4)), k=floats(4, 1, 1))
run("softmaxofpool", ["b", 4, 1, 1], [("Conv", "x w", "c", {}), ("Softmax", "c", "s", {"axis": 1}), ("Flatten", "s", "y", {})], w=floats(3, 4, 1, 1))

# Recurrent layers: what comes in has the examples first, and what goes out.
LENGTH, INPUTS, UNITS = 4, 3, 2


def recurrent(name, op, output, nodes=(), shape=("b", LENGTH, INPUTS), directions=1, constants=None, optional="", **attributes):
    """One layer (x turned to t), of which one output (0 all states, 1 the last, 2 the cells) is turned to y."""
    gates = {"LSTM": 4, "GRU": 3, "RNN": 1}[op]
    order = [2, 0, 1, 3] if output == 0 else [1, 0, 2]
    numbers = {"w": floats(directions, gates * UNITS, INPUTS), "r": floats(directions, gates * UNITS, UNITS),
               "b": floats(directions, 2 * gates * UNITS)} | (constants or {})
    run(name, list(shape), list(nodes) + [
        ("Transpose", "x", "t", {"perm": [1, 0, 2]}), (op, "t w r b", "o", {"hidden_size": UNITS, **attributes}), ("Transpose", "o", "y", {"perm": order})],
        **numbers)
    model = CASES[f"run{name}"]
    layer = next(node for node in model.graph.node if node.op_type == op)
    layer.output[:] = [""] * output + ["o"]
    if optional:
        layer.input[:] = ["" if given == "-" else given for given in optional.split()]


for op, outputs in [("LSTM", 3), ("GRU", 2), ("RNN", 2)]:
    for direction, count in [("forward", 1), ("reverse", 1), ("bidirectional", 2)]:
        for output in range(outputs):
            recurrent(f"{op}{direction}{output}", op, output, directions=count, direction=direction)
        recurrent(f"{op}{direction}one", op, 0, shape=("b", 1, INPUTS), directions=count, direction=direction)
        recurrent(f"{op}{direction}plain", op, 0, directions=count, direction=direction, optional="t w r")
        recurrent(f"{op}{direction}clip", op, 0, directions=count, direction=direction, clip=0.2)
        # States that the network computes: of the mean over the steps.
        first = [("ReduceMean", "x", "m", {"axes": [1], "keepdims": 0}), ("MatMul", "m v", "n", {}), ("Reshape", "n f", "p", {}),
                 ("Transpose", "p", "h", {"perm": [1, 0, 2]})]
        recurrent(f"{op}{direction}states", op, 0, first, directions=count, direction=direction,
                  optional="t w r b - h" + (" h" if op == "LSTM" else ""),
                  constants={"v": floats(INPUTS, count * UNITS), "f": ints(-1, count, UNITS)})
        recurrent(f"{op}{direction}frozen", op, 0, shape=(3, LENGTH, INPUTS), directions=count, direction=direction,
                  optional="t w r b l h" + (" h" if op == "LSTM" else ""),
                  constants={"h": np.broadcast_to(floats(count, 1, UNITS), (count, 3, UNITS)), "l": np.full(3, LENGTH, np.int32)})
recurrent("LSTMcells", "LSTM", 2, shape=("b", 1, INPUTS))
for count, direction in [(1, "forward"), (2, "bidirectional")]:
    peepholes = {"p": floats(count, 3 * UNITS)}
    recurrent(f"LSTMpeepholes{count}", "LSTM", 0, directions=count, direction=direction, optional="t w r b - - - p", constants=peepholes)
    recurrent(f"LSTMpeepholesclip{count}", "LSTM", 0, directions=count, direction=direction, clip=0.3, optional="t w r b - - - p", constants=peepholes)
    recurrent(f"LSTMcoupled{count}", "LSTM", 0, directions=count, direction=direction, input_forget=1)
    recurrent(f"LSTMcoupledpeepholes{count}", "LSTM", 0, directions=count, direction=direction, input_forget=1, optional="t w r b - - - p",
              constants=peepholes)
    recurrent(f"GRUreset{count}", "GRU", 0, directions=count, direction=direction, linear_before_reset=1)
    recurrent(f"GRUresetclip{count}", "GRU", 0, directions=count, direction=direction, linear_before_reset=1, clip=0.3)
    recurrent(f"GRUresetplain{count}", "GRU", 0, directions=count, direction=direction, linear_before_reset=1, optional="t w r")
    recurrent(f"LSTMfunctions{count}", "LSTM", 0, directions=count, direction=direction, activations=["Sigmoid", "Relu", "Softplus"] * count)
    recurrent(f"GRUfunctions{count}", "GRU", 0, directions=count, direction=direction, activations=["Tanh", "Sigmoid"] * count)
recurrent("RNNfunctions", "RNN", 0, directions=2, direction="bidirectional", activations=["Relu", "Tanh"])
run("LSTMstack", ["b", 5, 3], [
    ("Transpose", "x", "t", {"perm": [1, 0, 2]}), ("LSTM", "t w1 r1 b1", "o", {"hidden_size": 4, "direction": "bidirectional"}),
    ("Transpose", "o", "p", {"perm": [0, 2, 1, 3]}), ("Reshape", "p f", "q", {}), ("LSTM", "q w2 r2 b2", "s", {"hidden_size": 2}),
    ("Squeeze", "s axis", "u", {}), ("Gather", "u last", "v", {"axis": 0}), ("Gemm", "v w b", "y", {"transB": 1})],
    w1=floats(2, 16, 3), r1=floats(2, 16, 4), b1=floats(2, 32), f=ints(0, 0, -1), w2=floats(1, 8, 8), r2=floats(1, 8, 2), b2=floats(1, 16),
    axis=ints(1), last=np.array(-1), w=floats(3, 2), b=floats(3))
# Films: the frames of each example, one behind the other along the batch, as images.
run("frames", ["b", 3, 2, 7, 6], [
    ("Reshape", "x s", "f", {}), ("Conv", "f w b", "c", {"pads": [1, 0, 1, 1], "strides": [2, 1]}), ("BatchNormalization", "c o b o v", "n", {}),
    ("MaxPool", "n", "m", {"kernel_shape": [2, 2]}), ("AveragePool", "m", "a", {"kernel_shape": [2, 2], "pads": [0, 1, 0, 1], "count_include_pad": 1}),
    ("ConvTranspose", "a k", "t", {"strides": [2, 1], "pads": [0, 1, 0, 0]}), ("Relu", "t", "r", {}), ("GlobalAveragePool", "r", "g", {}),
    ("Reshape", "g e", "h", {}), ("MatMul", "h p", "y", {})],
    s=ints(-1, 2, 7, 6), w=floats(4, 2, 3, 2), b=floats(4), o=floats(4), v=abs(floats(4)), k=floats(4, 5, 2, 3), e=ints(-1, 3, 5), p=floats(5, 2))
run("filled", ["b", 4, 3], [  # A state of each example, as exporters of recurrent layers write it.
    ("Shape", "x", "s", {}), ("Gather", "s first", "n", {"axis": 0}), ("Concat", "four n", "e", {"axis": 0}),
    ("ConstantOfShape", "e", "h", {"value": numpy_helper.from_array(floats(1))}), ("Transpose", "h", "t", {"perm": [1, 0]}),
    ("MatMul", "x w", "p", {}), ("Squeeze", "p axis", "q", {}), ("Add", "q t", "y", {})],
    first=ints(0), four=ints(4), w=floats(3, 1), axis=ints(2))
run("RNNtied", ["b", 4, 3], [
    ("Transpose", "x", "t", {"perm": [1, 0, 2]}), ("RNN", "t w r b", "o", {"hidden_size": 3}), ("Squeeze", "o axis", "u", {}),
    ("RNN", "u w r b", "p", {"hidden_size": 3}), ("Transpose", "p", "y", {"perm": [2, 0, 1, 3]})],
    w=floats(1, 3, 3), r=floats(1, 3, 3), b=floats(1, 6), axis=ints(1))


def answer(model):
    """Inputs and outputs of a model; None if it has not one of each, of real numbers or an input of integers."""
    if len(model.graph.input) != 1 or len(model.graph.output) != 1:
        return None
    given = model.graph.input[0].type.tensor_type
    extents = [dimension.dim_value or EXAMPLES for dimension in given.shape.dim]
    generator = np.random.default_rng(1)
    if given.elem_type == TensorProto.FLOAT:
        inputs = generator.uniform(-1, 1, extents).astype(np.float32)
    elif given.elem_type == TensorProto.INT64:
        inputs = generator.integers(-3, 3, extents, endpoint=True)
    else:
        return None
    options = onnxruntime.SessionOptions()
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
    options.log_severity_level = 4
    try:
        session = onnxruntime.InferenceSession(model.SerializeToString(), options, providers=["CPUExecutionProvider"])
        outputs = np.asarray(session.run(None, {model.graph.input[0].name: inputs})[0])
    except Exception:  # Whatever it is, there is nothing to compare with.
        return None
    if outputs.dtype != np.float32 or not np.isfinite(outputs).all():
        return None
    return {"inputs": inputs.ravel().tolist(), "outputs": outputs.ravel().tolist()}


if __name__ == "__main__":
    folder = pathlib.Path(sys.argv[1])
    expected = {name: answer(model) for name, model in CASES.items()}
    expected = {name: found for name, found in expected.items() if found}
    for name in expected:
        (folder / f"{name}.onnx").write_bytes(CASES[name].SerializeToString())
    (folder / "expected.json").write_text(json.dumps(expected))
