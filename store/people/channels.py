"""The ways by which aviseringar reach residents, and notifieringar staff: one registry (domain.md §8).

A new channel is an entry here, a module of `sob_tui.delivery` that sends by it, and a line of
`sob_tui.delivery.transports.SENDERS`. Its wish becomes a column of `staff`, which wants a migration; its address is one
that residents and staff have already.
"""

from collections.abc import Mapping
from typing import NamedTuple


class Channel(NamedTuple):
    """A way to reach somebody."""

    name: str
    """What is stored, and printed as JSON."""
    word: str
    address: str
    """The column of `resident` and `staff` with the address that it goes to."""
    no_address: str
    """What is said where that is empty."""
    wish: str
    """The column of `staff` that is 1 where the person receives notifieringar this way."""
    is_wished_at_first: bool
    """Whether that is so until it is changed (ours)."""
    table: str
    """The table of the settings file in which it is set up, and the entry of its password in the keyring."""
    needs: str
    """The keys that must stand there, in words."""


SMS = Channel(
    name="sms",
    word="sms",
    address="mobile",
    no_address="mobilnumret saknas",
    wish="notify_mobile",
    is_wished_at_first=False,
    table="sms",
    needs="url och sender",
)
EMAIL = Channel(
    name="epost",
    word="e-post",
    address="email",
    no_address="adressen saknas",
    wish="notify_email",
    is_wished_at_first=True,
    table="smtp",
    needs="host och sender",
)

CHANNELS: dict[str, Channel] = {channel.name: channel for channel in (SMS, EMAIL)}
"""By name; the one that is taken where nothing was said, and both could be, first."""

NO_CHANNEL = "ingen"
"""What is stored of a resident who takes no aviseringar."""


def by_word() -> list[Channel]:
    """Return the channels as they are listed."""
    return sorted(CHANNELS.values(), key=lambda channel: channel.word)


def channel_for(addresses: Mapping[str, object]) -> str:
    """Return the name of the channel to somebody of whom only the addresses are known, by column."""
    return next((one.name for one in CHANNELS.values() if addresses.get(one.address)), NO_CHANNEL)
