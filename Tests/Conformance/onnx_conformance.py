"""Runs what the onnx package tests of each operator, or models of a folder, through the program.

    python3 Tests/Conformance/onnx_conformance.py PROGRAM -o docs/onnx-conformance.md
    python3 Tests/Conformance/onnx_conformance.py PROGRAM --only '^test_conv' --verbose
    python3 Tests/Conformance/onnx_conformance.py PROGRAM --models FOLDER --dim height=320 --dim width=320

Needs onnx and numpy, for models onnxruntime, too. Ends with 1 if an output is wrong.
"""

import argparse
import collections
import concurrent.futures
import os
import re
import subprocess
import sys
import tempfile
import warnings

import numpy
import onnx
from onnx import helper, numpy_helper

NEWEST, OLDEST = 23, 11
ATOL, RTOL = 1e-5, 1e-3

# What is no feed-forward network of real numbers, whatever its form.
OUT_OF_SCOPE = {
    "training": "Adagrad Adam Gradient Momentum",
    "texts": "LabelEncoder RegexFullMatch StringConcat StringNormalizer StringSplit TfIdfVectorizer ImageDecoder",
    "sequences and optional values": "ConcatFromSequence Optional OptionalGetElement OptionalHasElement ReverseSequence "
    "SequenceAt SequenceConstruct SequenceEmpty SequenceErase SequenceInsert SequenceLength SequenceMap SplitToSequence",
    "quantised numbers": "ConvInteger DequantizeLinear DynamicQuantizeLinear MatMulInteger QLinearConv QLinearMatMul "
    "QuantizeLinear",
    "control flow": "If Loop Scan",
    "random numbers": "Bernoulli Multinomial RandomNormal RandomNormalLike RandomUniform RandomUniformLike Dropout-training",
    "shapes that depend on the numbers": "Compress NonMaxSuppression NonZero Unique",
    "bits and complex numbers": "BitCast BitShift BitwiseAnd BitwiseNot BitwiseOr BitwiseXor DFT STFT",
    "losses": "NegativeLogLikelihoodLoss SoftmaxCrossEntropyLoss",
    "classical models": "ArrayFeatureExtractor Binarizer TreeEnsemble",
}
REASONS = {name: reason for reason, names in OUT_OF_SCOPE.items() for name in names.split()}


def operators(model):
    """The operators of a model, those of its functions' bodies among them."""
    return [node.op_type for node in model.graph.node]


def scope_obstacle(model, arrays):
    """Why a test is out of scope; None if it is not."""
    for domain in (o.domain for o in model.opset_import):
        if domain not in ("", "ai.onnx"):
            return "training" if "training" in domain else f"the domain {domain}"
    for name in operators(model):
        if name in REASONS:
            return REASONS[name]
    for value in list(model.graph.input) + list(model.graph.output):
        if value.type.WhichOneof("value") != "tensor_type":
            return REASONS["SequenceAt"]
    for array in arrays:
        if not isinstance(array, numpy.ndarray):
            return REASONS["SequenceAt"]
        if array.dtype.kind in "OUS":
            return "texts"
        if array.dtype.kind == "c":
            return "bits and complex numbers"
        if array.dtype.kind not in "fiub":
            return f"elements of {array.dtype}"
    kinds = {v.type.tensor_type.elem_type for v in list(model.graph.input) + list(model.graph.output)}
    named = {1: 0, 2: 0, 3: 0, 4: 0, 5: 0, 6: 0, 7: 0, 9: 0, 10: 0, 11: 0, 12: 0, 13: 0, 16: 0}
    for kind in sorted(kinds - set(named)):
        return f"elements of {onnx.TensorProto.DataType.Name(kind).lower()}"
    return None


def in_version(model):
    """The model with a version of the operators that is read, where its nodes mean the same there."""
    copy = onnx.ModelProto()
    copy.CopyFrom(model)
    copy.ir_version = min(max(copy.ir_version, 4), 10)
    for opset in copy.opset_import:
        if opset.domain in ("", "ai.onnx"):
            opset.version = min(max(opset.version, OLDEST), NEWEST)
    return copy


