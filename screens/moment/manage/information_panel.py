"""The panel *INFORMATION OM MOMENTET*, with *I KORTHET* under it where there is room (guide; domain.md §4)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import zip_longest

from rich.cells import cell_len
from textual.app import ComposeResult
from textual.content import Content
from textual.geometry import Offset

from screens.moment.available_actions import Allowed
from screens.moment.manage import glance
from screens.moment.page_state import PageState
from screens.themed_app import ThemedApp
from screens.widgets.cells import Ink, clean, cut, wrap
from screens.widgets.mark import Mark
from screens.widgets.painted import TONES, Painted, Sheet
from screens.wording import days_ago, long_date, long_day, plural
from store.care.handovers import HandoverState
from store.care.moments import MomentStatus
from store.care.notices import why_unreached
from store.care.switching import switch_clinician
from store.care.time_spent import USUAL_MINUTES, WeekTime
from store.foundation.clock import Instant, days_between, local_day
from store.views.moment import MomentPage

HEADING = "INFORMATION OM MOMENTET"
WIDE = 96
"""From this width on the facts stand in two columns: a terminal of 100 cells, less margins and scrollbar."""
_GAP = 2

NO_ACTIVITY = Ink("Ingen aktivitet", "muted")
NO_MOBILE = Ink("Inget mobilnummer", "muted")

WATCHING = "Du ser momentet därför att det har en ohanterad prioriterad flagga."

ABOUT_ACTIVE, ABOUT_MOBILE, SWITCH = "about-active", "about-mobile", "switch"
"""The marks of the panel: two `ⓘ` and the arrows."""

PROTECTION = {
    "sekretessmarkering": "⛨ Skyddade personuppgifter (sekretessmarkering)",
    "skyddad-folkbokforing": "⛨ Skyddade personuppgifter (skyddad folkbokföring)",
}


@dataclass(frozen=True)
class Fact:
    """A label and what it says. A mark is the id of what can be pressed there, after the label or after the value."""

    label: str
    value: Ink
    aside: str = ""
    """What stands after the value, or under it where there is little room."""
    label_mark: str = ""
    value_mark: str = ""


Columns = tuple[tuple[Fact, ...], ...]


class InformationPanel(Painted):
    """The facts of the moment in columns, sentences under them, and the resident at a glance."""

    def __init__(self) -> None:
        """Show nothing until there is a page."""
        super().__init__("information")
        self._columns: Columns = ()
        self._notes: tuple[Ink, ...] = ()
        self._glance = glance.GlanceText()

    def compose(self) -> ComposeResult:
        """Lay out the marks, in the order that they stand in."""
        yield Mark("ⓘ", id=ABOUT_ACTIVE, about="Vad Senast aktiv betyder")
        yield Mark("ⓘ", id=ABOUT_MOBILE, about="Varifrån mobilnumret kommer")
        yield Mark("↔", id=SWITCH, about="Byt behandlare")

    def show(self, state: PageState, now: Instant, allowed: Allowed) -> None:
        """Show what was read of a moment."""
        may_switch = allowed(switch_clinician)
        columns = facts(state.page, state.week, now, may_switch=may_switch)
        said = notes(state.page, only_watches=allowed.only_watches)
        self.query_one(f"#{SWITCH}").display = may_switch
        at_a_glance = glance.glance_text(state.page, state.glance, now)
        if (columns, said, at_a_glance) != (self._columns, self._notes, self._glance):
            self._columns, self._notes, self._glance = columns, said, at_a_glance
            self.redraw()

    def draw(self, width: int) -> Sheet:
        """Draw the facts, the sentences, and what there is at a glance."""
        share = glance.left_share(self._glance, width, _needed(self._columns[0]) if self._columns else 0)
        sheet = lay_out(self._columns, self._notes, width, share)
        in_characters = isinstance(self.app, ThemedApp) and self.app.graph_curve == "tecken"
        at_a_glance = glance.lay_out(self._glance, width, share, in_characters=in_characters)
        return Sheet([*sheet.lines, *at_a_glance], sheet.marks)


def lay_out(columns: Columns, said: Sequence[Ink], width: int, share: int) -> Sheet:
    """Lay the facts out in two columns where there is room, else under each other; sentences below.

    `share` is how wide the left one of the two is.
    """
    places: dict[str, Offset] = {}
    lines = [Content.styled(HEADING, "bold")]
    is_wide = width >= WIDE
    blocks = columns if is_wide else (sum(columns, ()),)
    rooms = (share, width - share) if is_wide else (width,)
    for row in range(max(map(len, blocks), default=0)):
        cells = [
            _fact(block[row], _label_width(block), rooms[place], Offset(place * share, len(lines)), places)
            if row < len(block)
            else []
            for place, block in enumerate(blocks)
        ]
        blank = Content(" " * share)
        lines += [Content("").join(pieces) for pieces in zip_longest(*cells, fillvalue=blank)]
    for note in said:
        lines += [Content.styled(line, TONES[note.tone]) for line in wrap(note.text, width)]
    return Sheet(lines, places)


def _label_width(block: Sequence[Fact]) -> int:
    return max(cell_len(fact.label) + (2 if fact.label_mark else 0) for fact in block) + _GAP


def _needed(block: Sequence[Fact]) -> int:
    """Return how many cells facts take, each with what can be pressed after it."""
    longest = max(cell_len(fact.value.text) + (2 if fact.value_mark else 0) for fact in block)
    return _label_width(block) + longest + _GAP


def _fact(fact: Fact, indent: int, width: int, at: Offset, places: dict[str, Offset]) -> list[Content]:
    """Return a fact's one or two lines, as wide as its column; what can be pressed is left blank and placed."""
    room = max(0, width - indent - _GAP)
    value = cut(fact.value.text, room - (2 if fact.value_mark else 0))
    if fact.label_mark:
        places[fact.label_mark] = at + Offset(cell_len(fact.label) + 1, 0)
    if fact.value_mark:
        places[fact.value_mark] = at + Offset(indent + cell_len(value) + 1, 0)
    aside = f" {fact.aside}" if fact.aside and cell_len(value) + 1 + cell_len(fact.aside) <= room else ""
    label = _padded(fact.label, indent)
    lines = [Content.assemble((label, "$text-muted"), (value, TONES[fact.value.tone]), aside)]
    if fact.aside and not aside:
        lines.append(Content(" " * indent + cut(fact.aside, room)))
    return [line.append(" " * max(0, width - line.cell_length)) for line in lines]


