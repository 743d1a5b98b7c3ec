"""Fuzzes for as long as it is told: the properties of the suite, with new examples each time, and counts of them.

    python -m tests.fuzz [KIND …] --minutes 20

The minutes are shared by the kinds, and a kind's by its properties. In the suite each runs a small sample that is
always the same.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

FORMS = "tests/store/care/questionnaire"
KINDS: dict[str, tuple[str, ...]] = {
    "questionnaires": (f"{FORMS}/test_reader.py", f"{FORMS}/test_scoring.py", f"{FORMS}/test_schedule.py"),
    "answers": (f"{FORMS}/test_answers.py", "tests/store/care/test_sleep_diary.py", "tests/store/care/test_forms.py"),
    "csv": ("tests/store/care/test_imported_files.py",),
    "programs": ("tests/store/care/test_program_files.py", "tests/store/care/test_recurrence.py"),
    "settings": ("tests/sob_tui/test_settings_files.py",),
    "options": ("tests/sob_tui/test_options.py", "tests/sob_tui/test_command_lines.py"),
    "texts": ("tests/store/foundation/test_text.py", "tests/store/foundation/test_identity.py"),
    "addresses": ("tests/store/foundation/test_contact.py", "tests/sob_tui/delivery/test_mail.py"),
    "drafts": ("tests/store/care/test_no_word_is_lost.py",),
    "keys": ("tests/app/test_any_keys.py",),
}
"""What is fuzzed, and where its properties stand."""

QUIETLY = ("-q", "--no-header", "-rf", "-p", "no:cacheprovider", "-W", "ignore:Module already imported")

FIRST = 10
"""Examples in a property's first run, by which it is found how long they take."""
MOST = 500
"""Examples after which a property begins anew: Hypothesis remembers all of a run's."""
ROUND_SECONDS = 20.0
"""How long such a run should take."""


class Fuzzing:
    """Runs properties again and again, each for its share of the time, and nothing else of a file."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._share = 0.0
        self.examples: Counter[str] = Counter()
        self.failed: list[str] = []

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Leave out all that is no property."""
        items[:] = [item for item in items if hasattr(getattr(item, "obj", None), "hypothesis")]
        self._share = self._seconds / max(1, len(items))

    @pytest.hookimpl(tryfirst=True)
    def pytest_pyfunc_call(self, pyfuncitem: pytest.Function) -> bool:
        """Run one property until its time is over."""
        function: Any = pyfuncitem.obj
        function.hypothesis.inner_test = self._counted(function.hypothesis.inner_test, pyfuncitem.name)
        given = {name: pyfuncitem.funcargs[name] for name in pyfuncitem._fixtureinfo.argnames}
        own = function._hypothesis_internal_use_settings
        begun, number = time.monotonic(), FIRST
        until, done = begun + self._share, 0
        while time.monotonic() < until:
            function._hypothesis_internal_use_settings = _afresh(own, number)
            function(**given)
            done += number
            number = max(1, min(MOST, round(done / (time.monotonic() - begun) * ROUND_SECONDS)))
        return True

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Remember what failed."""
        if report.failed:
            self.failed.append(report.nodeid)

    def _counted(self, test: Callable[..., None], name: str) -> Callable[..., None]:
        def counted(*args: Any, **options: Any) -> None:
            self.examples[name] += 1
            test(*args, **options)

        return counted


def _afresh(own: settings, number: int) -> settings:
    """Return how a property is run so many times on examples that are new each time."""
    return settings(
        own,
        max_examples=number,
        derandomize=False,
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        print_blob=True,
    )


def main() -> int:
    """Fuzz the kinds that are named, else all; returns 1 where something was found."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__.partition("\n")[0])
    parser.add_argument("kinds", nargs="*", choices=[*KINDS, []], metavar="KIND", help=", ".join(KINDS))
    parser.add_argument("--minutes", type=float, default=10.0)
    asked = parser.parse_args()
    kinds = asked.kinds or list(KINDS)
    found = False
    for kind in kinds:
        fuzzing = Fuzzing(asked.minutes * 60 / len(kinds))
        pytest.main([*QUIETLY, *KINDS[kind]], plugins=[fuzzing])
        found = found or bool(fuzzing.failed)
        print(f"{kind}: {fuzzing.examples.total()} examples, {len(fuzzing.failed)} failed {dict(fuzzing.examples)}")
        sys.stdout.flush()
    return int(found)


if __name__ == "__main__":
    sys.exit(main())
