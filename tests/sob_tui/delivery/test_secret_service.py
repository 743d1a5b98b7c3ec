"""The keyring as it is on a Linux desktop: a secret service of its own, on a bus of its own."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from sob_tui.keys.keyrings import LOCKED
from tests.sob_tui.conftest import ROOT

IN_SESSION = f"""
printf losen | gnome-keyring-daemon --unlock --components=secrets > /dev/null &&
printf 'hemligt' | secret-tool store --label=sob service sob username smtp application 'Python keyring library' &&
{sys.executable} -W error -c "$PROGRAM"
"""

PROGRAM = """
from sob_tui.delivery.secrets import password
from sob_tui.keys.keyrings import KeyringKeys, KeyringRefused
from store.foundation.errors import Refused
print(password("smtp", None))
try:
    password("sms", None)
except Refused as error:
    print(error.message)
keys = KeyringKeys("store-uuid")
before = keys.has("data")
keys.write("data", b"d" * 32)
print(before, KeyringKeys("store-uuid").read("data") == b"d" * 32, KeyringKeys("other-uuid").has("data"))
keys.remove("data")
print(keys.has("data"))
import secretstorage
secretstorage.get_default_collection(secretstorage.dbus_init()).lock()
try:
    keys.read("logg")
except KeyringRefused as error:
    print(error.message)
"""


@pytest.mark.skipif(
    not all(shutil.which(name) for name in ("dbus-run-session", "gnome-keyring-daemon", "secret-tool")),
    reason="needs the packages dbus, gnome-keyring and libsecret-tools",
)
def test_passwords_and_keys_in_a_real_secret_service(tmp_path: Path) -> None:
    environment = {
        "PATH": "/usr/bin:/bin",
        "HOME": str(tmp_path),
        "XDG_RUNTIME_DIR": str(tmp_path),
        "PYTHONPATH": str(ROOT),
        "PYTHONIOENCODING": "utf-8",
        "PROGRAM": PROGRAM,
    }
    done = subprocess.run(
        ["dbus-run-session", "--", "sh", "-c", IN_SESSION],
        env=environment,
        capture_output=True,
        encoding="utf-8",
        timeout=60,
    )
    found, missing, kept, removed, locked = done.stdout.splitlines() or [done.stderr] * 5
    assert found == "hemligt"
    assert "keyring set sob sms" in missing
    assert (kept, removed) == ("False True False", "False")
    assert locked == LOCKED