def _padded(text: str, width: int) -> str:
    return text + " " * (width - cell_len(text))


def facts(
    page: MomentPage, week: WeekTime, now: Instant, *, may_switch: bool
) -> tuple[tuple[Fact, ...], tuple[Fact, ...]]:
    """Return the panel's left and right column."""
    until = Instant(page.ended_at or now)
    days = plural(max(0, days_between(Instant(page.started_at), until)), "dag", "dagar")
    recommended = plural(page.recommended_days, "dag", "dagar")
    left = (
        Fact("Momentet startade", Ink(long_day(Instant(page.started_at)))),
        _last_active(page, now),
        Fact("Invånarens mobilnummer", Ink(page.mobile) if page.mobile else NO_MOBILE, label_mark=ABOUT_MOBILE),
    )
    right = (
        Fact("Momentet har pågått", Ink(days), f"(rekommenderat {recommended})"),
        Fact("Ansvarig behandlare", Ink(clean(page.clinician_name)), value_mark=SWITCH if may_switch else ""),
        _purge(page, now),
    )
    return left, right if page.ended_at else (*right, _time(week))


def _purge(page: MomentPage, now: Instant) -> Fact:
    day = date.fromisoformat(page.purge_by)
    is_overdue = page.ended_at is None and day < local_day(now)
    return Fact("Gallras senast", Ink(long_date(day)), "(har passerat: avsluta momentet)" if is_overdue else "")


