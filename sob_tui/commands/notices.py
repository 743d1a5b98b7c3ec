"""`sob avisera`: deliver the notices that wait."""

import signal
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from threading import Event, Thread
from types import FrameType
from typing import TYPE_CHECKING, Annotated, Any

import typer

from screens.crash import describe, record
from sob_tui import VERSION
from sob_tui.commands.session import Session
from sob_tui.commands.words import counted, listed
from sob_tui.printing import finish, put_json, tell
from sob_tui.settings import settings_file, state_folder
from store.foundation.clock import Instant, iso_local, local
from store.foundation.errors import DomainError, Refused, StoreUnreachable
from store.people.channels import by_word

if TYPE_CHECKING:
    from sob_tui.delivery.run import Report
    from store.care.delivery import Outgoing, Waiting

_WORDS = listed([channel.word for channel in by_word()], "och")
_TABLES = [f"[{channel.table}]" for channel in by_word()]
HELP = f"""Skicka de aviseringar som väntar, med {_WORDS}. I övningsmiljön skickas inget: det som skulle ha gått
visas. Hur det skickas står i tabellerna {listed(_TABLES, "och")} i inställningsfilen."""

PAUSE = 10
"""Seconds between the runs of `--vakta`."""

_UNSET = (
    "Inget skickas: varken {tables} finns i inställningsfilen {path}, och {number} väntar. Lägg till "
    "tabellen {ways}, och user om tjänsten kräver inloggning."
)


def avisera(
    ctx: typer.Context,
    vakta: Annotated[
        bool, typer.Option("--vakta", help=f"Fortsätt, med {PAUSE} sekunder mellan gångerna, tills du avbryter.")
    ] = False,
    slapp: Annotated[
        bool, typer.Option("--slapp", help="Släpp först de aviseringar som hålls sedan databasen återställdes.")
    ] = False,
) -> int:
    """Deliver what is due and tell of it; 3 where a channel could not be used."""
    here = Session(ctx)
    if slapp:
        _release(here)
    if vakta:
        _watch(here)
        return 0
    report = _run(here)
    here.answer(_json(report, here.store.is_practice), _lines(report, here.store.is_practice))
    _tell_all(report.problems)
    return Refused.exit_code if report.is_down else 0


def _run(here: Session, stop: Event | None = None) -> "Report":
    """Deliver once.

    Raises:
        Refused: the settings are faulty, or say nothing of how notices are sent.
    """
    from sob_tui.delivery.run import deliver
    from sob_tui.delivery.transports import open_transports

    actor = here.staff_or_operator
    with open_transports(here.store) as opened:
        report = deliver(here.store, opened.transports, actor, stop)
    if opened.is_unset:
        number = counted(report.waiting.number, "avisering", "aviseringar")
        ways = ", eller ".join(f"[{channel.table}] med {channel.needs}" for channel in by_word())
        tables = listed(_TABLES, "eller")
        unset = Refused(_UNSET.format(tables=tables, ways=ways, path=settings_file(), number=number))
        if here.common.json:
            put_json({**_json(report, is_practice=False), "problems": [unset.message]})
        raise unset
    is_down = report.is_down or bool(opened.problems)
    late = () if is_down else _late(report.waiting)  # a channel that is down has said why
    problems = (*opened.problems, *report.problems, *late, *_held(here))
    return replace(report, problems=problems, is_down=is_down)


def _release(here: Session) -> None:
    from store.care.delivery import release_notices

    with here.store.work(here.staff_or_operator) as work:
        released = release_notices(work)
    tell(f"{counted(released, 'avisering', 'aviseringar')} släpptes.")


def _held(here: Session) -> Iterator[str]:
    """Yield what a person is to be told of notices that go when somebody says so."""
    from store.care.delivery import held_notices

    with here.store.read(here.staff_or_operator) as work:
        held = held_notices(work)
    if held:
        number = counted(held, "avisering", "aviseringar")
        yield f"{number} hålls sedan databasen återställdes: de kan redan ha gått. sob avisera --slapp skickar dem."


def _late(waiting: "Waiting") -> Iterator[str]:
    """Yield what a person is to be told of notices that have waited too long, whatever they wait for."""
    if waiting.late:
        number = counted(waiting.late, "avisering", "aviseringar")
        yield f"{number} har försökts eller borde ha gått i över en timme. Se till att e-post och sms går att skicka."


