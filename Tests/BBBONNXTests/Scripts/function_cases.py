"""Networks of functions, comparisons, reductions, normalisations and products, which must run; lowering_cases.py writes them."""

import numpy as np

from operator_cases import IMAGE, chain, floats, ints

TOKENS = ["b", 6, 8]
number = np.float32


def run(name, nodes, shape=TOKENS, opset=17, **constants):
    chain(f"run{name}", {"x": shape}, nodes, constants, opset=opset)


def truth(name, nodes, shape=TOKENS, opset=17, **constants):
    """Nodes that make truth values or integers t."""
    run(name, nodes + [("Cast", "t", "y", {"to": 1})], shape, opset, **constants)


def bools(*shape):
    return floats(*shape) > 0


# Of one value.
for op in ["Erf", "Abs", "Sign", "Floor", "Ceil", "Round", "Sin", "Cos", "Exp"]:
    run(f"{op}wide", [("Mul", "x k", "z", {}), (op, "z", "y", {})], k=number(4))
run("round", [("Mul", "x k", "z", {}), ("Ceil", "z", "c", {}), ("Div", "c two", "h", {}), ("Round", "h", "y", {})], k=number(9), two=number(2))
run("logroot", [("Sigmoid", "x", "s", {}), ("Log", "s", "l", {}), ("Sqrt", "s", "r", {}), ("Add", "l r", "y", {})])
for op, attributes in [("Elu", {"alpha": 0.5}), ("Elu", {"alpha": -2.0}), ("Selu", {"alpha": 1.0}), ("Selu", {"gamma": 0.7}), ("Celu", {}),
                       ("Celu", {"alpha": 0.3}), ("ThresholdedRelu", {}), ("ThresholdedRelu", {"alpha": -0.2}), ("Shrink", {}),
                       ("Shrink", {"lambd": 0.3, "bias": 0.2}), ("LeakyRelu", {"alpha": -0.4})]:
    run(op + "".join(f"{key}{value}" for key, value in attributes.items()), [("Mul", "x k", "z", {}), (op, "z", "y", attributes)], k=number(3))
run("quickgelu", [("Mul", "x k", "z", {}), ("Sigmoid", "z", "s", {}), ("Mul", "x s", "y", {})], k=number(1.702))
run("tanhgelu", [("Pow", "x three", "c", {}), ("Mul", "c a", "d", {}), ("Add", "x d", "e", {}), ("Mul", "e b", "f", {}), ("Tanh", "f", "t", {}),
                 ("Add", "t one", "u", {}), ("Mul", "x u", "v", {}), ("Mul", "v half", "y", {})],
    three=number(3), a=number(0.044715), b=number(0.7978845608), one=number(1), half=number(0.5))
run("oldmish", [("Exp", "x", "e", {}), ("Add", "e one", "f", {}), ("Log", "f", "l", {}), ("Tanh", "l", "t", {}), ("Mul", "x t", "y", {})], one=number(1))
run("oldhardswish", [("Add", "x three", "a", {}), ("Clip", "a low high", "c", {}), ("Div", "c high", "d", {}), ("Mul", "x d", "y", {})],
    three=number(3), low=number(0), high=number(6))
run("preluscomputed", [("Tanh", "x", "t", {}), ("PRelu", "x t", "y", {})])
run("clippedbelow", [("Clip", "x  h", "y", {})], h=number(0.25))

# Powers.
for exponent in [0, 0.5, -0.5, 1.7, -3, 4]:
    run(f"power{exponent}", [("Sigmoid", "x", "s", {}), ("Pow", "s e", "y", {})], e=number(exponent))
run("powers", [("Sigmoid", "x", "s", {}), ("Pow", "s e", "y", {})], e=floats(8))
run("powercomputed", [("Sigmoid", "x", "s", {}), ("Pow", "s x", "y", {})])
run("powerofconstant", [("Pow", "two x", "y", {})], two=number(2))
run("powerofnegative", [("Pow", "x e", "y", {})], e=number(5))

