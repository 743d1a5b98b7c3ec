"""What is done for one or several residents from their rows: a reminder, a form asked for, the next module opened.

Each is the operation that is done for one, in a transaction of its own, with its own row in the log and its own rules:
what can't be done for one is said of that one, and the others are done. A command whose answer was lost is sent again
with the UUID that it had.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from enum import StrEnum
from typing import Any, NamedTuple
from uuid import UUID, uuid4

from textual.app import App

from screens.dialogs.choose import Choice, ChoiceDialog
from screens.dialogs.for_several import ForSeveralDialog, Named
from screens.dialogs.info import InfoDialog
from screens.refusals import notify_refusal, notify_warning
from screens.row_marks import Outcome
from screens.store_client import StoreClient
from screens.type_ahead import hold_keys, release_keys
from screens.whom import Whom
from store.care.measurements import request_form, requestable_forms
from store.care.messages import send_message
from store.care.modules import next_module, open_module
from store.care.templates import Template, templates
from store.foundation.errors import DomainError, Refused, StoreBusy, StoreUnreachable
from store.views.conversations import filled_templates

NO_TEMPLATES = "Det finns inga mallar. Egna mallar skriver du under Min profil, enhetens under Enhet."
NO_FORMS = "Det finns inget formulär att begära."
NO_MODULE = "Alla moduler är öppnade."
NOT_DONE_ON_ROW = "✗ gick inte"
NOT_DONE = "Gick inte att göra"
CHANGED = "Mallen har ändrats sedan den visades. Stäng rutan och välj mallen igen."
GONE = "Mallen finns inte längre."
NOT_KNOWN = "Databasen svarade inte, så det är inte säkert om det blev gjort. Öppna raden och se efter."


class Act(StrEnum):
    """What can be done from a row; the value is the choice as it is shown."""

    REMIND = "Påminn med en mall"
    REQUEST = "Begär en mätning"
    MODULE = "Öppna nästa modul"
    ANSWER = "Svara"


class ChosenRow(NamedTuple):
    """A row that is acted on."""

    moment: int
    whom: Whom
    program: str


Outcomes = dict[int, Outcome]
"""By moment."""
Do = Callable[[UUID, int], Awaitable[Outcome]]
"""Does it for one moment, as a command with a UUID; raises what the store refuses."""


async def choose_act(app: App[Any], rows: Sequence[ChosenRow], *, answers: bool) -> Act | None:
    """Let the person choose what is done; None where it is nothing. An answer is for one alone, where it `answers`."""
    acts = [act for act in Act if act is not Act.ANSWER or (answers and len(rows) == 1)]
    whom = _only(rows)
    heading = "Vad ska göras?" if whom is not None else f"Vad ska göras för {len(rows)} markerade?"
    hold_keys(app)
    return await app.push_screen_wait(ChoiceDialog(heading, [Choice(act, act.value) for act in acts], whom=whom))


async def carry_out(app: App[Any], client: StoreClient, act: Act, rows: Sequence[ChosenRow]) -> Outcomes:
    """Ask what is left to ask, show the names, do it; returns what came of it for each for whom it was tried."""
    hold_keys(app)
    try:
        if act is Act.REMIND:
            return await _remind(app, client, rows)
        if act is Act.REQUEST:
            return await _request(app, client, rows)
        return await _open_next(app, client, rows)
    except DomainError as refusal:
        release_keys(app)
        notify_refusal(app, refusal, whom=None)
        return {}


async def _remind(app: App[Any], client: StoreClient, rows: Sequence[ChosenRow]) -> Outcomes:
    """Send a template to each, with what it leaves open filled in."""
    found = await client.read(templates)
    if not found:
        return _nothing(app, NO_TEMPLATES)
    choices = [Choice(one, one.title, "Enhetens mall" if one.is_units else "Egen mall") for one in found]
    template = await app.push_screen_wait(ChoiceDialog("Mall", choices, whom=_only(rows)))
    if template is None:
        return {}
    texts: dict[int, str] = {}

    async def fill(moment: int) -> None:
        if moment not in texts:  # what is sent again is the same
            texts[moment] = await _filled(client, moment, template)

    async def send(command: UUID, moment: int) -> Outcome:
        await client.carry_out(command, send_message, moment, texts[moment], heading=template.title)
        return Outcome(True, "✓ påmind", f"Mallen {template.title} är skickad.")

    async def is_same() -> None:
        if template not in await client.read(templates):
            raise Refused(CHANGED)

    what = f"Mallen {template.title} skickas som ett meddelande{' till var och en' if len(rows) > 1 else ''}."
    return await _for_each(app, "Påminn", what, _named(rows), send, text=template.text, first=is_same, prepare=fill)


async def _filled(client: StoreClient, moment: int, template: Template) -> str:
    found = [one.text for one in await client.read(filled_templates, moment) if one.id == template.id]
    if not found:
        raise Refused(GONE)
    return found[0]


async def _request(app: App[Any], client: StoreClient, rows: Sequence[ChosenRow]) -> Outcomes:
    """Ask each for a form: one of those that the programs have, or the unit."""
    forms: dict[str, str] = {}
    refusal: DomainError | None = None
    known: set[str] = set()
    for row in rows:
        if row.program in known:
            continue
        try:
            forms |= await client.read(requestable_forms, row.moment)
            known.add(row.program)
        except StoreUnreachable:
            raise
        except DomainError as refused:
            refusal = refused
    if not forms and refusal is not None:
        raise refusal
    if not forms:
        return _nothing(app, NO_FORMS)
    choices = [Choice(form, title) for form, title in forms.items()]
    chosen = await app.push_screen_wait(ChoiceDialog("Begär en mätning", choices, whom=_only(rows)))
    if chosen is None:
        return {}

    async def ask(command: UUID, moment: int) -> Outcome:
        await client.carry_out(command, request_form, moment, chosen)
        return Outcome(True, "✓ begärd", f"{forms[chosen]} är begärt.")

    what = f"{forms[chosen]} begärs{' av var och en' if len(rows) > 1 else ''}."
    return await _for_each(app, "Begär en mätning", what, _named(rows), ask)


async def _open_next(app: App[Any], client: StoreClient, rows: Sequence[ChosenRow]) -> Outcomes:
    """Open for each the module that comes next: the one that the dialog names, and no other."""
    following: dict[int, tuple[str, str]] = {}
    refused: Outcomes = {}
    for row in rows:
        try:
            found = await client.read(next_module, row.moment)
            if found is None:
                raise Refused(NO_MODULE)
            following[row.moment] = found
        except StoreUnreachable:
            raise
        except DomainError as refusal:
            refused[row.moment] = Outcome(False, NOT_DONE_ON_ROW, refusal.message)
    if not following:
        release_keys(app)
        return refused

    async def open_it(command: UUID, moment: int) -> Outcome:
        module, title = following[moment]
        await client.carry_out(command, open_module, moment, module)
        return Outcome(True, "✓ öppnad", f"Modulen {title} är öppnad.")

    named = [one._replace(about=following[one.moment][1]) for one in _named(rows) if one.moment in following]
    what = f"Modulen som kommer näst öppnas{' för var och en' if len(following) > 1 else ''}."
    left_out = [row.whom.says(refused[row.moment].sentence) for row in rows if row.moment in refused]
    done = await _for_each(app, "Öppna nästa modul", what, named, open_it, left_out=left_out)
    return done | refused if done else {}


def _only(rows: Sequence[ChosenRow]) -> Whom | None:
    """Return whom it is about where that is one."""
    return rows[0].whom if len(rows) == 1 else None


def _named(rows: Sequence[ChosenRow]) -> list[Named]:
    return [Named(row.moment, row.whom) for row in rows]


def _nothing(app: App[Any], sentence: str) -> Outcomes:
    release_keys(app)
    notify_warning(app, sentence, whom=None)
    return {}


async def _for_each(
    app: App[Any],
    heading: str,
    what: str,
    named: Sequence[Named],
    do: Do,
    *,
    text: str = "",
    left_out: Sequence[str] = (),
    first: Callable[[], Awaitable[None]] | None = None,
    prepare: Callable[[int], Awaitable[None]] | None = None,
) -> Outcomes:
    """Show the names, and do it for those who stay ticked; a lost answer is asked for anew from the same dialog.

    `first` is asked before anything is done, `prepare` for each before it is done.
    """
    outcomes: Outcomes = {}
    commands: dict[int, UUID] = {}
    settled: set[int] = set()

    async def perform(moments: tuple[int, ...], _confirmed: bool) -> None:
        if first is not None and not outcomes:
            await first()
        for moment in moments:
            if moment in settled:
                continue
            try:
                if prepare is not None:
                    await prepare(moment)
                command = commands.setdefault(moment, uuid4())
                outcomes[moment] = await do(command, moment)
            except StoreUnreachable as lost:
                if moment in commands and not isinstance(lost, StoreBusy):
                    outcomes[moment] = Outcome(False, "? osäkert", NOT_KNOWN)
                raise
            except DomainError as refusal:
                outcomes[moment] = Outcome(False, NOT_DONE_ON_ROW, refusal.message)
            settled.add(moment)

    await app.push_screen_wait(ForSeveralDialog(heading, what, named, perform, text=text, left_out=left_out))
    return outcomes


async def tell(app: App[Any], rows: Sequence[ChosenRow], outcomes: Outcomes) -> None:
    """Say what came of it: for one in its sentence, for several how many; for each who was left out, why."""
    of = {row.moment: row.whom for row in rows}
    left = [of[moment].says(one.sentence) for moment, one in outcomes.items() if not one.is_done]
    done = len(outcomes) - len(left)
    if len(outcomes) == 1 and done:
        ((moment, only),) = outcomes.items()
        app.notify(of[moment].says(only.sentence), markup=False)
    elif done:
        app.notify(f"Gjort för {done} av {len(outcomes)}.", markup=False)
    if left:
        await app.push_screen_wait(InfoDialog(NOT_DONE, "\n\n".join(left), whom=None))
