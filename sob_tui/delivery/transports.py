"""The channels of a store, opened for one run."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from sob_tui.delivery import mail, sms
from sob_tui.delivery.mail import Mail
from sob_tui.delivery.secrets import password
from sob_tui.delivery.settings import SenderSettings, TableReader, tables
from sob_tui.delivery.sms import Sms
from store.foundation.errors import Refused
from store.foundation.store import Store
from store.people.channels import CHANNELS, EMAIL, SMS, Channel

if TYPE_CHECKING:
    from store.care.delivery import Outgoing


class Transport(Protocol):
    """A way to send."""

    @property
    def channel(self) -> Channel:
        """Which notices go this way."""

    def send(self, notice: "Outgoing", /) -> None:
        """Send a notice; raises a `DeliveryFault` where it was not accepted."""

    def close(self) -> None:
        """Let go of what was opened."""


@dataclass(frozen=True)
class Rehearsal:
    """A way that leads nowhere: a practice environment sends nothing to anybody."""

    channel: Channel

    def send(self, _notice: "Outgoing", /) -> None:
        """Accept it; the run's report shows what would have gone."""

    def close(self) -> None:
        """There is nothing to let go of."""


@dataclass(frozen=True)
class Opened:
    """The channels that can be used, and a sentence for each that is set up but can't be."""

    transports: tuple[Transport, ...]
    problems: tuple[str, ...]

    @property
    def is_unset(self) -> bool:
        """Whether no channel is set up at all."""
        return not self.transports and not self.problems


@dataclass(frozen=True)
class Sender:
    """How a channel is set up and opened: how its table looks and is read, and what is made of it and the password."""

    channel: Channel
    example: str
    read: Callable[[TableReader], SenderSettings]
    open: Callable[[Any, str | None], Transport]


SENDERS = [
    Sender(EMAIL, mail.EXAMPLE, mail.read_smtp, Mail),
    Sender(SMS, sms.EXAMPLE, sms.read_sms, Sms),
]
"""How each channel is sent by, in the order in which they are opened."""


def delivery_settings() -> dict[Channel, SenderSettings]:
    """Return what the settings file says of each channel that is set up.

    Raises:
        Refused: it can't be read, or a table is faulty.
    """
    readers = tables({sender.channel.table: sender.example for sender in SENDERS})
    found = {}
    for sender in SENDERS:
        if reader := readers.get(sender.channel.table):
            found[sender.channel] = sender.read(reader)
            reader.done()
    return found


@contextmanager
def open_transports(store: Store) -> Iterator[Opened]:
    """Open the store's channels and close them at the end; of a practice store neither settings nor secrets are read.

    Raises:
        Refused: the settings are faulty.
    """
    if store.is_practice:
        yield Opened(tuple(Rehearsal(channel) for channel in CHANNELS.values()), ())
        return
    settings = delivery_settings()
    with ExitStack() as closing:
        transports: list[Transport] = []
        problems: list[str] = []
        for sender in SENDERS:
            if sender.channel not in settings:
                continue
            try:
                transports.append(_opened(sender, settings[sender.channel]))
            except Refused as error:  # the other channels can do their work all the same
                problems.append(error.message)
            else:
                closing.callback(transports[-1].close)
        yield Opened(tuple(transports), tuple(problems))


def _opened(sender: Sender, settings: SenderSettings) -> Transport:
    if settings.user is None:
        return sender.open(settings, None)
    return sender.open(settings, settings.password or password(sender.channel.table, settings.password_file))
