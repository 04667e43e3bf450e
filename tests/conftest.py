"""Hypothesis: nothing that depends on time, for jitted code compiles and machines are busy; fixed in CI."""

import os

from hypothesis import HealthCheck, settings

calm = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("local", calm)
settings.register_profile("fixed", calm, derandomize=True)
settings.load_profile("fixed" if os.environ.get("CI") else "local")