def with_constants(model, arrays):
    """The model with all inputs but the first as initializers, as networks have kernels and shapes."""
    copy = onnx.ModelProto()
    copy.CopyFrom(model)
    names = [value.name for value in copy.graph.input]
    for name, array in list(zip(names, arrays))[1:]:
        copy.graph.initializer.append(numpy_helper.from_array(array, name))
    first = copy.graph.input[0]
    del copy.graph.input[:]
    copy.graph.input.append(first)
    return copy


class Program:
    """The program, and what it makes of a model."""

    def __init__(self, path):
        self.path = path

    def run(self, model, inputs, outputs, options, folder):
        """The outputs by name, or the sentence why not."""
        path = os.path.join(folder, "model.onnx")
        if not isinstance(model, str):
            onnx.save(model, path)
        else:
            path = model
        command = [self.path, "predict", path, "--raw", *options]
        for number, (name, array) in enumerate(inputs):
            file = os.path.join(folder, f"in{number}.npy")
            numpy.save(file, array)
            command += ["--input", f"{name}={file}"]
        files = {}
        for number, name in enumerate(outputs):
            files[name] = os.path.join(folder, f"out{number}.npy")
            command += ["-o", f"{name}={files[name]}"]
        done = subprocess.run(command, capture_output=True, text=True, errors="replace")
        if done.returncode < 0 or done.returncode > 128:
            raise SystemExit(f"crashed ({done.returncode}): {' '.join(command)}\n{done.stderr}")
        if done.returncode:
            return None, done.stderr.strip().splitlines()[-1] if done.stderr.strip() else "?"
        return {name: numpy.load(file) for name, file in files.items()}, ""


def difference(found, expected, rtol, atol):
    """What differs; empty if nothing does."""
    expected = expected.astype("f8")
    if found.shape != expected.shape:
        return f"shape {found.shape} instead of {expected.shape}"
    if numpy.allclose(found, expected, rtol=rtol, atol=atol, equal_nan=True):
        return ""
    return f"differs by {numpy.nanmax(numpy.abs(found - expected)):.3g}"


Result = collections.namedtuple("Result", "name operator outcome text")


def run_test(program, case):
    """What becomes of one of the package's tests."""
    model = case.model
    sets = case.data_sets
    operator = operators(model)[0] if len(model.graph.node) else "none"
    arrays = [a for inputs, outputs in sets for a in list(inputs) + list(outputs)]
    arrays = [numpy_helper.to_array(a) if isinstance(a, onnx.TensorProto) else a for a in arrays]
    reason = scope_obstacle(model, [numpy.asarray(a) if numpy.isscalar(a) else a for a in arrays])
    if reason:
        return Result(case.name, operator, "out of scope", reason)
    model = in_version(model)
    rtol, atol = max(case.rtol or 0, RTOL), max(case.atol or 0, ATOL)
    outputs = [value.name for value in model.graph.output]
    if "" in outputs or not model.graph.input:
        return Result(case.name, operator, "out of scope", "no inputs, or an output without a name")
    refusals, wrong, passed = [], [], []
    with tempfile.TemporaryDirectory() as folder:
        for inputs, expected in sets:
            values = [numpy.asarray(to_array(a)) for a in inputs]
            answers = [numpy.asarray(to_array(a)) for a in expected]
            names = [value.name for value in model.graph.input]
            forms = [(model, list(zip(names, values)), "as it is")]
            if len(names) > 1:
                forms.append((with_constants(model, values), [(names[0], values[0])], "constants"))
            done = False
            for form, given, form_name in forms:
                for options in [], ["--no-batch"]:
                    found, text = program.run(form, given, outputs, options, folder)
                    if found is None:
                        refusals.append((" ".join([form_name] + options), text))
                        continue
                    differences = [
                        difference(found[n], a, rtol, atol) for n, a in zip(outputs, answers)
                    ]
                    if any(differences):
                        wrong.append(" ".join([form_name] + options + [str(differences)]))
                    done = True
                if done:
                    break
            passed.append(done)
    if wrong:
        return Result(case.name, operator, "wrong", "; ".join(wrong))
    if all(passed) and passed:
        return Result(case.name, operator, "passed", "")
    # The form that comes nearest to a network's tells most.
    return Result(case.name, operator, "refused", refusals[-2][1] + " | " + refusals[-1][1])


