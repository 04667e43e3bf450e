"""What happens: draw data, fit, measure, and judge theory by it."""

from sims.shell.shadow import require

require("theory")
