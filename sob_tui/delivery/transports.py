"""The channels of a store, opened for one run."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from sob_tui.delivery.mail import Mail
from sob_tui.delivery.secrets import password
from sob_tui.delivery.settings import SmsSettings, SmtpSettings, delivery_settings
from sob_tui.delivery.sms import Sms
from store.foundation.errors import Refused
from store.foundation.store import Store
from store.people.residents import Channel

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


@contextmanager
def open_transports(store: Store) -> Iterator[Opened]:
    """Open the store's channels and close them at the end; of a practice store neither settings nor secrets are read.

    Raises:
        Refused: the settings are faulty.
    """
    if store.is_practice:
        yield Opened((Rehearsal(Channel.SMS), Rehearsal(Channel.EMAIL)), ())
        return
    settings = delivery_settings()
    makers: list[Callable[[], Transport]] = []
    if settings.smtp is not None:
        smtp = settings.smtp
        makers.append(lambda: Mail(smtp, _password("smtp", smtp)))
    if settings.sms is not None:
        sms = settings.sms
        makers.append(lambda: Sms(sms, _password("sms", sms)))
    with ExitStack() as closing:
        transports, problems = [], []
        for make in makers:
            try:
                transports.append(make())
                closing.callback(transports[-1].close)
            except Refused as error:  # the other channel can do its work all the same
                problems.append(error.message)
        yield Opened(tuple(transports), tuple(problems))


def _password(name: str, settings: SmtpSettings | SmsSettings) -> str | None:
    return None if settings.user is None else password(name, settings.password_file)
