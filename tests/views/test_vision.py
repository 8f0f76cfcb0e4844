"""The public colours, as people who see colours otherwise see them."""

import itertools

import numpy as np
import pytest

from hotspots.views import palette

# Machado, Oliveira & Fernandes (2009), severity 1, on linear RGB.
SIGHTS = {
    "as printed": np.eye(3),
    "protanopia": np.array(
        [
            [0.152286, 1.052583, -0.204868],
            [0.114503, 0.786281, 0.099216],
            [-0.003882, -0.048116, 1.051998],
        ]
    ),
    "deuteranopia": np.array(
        [
            [0.367322, 0.860646, -0.227968],
            [0.280085, 0.672501, 0.047413],
            [-0.011820, 0.042940, 0.968881],
        ]
    ),
    "tritanopia": np.array(
        [
            [1.255528, -0.076749, -0.178779],
            [-0.078411, 0.930809, 0.147602],
            [0.004733, 0.691367, 0.303900],
        ]
    ),
    "no colour": np.tile([0.2126, 0.7152, 0.0722], (3, 1)),
}


def linear(colour):
    parts = np.array([int(colour[i : i + 2], 16) for i in (1, 3, 5)]) / 255
    return np.where(parts <= 0.04045, parts / 12.92, ((parts + 0.055) / 1.055) ** 2.4)


def luminance(colour, sight):
    seen = np.clip(SIGHTS[sight] @ linear(colour), 0, 1)
    return float(seen @ [0.2126, 0.7152, 0.0722])


def contrast(one, other, sight="as printed"):
    light, dark = sorted((luminance(one, sight), luminance(other, sight)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("sight", SIGHTS)
@pytest.mark.parametrize("shades", [palette.SHADES_LIGHT, palette.SHADES_DARK])
def test_more_is_darker_or_lighter_for_every_eye(shades, sight):
    steps = [luminance(shade, sight) for shade in shades]
    ordered = sorted(steps, reverse=steps[0] > steps[-1])
    assert steps == ordered
    assert all(contrast(a, b, sight) > 1.25 for a, b in itertools.pairwise(shades))


@pytest.mark.parametrize("sight", SIGHTS)
@pytest.mark.parametrize("colours", [palette.CHART_LIGHT, palette.CHART_DARK])
def test_this_year_and_the_year_before_are_told_apart(colours, sight):
    assert contrast(colours["now"], colours["before"], sight) > 1.4


@pytest.mark.parametrize(
    ("mark", "ground"),
    [(palette.CHART_LIGHT[name], "#FFFFFF") for name in ("now", "before", "spread", "gap")]
    + [(palette.CHART_DARK[name], "#0E1117") for name in ("now", "before", "spread", "gap")],
)
def test_every_mark_stands_out_from_its_ground(mark, ground):
    assert contrast(mark, ground) >= 3


def test_no_red_stands_for_bad():
    for shade in palette.SEQUENTIAL:
        red, _, blue = linear(shade)
        assert blue >= red
