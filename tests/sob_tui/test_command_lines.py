"""Any command line: an exit code of the contract's other than a fault's, and nothing that a terminal would obey."""

from functools import cache
from pathlib import Path
from typing import Any

import pytest
import typer
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sob_tui.commands import all_commands
from tests.clinics import ADULT, CHILD, HERE, UNKNOWN, Clinic
from tests.sob_tui.conftest import ADMIN, CLINICIAN, Sob, Typed
from tests.sob_tui.test_hostile import HOSTILE, assert_tame
from tests.sob_tui.test_usage import COMMANDS

VALUES = st.one_of(
    st.sampled_from(["1", "2", "0", "-1", "99999999999999999999", ADULT, CHILD, UNKNOWN, "maende", "prov", "sms"]),
    st.sampled_from(
        [CLINICIAN, ADMIN, HERE, "2026-03-02", "2026-02-30", "9999-12-31", "mån", "direkt", "a=b", "", "-"]
    ),
    st.sampled_from([text for text in HOSTILE.values() if "\x00" not in text]),
    st.text(st.characters(exclude_characters="/\x00", exclude_categories=["Cs"]), max_size=8),
)


@cache
def options_of(words: tuple[str, ...]) -> list[str]:
    """The options of a command."""
    found: Any = typer.main.get_command(all_commands())
    for word in words:
        found = found.commands[word]
    return [name for one in found.params for name in (*one.opts, *one.secondary_opts) if name.startswith("--")]


ENDLESS = ("ovning", "avisera")
"""What starts the app, or keeps on; so does no command at all."""
LINES = st.sampled_from([line for line in COMMANDS if line and not {*line} & {*ENDLESS}]).flatmap(
    lambda line: st.lists(
        VALUES | st.sampled_from([*options_of(line), "--json", "--ja", "--arende", "--", "--help"]), max_size=8
    ).map(lambda rest: [*line, *rest])
)


@settings(max_examples=30, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(LINES, st.sampled_from([CLINICIAN, ADMIN, None]), st.binary(max_size=20))
def test_any_command_line(
    sob: Sob,
    clinic: Clinic,
    typed: Typed,
    tmp_path: Path,
    line: list[str],
    som: str | None,
    given_text: bytes,
) -> None:
    if not clinic.rows("SELECT 1 FROM moment"):
        clinic.start(program="prov")
    typed(given_text)
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(tmp_path)
        said = sob(*line, som=som)
    assert said.code in (0, 2, 3, 4, 5)
    assert_tame(said)
