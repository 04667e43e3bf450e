"""The gallery: every figure with its caption, both resolutions, and what of the literature it redraws."""

import json
from pathlib import Path

from figures import gallery, registry

ROOT = Path(__file__).resolve().parents[2]
KNOWN = json.loads((ROOT / "paper/numbers.json").read_text("utf-8"))["figures"]


def test_every_judged_figure_tells_both_resolutions() -> None:
    parts = gallery.page(KNOWN).split("\n## ")[1:]
    assert len(parts) == len(registry.names())
    for name, part in zip(registry.names(), parts, strict=True):
        judged = bool(KNOWN.get(name, {}).get("resolution"))
        assert ("Resolution: a common factor of" in part and "at a single mark" in part) == judged, name
        assert f"`python -m figures build {name}`" in part


def test_what_is_redrawn_is_named() -> None:
    assert "It redraws Hastie et al. (2022), Fig. 2†. `python -m figures build hastie2022_snr`" in (
        gallery.page({})
    )
    assert gallery.page({}).count("It redraws") == sum(bool(registry.redraws(n)) for n in registry.names())
