"""What happens: draw data, fit, measure, and judge theory by it."""

from sims._shadow import require

require("theory")
