"""The keys of a resident's page, and what the person may do with the moment for each to be offered."""

from __future__ import annotations

from collections.abc import Callable

from textual.binding import Binding

from screens.moment import tabs
from screens.moment.available_actions import Allowed
from store.care.contacts import note_contact
from store.care.endings import end_moment
from store.care.handovers import offer_handover, withdraw_handover
from store.care.maintenance import maintain_moment, resume_moment
from store.care.measurements import request_form
from store.care.switching import switch_clinician
from store.care.time_spent import correct_time


def _tab_key(key: str, tab: str) -> Binding:
    label = tabs.LABELS[tab]
    return Binding(key, f"tab('{tab}')", label, show=False, id=f"moment.{tab}", tooltip=f"Öppna fliken {label}.")


KEYS = (
    *(_tab_key(str(key), tab) for key, tab in enumerate(tabs.LABELS, 1)),
    Binding(
        "b",
        "switch",
        "Byt behandlare",
        id="moment.switch",
        tooltip="Välj en annan ansvarig behandlare på enheten.",
    ),
    Binding(
        "a",
        "end",
        "Avsluta moment",
        id="moment.end",
        tooltip="Avsluta momentet. Det går inte att ångra.",
    ),
    Binding(
        "w",
        "maintain",
        "Vidmakthållande",
        id="moment.maintain",
        tooltip="Sätt momentet i vidmakthållande läge: invånaren kan läsa, men varken skriva eller svara.",
    ),
    Binding(
        "w",
        "resume",
        "Återuppta",
        id="moment.resume",
        tooltip="Återuppta momentet från vidmakthållande läge.",
    ),
    Binding(
        "o",
        "hand_over",
        "Överlämna",
        id="moment.hand_over",
        tooltip="Erbjud momentet till en annan enhet.",
    ),
    Binding(
        "o",
        "withdraw",
        "Dra\xa0tillbaka",
        id="moment.withdraw",
        tooltip="Dra tillbaka erbjudandet till den andra enheten.",
    ),
    Binding(
        "r",
        "request",
        "Begär mätning",
        id="moment.request",
        tooltip="Be invånaren svara på ett formulär.",
    ),
    Binding(
        "j",
        "journal",
        "Journalunderlag",
        id="moment.journal",
        tooltip="Visa en text om momentet att klistra in i journalen.",
    ),
    Binding(
        "s",
        "safety_plan",
        "Säkerhetsplan",
        id="moment.safety_plan",
        tooltip="Visa invånarens säkerhetsplan, och ändra den.",
    ),
    Binding(
        "g",
        "graph",
        "Graf",
        id="moment.graph",
        tooltip="Visa alla poängsatta formulär över tid.",
    ),
    Binding(
        "i",
        "residents_side",
        "Invånarens\xa0sida",
        id="moment.residents_side",
        tooltip="Se det som invånaren ser. Det går bara att läsa, och det loggas.",
    ),
    Binding(
        "d",
        "diary",
        "Dagbok",
        id="moment.diary",
        tooltip="Visa dagboken dag för dag.",
    ),
    Binding(
        "k",
        "contact",
        "Kontaktperson",
        id="moment.contact",
        tooltip="Visa vem som svarar på frågor om programmets innehåll.",
    ),
    Binding(
        "K",
        "note_contact",
        "Notera\xa0kontakt",
        id="moment.note_contact",
        tooltip="Notera ett samtal, videomöte eller besök, med minuter och en anteckning.",
    ),
    Binding(
        "t",
        "correct_time",
        "Rätta\xa0tid",
        id="moment.time",
        tooltip="Rätta hur många minuter du har lagt på invånaren under en vecka.",
    ),
    Binding(
        "I",
        "beside",
        "Bredvid",
        id="moment.beside",
        tooltip="Var invånaren bredvid, i övningsmiljön på en bred skärm. En gång till stänger.",
    ),
    Binding(
        "f2",
        "other_side",
        "Byt\xa0sida",
        id="moment.other_side",
        priority=True,
        tooltip="Gå mellan behandlarens sida och invånarens sida bredvid.",
    ),
    Binding(
        "escape",
        "back",
        "Tillbaka",
        id="moment.back",
        tooltip="Gå tillbaka till listan.",
    ),
)
"""In the order of the key bar; their actions are the page's own."""

_OPERATIONS: dict[str, Callable[..., object]] = {
    "correct_time": correct_time,
    "note_contact": note_contact,
    "switch": switch_clinician,
    "end": end_moment,
    "maintain": maintain_moment,
    "resume": resume_moment,
    "request": request_form,
    "hand_over": offer_handover,
    "withdraw": withdraw_handover,
}
"""What an action asks to be allowed."""

_READING = frozenset({"contact", "journal", "safety_plan", "graph", "diary", "residents_side", "beside"})
MOMENT_ACTIONS = _OPERATIONS.keys() | _READING
"""The actions that are not offered at all times."""


def is_offered(action: str, allowed: Allowed) -> bool:
    """Whether one of `MOMENT_ACTIONS` can be offered."""
    if action in _OPERATIONS:
        return allowed(_OPERATIONS[action])
    return allowed.page is not None and (action != "diary" or allowed.page.has_diary)