def _watch(here: Session) -> None:
    """Deliver again and again until a signal comes. What stands in the way is said once, for as long as it does.

    Raises:
        StoreUnreachable: there is no store to begin with; one that is lost later is waited for.
        Refused: the settings are faulty at the start, when somebody sees it; later that is told and waited for.
        NotPermitted: so too where the actor may not.
    """
    is_practice = here.store.is_practice
    said: tuple[str, ...] = ()
    faults: dict[str, str] = {}
    has_begun = False
    with _until_signalled() as stop:
        while not stop.is_set():
            try:
                report = _run(here, stop)
            except StoreUnreachable as error:
                problems: tuple[str, ...] = (f"{error.message} Nya försök görs tills den svarar.",)
            except DomainError as error:
                if not has_begun:
                    raise
                problems = (f"{error.message} Nya försök görs tills det är rättat.",)
            except Exception as error:  # a fault of ours must not stop what will work the next time
                problems = (_told_fault(error, faults),)
            else:
                problems = report.problems
                if report.is_news:
                    here.answer(_json(report, is_practice), _lines(report, is_practice))
            has_begun = True
            if problems != said:
                _tell_all(problems)
            said = problems
            finish()
            stop.wait(PAUSE)


def _told_fault(error: Exception, known: dict[str, str]) -> str:
    """Return what is said of a fault of the program; one that comes again is recorded once."""
    what = describe(error)
    if what not in known:
        code = record(error, state_folder(), version=VERSION)
        known[what] = f"Programmet har ett fel, felkod {code}. Nya försök görs; uppge felkoden när du anmäler felet."
    return known[what]


@contextmanager
def _until_signalled() -> Iterator[Event]:
    """Yield an event that SIGTERM and SIGINT set; a notice on its way is finished first."""
    stop = Event()

    def ask(_number: int, _frame: FrameType | None) -> None:
        # In a thread: the signal may have come while this very thread holds the event's lock.
        Thread(target=stop.set).start()

    before = {number: signal.signal(number, ask) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield stop
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _json(report: "Report", is_practice: bool) -> dict[str, Any]:
    next_at = report.waiting.next_at
    return {
        "sent": [_sent_json(notice, is_practice) for notice in report.sent],
        "failed": len(report.failed),
        "postponed": len(report.postponed),
        "waiting": report.waiting.number,
        "next": None if next_at is None else iso_local(Instant(next_at)),
        "problems": list(report.problems),
    }


def _sent_json(notice: "Outgoing", is_practice: bool) -> dict[str, Any]:
    return {
        "id": str(notice.id),
        "kind": notice.kind,
        "channel": notice.channel.name,
        "to": notice.address if is_practice else None,
        "subject": notice.subject,
        "text": notice.text,
    }


def _lines(report: "Report", is_practice: bool) -> list[str]:
    """Return the answer in words; of a real store's recipients nothing but the notices' numbers."""
    if is_practice:
        lines = [" · ".join((one.kind, _word(one), one.address, one.subject, one.text)) for one in report.sent]
        return [*(lines or ["Ingen avisering skulle ha skickats."]), _waiting(report.waiting)]
    outcomes = (
        (report.sent, "skickad", "skickade"),
        (report.postponed, "försöks igen senare", "försöks igen senare"),
        (report.failed, "går inte att leverera", "går inte att leverera"),
    )
    lines = [line for notices, one, many in outcomes for line in _by_channel(notices, one, many)]
    return [*(lines or ["Ingen avisering skickades."]), _waiting(report.waiting)]


def _by_channel(notices: Sequence["Outgoing"], one: str, many: str) -> Iterator[str]:
    """Yield a line for each channel: how many, and which."""
    for word in sorted({_word(notice) for notice in notices}):
        ids = [str(notice.id) for notice in notices if _word(notice) == word]
        yield f"{word.capitalize()}: {counted(len(ids), one, many)} ({', '.join(ids)})."


def _word(notice: "Outgoing") -> str:
    return notice.channel.word


def _waiting(waiting: "Waiting") -> str:
    if waiting.next_at is None:
        return "Inga aviseringar väntar."
    number = counted(waiting.number, "avisering", "aviseringar")
    if waiting.overdue:
        return f"{number} väntar, och {waiting.overdue} av dem borde redan ha gått."
    return f"{number} väntar. Nästa går {local(Instant(waiting.next_at)):%Y-%m-%d %H:%M}."


def _tell_all(problems: Sequence[str]) -> None:
    for problem in problems:
        tell(problem)
