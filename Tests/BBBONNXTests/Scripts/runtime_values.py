"""Prints what ONNX Runtime computes of a model for three examples: shapes, and elements of small values.

    python3 runtime_values.py MODEL.onnx

Output: JSON, {"values": {name: {"shape": [...], "elements": [...]}}}, elements only where there are at most 4096;
numbers that are not finite are null.
"""

import json
import sys

import numpy
import onnx
import onnxruntime

EXAMPLES = 3


def described(array):
    value = {"shape": list(array.shape)}
    if array.size <= 4096:
        value["elements"] = [
            float(element) if numpy.isfinite(element) else None for element in array.ravel()]
    return value


def runtime_values(model):
    feeds = {}
    for graph_input in model.graph.input:
        shape = graph_input.type.tensor_type.shape
        extents = [dimension.dim_value or EXAMPLES for dimension in shape.dim]
        dtype = onnx.helper.tensor_dtype_to_np_dtype(graph_input.type.tensor_type.elem_type)
        array = numpy.random.default_rng(1).uniform(-1, 1, extents)
        feeds[graph_input.name] = array.astype(dtype)
    names = [name for node in model.graph.node for name in node.output if name]
    given = {output.name for output in model.graph.output}
    for name in names:
        if name not in given:
            model.graph.output.append(onnx.ValueInfoProto(name=name))
    options = onnxruntime.SessionOptions()
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
    options.log_severity_level = 4
    session = onnxruntime.InferenceSession(
        model.SerializeToString(), options, providers=["CPUExecutionProvider"])
    arrays = session.run(None, feeds)
    return {
        output.name: described(numpy.asarray(array))
        for output, array in zip(session.get_outputs(), arrays)
    }


if __name__ == "__main__":
    json.dump({"values": runtime_values(onnx.load(sys.argv[1]))}, sys.stdout)
