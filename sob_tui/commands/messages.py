"""`sob meddelande`: conversations with a resident, as the tab *Meddelanden* has them."""

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from sob_tui.commands.conversations import conversations_json, put_conversations
from sob_tui.commands.files import text
from sob_tui.commands.history import offer_journal, offered_journal
from sob_tui.commands.parameters import Moment
from sob_tui.commands.session import Session, moment_id
from sob_tui.options import UsageFault
from sob_tui.printing import put, put_json, tell
from store.foundation.clock import Instant, iso_local, local
from store.foundation.errors import NeedsConfirmation, Refused
from store.foundation.identity import MASKED_NAME
from store.foundation.text import shortened

if TYPE_CHECKING:
    from store.care.notices import Delivery
    from store.foundation.read_transaction import ReadTransaction
    from store.views.conversations import ConversationRow, MessageLine

HELP = "Läs och skriv meddelanden till invånaren."

Title = Annotated[str, typer.Argument(metavar="TITEL", help="Mallens titel.")]


def lista(ctx: typer.Context, moment: Moment) -> None:
    """Print all conversations; marks nothing as read."""
    here = Session(ctx)
    with here.store.read(here.staff) as work:
        found = _all(work, moment_id(moment))
    _put(here, found)


def las(ctx: typer.Context, moment: Moment) -> None:
    """Print all conversations, and mark what the resident has written as read."""
    from store.care.conversations import mark_conversation_read

    here = Session(ctx)
    with here.work() as work:
        found = _all(work, moment_id(moment))
        for conversation, _ in found:
            if conversation.unread:
                mark_conversation_read(work, moment_id(moment), conversation.id)
        found = _all(work, moment_id(moment))
    _put(here, found)


def skriv(
    ctx: typer.Context,
    moment: Moment,
    konversation: Annotated[
        str | None, typer.Option("--konversation", metavar="ID", help="Konversationen att svara i; annars en ny.")
    ] = None,
    rubrik: Annotated[
        str | None, typer.Option("--rubrik", metavar="TEXT", help="Den nya konversationens rubrik.")
    ] = None,
    avisera: Annotated[
        str, typer.Option("--avisera", metavar="direkt|uppsamlat|nej", help="När invånaren får en avisering.")
    ] = "direkt",
) -> None:
    """Send what stands on standard input."""
    from store.care.messages import HEADING, send_message
    from store.care.moments import moment_subject
    from store.views.conversations import messages_page

    here = Session(ctx)
    if konversation is not None and rubrik is not None:
        raise UsageFault("Ange antingen --konversation eller --rubrik: ett svar har redan en rubrik.")
    with here.reading_for(send_message, moment_id(moment)):
        delivery, written = _delivery(avisera), text(Path("-"))
    with here.work() as work:
        sent = send_message(
            work,
            moment_id(moment),
            written,
            conversation=None if konversation is None else moment_id(konversation),
            heading=rubrik or HEADING,
            delivery=delivery,
        )
        page = messages_page(work, moment_id(moment))
        offered = offered_journal(work, moment_subject(work, moment_id(moment)))
    if delivery and not page.is_reached:
        tell("Ingen avisering når fram: invånaren tar inte emot aviseringar, eller saknar adress för dem.")
    newest = page.conversations[0].id if konversation is None else moment_id(konversation)
    here.answer(
        {"id": str(sent), "konversation": str(newest)},
        ["Meddelandet är skickat.", *_when(delivery, page.collects_at)],
    )
    offer_journal(offered)


def olast(
    ctx: typer.Context,
    moment: Moment,
    konversation: Annotated[str, typer.Argument(metavar="KONVERSATION", help="Konversationens id.")],
) -> None:
    """Mark a conversation as unread again."""
    from store.care.conversations import mark_conversation_unread

    here = Session(ctx)
    with here.work() as work:
        mark_conversation_unread(work, moment_id(moment), moment_id(konversation))
    here.answer({"konversation": konversation}, ["Konversationen är oläst igen."])


def utkast(ctx: typer.Context, moment: Moment) -> None:
    """Print the own drafts."""
    from store.views.conversations import open_messages

    here = Session(ctx)
    with here.store.read(here.staff) as work:
        drafts = open_messages(work, moment_id(moment)).drafts
    if here.common.json:
        put_json(
            [
                {
                    "id": str(draft.id),
                    "konversation": None if draft.conversation is None else str(draft.conversation),
                    "rubrik": draft.heading or None,
                    "text": draft.text,
                    "saved": iso_local(Instant(draft.saved_at)),
                }
                for draft in drafts
            ]
        )
        return
    for draft in drafts:
        put(f"Sparat {local(Instant(draft.saved_at)):%Y-%m-%d %H:%M}")
        put(draft.text, multiline=True)
        put()
    if not drafts:
        put("Inga utkast.")


