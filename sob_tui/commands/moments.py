"""`sob moment`: the life of a moment (domain.md §3)."""

from typing import TYPE_CHECKING, Annotated

import typer

from sob_tui.commands import handovers
from sob_tui.commands.history import offer_journal, offered_journal
from sob_tui.commands.parameters import Meddelande, Moment, Personnummer, ProgramId, with_options
from sob_tui.commands.session import Session, moment_id
from sob_tui.commands.words import counted, minute
from sob_tui.printing import tell
from store.foundation.errors import NeedsConfirmation
from store.foundation.identity import MASKED_NAME
from store.people.new_resident import TYPED, NewResident

if TYPE_CHECKING:
    from store.care.look_up import Echo
    from store.foundation.work import Work

HELP = "Starta, byta behandlare, avsluta, lämna över till en annan enhet."


_NEW_RESIDENT = {one.column: typer.Option(f"--{one.name}", metavar=one.metavar, help=one.help) for one in TYPED}


@with_options(_NEW_RESIDENT, after="behandlare")
def starta(
    ctx: typer.Context,
    personnummer: Personnummer,
    program: ProgramId,
    behandlare: Annotated[
        str | None, typer.Option("--behandlare", metavar="HSA-ID", help="Ansvarig behandlare, om det inte är du.")
    ] = None,
    **new: str | None,
) -> None:
    """Start a moment, and say who the number means; before the warnings, where there are any."""
    from store.care.look_up import look_up_resident
    from store.care.starting import start_moment

    here = Session(ctx)
    try:
        with here.work() as work:
            moment = start_moment(
                work,
                personnummer,
                program,
                responsible=behandlare,
                new_resident=_new_resident(new),
                confirmed=here.common.ja,
            )
            echo = look_up_resident(work, personnummer)
    except NeedsConfirmation:
        with here.store.read(here.staff) as reading:
            echo = look_up_resident(reading, personnummer)
        tell(_echo_line(echo))
        raise
    here.answer(
        {**_echo_json(echo), "id": str(moment), "said": list(echo.said)},
        [_echo_line(echo), *echo.said, f"Momentet är startat. Moment {moment}."],
    )


def byt(
    ctx: typer.Context,
    moment: Annotated[list[str], typer.Argument(metavar="MOMENT", help="Ett eller flera momentens id.")],
    till: Annotated[str, typer.Option("--till", metavar="HSA-ID", help="Den nya behandlaren.")],
    meddelande: Meddelande = None,
) -> None:
    """Assign moments to another clinician: all of them or, if one is refused, none; all warnings are told at once."""
    from store.care.switching import switch_clinician

    here = Session(ctx)
    moments = list(dict.fromkeys(moment_id(word) for word in moment))
    warnings: list[str] = []
    urgent: list[str] = []
    with here.work() as work:
        for one in moments:
            try:
                flags = _urgent_flags(work, one)
                switch_clinician(work, one, till, message=meddelande, confirmed=here.common.ja)
                urgent += flags
            except NeedsConfirmation as warning:
                warnings += (words for words in warning.warnings if words not in warnings)
        if warnings:
            raise NeedsConfirmation(warnings)
    here.answer(
        {"moments": [str(one) for one in moments], "clinician": till},
        [f"Behandlaren är bytt för {counted(len(moments), 'moment', 'moment')}.", *urgent],
    )


def _urgent_flags(work: "Work", moment: int) -> list[str]:
    """Return what is said of a moment's unhandled prioriterade flaggor when it gets another clinician."""
    from store.care.switching import switch_clinician
    from store.foundation.flag_kinds import Severity
    from store.foundation.operation import check
    from store.views.flags import flags_page

    check(switch_clinician, work, moment)
    return [
        f"▲ Ohanterad prioriterad flagga sedan {minute(flag.raised_at)} följer med moment {moment}: {flag.reason}"
        for flag in flags_page(work, moment).open
        if flag.severity is Severity.PRIORITY
    ]


def avsluta(
    ctx: typer.Context,
    moment: Moment,
    orsak: Annotated[str, typer.Option("--orsak", metavar="TEXT", help="Avslutningsorsaken, som programmet har den.")],
    meddelande: Meddelande = None,
    nytt_program: Annotated[
        str | None, typer.Option("--nytt-program", metavar="ID", help="Starta ett nytt moment med det programmet.")
    ] = None,
) -> None:
    """End a moment, and perhaps start another; what a start says is said."""
    from store.care.endings import end_moment
    from store.care.look_up import look_up_resident
    from store.care.moments import moment_subject
    from store.views.moment import refresh_moment

    here = Session(ctx)
    ended = moment_id(moment)
    said: tuple[str, ...] = ()
    with here.work() as work:
        new = end_moment(work, ended, orsak, message=meddelande, new_program=nytt_program, confirmed=here.common.ja)
        if new is not None:
            said = look_up_resident(work, refresh_moment(work, new).personnummer).said
        offered = offered_journal(work, moment_subject(work, ended))
    lines = ["Momentet är avslutat.", *said, *([] if new is None else [f"Ett nytt är startat. Moment {new}."])]
    here.answer(
        {"id": str(ended), "status": "avslutat", "new": None if new is None else str(new), "said": list(said)}, lines
    )
    offer_journal(offered)


def vidmakthallande(ctx: typer.Context, moment: Moment) -> None:
    """Put a moment in maintenance."""
    from store.care.maintenance import maintain_moment

    here = Session(ctx)
    with here.work() as work:
        maintain_moment(work, moment_id(moment))
    here.answer({"id": moment, "status": "vidmakthallande"}, ["Momentet är i vidmakthållande läge."])


def ateruppta(ctx: typer.Context, moment: Moment) -> None:
    """Take a moment back from maintenance."""
    from store.care.maintenance import resume_moment

    here = Session(ctx)
    with here.work() as work:
        resume_moment(work, moment_id(moment))
    here.answer({"id": moment, "status": "pagaende"}, ["Momentet är pågående igen."])


COMMANDS = {
    "starta": (starta, "Starta ett program för en invånare."),
    "byt": (byt, "Byt ansvarig behandlare, för ett eller flera moment."),
    "avsluta": (avsluta, "Avsluta ett moment. Det går inte att ångra."),
    "vidmakthallande": (vidmakthallande, "Sätt ett moment i vidmakthållande läge: invånaren kan bara läsa."),
    "ateruppta": (ateruppta, "Återuppta ett moment från vidmakthållande läge."),
    **handovers.COMMANDS,
}


def _new_resident(typed: dict[str, str | None]) -> NewResident | None:
    """Return who was typed, by column; somebody without any name is nobody."""
    if typed["family_name"] is None and typed["given_name"] is None:
        return None
    return NewResident(**{column: text or "" for column, text in typed.items()})


def _echo_line(echo: "Echo") -> str:
    """Return whom the number means: twelve digits, age, sex marker, name (domain.md §2)."""
    age = None if echo.age is None else f"{echo.age} år"
    name = MASKED_NAME if echo.is_protected else echo.name
    return " · ".join(part for part in (echo.display, age, echo.sex, name) if part)


def _echo_json(echo: "Echo") -> dict[str, object]:
    return {
        "personnummer": None if echo.is_protected else echo.number.value,
        "name": None if echo.is_protected else echo.name,
        "protected": echo.is_protected,
        "age": echo.age,
        "sex": echo.sex,
    }
