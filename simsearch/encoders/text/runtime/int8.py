"""A transformer in bytes: weights and what they are multiplied with, as int8, by OpenVINO alone.

Every product of a layer's input with its weights is computed in int8. Weights have a scale for each
output; an input has one for the whole layer, found on texts of the corpus. Inputs have a few
features much larger than the others, which would take the whole range: they are divided before and
the weights multiplied by as much, which changes no product (SmoothQuant, Xiao et al. 2023,
arXiv:2211.10438, equation 4).
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

import numpy as np

from simsearch.encoders.text.runtime.engines import openvino
from simsearch.encoders.text.runtime.export import MASK, TOKENS
from simsearch.threads import threads

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    import numpy.typing as npt

    from simsearch.encoders.text.runtime.tokens import TokenBatch

    Floats = npt.NDArray[np.float32]
    # A value of a graph: the name of the node that it comes out of, and which of its outputs.
    Value = tuple[str, int]
    Range = tuple[Floats, Floats]

__all__ = ["write_int8"]

# How much of the unevenness of inputs goes into the weights; .8 and .95 did about as well on
# MiniLM, .5 worse than none.
_SMOOTHING = 0.95
# Steps of an input, and of a weight, which is as far below zero as above.
_INPUT_STEPS, _WEIGHT_STEPS = 256, 255
_LEAST = 1e-5


def write_int8(graph: Path, samples: Iterable[TokenBatch], path: Path) -> None:
    """Write a graph of which the layers are computed in int8.

    Args:
        graph: ONNX, float32.
        samples: texts such as it will see. Padding in them counts as a text's.
        path: OpenVINO's `.xml`; the weights lie beside it in a `.bin`.

    Raises:
        Exception: of OpenVINO, of a graph that it cannot read.
    """
    package = openvino()
    core = package.Core()
    model = core.read_model(str(graph))
    layers = _layers(model)
    ranges = _ranges(core, core.read_model(str(graph)), list(layers), samples)
    for value, products in layers.items():
        _quantise(products, ranges[value])
    model.validate_nodes_and_infer_types()
    package.save_model(model, str(path), compress_to_fp16=False)


def _layers(model: Any) -> dict[Value, list[Any]]:
    """By input, the products with weights that take it."""
    found: dict[Value, list[Any]] = defaultdict(list)
    for node in model.get_ordered_ops():
        if node.get_type_name() != "MatMul" or node.get_attributes()["transpose_a"]:
            continue
        source, weights = node.input_value(0), node.input_value(1).get_node()
        known = source.get_partial_shape().rank.is_static
        if known and weights.get_type_name() == "Constant" and len(weights.shape) == 2:
            found[source.get_node().get_friendly_name(), source.get_index()].append(node)
    return found


def _ranges(
    core: Any, model: Any, values: list[Value], samples: Iterable[TokenBatch]
) -> Mapping[Value, Range]:
    """The least and the largest of each feature of some values, over all tokens of texts."""
    from openvino import opset13 as ops

    nodes = {node.get_friendly_name(): node for node in model.get_ordered_ops()}
    extremes = []
    for name, place in values:
        value = nodes[name].output(place)
        others = np.arange(value.get_partial_shape().rank.get_length() - 1)
        extremes += [ops.reduce_min(value, others), ops.reduce_max(value, others)]
    model.add_outputs([each.output(0) for each in extremes])
    options = {"INFERENCE_PRECISION_HINT": "f32", "INFERENCE_NUM_THREADS": threads()}
    request = core.compile_model(model, "CPU", options).create_infer_request()
    lows: dict[Value, list[Floats]] = defaultdict(list)
    highs: dict[Value, list[Floats]] = defaultdict(list)
    for batch in samples:
        found = request.infer({TOKENS: batch.tokens, MASK: batch.mask})
        for row, value in enumerate(values):  # the embedding comes first
            lows[value].append(np.array(found[2 * row + 1]))
            highs[value].append(np.array(found[2 * row + 2]))
    return {value: (np.min(lows[value], 0), np.max(highs[value], 0)) for value in values}


def _quantise(products: list[Any], seen: Range) -> None:
    """Put the products of one input in int8."""
    from openvino import opset13 as ops

    weights = [_weights(each) for each in products]
    scale = _smoothing(seen, weights)
    low, high = _steps(float((seen[0] / scale).min()), float((seen[1] / scale).max()))
    smooth = ops.multiply(products[0].input_value(0), ops.constant(1 / scale))
    ends = ops.constant(low), ops.constant(high)
    given = ops.fake_quantize(smooth, *ends, *ends, _INPUT_STEPS)
    for product, each in zip(products, weights, strict=True):
        scaled = each * scale[:, None]
        most = np.maximum(np.abs(scaled).max(axis=0, keepdims=True), _LEAST)
        ends = ops.constant(-most), ops.constant(most)
        in_bytes = ops.fake_quantize(ops.constant(scaled), *ends, *ends, _WEIGHT_STEPS)
        product.output(0).replace(ops.matmul(given, in_bytes, False, False).output(0))


def _weights(product: Any) -> Floats:
    """float32 (features in, features out)."""
    found: Floats = product.input_value(1).get_node().get_data().astype(np.float32)
    return found.T.copy() if product.get_attributes()["transpose_b"] else found


def _smoothing(seen: Range, weights: list[Floats]) -> Floats:
    """By how much each feature is divided."""
    inputs = np.maximum(np.maximum(np.abs(seen[0]), np.abs(seen[1])), _LEAST)
    largest = np.maximum(np.max([np.abs(each).max(axis=1) for each in weights], axis=0), _LEAST)
    logarithm = _SMOOTHING * np.log(inputs) - (1 - _SMOOTHING) * np.log(largest)
    scale: Floats = np.exp(logarithm - logarithm.mean()).astype(np.float32)
    return scale


def _steps(low: float, high: float) -> tuple[np.float32, np.float32]:
    """The ends of a range, moved a little so that zero is a step of it."""
    low, high = min(low, 0.0), max(high, 0.0)
    step = max(high - low, _LEAST) / (_INPUT_STEPS - 1)
    below = round(-low / step)
    return np.float32(-below * step), np.float32((_INPUT_STEPS - 1 - below) * step)
