"""Any settings file: taken, or refused with a sentence that holds none of its secrets."""

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sob_tui.delivery.transports import delivery_settings
from sob_tui.options import UsageFault
from sob_tui.settings import configured_store
from store.foundation.errors import Refused

SECRET = "hemligt7"
VALUES = st.one_of(
    st.sampled_from(["3", "true", "[]", "{}", "1979-05-27", '""', '"x"', '"åäö"', '"a@b.se"', '"https://a.se"']),
    st.sampled_from([f'"{SECRET}"', f'"postgresql://u:{SECRET}@h/d"', f'"https://u:{SECRET}@a.se"', '"\\u001b[31m"']),
    st.text(max_size=8),
)
KEYS = st.sampled_from(
    ["store", "host", "port", "user", "sender", "url", "password", "passwrd", "password_file", "ca_file", "x.y", '"å"']
)
LINES = st.one_of(
    st.tuples(KEYS, VALUES).map(" = ".join),
    st.sampled_from(["[smtp]", "[sms]", "[SMTP]", "[smpt]", "[[sms]]", "smtp = 3", "# åäö", ""]),
    st.text(max_size=10),
)
FILES = st.binary(max_size=60) | st.lists(LINES, max_size=12).map("\n".join).map(str.encode)


@pytest.fixture
def path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A settings file that SOB_SETTINGS names."""
    monkeypatch.setenv("SOB_SETTINGS", str(tmp_path / "mina.toml"))
    return tmp_path / "mina.toml"


@settings(
    max_examples=100, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(FILES, st.sampled_from([0o600, 0o644]), st.sampled_from([lambda: configured_store(None), delivery_settings]))
def test_any_settings_file(path: Path, content: bytes, mode: int, read: Callable[[], object]) -> None:
    path.write_bytes(content)
    path.chmod(mode)
    try:
        read()
    except (Refused, UsageFault) as refusal:
        told = refusal.message
    else:
        told = ""
    assert told.isprintable()
    assert SECRET not in told
