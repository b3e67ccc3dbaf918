"""The weights of ImageNet, folded: each layer computes what convolution and batch norm did."""

import numpy as np
import pytest
import torch
from torch.nn import functional

from simsearch.encoders.networks.lite_plan import PLAN
from simsearch.errors import EncoderError
from simsearch.training.lite.imagenet import imagenet_network, load_imagenet


@pytest.fixture(scope="module")
def tensors() -> dict[str, torch.Tensor]:
    return load_imagenet()


def norm(maps: torch.Tensor, tensors: dict[str, torch.Tensor], name: str) -> torch.Tensor:
    keys = ("running_mean", "running_var", "weight", "bias")
    return functional.batch_norm(maps, *(tensors[f"{name}.{key}"] for key in keys), eps=1e-3)


def longhand(images: torch.Tensor, tensors: dict[str, torch.Tensor]) -> torch.Tensor:
    """The network as its authors write it, layer by layer, on sides that halve evenly."""
    maps = functional.pad((images * 255 - 127) / 128, (0, 1, 0, 1))
    maps = functional.conv2d(maps, tensors["_conv_stem.weight"], stride=2)
    maps = functional.relu6(norm(maps, tensors, "_bn0"))
    strides = [1, 2, 1, 2, 1, 2, 1, 1, 1, 1, 1, 2, 1, 1, 1, 1]
    for number, stride in enumerate(strides):
        own, before = f"_blocks.{number}.", maps
        if f"{own}_expand_conv.weight" in tensors:
            maps = functional.conv2d(maps, tensors[f"{own}_expand_conv.weight"])
            maps = functional.relu6(norm(maps, tensors, f"{own}_bn0"))
        kernel = tensors[f"{own}_depthwise_conv.weight"]
        side = kernel.shape[-1]
        less, more = (side - 1) // 2, side // 2
        if stride == 2:
            less, more = (side - 2) // 2, (side - 1) // 2
        maps = functional.pad(maps, (less, more, less, more))
        maps = functional.conv2d(maps, kernel, stride=stride, groups=len(kernel))
        maps = functional.relu6(norm(maps, tensors, f"{own}_bn1"))
        maps = functional.conv2d(maps, tensors[f"{own}_project_conv.weight"])
        maps = norm(maps, tensors, f"{own}_bn2")
        if stride == 1 and maps.shape == before.shape:
            maps = maps + before
    maps = functional.conv2d(maps, tensors["_conv_head.weight"])
    return functional.relu6(norm(maps, tensors, "_bn1"))


def test_folded_layers_compute_the_same(tensors: dict[str, torch.Tensor]) -> None:
    network = imagenet_network(dict(tensors), 16)
    images = torch.rand(2, 3, 64, 64, generator=torch.Generator().manual_seed(0))
    maps = network.standardise(images)
    for block, layers in zip(PLAN, network.blocks, strict=True):
        before = maps
        for layer in layers:  # type: ignore[attr-defined]
            maps = layer(maps)
        maps = maps + before if block.same else maps
    expected = longhand(images, tensors)
    assert expected.std() > 0.01
    torch.testing.assert_close(maps, expected, atol=1e-3, rtol=1e-3)


def test_tensors_that_are_others(tensors: dict[str, torch.Tensor]) -> None:
    less = {name: each for name, each in tensors.items() if name != "_bn1.bias"}
    with pytest.raises(EncoderError, match=r"_bn1\.bias' is missing"):
        imagenet_network(less, 16)
    with pytest.raises(EncoderError, match="what is squeeze"):
        imagenet_network({**tensors, "squeeze": torch.zeros(1)}, 16)


def test_the_descriptor_keeps_directions_apart(tensors: dict[str, torch.Tensor]) -> None:
    weight = imagenet_network(dict(tensors), 24).descriptor.weight.detach().numpy()
    np.testing.assert_allclose(weight @ weight.T, np.eye(24), atol=1e-4)
