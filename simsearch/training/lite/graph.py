"""The graph of the lite tower for onnxruntime: what is computed, without weights.

The weights stay in the folder of an encoder and are handed to the graph by their names, so that
one graph serves every encoder with that tower, whoever trained it.
"""

from __future__ import annotations

from math import prod
from typing import TYPE_CHECKING, Any

from simsearch.encoders.networks.lite_plan import PLAN, LiteLayer

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["graph"]

# What the runtimes of the last years understand.
_OPSET, _IR = 17, 9


def graph() -> bytes:
    """An ONNX model: uint8 `pictures` (n, height, width, 3) to float32 `features` (n, 1280).

    It is what `LiteNetwork` computes before its descriptor, with the names that the weights have
    there. Each weight is said to lie outside, and has to be given before it runs.
    """
    from onnx import TensorProto, helper

    made = _Graph()
    maps = made.node("Cast", "pictures", to=TensorProto.FLOAT)
    maps = made.node("Transpose", maps, perm=[0, 3, 1, 2])
    maps = made.node("Div", maps, made.constant(255.0))
    for operation, name in (("Sub", "mean"), ("Div", "deviation")):
        channels = made.constant([1, 2], TensorProto.INT64)  # beside height and width
        figures = made.node("Unsqueeze", made.weight(f"standardise.{name}", [3]), channels)
        maps = made.node(operation, maps, figures)
    for row, block in enumerate(PLAN):
        before = maps
        for place, layer in enumerate(block.layers):
            maps = _convolution(made, maps, layer, f"blocks.{row}.{place}")
        if block.same:
            maps = made.node("Add", maps, before)
    _pooled(made, maps)
    pictures = helper.make_tensor_value_info("pictures", TensorProto.UINT8, ["n", "h", "w", 3])
    features = helper.make_tensor_value_info("features", TensorProto.FLOAT, ["n", "features"])
    whole = helper.make_graph(made.nodes, "lite", [pictures], [features], made.tensors)
    opset = [helper.make_opsetid("", _OPSET)]
    model = helper.make_model(whole, opset_imports=opset, ir_version=_IR)
    return bytes(model.SerializeToString(deterministic=True))


def _convolution(made: _Graph, maps: str, layer: LiteLayer, name: str) -> str:
    groups = layer.before if layer.depthwise else 1
    shape = [layer.after, layer.before // groups, layer.kernel, layer.kernel]
    weights = made.weight(f"{name}.weight", shape), made.weight(f"{name}.bias", [layer.after])
    out = made.node(
        "Conv", maps, *weights, group=groups, strides=[layer.stride] * 2, auto_pad="SAME_UPPER"
    )
    return made.node("Clip", out, made.constant(0.0), made.constant(6.0)) if layer.bounded else out


def _pooled(made: _Graph, maps: str) -> None:
    """Generalised mean, as `GeM` takes it."""
    bounds = made.constant(1.0), made.constant(10.0)
    power = made.node("Clip", made.weight("pool.power", []), *bounds)
    powers = made.node("Pow", made.node("Clip", maps, made.constant(1e-4)), power)
    mean = made.node("Flatten", made.node("GlobalAveragePool", powers))
    made.node("Pow", mean, made.node("Reciprocal", power), output="features")


class _Graph:
    """Nodes and tensors, collected."""

    def __init__(self) -> None:
        self.nodes: list[Any] = []
        self.tensors: list[Any] = []

    def node(self, operation: str, *inputs: str, output: str = "", **attributes: Any) -> str:
        """Add one; gives the name of what comes out."""
        from onnx import helper

        out = output or f"out.{len(self.nodes)}"
        self.nodes.append(helper.make_node(operation, list(inputs), [out], **attributes))
        return out

    def constant(self, value: float | Sequence[int], kind: int = 1) -> str:
        """A number, or some; of the ONNX type `kind`, which is float32."""
        from onnx import helper

        name = f"constant.{len(self.tensors)}"
        values = [value] if isinstance(value, float) else list(value)
        shape = [] if isinstance(value, float) else [len(values)]
        self.tensors.append(helper.make_tensor(name, kind, shape, values))
        return name

    def weight(self, name: str, shape: list[int]) -> str:
        """A tensor of float32 that is given later."""
        from onnx import TensorProto

        tensor = TensorProto(
            name=name,
            data_type=TensorProto.FLOAT,
            dims=shape,
            data_location=TensorProto.EXTERNAL,
        )
        said = {"location": "weights", "offset": "0", "length": str(4 * prod(shape))}
        for key, value in said.items():
            tensor.external_data.add(key=key, value=value)
        self.tensors.append(tensor)
        return name
