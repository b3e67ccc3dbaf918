"""Images seen again: each change against its longhand, chance from one generator alone."""

from __future__ import annotations

import io
import math

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from simsearch.augmentations import images as module
from simsearch.augmentations.draws import Draws
from simsearch.augmentations.images import ImageAugment, as_float
from simsearch.errors import OptionError

EVERY = {
    "rotation": 30.0,
    "translation": 0.2,
    "scaling": 0.3,
    "shear": 20.0,
    "flip": 0.5,
    "flip_vertical": 0.5,
    "crop": 0.5,
    "brightness": 0.4,
    "contrast": 0.4,
    "saturation": 0.6,
    "noise": 0.2,
    "blur": 2.0,
    "jpeg": 1.0,
    "erase": 0.3,
    "turn": 0.8,
    "grey": 0.8,
    "frame": 0.5,
    "caption": 0.4,
}


def pictures(count: int = 16, channels: int = 3, height: int = 20, width: int = 28) -> torch.Tensor:
    """Smooth waves of many colours, no two alike."""
    down = torch.linspace(0, 3, height)[:, None]
    across = torch.linspace(0, 5, width)[None, :]
    phase = torch.arange(count * channels).view(count, channels, 1, 1) * 0.7
    return ((torch.sin(down + across + phase) * 0.4 + 0.5) * 255).to(torch.uint8)


def seen(augment: ImageAugment, given: torch.Tensor, seed: int = 0) -> torch.Tensor:
    return augment(given, torch.Generator().manual_seed(seed))


@pytest.mark.parametrize("channels", [1, 3])
@pytest.mark.parametrize("name", EVERY)
def test_each_change_changes_and_the_seed_decides(name: str, channels: int) -> None:
    before = pictures(channels=channels)
    augment = ImageAugment(**{name: EVERY[name]})
    after = seen(augment, before)
    assert after.dtype == torch.float32
    assert after.shape == before.shape
    assert after.min() >= 0
    assert after.max() <= 1
    assert torch.equal(after, seen(augment, before))
    if name in ("saturation", "grey") and channels == 1:
        assert torch.equal(after, as_float(before))
    else:
        assert not torch.allclose(after, as_float(before), atol=1e-3)
        assert not torch.equal(after, seen(augment, before, seed=1))


@pytest.mark.parametrize(
    "preset", [ImageAugment.glyphs(), ImageAugment.photos(), ImageAugment.copies()]
)
def test_two_calls_give_two_views_and_leave_the_images_alone(preset: ImageAugment) -> None:
    before, generator = pictures(), torch.Generator().manual_seed(0)
    first, second = preset(before, generator), preset(before, generator)
    assert not torch.equal(first, second)
    assert torch.equal(before, pictures())


def test_nothing_is_done_and_nothing_drawn_where_all_is_off() -> None:
    generator = torch.Generator().manual_seed(0)
    there = generator.get_state()
    assert torch.equal(ImageAugment()(pictures(), generator), as_float(pictures()))
    assert torch.equal(generator.get_state(), there)


def test_flips_are_exact() -> None:
    before = as_float(pictures())
    for augment, axis in ((ImageAugment(flip=1), 3), (ImageAugment(flip_vertical=1), 2)):
        torch.testing.assert_close(seen(augment, pictures()), before.flip(axis), atol=1e-4, rtol=0)


def test_a_rotation_keeps_lengths_in_an_oblong_image() -> None:
    """A disc off the middle stays a disc, as far from the middle as it was."""
    down, across = torch.arange(60)[:, None] - 29.5, torch.arange(120)[None, :] - 59.5
    disc = (((down - 8) ** 2 + (across - 15) ** 2) < 25).to(torch.uint8)[None, None] * 255
    for view in seen(ImageAugment(rotation=90), disc.repeat(8, 1, 1, 1)):
        weight = view[0] / view[0].sum()
        y, x = (weight * down).sum(), (weight * across).sum()
        assert math.hypot(x.item(), y.item()) == pytest.approx(17, abs=0.1)
        spread = (weight * (down - y) ** 2).sum(), (weight * (across - x) ** 2).sum()
        assert spread[0].item() == pytest.approx(spread[1].item(), rel=0.05)


