"""The timeline: one row for each thing that happened in a moment (domain.md §4)."""

import json
from collections.abc import Iterable
from enum import StrEnum

from store.foundation.access import Actor, Subject
from store.foundation.clock import Instant
from store.foundation.connection import Connection

Facts = dict[str, object]


class EventKind(StrEnum):
    """What happened; the value is stored."""

    STARTED = "startat"
    SWITCHED = "behandlare-bytt"
    MAINTAINED = "vidmakthallande"
    RESUMED = "aterupptaget"
    ENDED = "avslutat"
    RESIDENT_CORRECTED = "invanare-rattad"
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
    NOTICE_SENT = "avisering-skickad"
    NOTICE_FAILED = "avisering-misslyckad"
    FORM_SAVED = "formular-sparat"
    FORM_REFUSED = "formular-avvisat"
    FORM_READ = "formular-last"
    FORM_UNREAD = "formular-olast"
    FORM_REQUESTED = "formular-begart"
    FLAG_RAISED = "flagga-satt"
    FLAG_HANDLED = "flagga-hanterad"
    FLAG_CLOSED = "flagga-stangd"
    MATTER_SET_ASIDE = "arende-uppskjutet"
    PLAN_MADE = "plan-gjord"
    PLAN_CHANGED = "plan-andrad"
    PLAN_ENDED = "plan-avslutad"
    PLAN_FOLLOWED_UP = "plan-uppfoljd"
    ACTIVITY_MARKED = "aktivitet-markerad"


INSERT_EVENT = """
    INSERT INTO event (resident_id, moment_id, at, seq, kind, actor_kind, actor_name, facts)
    VALUES (:resident_id, :moment_id, :at,
            (SELECT coalesce(max(seq), 0) + 1 FROM event
             WHERE resident_id = :resident_id AND moment_id = :moment_id AND at = :at),
            :kind, :actor_kind, :actor_name, :facts)
"""


def insert_event(
    connection: Connection, at: Instant, actor: Actor, subject: Subject, kind: EventKind, facts: Facts
) -> None:
    """Write one event. The caller holds the moment's row, so that the sequence has no rival."""
    connection.run(INSERT_EVENT, **_values(at, actor, subject, kind, facts))


def insert_events(
    connection: Connection, at: Instant, actor: Actor, kind: EventKind, happened: Iterable[tuple[Subject, Facts]]
) -> None:
    """Write an event of one kind in each of many moments; see `insert_event`."""
    connection.run_many(INSERT_EVENT, [_values(at, actor, subject, kind, facts) for subject, facts in happened])


def _values(at: Instant, actor: Actor, subject: Subject, kind: EventKind, facts: Facts) -> dict[str, object]:
    return {
        "resident_id": subject.resident_id,
        "moment_id": subject.moment_id,
        "at": at,
        "kind": kind.value,
        "actor_kind": actor.kind,
        "actor_name": actor.name,
        "facts": json.dumps(facts, ensure_ascii=False, sort_keys=True),
    }
