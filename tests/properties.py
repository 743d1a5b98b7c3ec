"""How many examples a property with a database takes: few in a run that everybody waits for, more where asked."""

import os

from hypothesis import HealthCheck, settings

MORE = int(os.environ.get("SOB_EXAMPLES", "1"))
"""How many times as many examples: 20 before a release, and after a change of what the property is about."""


def examples(number: int) -> settings:
    """Return what a property takes that has a store: `number` examples, the same in each run."""
    return settings(max_examples=number * MORE, suppress_health_check=[HealthCheck.function_scoped_fixture])
