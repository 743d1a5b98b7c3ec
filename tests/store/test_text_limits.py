"""How long each text may be that somebody types: exactly so many characters go in, one more is refused at its field."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any, NamedTuple

import pytest

from store.care import flags, handovers, messages, plan_rules, set_aside, templates
from store.care.activity_marks import mark_activity
from store.care.activity_plans import follow_up_plan, make_plan
from store.care.drafts import DRAFT_LIMIT, save_draft
from store.care.flags import add_flag, handle_flag
from store.care.handovers import decline_handover, offer_handover
from store.care.messages import send_message, write_message
from store.care.plan_rules import NewActivity, NewPlan
from store.care.staffing import take_role
from store.care.templates import save_own_template
from store.foundation.access import OPERATOR, Actor, Role
from store.foundation.clock import local_day
from store.foundation.errors import Refused
from store.foundation.work import Work
from store.people.assignments import appoint_admin, give_role
from store.people.members import REASON_LIMIT
from tests.clinics import COLLEAGUE, HERE, MONDAY, THERE, Clinic

TODAY = local_day(MONDAY)


class Typed(NamedTuple):
    """A text that an operation takes."""

    act: Callable[[Work, int, int, str], Any]
    """The operation, given a moment, a plan in it and the text."""
    limit: int
    field: str
    stored: str
    """The query that tells what was stored last."""
    has_lines: bool = True
    """Whether line breaks are kept."""
    of: str = "clinician"


def last(table: str, column: str) -> str:
    return f"SELECT {column} FROM {table} ORDER BY id DESC LIMIT 1"


PLAN = NewPlan("Promenader", (NewActivity("Gå ut"),))
TYPED = {
    "a flag": Typed(
        lambda work, moment, _plan, text: add_flag(work, moment, text),
        flags.TEXT_LIMIT,
        "text",
        last("flag", "reason"),
        has_lines=False,
    ),
    "what was done about a flag": Typed(
        lambda work, moment, _plan, text: handle_flag(work, add_flag(work, moment, "Ring."), text),
        flags.NOTE_LIMIT,
        "anteckning",
        last("flag", "note"),
    ),
    "why a matter is set aside": Typed(
        lambda work, moment, _plan, text: set_aside.set_aside(work, moment, "flagga-1", TODAY + timedelta(1), text),
        set_aside.REASON_LIMIT,
        "skal",
        "SELECT reason FROM setaside",
        has_lines=False,
    ),
    "a plan's title": Typed(
        lambda work, moment, _plan, text: make_plan(work, moment, replace(PLAN, title=text)),
        plan_rules.TITLE_LIMIT,
        "titel",
        last("activityplan", "title"),
        has_lines=False,
    ),
    "an activity": Typed(
        lambda work, moment, _plan, text: make_plan(work, moment, replace(PLAN, activities=(NewActivity(text),))),
        plan_rules.DESCRIPTION_LIMIT,
        "aktivitet",
        last("activity", "description"),
        has_lines=False,
    ),
    "what a follow-up gave": Typed(
        lambda work, _moment, plan, text: follow_up_plan(work, plan, text),
        plan_rules.NOTE_LIMIT,
        "anteckning",
        "SELECT facts FROM event WHERE kind = 'plan-uppfoljd'",
    ),
    "how an activity went": Typed(
        lambda work, moment, _plan, text: mark_activity(work, moment, 1, TODAY, done=True, note=text),
        plan_rules.NOTE_LIMIT,
        "anteckning",
        "SELECT note FROM activitymark",
        of="resident",
    ),
    "a message": Typed(
        lambda work, moment, _plan, text: send_message(work, moment, text),
        messages.MESSAGE_LIMIT,
        "meddelande",
        last("message", "text"),
    ),
    "a resident's message": Typed(
        lambda work, moment, _plan, text: write_message(work, moment, text),
        messages.MESSAGE_LIMIT,
        "meddelande",
        last("message", "text"),
        of="resident",
    ),
    "a heading": Typed(
        lambda work, moment, _plan, text: send_message(work, moment, "Hej", heading=text),
        messages.HEADING_LIMIT,
        "rubrik",
        last("conversation", "heading"),
        has_lines=False,
    ),
    "a draft": Typed(
        lambda work, moment, _plan, text: save_draft(work, moment, text),
        DRAFT_LIMIT,
        "meddelande",
        last("draft", "text"),
    ),
    "a draft's heading": Typed(
        lambda work, moment, _plan, text: save_draft(work, moment, "Hej", heading=text),
        DRAFT_LIMIT,
        "rubrik",
        last("draft", "heading"),
        has_lines=False,
    ),
    "a template's title": Typed(
        lambda work, _moment, _plan, text: save_own_template(work, text, "Hej"),
        templates.TITLE_LIMIT,
        "titel",
        last("messagetemplate", "title"),
        has_lines=False,
    ),
    "a template": Typed(
        lambda work, _moment, _plan, text: save_own_template(work, "Hej", text),
        messages.MESSAGE_LIMIT,
        "text",
        last("messagetemplate", "text"),
    ),
    "why a role is given": Typed(
        lambda work, _moment, _plan, text: give_role(work, COLLEAGUE, Role.RESIDENT_ADMIN, text, confirmed=True),
        REASON_LIMIT,
        "skal",
        "SELECT reason FROM assignmentrole WHERE reason LIKE 'Hej%'",
        has_lines=False,
        of="access_admin",
    ),
    "why a role is taken": Typed(
        lambda work, _moment, _plan, text: take_role(work, COLLEAGUE, Role.RESIDENT_ADMIN, text),
        REASON_LIMIT,
        "skal",
        last("log", "details"),
        has_lines=False,
        of="access_admin",
    ),
    "what a head has decided": Typed(
        lambda work, _moment, _plan, text: appoint_admin(work, COLLEAGUE, HERE, text),
        REASON_LIMIT,
        "beslut",
        last("log", "details"),
        has_lines=False,
        of="operator",
    ),
    "why a moment is handed over": Typed(
        lambda work, moment, _plan, text: offer_handover(work, moment, THERE, text, confirmed=True),
        handovers.NOTE_LIMIT,
        "anteckning",
        last("handover", "note"),
    ),
    "why it is not taken": Typed(
        lambda work, moment, _plan, text: decline_handover(work, moment, text),
        handovers.NOTE_LIMIT,
        "orsak",
        last("handover", "reason"),
        of="strange_admin",
    ),
}


def test_a_text_has_so_much_room_and_no_more(filed: Clinic) -> None:
    moment = filed.start()
    with filed.store.work(filed.clinician) as work:
        plan = make_plan(work, moment, PLAN)
    actors: dict[str, Actor] = {
        "resident": filed.resident(),
        "access_admin": filed.someone(Role.ACCESS_ADMIN),
        "operator": OPERATOR,
    }
    for what, typed in TYPED.items():
        actor = actors.get(typed.of) or getattr(filed, typed.of)
        text = "Hej\n".ljust(typed.limit, "x")
        too_long = pytest.raises(Refused, match=f"högst {typed.limit} tecken, nu {typed.limit + 1}")
        with too_long as refused, filed.store.work(actor) as work:
            typed.act(work, moment, plan, f"{text}x")
        assert refused.value.field == typed.field, what
        with filed.store.work(actor) as work:
            typed.act(work, moment, plan, text)
        kept = text if typed.has_lines else text.replace("\n", " ")
        found = filed.log_value(typed.stored) if " FROM log " in typed.stored else filed.value(typed.stored)
        assert kept in found.replace("\\n", "\n"), what