def _time(week: WeekTime) -> Fact:
    """This week's minutes against what is usual; those of all who work with the resident."""
    least, most = USUAL_MINUTES
    others = f", varav dina {week.own}" if week.own != week.minutes else ""
    return Fact("Tid denna vecka", Ink(f"{week.minutes} min ({least}–{most}){others}"))


def _last_active(page: MomentPage, now: Instant) -> Fact:
    label = "Senast aktiv"
    if page.last_active_at is None:
        return Fact(label, NO_ACTIVITY, label_mark=ABOUT_ACTIVE)
    at = Instant(page.last_active_at)
    return Fact(label, Ink(long_day(at)), days_ago(at, now), label_mark=ABOUT_ACTIVE)


def notes(page: MomentPage, *, only_watches: bool = False) -> tuple[Ink, ...]:
    """Return the sentences under the columns: why it is seen, the moment's status, and what to know of the resident."""
    watching = Ink(WATCHING, "waiting") if only_watches else None
    said = (
        watching,
        _status(page),
        _handover(page),
        _protection(page),
        *_proxies(page),
        _by_hand(page),
        _unreached(page),
    )
    return tuple(note for note in said if note)


def _status(page: MomentPage) -> Ink | None:
    if page.status == MomentStatus.MAINTENANCE:
        return Ink("Vidmakthållande läge: invånaren kan läsa igen, men varken skriva eller svara.", "waiting")
    if page.ended_at is not None:
        day, reason = long_day(Instant(page.ended_at)), clean(page.end_reason)
        return Ink(f"Avslutat {day}. Orsak: {reason}. Momentet kan läsas, men inte återöppnas.", "waiting")
    return None


def _handover(page: MomentPage) -> Ink | None:
    """Say that it waits for another unit's answer, or what became of the latest offer."""
    latest = page.handover
    if latest is None or page.status == MomentStatus.ENDED:
        return None
    offered, answered = long_day(Instant(latest.offered_at)), long_day(Instant(latest.answered_at or 0))
    giver, taker = clean(latest.from_unit), clean(latest.to_unit)
    if page.offered_to:
        who = clean(latest.offered_by)
        return Ink(f"⇄ Erbjudet till {taker} {offered} av {who}. Ingen skriver till invånaren före svaret.", "waiting")
    if latest.state is HandoverState.DECLINED:
        return Ink(f"⇄ {taker} avvisade överlämningen {answered}: {clean(latest.reason)}", "waiting")
    if latest.state is HandoverState.ACCEPTED:
        return Ink(f"⇄ Mottaget från {giver} {answered}: {clean(latest.note)}", "muted")
    return None


def _protection(page: MomentPage) -> Ink | None:
    sentence = PROTECTION.get(page.protection, page.protection)
    return Ink(f"{sentence}. Inget ombud kan agera.", "risk") if sentence else None


def _proxies(page: MomentPage) -> tuple[Ink, ...]:
    said = []
    if page.proxies:
        said.append(Ink(f"Ombud: {', '.join(map(clean, page.proxies))}."))
    if page.has_protected_guardian:
        said.append(Ink("⛨ En vårdnadshavare har skyddade personuppgifter och kan inte agera ombud.", "risk"))
    return tuple(said)


def _by_hand(page: MomentPage) -> Ink | None:
    return Ink("✎ Invånarens uppgifter är manuellt angivna.", "muted") if page.entered_by_hand else None


def _unreached(page: MomentPage) -> Ink | None:
    """Say when no avisering will reach the resident, while there is any to send."""
    if page.status == MomentStatus.ENDED:
        return None
    if page.is_reached:
        return (
            Ink(f"! Den senaste aviseringen kom inte fram: {clean(page.notice_fault)}.", "waiting")
            if (page.notice_fault)
            else None
        )
    why = why_unreached(page.channel, has_proxies=bool(page.proxies))
    return Ink(f"! {why} Ingen avisering når fram.", "waiting")
