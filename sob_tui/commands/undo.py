"""`sob angra`: undo what one did last in a moment."""

import typer

from sob_tui.commands.parameters import Moment
from sob_tui.commands.session import Session, moment_id

HELP = "Ångra det senaste du har gjort i ett moment som går att ångra: byte, uppskjutet, läst, vidmakthållande."


def angra(ctx: typer.Context, moment: Moment) -> None:
    """Undo what one did last in a moment, or say why that can't be done."""
    from store.care.undo import undo_act

    here = Session(ctx)
    with here.work() as work:
        kind, said = undo_act(work, moment_id(moment))
    here.answer({"id": moment, "undone": kind, "said": said}, [said])