# Comparisons, and what they decide.
for op in ["Equal", "Less", "Greater", "LessOrEqual", "GreaterOrEqual"]:
    rounded = [("Mul", "x three", "z", {}), ("Round", "z", "r", {})]
    truth(f"{op}one", rounded + [(op, "r k", "t", {})], three=number(3), k=number(1))
    truth(f"{op}first", rounded + [(op, "k r", "t", {})], three=number(3), k=np.array([-1, 0, 1, 2, -2, 0, 1, 0], np.float32))
    truth(f"{op}both", rounded + [("Abs", "r", "a", {}), (op, "r a", "t", {})], three=number(3))
for op in ["And", "Or", "Xor"]:
    truth(op, [("Less", "x k", "p", {}), ("Greater", "x l", "q", {}), (op, "p q", "t", {})], k=number(0.3), l=floats(8))
    truth(f"{op}constant", [("Less", "x k", "p", {}), (op, "p c", "t", {})], k=number(0.3), c=bools(6, 1))
truth("not", [("Less", "x k", "p", {}), ("Not", "p", "t", {})], k=number(0.3))
run("where", [("Less", "x k", "c", {}), ("Tanh", "x", "t", {}), ("Where", "c t x", "y", {})], k=number(0.1))
run("whereguard", [("Greater", "x k", "c", {}), ("Log", "x", "l", {}), ("Where", "c l z", "y", {})], k=number(0.1), z=number(0))
run("whereconstant", [("Where", "c x k", "y", {})], c=bools(6, 8), k=floats(8))
run("wherebroadcast", [("Where", "c k x", "y", {})], c=bools(6, 1), k=number(-3))
run("wherescalars", [("Less", "x k", "c", {}), ("Where", "c one two", "y", {})], k=number(0.1), one=number(1), two=floats(8))
run("whereproduct", [("MatMul", "x w", "m", {}), ("Where", "c m k", "y", {})], w=floats(8, 5), c=bools(6, 5), k=number(0))
TRIANGLE = np.tril(np.ones((6, 6), bool))
for name, minimum in [("infinite", -np.inf), ("least", np.finfo(np.float32).min), ("large", -1e9)]:
    scores = [("Transpose", "x", "k", {"perm": [0, 2, 1]}), ("MatMul", "x k", "s", {})]
    run(f"mask{name}", scores + [("Add", "s m", "a", {}), ("Softmax", "a", "p", {}), ("MatMul", "p x", "y", {})],
        m=np.where(TRIANGLE, 0, minimum).astype(np.float32))
    run(f"maskwhere{name}", scores + [("Where", "c s m", "a", {}), ("Softmax", "a", "p", {}), ("MatMul", "p x", "y", {})],
        c=TRIANGLE, m=number(minimum))
    run(f"maskfill{name}", scores + [("Where", "c m s", "a", {}), ("Softmax", "a", "p", {}), ("MatMul", "p x", "y", {})],
        c=~TRIANGLE, m=number(minimum))
    run(f"maskunits{name}", [("MatMul", "x w", "s", {}), ("Add", "s m", "a", {}), ("Softmax", "a", "y", {})],
        w=floats(8, 5), m=np.array([0, minimum, 0, 0, minimum], np.float32))

# Types.
truth("castint", [("Mul", "x k", "z", {}), ("Cast", "z", "t", {"to": 7})], k=number(7))
truth("castbool", [("Relu", "x", "z", {}), ("Cast", "z", "t", {"to": 9})])
truth("castlike", [("Mul", "x k", "z", {}), ("CastLike", "z i", "t", {})], k=number(7), i=ints(1))
truth("integers", [("Mul", "x k", "z", {}), ("Cast", "z", "i", {"to": 7}), ("Div", "i d", "q", {}), ("Mul", "q e", "r", {}), ("Sub", "i r", "s", {}),
                   ("Neg", "s", "t", {})], k=number(50), d=ints(7), e=ints(7))
