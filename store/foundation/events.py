"""The timeline: one row for each thing that happened in a moment, and the words for it (domain.md §4).

A new kind of event is a value of `EventKind` and a line of `TOLD`: *Tidslinje*, its filter and *Journalunderlag* read
them there. The operation writes it with `work.event`.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from enum import StrEnum
from typing import NamedTuple, Protocol

from store.foundation.access import Actor
from store.foundation.clock import Instant
from store.foundation.connection import Connection

Facts = dict[str, object]


class EventKind(StrEnum):
    """What happened; the value is stored."""

    STARTED = "startat"
    SWITCHED = "behandlare-bytt"
    SUBSTITUTE_SET = "stallforetradare-utsedd"
    SUBSTITUTE_ENDED = "stallforetradare-avslutad"
    MAINTAINED = "vidmakthallande"
    RESUMED = "aterupptaget"
    ENDED = "avslutat"
    RESIDENT_CORRECTED = "invanare-rattad"
    UNDONE = "angrat"
    HANDOVER_OFFERED = "overlamning-erbjuden"
    HANDOVER_WITHDRAWN = "overlamning-aterkallad"
    HANDOVER_DECLINED = "overlamning-avvisad"
    HANDOVER_ACCEPTED = "overlamning-mottagen"
    MODULE_OPENED = "modul-oppnad"
    MODULE_SHOWN = "modul-visad"
    MODULE_HIDDEN = "modul-dold"
    STEP_READ = "steg-last"
    MESSAGE_SENT = "meddelande-skickat"
    MESSAGE_READ = "meddelande-last"
    MESSAGE_UNREAD = "meddelande-olast"
    MESSAGE_TAKEN_BACK = "meddelande-taget-tillbaka"
    CONTACT_MADE = "kontakt"
    JOURNAL_COPIED = "journal-kopierad"
    NOTICE_SENT = "avisering-skickad"
    NOTICE_FAILED = "avisering-misslyckad"
    FORM_SAVED = "formular-sparat"
    FORM_REFUSED = "formular-avvisat"
    FORM_READ = "formular-last"
    FORM_UNREAD = "formular-olast"
    FORM_REQUESTED = "formular-begart"
    FLAG_RAISED = "flagga-satt"
    FLAG_HANDLED = "flagga-hanterad"
    FLAG_ATTEMPTED = "flagga-forsok"
    FLAG_TAKEN = "flagga-tagen"
    FLAG_TAKEN_OVER = "flagga-overtagen"
    FLAG_RELEASED = "flagga-slappt"
    FLAG_CLOSED = "flagga-stangd"
    MATTER_SET_ASIDE = "arende-uppskjutet"
    PLAN_MADE = "plan-gjord"
    PLAN_CHANGED = "plan-andrad"
    PLAN_ENDED = "plan-avslutad"
    PLAN_FOLLOWED_UP = "plan-uppfoljd"
    ACTIVITY_MARKED = "aktivitet-markerad"
    SAFETY_PLAN_CHANGED = "sakerhetsplan-andrad"
    SAFETY_PLAN_BESIDE = "sakerhetsplan-bredvid"

    @property
    def told(self) -> "Told":
        """How it is told of."""
        return TOLD[self]


class Category(StrEnum):
    """What *Tidslinje* is filtered by; the value is the word on screen (*Formulär*: guide, the others ours)."""

    FORMS = "Formulär"
    MESSAGES = "Meddelanden"
    MODULES = "Moduler"
    FLAGS = "Flaggor"
    PLANS = "Aktivitetsplaner"
    SAFETY_PLAN = "Säkerhetsplan"
    ADMINISTRATION = "Administration"


class Told(NamedTuple):
    """How a kind of event is told of: under which filter, and in which words."""

    category: Category
    sentence: str
    """Of *Tidslinje*, with the event's facts in braces. `{form}`, `{module}` and `{step}` become their titles,
    `{outcome}` its words after a colon."""
    journal: str = ""
    """Of *Journalunderlag*, where it stands among contacts or what was done with the moment: the facts in braces, `{}`
    who it was. `{note}` comes after a colon, `{Sort}` begins a sentence; `{clock}` and `{noted}` say when a contact
    was made and noted."""
    unsaid: Mapping[str, str] = {}
    """What stands for a fact that the event may lack; nothing for others."""


TOLD: Mapping[EventKind, Told] = {
    EventKind.STARTED: Told(Category.ADMINISTRATION, "Momentet startade"),
    EventKind.SWITCHED: Told(
        Category.ADMINISTRATION, "Ny ansvarig behandlare: {to}", journal="Ny ansvarig behandlare: {to}, bytt av {}"
    ),
    EventKind.SUBSTITUTE_SET: Told(Category.ADMINISTRATION, "Ställföreträdare {first} till och med {last}: {to}"),
    EventKind.SUBSTITUTE_ENDED: Told(Category.ADMINISTRATION, "{holder} är inte längre ställföreträdare"),
    EventKind.MAINTAINED: Told(
        Category.ADMINISTRATION, "Momentet sattes i vidmakthållande läge", journal="Satt i vidmakthållande läge av {}"
    ),
    EventKind.RESUMED: Told(Category.ADMINISTRATION, "Momentet återupptogs", journal="Återupptaget av {}"),
    EventKind.ENDED: Told(Category.ADMINISTRATION, "Momentet avslutades: {reason}", journal="Avslutat av {}: {reason}"),
    EventKind.RESIDENT_CORRECTED: Told(Category.ADMINISTRATION, "Invånarens uppgifter rättades"),
    EventKind.UNDONE: Told(Category.ADMINISTRATION, "Ångrat: {what}"),
    EventKind.HANDOVER_OFFERED: Told(
        Category.ADMINISTRATION, "Överlämning erbjuden: {to}", journal="Överlämning erbjuden till {to} av {}"
    ),
    EventKind.HANDOVER_WITHDRAWN: Told(
        Category.ADMINISTRATION, "Överlämning återkallad", journal="Överlämning återkallad av {}"
    ),
    EventKind.HANDOVER_DECLINED: Told(
        Category.ADMINISTRATION,
        "Överlämning avvisad: {reason}",
        journal="Överlämning avvisad av {}: {reason}",
        unsaid={"reason": "orsaken står på Hantera"},
    ),
    EventKind.HANDOVER_ACCEPTED: Told(
        Category.ADMINISTRATION,
        "Överlämning mottagen, ny behandlare: {responsible}",
        journal="Överlämning mottagen av {}, ny behandlare: {responsible}",
    ),
    EventKind.JOURNAL_COPIED: Told(Category.ADMINISTRATION, "Journalunderlag infört i journalen: {first}–{last}"),
    EventKind.MODULE_OPENED: Told(Category.MODULES, "Modul öppnad: {module}"),
    EventKind.MODULE_SHOWN: Told(Category.MODULES, "Visas igen för invånaren: {module}"),
    EventKind.MODULE_HIDDEN: Told(Category.MODULES, "Dolt för invånaren: {module}"),
    EventKind.STEP_READ: Told(Category.MODULES, "Steg läst: {step}"),
    EventKind.MESSAGE_SENT: Told(Category.MESSAGES, "Meddelande skickat", journal="Meddelande från {}"),
    EventKind.MESSAGE_READ: Told(Category.MESSAGES, "Meddelande läst av behandlare"),
    EventKind.MESSAGE_UNREAD: Told(Category.MESSAGES, "Meddelande oläst igen"),
    EventKind.MESSAGE_TAKEN_BACK: Told(Category.MESSAGES, "Meddelande skrivet, och taget tillbaka innan det gick iväg"),
    EventKind.CONTACT_MADE: Told(
        Category.MESSAGES,
        "Kontakt, {sort}{made}, {minutes} min{note}",
        journal="{Sort}{clock}, {minutes} min, {}{noted}{note}",
    ),
    EventKind.NOTICE_SENT: Told(Category.MESSAGES, "Avisering skickad"),
    EventKind.NOTICE_FAILED: Told(Category.MESSAGES, "Avisering kunde inte levereras: {reason}"),
    EventKind.FORM_SAVED: Told(Category.FORMS, "Besvarat: {form}"),
    EventKind.FORM_REFUSED: Told(Category.FORMS, "Svar togs inte emot: {form}"),
    EventKind.FORM_READ: Told(Category.FORMS, "Läst av behandlare: {form}"),
    EventKind.FORM_UNREAD: Told(Category.FORMS, "Oläst igen: {form}"),
    EventKind.FORM_REQUESTED: Told(Category.FORMS, "Mätning begärd: {form}"),
    EventKind.FLAG_RAISED: Told(Category.FLAGS, "Flagga ({severity}): {reason}", unsaid={"reason": "egen"}),
    EventKind.FLAG_HANDLED: Told(Category.FLAGS, "Flagga hanterad ({severity}){outcome}"),
    EventKind.FLAG_ATTEMPTED: Told(
        Category.FLAGS, "Försök {number}, nådde inte invånaren. Nästa försök: {next}", unsaid={"next": "inte bestämt"}
    ),
    EventKind.FLAG_TAKEN: Told(Category.FLAGS, "Tar flaggan"),
    EventKind.FLAG_TAKEN_OVER: Told(Category.FLAGS, "Tar över flaggan från {holder}"),
    EventKind.FLAG_RELEASED: Told(Category.FLAGS, "{holder} tar inte längre flaggan"),
    EventKind.FLAG_CLOSED: Told(Category.FLAGS, "Flagga stängd: {reason}"),
    EventKind.MATTER_SET_ASIDE: Told(Category.FLAGS, "Ärende uppskjutet till {until}"),
    EventKind.PLAN_MADE: Told(Category.PLANS, "Aktivitetsplan gjord: {title}"),
    EventKind.PLAN_CHANGED: Told(Category.PLANS, "Aktivitetsplan ändrad: {title}"),
    EventKind.PLAN_ENDED: Told(Category.PLANS, "Aktivitetsplan avslutad: {title}"),
    EventKind.PLAN_FOLLOWED_UP: Told(Category.PLANS, "Aktivitetsplan uppföljd: {title}"),
    EventKind.ACTIVITY_MARKED: Told(Category.PLANS, "{activity} {day}: {done}"),
    EventKind.SAFETY_PLAN_CHANGED: Told(Category.SAFETY_PLAN, "Säkerhetsplanen ändrades (version {version})"),
    EventKind.SAFETY_PLAN_BESIDE: Told(
        Category.SAFETY_PLAN, "En ändring av säkerhetsplanen krockade med version {version} och sparades bredvid planen"
    ),
}


_INSERT = """
    INSERT INTO event (resident_id, moment_id, at, seq, kind, actor_kind, actor_name, facts)
    VALUES (:resident_id, :moment_id, :at,
            (SELECT coalesce(max(seq), 0) + 1 FROM event
             WHERE resident_id = :resident_id AND moment_id = :moment_id AND at = :at),
            :kind, :actor_kind, :actor_name, :facts)