def test_a_translation_moves_by_at_most_its_share() -> None:
    dot = torch.zeros(32, 1, 41, 81, dtype=torch.uint8)
    dot[:, :, 20, 40] = 255
    views = seen(ImageAugment(translation=0.25), dot)[:, 0]
    y = (views * (torch.arange(41) - 20)[:, None]).sum(dim=(1, 2)) / views.sum(dim=(1, 2))
    x = (views * (torch.arange(81) - 40)).sum(dim=(1, 2)) / views.sum(dim=(1, 2))
    for moved, side in ((y, 41), (x, 81)):
        assert moved.abs().max() <= 0.25 * side + 0.01
        assert moved.abs().max() > 0.15 * side
        assert moved.min() < 0 < moved.max()


@pytest.mark.parametrize("ground", [0, 255, 90])
def test_what_comes_in_is_the_background(ground: int) -> None:
    glyph = torch.full((8, 1, 28, 28), ground, dtype=torch.uint8)
    glyph[:, :, 10:18, 10:18] = 255 - ground
    views = seen(ImageAugment(rotation=45, translation=0.3), glyph)
    corners = views[:, 0][:, [0, 0, -1, -1], [0, -1, 0, -1]]
    torch.testing.assert_close(corners, torch.full_like(corners, ground / 255), atol=1e-3, rtol=0)


def test_a_crop_shows_only_what_was_there() -> None:
    ramp = torch.arange(64).repeat(64, 1).to(torch.uint8)[None, None].repeat(40, 1, 1, 1)
    views = seen(ImageAugment(crop=0.75, fill="black"), ramp)[:, 0] * 255
    assert (views.diff(dim=2) >= -1e-3).all()  # never folded, never black from outside
    shown = (views[:, 0, -1] - views[:, 0, 0]) / 63
    assert shown.min() >= math.sqrt(0.25) / math.sqrt(4 / 3) - 0.05
    assert shown.min() < 0.7


def test_colours_follow_one_matrix() -> None:
    grey = torch.full((30, 3, 8, 8), 100, dtype=torch.uint8)
    views = seen(ImageAugment(contrast=0.5, saturation=0.9), grey)
    torch.testing.assert_close(views, as_float(grey), atol=1e-5, rtol=0)  # grey, without contrast
    factor = seen(ImageAugment(brightness=0.5), grey)[:, 0, 0, 0] / (100 / 255)
    assert 0.5 <= factor.min() < 0.75 < 1.25 < factor.max() <= 1.5


def test_blur_is_the_gaussian_of_its_kernel() -> None:
    before = as_float(pictures(1, 1, 20, 20))
    chance = Draws(torch.Generator().manual_seed(4), 1, before.device)
    after = module._blur(before, 1.5, chance)[0, 0]
    sigma = 1.5 * torch.rand(1, generator=torch.Generator().manual_seed(4)).item()
    weights = np.exp(-(np.arange(-3, 4) ** 2) / (2 * sigma**2))
    padded = np.pad(before[0, 0].numpy(), 3, mode="edge")
    kernel = np.outer(weights, weights) / weights.sum() ** 2
    expected = [
        [(padded[y : y + 7, x : x + 7] * kernel).sum() for x in range(20)] for y in range(20)
    ]
    np.testing.assert_allclose(after.numpy(), expected, atol=1e-5)


