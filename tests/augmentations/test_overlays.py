"""Frames, captions and patches: where they lie, and what of the picture is left."""

import torch

from simsearch.augmentations.draws import Draws
from simsearch.augmentations.overlays import captioned, framed, patched


def ramps(count: int) -> torch.Tensor:
    """Brighter to the right and to the bottom, from .3 to .7."""
    across, down = torch.linspace(0.3, 0.5, 40), torch.linspace(0, 0.2, 30)
    return (across[None, :] + down[:, None]).expand(count, 3, 30, 40).clone()


def chance(count: int) -> Draws:
    return Draws(torch.Generator().manual_seed(0), count, torch.device("cpu"))


def test_a_frame_has_one_colour_and_the_whole_picture_is_within() -> None:
    before = ramps(80)
    after = framed(before, 0.5, chance(80))
    for view in after:
        corners = view[:, [0, 0, -1, -1], [0, -1, 0, -1]]
        same = (view == corners[:, :1, None]).all(dim=0)
        rows, columns = (~same).any(dim=1), (~same).any(dim=0)
        assert rows.sum() >= 14
        assert columns.sum() >= 19
        inside = view[:, rows][:, :, columns]
        # Both ends of the ramp are there: nothing was cut off.
        assert inside[:, 1, 1].mean() < 0.36
        assert inside[:, -2, -2].mean() > 0.64
    assert ((after == before).all(dim=1).float().mean(dim=(1, 2)) < 0.5).any()


def test_a_caption_is_a_band_and_leaves_the_rest() -> None:
    before = ramps(60)
    touched = (captioned(before, 0.4, chance(60)) != before).any(dim=1)
    rows = touched.any(dim=2)
    assert rows.any(dim=1).float().mean() > 0.9
    assert rows.float().mean(dim=1).max() <= 0.4 + 1 / 30
    for each in rows:
        places = torch.nonzero(each).squeeze(1)
        assert len(places) == 0 or places[-1] - places[0] < 30 * 0.4 + 1


def test_a_patch_covers_no_more_than_its_share() -> None:
    touched = (patched(ramps(60), 0.2, chance(60)) != ramps(60)).any(dim=1)
    assert 0 < touched.float().mean(dim=(1, 2)).max() <= 0.26
