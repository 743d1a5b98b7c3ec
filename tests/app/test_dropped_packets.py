"""A network that drops every packet, in a namespace of its own: told in time, kept in a file, closed, and back again.

A proxy that holds the line (`test_held_line`) still acknowledges what it is sent; here nothing is.
"""

import time
from collections.abc import Iterator

import pytest

from screens.kept_drafts import KeptDrafts
from store.foundation import tls
from store.foundation.access import Role
from store.foundation.clock import Instant
from tests.app.driver import running
from tests.app.test_held_line import CLOSED_SECONDS, LOST, TOLD_SECONDS, again_soon
from tests.clinics import Clinic, hsa_id_of
from tests.network import Network, network_to

__all__ = ["again_soon"]


@pytest.fixture
def network(served: Clinic, monkeypatch: pytest.MonkeyPatch) -> Iterator[Network]:
    served.start()
    monkeypatch.setattr(tls, "is_elsewhere", lambda _host: False)  # the server of the tests has no certificate
    with network_to(served.store.engine.url) as made:
        yield made


async def test_dropped_packets_are_told_what_is_typed_is_kept_and_the_app_closes(
    network: Network, served: Clinic
) -> None:
    who, now = hsa_id_of(Role.CLINICIAN), Instant(served.clock())
    async with running(network.address, who, size=(120, 40), now=now) as driver:
        await driver.sees("Mina 1", "Berg, Åsa")
        began = time.monotonic()
        network.drop()
        await driver.sees(LOST)
        assert time.monotonic() - began < TOLD_SECONDS
        network.mend()
        await driver.sees_no(LOST)
        await driver.open_first()
        await driver.press("2", "n")
        await driver.sees("Skicka meddelande")
        kept = KeptDrafts.of(driver.app.client)
        assert kept is not None
        network.drop()
        began = time.monotonic()
        await driver.type("Hej Lena")
        await driver.until(lambda: [one.attempts[-1].text for one in kept.texts()] == ["Hej Lena"], "the file")
        assert time.monotonic() - began < TOLD_SECONDS
        await driver.sees(LOST)
        began = time.monotonic()
        await driver.press("ctrl+q")
        await driver.until(lambda: driver.app._exit, "the end")
        assert time.monotonic() - began < CLOSED_SECONDS
        assert [one.attempts[-1].text for one in kept.texts()] == ["Hej Lena"]