truth("integersums", [("Mul", "x k", "z", {}), ("Cast", "z", "i", {"to": 6}), ("ReduceSum", "i a", "t", {"keepdims": 0})], k=number(50), a=ints(1))
truth("narrow", [("Less", "x k", "c", {}), ("Cast", "c", "i", {"to": 6}), ("Cast", "i", "t", {"to": 7})], k=number(0))

# Several.
run("meanofseveral", [("Tanh", "x", "t", {}), ("Mean", "x t k", "y", {})], k=floats(6, 8))
run("constantfirst", [("Max", "k x", "m", {}), ("Min", "l m", "y", {})], k=floats(8), l=number(0.5))

# Reductions.
OLD = ["ReduceMax", "ReduceMin", "ReduceMean", "ReduceProd", "ReduceL1", "ReduceL2", "ReduceLogSum", "ReduceLogSumExp", "ReduceSumSquare"]
for op in OLD + ["ReduceSum"]:
    positive = [("Sigmoid", "x", "p", {})] if op == "ReduceLogSum" else [("Mul", "x one", "p", {})]
    for axes, keep in [([1], 0), ([-1], 1), ([2, 3], 0), ([1, 2, 3], 1), ([3, 1], 1)]:
        name = f"{op}{''.join(map(str, axes))}{keep}"
        run(f"{name}new", positive + [(op, "p a", "y", {"keepdims": keep})], IMAGE, opset=20, a=ints(*axes), one=number(1))
        if op != "ReduceSum":
            run(f"{name}old", positive + [(op, "p", "y", {"keepdims": keep, "axes": axes})], IMAGE, one=number(1))
    run(f"{op}nothing", positive + [(op, "p e", "y", {"noop_with_empty_axes": 1})] if op == "ReduceSum" else positive + [("Relu", "p", "y", {})],
        opset=20, e=np.zeros(0, np.int64), one=number(1))
run("logsumexpfar", [("Mul", "x k", "z", {}), ("ReduceLogSumExp", "z", "y", {"axes": [2]})], k=number(300))

# Softmax anywhere.
for op in ["Softmax", "LogSoftmax"]:
    for axis in [1, 2, 3, -2]:
        run(f"{op}{axis}", [(op, "x", "s", {"axis": axis}), ("Tanh", "s", "y", {})], IMAGE)
        run(f"{op}{axis}old", [(op, "x", "s", {"axis": axis}), ("Tanh", "s", "y", {})], IMAGE, opset=11)
    run(f"{op}tokens", [("MatMul", "x w", "m", {}), (op, "m", "y", {})], w=floats(8, 5))
run("logsoftmaxwide", [("Mul", "x k", "z", {}), ("LogSoftmax", "z", "s", {"axis": 1}), ("Mul", "s l", "y", {})], k=number(200), l=number(0.01))

# Normalisations.
run("rms", [("Pow", "x two", "q", {}), ("ReduceMean", "q", "m", {"axes": [-1]}), ("Add", "m e", "v", {}), ("Sqrt", "v", "r", {}), ("Reciprocal", "r", "i", {}),
            ("Mul", "x i", "n", {}), ("Mul", "n s", "y", {})], two=number(2), e=number(1e-5), s=floats(8))
run("rmsdivided", [("Mul", "x x", "q", {}), ("ReduceMean", "q", "m", {"axes": [-1]}), ("Add", "m e", "v", {}), ("Pow", "v h", "r", {}), ("Div", "x r", "n", {}),
                   ("Mul", "s n", "y", {})], h=number(0.5), e=number(1e-5), s=floats(8))
for axis in [-1, 1, 2, -2]:
    shape = (6, 8) if axis in (1, -2) else (8,)
    run(f"rmsnormalization{axis}", [("RMSNormalization", "x s", "y", {"axis": axis, "epsilon": 1e-3})], opset=23, s=floats(*shape))
    run(f"layernormalization{axis}", [("LayerNormalization", "x s b", "y", {"axis": axis})], s=floats(*shape), b=floats(*shape))
