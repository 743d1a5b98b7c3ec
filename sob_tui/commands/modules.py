"""`sob modul`: what the resident sees of a moment's modules."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated

import typer

from sob_tui.commands.parameters import Moment
from sob_tui.commands.session import Session, moment_id

if TYPE_CHECKING:
    from store.foundation.work import Work

HELP = "Visa, dölja och öppna moduler."

Part = Annotated[str, typer.Argument(metavar="MODUL", help="Modulens eller avsnittets id, som sob visa skriver det.")]
Module = Annotated[str, typer.Argument(metavar="MODUL", help="Modulens id, som sob visa skriver det.")]


def visa(ctx: typer.Context, moment: Moment, modul: Part) -> None:
    """Show a hidden module or section again."""
    from store.care.modules import show_module

    _change(Session(ctx), moment, modul, show_module, "Invånaren ser det igen.")


def dolj(ctx: typer.Context, moment: Moment, modul: Part) -> None:
    """Hide a module or section."""
    from store.care.modules import hide_module

    _change(Session(ctx), moment, modul, hide_module, "Det är dolt för invånaren.")


def oppna(ctx: typer.Context, moment: Moment, modul: Module) -> None:
    """Open a module."""
    from store.care.modules import open_module

    _change(Session(ctx), moment, modul, open_module, "Modulen är öppnad för invånaren.")


COMMANDS = {
    "visa": (visa, "Visa en dold modul, eller ett dolt avsnitt, för invånaren igen."),
    "dolj": (dolj, "Dölj en modul, eller ett avsnitt, för invånaren."),
    "oppna": (oppna, "Öppna en modul som programmet inte öppnar av sig självt."),
}


def _change(here: Session, moment: str, part: str, operation: "Callable[[Work, int, str], None]", said: str) -> None:
    with here.work() as work:
        operation(work, moment_id(moment), part)
    here.answer({"id": moment, "module": part}, [said])