"""


class Place(Protocol):
    """Where something happened: a subject with its moment."""

    @property
    def resident_id(self) -> int:
        """The resident's id."""

    @property
    def moment_id(self) -> int | None:
        """The moment's."""


def insert_event(
    connection: Connection, at: Instant, actor: Actor, subject: Place, kind: EventKind, facts: Facts
) -> None:
    """Write one event. The caller holds the moment's row, so that the sequence has no rival."""
    if connection.seals is None:
        connection.run(_INSERT, **_values(at, actor, subject, kind, facts))
    else:
        insert_events(connection, at, actor, kind, [(subject, facts)])


def insert_events(
    connection: Connection, at: Instant, actor: Actor, kind: EventKind, happened: Iterable[tuple[Place, Facts]]
) -> None:
    """Write an event of one kind in each of many moments; see `insert_event`."""
    rows = [_values(at, actor, subject, kind, facts) for subject, facts in happened]
    if connection.seals is None:
        connection.run_many(_INSERT, rows)
    else:  # a seal is bound to the whole key of its row: the sequence is needed first
        connection.insert("event", _in_sequence(connection, at, rows))


def _in_sequence(connection: Connection, at: Instant, rows: Sequence[dict[str, object]]) -> Iterator[dict[str, object]]:
    there: dict[object, int] = dict(
        connection.pairs(
            "SELECT moment_id, max(seq) FROM event WHERE at = :at AND resident_id = ANY(:residents)"
            " AND moment_id = ANY(:moments) GROUP BY moment_id",
            at=at,
            residents=list({one["resident_id"] for one in rows}),
            moments=list({one["moment_id"] for one in rows}),
        )
    )
    for one in rows:
        moment = one["moment_id"]
        there[moment] = there.get(moment, 0) + 1
        yield {**one, "seq": there[moment]}


def _values(at: Instant, actor: Actor, subject: Place, kind: EventKind, facts: Facts) -> dict[str, object]:
    return {
        "resident_id": subject.resident_id,
        "moment_id": subject.moment_id,
        "at": at,
        "kind": kind.value,
        "actor_kind": actor.kind,
        "actor_name": actor.name,
        "facts": json.dumps(facts, ensure_ascii=False, sort_keys=True),
    }