run("layernormalizationimage", [("LayerNormalization", "x s b", "y", {"axis": -3})], IMAGE, s=floats(4, 9, 8), b=floats(4, 9, 8))
for groups in [1, 2, 4]:
    for shape in [IMAGE, ["b", 4], ["b", 4, 5]]:
        if shape != ["b", 4] or groups < 4:
            run(f"groups{groups}{len(shape)}", [("GroupNormalization", "x s b", "y", {"num_groups": groups, "epsilon": 1e-2})], shape, opset=21,
                s=floats(4), b=floats(4))
run("meanvariance", [("MeanVarianceNormalization", "x", "y", {"axes": [2, 3]})], IMAGE)
run("meanvariancechannels", [("MeanVarianceNormalization", "x", "y", {"axes": [1, 3]})], IMAGE)
for axis in [1, 2, -1]:
    for p in [1, 2]:
        run(f"norm{axis}{p}", [("LpNormalization", "x", "y", {"axis": axis, "p": p})])
run("normzero", [("Relu", "x", "r", {}), ("Mul", "r z", "m", {}), ("LpNormalization", "m", "y", {})], z=np.eye(6, 8, dtype=np.float32)[:, :1])
run("batchnormtokens", [("BatchNormalization", "x s b m v", "n", {}), ("Relu", "n", "y", {})], s=floats(6), b=floats(6), m=floats(6), v=abs(floats(6)))

# Products.
run("batched", [("MatMul", "x w", "y", {})], ["b", 3, 6, 8], w=floats(3, 8, 5))
run("batchedfirst", [("MatMul", "w x", "y", {})], ["b", 3, 6, 8], w=floats(3, 5, 6))
run("batchedwide", [("MatMul", "x w", "y", {})], ["b", 1, 6, 8], w=floats(3, 8, 5))
run("batchedone", [("MatMul", "x w", "y", {})], ["b", 3, 6, 8], w=floats(1, 8, 5))
run("batchedhigher", [("MatMul", "x w", "y", {})], ["b", 3, 6, 8], w=floats(1, 1, 8, 5))
run("vectorfirst", [("MatMul", "v x", "y", {})], v=floats(6))
run("vectorbatched", [("MatMul", "x v", "y", {})], ["b", 3, 6, 8], v=floats(8))
run("outer", [("MatMul", "x w", "y", {})], ["b", 6, 1], w=floats(1, 5))
run("leading", [("Slice", "x s e a", "q", {}), ("Transpose", "q", "k", {"perm": [0, 1, 3, 2]}), ("MatMul", "x k", "y", {})], ["b", 3, 6, 8],
    s=ints(0), e=ints(1), a=ints(1))
run("gemmcomputed", [("MatMul", "x w", "m", {}), ("Relu", "x", "r", {}), ("MatMul", "r w", "c", {}), ("Gemm", "x w c", "y", {"alpha": 0.5, "beta": 2.0})],
    ["b", 5], w=floats(5, 3))
run("gemmturned", [("Transpose", "x", "t", {}), ("Gemm", "t w c", "y", {"transA": 1, "alpha": 0.5, "beta": 0.25})], ["b", 5], w=floats(5, 3), c=floats(3))
run("gemmturnedback", [("Transpose", "x", "t", {}), ("Gemm", "t w", "y", {"transA": 1, "transB": 1})], ["b", 5], w=floats(3, 5))
run("gemmfirst", [("Transpose", "x", "t", {}), ("Gemm", "w t", "g", {}), ("Transpose", "g", "y", {})], ["b", 5], w=floats(3, 5))