def to_array(value):
    return numpy_helper.to_array(value) if isinstance(value, onnx.TensorProto) else value


def sentence(text):
    """A refusal without the file, and without what is a test's own."""
    text = text.split(" | ")[0]
    text = re.sub(r"^error: (\S*model\.onnx: )?", "", text)
    text = re.sub(r"\S*/in\d+\.npy, array \S+ ", "an input: ", text)
    text = re.sub(r'node "[^"]*" ', "node ", text)
    text = re.sub(r"node of \S+ ", "node ", text)
    return re.sub(r"\(making [^)]*\) ", "", text).split("; ")[0]


def table(results):
    """The page of all results."""
    count = collections.Counter(r.outcome for r in results)
    lines = [
        "# ONNX conformance",
        "",
        f"What the program makes of the {len(results)} node tests of the `onnx` package {onnx.__version__}: "
        f"{count['passed']} pass, {count['refused']} are refused with a sentence, {count['wrong']} are wrong, "
        f"{count['out of scope']} are out of scope. Written by",
        "",
        "    python3 Tests/Conformance/onnx_conformance.py PROGRAM -o docs/onnx-conformance.md",
        "",
        "Each test is one model, run by `predict --raw` as it is, and with all inputs but the first as constants, as networks have "
        "kernels; with a batch and with `--no-batch`. A test passes where one of these gives the expected outputs, and none gives "
        f"others (rtol {RTOL:g}, atol {ATOL:g}, or the test's own). Versions of the operators above {NEWEST} are "
        f"read as {NEWEST}.",
        "",
        "| operator | tests | passed | refused | why |",
        "|---|---|---|---|---|",
    ]
    by_operator = collections.defaultdict(list)
    for result in results:
        if result.outcome != "out of scope":
            by_operator[result.operator].append(result)
    for operator, own in sorted(by_operator.items()):
        kinds = collections.Counter(r.outcome for r in own)
        reasons = collections.Counter(sentence(r.text) for r in own if r.outcome == "refused")
        texts = [f"{reason} ({n})" if n > 1 else reason for reason, n in reasons.most_common(3)]
        if kinds["wrong"]:
            texts.insert(0, f"**{kinds['wrong']} wrong**")
        why = "; ".join(texts).replace("|", "\\|").replace("\n", " ")
        lines.append(f"| {operator} | {len(own)} | {kinds['passed']} | {kinds['refused']} | {why} |")
    lines += ["", "Out of scope:", "", "| what | tests | operators |", "|---|---|---|"]
    reasons = collections.defaultdict(list)
    for result in results:
        if result.outcome == "out of scope":
            reasons[result.text].append(result.operator)
    for reason, own in sorted(reasons.items()):
        lines.append(f"| {reason} | {len(own)} | {', '.join(sorted(set(own)))} |")
    return "\n".join(lines) + "\n"


def run_nodes(program, only, jobs, verbose):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from onnx.backend.test.loader import load_model_tests

        cases = load_model_tests(kind="node")
    # Bodies of functions are tests of the operators that they are made of, and come a second time.
    cases = [c for c in cases if not c.name.endswith("_expanded") and re.search(only, c.name)]
    results = []
    with concurrent.futures.ThreadPoolExecutor(jobs) as pool:
        for result in pool.map(lambda case: run_test(program, case), cases):
            if verbose and result.outcome not in ("passed", "out of scope"):
                print(*result, sep="\t", flush=True)
            results.append(result)
    return results