def sok(
    ctx: typer.Context,
    ord: Annotated[list[str], typer.Argument(metavar="ORD", help="Ord som alla ska finnas i meddelandet.")],
) -> None:
    """Search the messages of all own residents."""
    from store.views.message_search import search_messages

    here = Session(ctx)
    with here.store.read(here.staff) as work:
        hits = search_messages(work, " ".join(ord))
    if here.common.json:
        put_json(
            [
                {
                    "moment": str(hit.moment),
                    "konversation": str(hit.conversation),
                    "name": None if hit.protected else hit.name,
                    "from": hit.sender.value,
                    "excerpt": hit.excerpt,
                    "sent": iso_local(Instant(hit.sent_at)),
                    "stands_in_for": hit.stands_in_for,
                }
                for hit in hits
            ]
        )
        return
    for hit in hits:
        name = MASKED_NAME if hit.protected else hit.name
        where = f"{hit.program_title} (moment {hit.moment}{f', för {hit.stands_in_for}' if hit.stands_in_for else ''})"
        put(f"{local(Instant(hit.sent_at)):%Y-%m-%d %H:%M} {name} · {where}")
        put(f"  {hit.excerpt}")
    if not hits:
        put("Inga träffar. Sök på färre eller kortare ord.")


def mallar(
    ctx: typer.Context,
    moment: Annotated[str | None, typer.Argument(metavar="MOMENT", help="Fyll i mallarna för det momentet.")] = None,
) -> None:
    """Print the templates; filled in for a moment, as they would be sent."""
    from store.care.templates import templates
    from store.views.conversations import filled_templates

    here = Session(ctx)
    with here.store.read(here.staff) as work:
        found = templates(work) if moment is None else filled_templates(work, moment_id(moment), is_printed=True)
    if here.common.json:
        put_json([{"id": str(one.id), "title": one.title, "text": one.text, "unit": one.is_units} for one in found])
        return
    for one in found:
        put(f"{one.id} {one.title}{' (enhetens)' if one.is_units else ''}")
        put(one.text, multiline=True)
        put()
    if not found:
        put("Inga mallar än. Skriv en med sob meddelande mall TITEL, med texten på standard in.")


def mall(
    ctx: typer.Context,
    titel: Title,
    enhetens: Annotated[
        bool, typer.Option("--enhetens", help="För alla på enheten (behörighetsadministratör).")
    ] = False,
    ta_bort: Annotated[bool, typer.Option("--ta-bort", help="Ta bort mallen.")] = False,
) -> None:
    """Write a template from standard input, in the place of one with the same title; or remove it."""
    from store.care import templates as nouns

    here = Session(ctx)
    save = nouns.save_unit_template if enhetens else nouns.save_own_template
    with here.reading_for(save):
        written = "" if ta_bort else text(Path("-"))
    with here.work() as work:
        same = [one for one in nouns.templates(work) if one.title == titel.strip() and one.is_units is enhetens]
        if not ta_bort:
            if same and not here.common.ja and same[0].text != written.strip():
                began = shortened(same[0].text)
                raise NeedsConfirmation([f"Det finns redan en mall med den titeln: ”{began}”. Sparar du ersätts den."])
            save(work, titel, written, template=same[0].id if same else None)
        elif same:
            (nouns.remove_unit_template if enhetens else nouns.remove_own_template)(work, same[0].id)
        else:
            raise Refused(f"Det finns ingen mall med titeln {titel}. Titlarna står i sob meddelande mallar.")
    here.answer({"title": titel}, ["Mallen är borttagen." if ta_bort else "Mallen är sparad."])


COMMANDS = {
    "lista": (lista, "Visa konversationerna. Inget markeras som läst."),
    "las": (las, "Visa konversationerna, och markera dem som lästa."),
    "olast": (olast, "Markera en konversation som oläst igen."),
    "skriv": (skriv, "Skicka ett meddelande; texten läses från standard in."),
    "utkast": (utkast, "Visa dina utkast."),
    "sok": (sok, "Sök i dina invånares meddelanden, de senaste först."),
    "mallar": (mallar, "Visa mallarna, eller hur de blir ifyllda för ett moment."),
    "mall": (mall, "Skriv en mall; texten läses från standard in."),
}


def _all(work: "ReadTransaction", moment: int) -> "list[tuple[ConversationRow, list[MessageLine]]]":
    from store.views.conversations import view_messages

    return view_messages(work, moment)


def _put(here: Session, found: "Iterable[tuple[ConversationRow, list[MessageLine]]]") -> None:
    if here.common.json:
        put_json(conversations_json(found))
    else:
        put_conversations(found)


def _delivery(word: str) -> "Delivery | None":
    from store.care.notices import Delivery

    if word == "nej":
        return None
    try:
        return Delivery(word)
    except ValueError:
        raise Refused(f"--avisera är direkt, uppsamlat eller nej, inte {shortened(word)}.", field="avisera") from None


def _when(delivery: "Delivery | None", collects_at: int) -> list[str]:
    if delivery != "uppsamlat":
        return []
    at: Any = local(Instant(collects_at))
    return [f"Aviseringen går {at:%Y-%m-%d} kl. {at:%H:%M}."]