# Sums of products with indices.
for equation, shape, constants in [
    ("bij,jk->bik", TOKENS, [(8, 5)]), ("bij,kj->bki", TOKENS, [(5, 8)]), ("bij,ij->b", TOKENS, [(6, 8)]), ("bij,jik->bk", TOKENS, [(8, 6, 3)]),
    ("bij,jhd->bhid", TOKENS, [(8, 2, 3)]), ("bij,i->bij", TOKENS, [(6,)]), ("bij,ijk->bik", TOKENS, [(6, 8, 3)]), ("...j,jk", TOKENS, [(8, 3)]),
    ("jk,bij->bik", TOKENS, [(8, 5)]), ("bij,jk,kl->bil", TOKENS, [(8, 5), (5, 3)]), ("bij,k->bijk", TOKENS, [(3,)]),
    ("bhid,hde->bie", ["b", 2, 6, 4], [(2, 4, 5)]), ("bij->bji", TOKENS, []), ("bij->bj", TOKENS, []), ("bij->b", TOKENS, []), ("bij,jk->bk", TOKENS, [(8, 5)]),
]:
    names = "abc"[: len(constants)]
    run(f"einsum{equation.replace(',', '_').replace('->', '_to_').replace('.', 'e')}",
        [("Einsum", " ".join(["x", *names] if not equation.startswith("jk,") else [*names, "x"]), "y", {"equation": equation})], shape,
        **{name: floats(*extents) for name, extents in zip(names, constants)})
for equation in ["bid,bjd->bij", "bid,bie->bde", "bid,bid->bi", "bid,bid->b", "bid,bjd->bji"]:
    run(f"einsumboth{equation.replace(',', '_').replace('->', '_to_')}", [("Tanh", "x", "t", {}), ("Einsum", "x t", "y", {"equation": equation})])
run("einsumheads", [("Einsum", "x w", "q", {"equation": "bsd,dhe->bshe"}), ("Einsum", "q q", "s", {"equation": "bqhd,bkhd->bhqk"}), ("Softmax", "s", "p", {}),
                    ("Einsum", "p q", "o", {"equation": "bhqk,bkhd->bqhd"}), ("Einsum", "o v", "y", {"equation": "bqhd,hde->bqe"})],
    w=floats(8, 2, 4), v=floats(2, 4, 8))

# Attention.
TURNED = [("MatMul", "x w", "q", {}), ("MatMul", "x u", "k", {}), ("MatMul", "x v", "n", {})]
for heads, groups in [(2, 2), (4, 2), (4, 1)]:
    weights = {"w": floats(8, 4 * heads), "u": floats(8, 4 * groups), "v": floats(8, 3 * groups)}
    counts = {"q_num_heads": heads, "kv_num_heads": groups}
    for name, attributes, mask in [
        ("", {}, None), ("causal", {"is_causal": 1}, None), ("scaled", {"scale": 0.3, "softcap": 0.5}, None),
        ("added", {}, floats(6, 6)), ("chosen", {}, TRIANGLE), ("wide", {}, floats(1, heads, 6, 6)), ("infinite", {}, np.where(TRIANGLE, 0, -np.inf).astype(np.float32)),
    ]:
        run(f"attention{heads}{groups}{name}", TURNED + [("Attention", "q k n" + (" m" if mask is not None else ""), "y", counts | attributes)], opset=23,
            **weights, **({} if mask is None else {"m": mask}))
run("attentionfour", [("Tanh", "x", "k", {}), ("Sigmoid", "x", "n", {}), ("Attention", "x k n", "y", {})], ["b", 2, 6, 4], opset=23)
run("attentionfourgrouped", [("Slice", "x s e a", "k", {}), ("Sigmoid", "k", "n", {}), ("Attention", "x k n", "y", {"is_causal": 1})], ["b", 4, 6, 4],
    opset=23, s=ints(0), e=ints(2), a=ints(1))
run("attentioncomputedmask", [("Greater", "x z", "g", {}), ("Slice", "g s e a", "c", {}), ("Unsqueeze", "c o", "m", {}), ("Reshape", "x h", "r", {}),
                              ("Attention", "r r r m", "y", {})], opset=23,
    z=number(-2), s=ints(0), e=ints(6), a=ints(2), o=ints(1), h=ints(0, 2, 6, 4))