def run_model(program, path, dims, values):
    """A model against ONNX Runtime on random inputs."""
    import onnxruntime

    generator = numpy.random.default_rng(0)
    session = onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])
    feeds, options, inputs = {}, [], []
    types = {"tensor(float)": "f4", "tensor(float16)": "f2", "tensor(double)": "f8", "tensor(int64)": "i8",
             "tensor(int32)": "i4", "tensor(uint8)": "u1", "tensor(bool)": "?"}
    for value in session.get_inputs():
        kind = numpy.dtype(types[value.type])
        if value.name in values:
            shape = [e if isinstance(e, int) else 1 for e in value.shape]
            feeds[value.name] = numpy.full(shape, values[value.name], kind)
            options += ["--input-value", f"{value.name}={values[value.name]}"]
            continue
        shape = []
        for axis, extent in enumerate(value.shape):
            if isinstance(extent, int) and extent >= 0:
                shape.append(extent)
            else:
                name = extent if isinstance(extent, str) else f"{value.name}.{axis}"
                shape.append(dims.get(name, dims.get(f"{value.name}.{axis}", 2 if axis == 0 else 64)))
        if any(not isinstance(e, int) or e < 0 for e in value.shape):
            options += ["--input-shape", f"{value.name}={'x'.join(map(str, shape))}"]
        if kind.kind == "f":
            array = generator.normal(size=shape).astype(kind)
        else:
            array = generator.integers(0, 2 if kind.kind == "b" else 100, shape).astype(kind)
        feeds[value.name] = array
        inputs.append((value.name, array))
    names = [value.name for value in session.get_outputs()]
    expected = session.run(None, feeds)
    refusal = ""
    with tempfile.TemporaryDirectory() as folder:
        for more in [], ["--no-batch"]:
            found, text = program.run(path, inputs, names, options + more, folder)
            if found is None:
                refusal = refusal or text
                continue
            worst = 0.0
            for name, answer in zip(names, expected):
                answer = answer.astype("f8")
                if found[name].shape != answer.shape:
                    return Result(path, " ".join(more), "wrong", f"{name}: {found[name].shape} for {answer.shape}")
                # A single number has no range.
                scale = max(numpy.ptp(answer) or numpy.max(numpy.abs(answer)), 1e-6) if answer.size else 1
                worst = max(worst, float(numpy.max(numpy.abs(found[name] - answer), initial=0) / scale))
            return Result(path, " ".join(more), "passed" if worst < 1e-4 else "wrong", f"{worst:.2g} of the range")
    return Result(path, "", "refused", refusal)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("program", help="the built bbbprune")
    parser.add_argument("-o", "--output", help="write the table as Markdown")
    parser.add_argument("--only", default="", help="tests, or models, whose name this regular expression finds")
    parser.add_argument("--models", help="run the models of a folder against ONNX Runtime instead")
    parser.add_argument("--dim", action="append", default=[], help="NAME=NUMBER of a free extent; NAME or INPUT.AXIS")
    parser.add_argument("--value", action="append", default=[], help="NAME=NUMBER of an input that is a constant")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--verbose", action="store_true", help="tell of every test that does not pass")
    arguments = parser.parse_args()
    program = Program(os.path.abspath(arguments.program))
    if arguments.models:
        dims = {name: int(number) for name, number in (d.rsplit("=", 1) for d in arguments.dim)}
        values = {name: int(number) for name, number in (v.rsplit("=", 1) for v in arguments.value)}
        paths = [os.path.join(folder, file) for folder, _, files in os.walk(arguments.models) for file in files]
        results = []
        for path in sorted(p for p in paths if p.endswith(".onnx") and re.search(arguments.only, p)):
            try:
                results.append(run_model(program, path, dims, values))
            except Exception as error:
                results.append(Result(path, "", "not run", str(error).splitlines()[0]))
            print(*results[-1], sep="\t", flush=True)
    else:
        results = run_nodes(program, arguments.only, arguments.jobs, arguments.verbose)
        if arguments.output:
            with open(arguments.output, "w", encoding="utf-8") as file:
                file.write(table(results))
    print(dict(collections.Counter(r.outcome for r in results)))
    sys.exit(any(r.outcome == "wrong" for r in results))


if __name__ == "__main__":
    main()
