"""A network of its own beside this machine's, with a server in it, whose packets can be dropped without a word."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import pytest

from tests.postgres import ROOT

_BLOCK = os.getpid() % 16_384
NEAR, FAR = (f"198.18.{_BLOCK // 64}.{_BLOCK % 64 * 4 + end}" for end in (1, 2))
"""Addresses that are kept for measurements (RFC 2544), and another run's are others."""


class Network:
    """A network namespace that is reached by a pair of virtual cards."""

    def __init__(self, name: str, address: str) -> None:
        self._name = name
        self.address = address
        """The store's address in it."""

    def drop(self) -> None:
        """Let no answer come back: what is sent there is never acknowledged, and nobody hangs up."""
        _ip("-n", self._name, "route", "add", "blackhole", f"{NEAR}/32")

    def mend(self) -> None:
        """Let them through again."""
        _ip("-n", self._name, "route", "del", "blackhole", f"{NEAR}/32")


@contextmanager
def network_to(address: str) -> Iterator[Network]:
    """Lend a network in which the server of a store's address is; skips the test where none can be made."""
    name, card = f"sob{os.getpid()}", f"sob{os.getpid() % 100_000}"
    if shutil.which("ip") is None:
        pytest.skip("no network namespace: the command ip is missing (Debian package iproute2)")
    try:
        _ip("netns", "add", name)
    except subprocess.CalledProcessError as error:
        pytest.skip(f"no network namespace: {error.stderr.strip()}")
    try:
        _ip("link", "add", f"{card}a", "type", "veth", "peer", "name", f"{card}b", "netns", name)
        _ip("address", "add", f"{NEAR}/30", "dev", f"{card}a")
        _ip("link", "set", f"{card}a", "up")
        _ip("-n", name, "address", "add", f"{FAR}/30", "dev", f"{card}b")
        _ip("-n", name, "link", "set", f"{card}b", "up")
        inside = ["ip", "netns", "exec", name, sys.executable, "-m", "tests.line", address, FAR]
        with subprocess.Popen(inside, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as line:
            assert line.stdout is not None
            yield Network(name, line.stdout.readline().strip())
            line.kill()
    finally:
        with suppress(subprocess.CalledProcessError):  # it was not made
            _ip("link", "del", f"{card}a")  # at once; with the namespace the cards go when the kernel has time
        _ip("netns", "del", name)


def _ip(*words: str) -> None:
    subprocess.run(["ip", *words], check=True, capture_output=True, text=True)