@pytest.mark.parametrize("channels", [1, 3])
@pytest.mark.parametrize("quality", [10, 50, 90])
def test_compression_loses_what_pillow_loses(channels: int, quality: int) -> None:
    noise = torch.randint(
        -30, 31, (1, channels, 48, 36), generator=torch.Generator().manual_seed(2)
    )
    before = (pictures(1, channels, 48, 36).int() + noise).clamp(0, 255).to(torch.uint8)

    class Fixed(Draws):
        def uniform(self, *shape: int) -> torch.Tensor:
            return torch.ones(1)

    chance = Fixed(torch.Generator(), 1, before.device)
    after = module._compress(as_float(before), (95 - quality) / 90, chance) * 255
    pixels = before[0].permute(1, 2, 0).squeeze().numpy()
    file = io.BytesIO()
    Image.fromarray(pixels).save(file, "JPEG", quality=quality, subsampling=0)
    by_pillow = torch.from_numpy(np.array(Image.open(file))).view(48, 36, channels)
    lost = by_pillow - before[0].permute(1, 2, 0).float()
    lost_here = after[0].permute(1, 2, 0) - before[0].permute(1, 2, 0)
    assert lost_here.std().item() == pytest.approx(lost.std().item(), rel=0.15)
    # The rest is Pillow's rounding of colours to whole numbers before and after.
    assert (lost * lost_here).mean() / (lost.std() * lost_here.std()) > 0.7
    assert lost.std() > 1.0


def test_an_erased_patch_is_one_rectangle_of_one_colour() -> None:
    before = pictures(64)
    views = seen(ImageAugment(erase=0.3), before)
    touched = (views != as_float(before)).any(dim=1)
    share = touched.float().mean(dim=(1, 2))
    assert 0.3 < (share > 0).float().mean() < 0.7
    assert share.max() <= 0.36  # of 20 rows and 28 columns, each up to one too many
    for view, mask in zip(views, touched, strict=True):
        if mask.any():
            assert torch.equal(mask, mask.any(dim=1)[:, None] & mask.any(dim=0)[None, :])
            assert (view[:, mask] == view[:, mask][:, :1]).all()


@given(
    st.integers(0, 6),
    st.sampled_from([1, 3]),
    st.integers(1, 19),
    st.integers(1, 19),
    st.sampled_from(["background", "border", "reflection", "black"]),
    st.integers(0, 2**40),
)
def test_any_size_goes_through_everything(
    count: int, channels: int, height: int, width: int, fill: module.Fill, seed: int
) -> None:
    given = pictures(count, channels, height, width)
    after = seen(ImageAugment(**EVERY, fill=fill), given, seed)
    assert after.shape == given.shape
    assert ((after >= 0) & (after <= 1)).all()


@pytest.mark.parametrize(
    "given",
    [torch.zeros(2, 3, 4, 4), torch.zeros(3, 4, 4).byte(), torch.zeros(2, 2, 4, 4).byte()],
)
def test_other_tensors_are_refused(given: torch.Tensor) -> None:
    with pytest.raises(OptionError, match=r"uint8 of shape \(n, 1 or 3, height, width\)"):
        seen(ImageAugment.glyphs(), given)


@pytest.mark.parametrize(
    ("name", "value"), [("rotation", 181.0), ("crop", 1.0), ("flip", -0.1), ("fill", "white")]
)
def test_strengths_are_checked(name: str, value: object) -> None:
    with pytest.raises(OptionError, match=f"{name} is "):
        ImageAugment(**{name: value})  # type: ignore[arg-type]  # wrong on purpose


def test_a_square_picture_is_turned_by_quarters_exactly() -> None:
    before = pictures(60, height=20, width=20)
    views = seen(ImageAugment(turn=1.0), before)
    turns = [torch.rot90(as_float(before), number, (2, 3)) for number in (1, 2, 3)]
    apart = torch.stack([(views - each).abs().amax(dim=(1, 2, 3)) for each in turns])
    assert apart.min(dim=0).values.max() < 1e-4
    assert (apart < 1e-4).any(dim=1).all()  # each of the three comes up


def test_grey_takes_all_colour_from_some() -> None:
    views = seen(ImageAugment(grey=0.5), pictures(80))
    colour = (views.amax(dim=1) - views.amin(dim=1)).amax(dim=(1, 2))
    assert 0.3 < (colour < 1e-4).float().mean() < 0.7
    untouched = colour > 1e-4
    torch.testing.assert_close(views[untouched], as_float(pictures(80))[untouched])
