"""Knobs and links: whatever a link says, it sets a knob within its range."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from figures.explorer import _data, _knobs, _tabs

ALL = [knob for module in _tabs.CURVES.values() for knob in module.KNOBS] + list(_data.KNOBS)


@given(st.text(max_size=12) | st.floats().map(str) | st.integers().map(str))
def test_no_link_sets_a_knob_beyond_its_range(text: str) -> None:
    for knob in ALL:
        value = _knobs.read([knob], {knob.name: text})[knob.name]
        if isinstance(knob, _knobs.Slider):
            assert value in knob.steps
        elif isinstance(knob, _knobs.Choice):
            assert value in knob.options
        else:
            assert isinstance(value, bool)


@pytest.mark.parametrize("tab", list(_tabs.CURVES))
def test_a_link_brings_back_what_it_was_made_of(tab: str) -> None:
    rng = np.random.default_rng(0)
    knobs = _tabs.CURVES[tab].KNOBS
    assert _knobs.words(knobs, _knobs.read(knobs, {})) == {}
    for _ in range(20):
        values = {}
        for knob in knobs:
            options = {_knobs.Slider: "steps", _knobs.Choice: "options"}.get(type(knob))
            choices = getattr(knob, options) if options else (False, True)
            values[knob.name] = choices[rng.integers(len(choices))]
        assert _knobs.read(knobs, _knobs.words(knobs, values)) == values


def test_every_tab_says_what_it_is_about() -> None:
    assert set(_tabs.ABOUT) == set(_tabs.NAMES)
    assert set(_tabs.CURVES) <= set(_tabs.NAMES)
    for knob in ALL:
        assert knob.default in (getattr(knob, "steps", None) or getattr(knob, "options", (True, False)))
