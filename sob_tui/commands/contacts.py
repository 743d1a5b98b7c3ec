"""`sob kontakt`: a call, a video meeting or a visit that was made."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sob_tui.commands.files import text
from sob_tui.commands.history import offer_journal, offered_journal
from sob_tui.commands.parameters import Moment
from sob_tui.commands.session import Session, moment_id
from sob_tui.options import plain
from store.foundation.clock import iso_local
from store.foundation.errors import Refused

if TYPE_CHECKING:
    from store.care.contacts import ContactSort

HELP = (
    "Notera en kontakt som du har haft med invånaren: telefon, video eller besök. Anteckningen läses från standard in."
)


def kontakt(
    ctx: typer.Context,
    moment: Moment,
    sort: Annotated[str, typer.Option("--sort", metavar="telefon|video|besok", help="Hur kontakten togs.")],
    minuter: Annotated[str, typer.Option("--minuter", metavar="N", help="Hur många minuter; de räknas till din tid.")],
    tid: Annotated[
        str, typer.Option("--tid", metavar="TID", help="När det var: 14.30, eller 2026-11-22 14.30. Annars nu.")
    ] = "",
) -> None:
    """Note a contact; the note stands on standard input."""
    from store.care.contacts import note_contact
    from store.care.moments import moment_subject
    from store.care.typed_time import past_time_given

    here = Session(ctx)
    with here.reading_for(note_contact, moment_id(moment)):
        how, at = _sort(sort), past_time_given(tid, here.store.clock())
        note = text(Path("-"))
    number = int(minuter) if minuter.isascii() and minuter.isdigit() and len(minuter) < 6 else -1  # which is refused
    with here.work() as work:
        note_contact(work, moment_id(moment), how, number, note, at=at)
        offered = offered_journal(work, moment_subject(work, moment_id(moment)))
    answer = {"id": moment, "sort": how.value, "minutes": number, "at": iso_local(work.now if at is None else at)}
    here.answer(answer, ["Kontakten är noterad."])
    offer_journal(offered)


def _sort(word: str) -> "ContactSort":
    from store.care.contacts import ContactSort

    try:
        return ContactSort(plain(word))
    except ValueError:
        raise Refused(f"--sort är {', '.join(ContactSort)}.", field="sort") from None
