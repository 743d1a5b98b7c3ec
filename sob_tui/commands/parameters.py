"""Arguments and options that several commands take."""

import inspect
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Annotated, Any, TypeVar

import typer

Moment = Annotated[str, typer.Argument(metavar="MOMENT", help="Momentets id, som i listorna.")]
Personnummer = Annotated[str, typer.Argument(metavar="PERSONNUMMER", help="Tio eller tolv siffror.")]
Folder = Annotated[Path, typer.Argument(metavar="DIR", help="Programmets mapp, där program.toml ligger.")]
File = Annotated[Path, typer.Argument(metavar="FIL", help="Filen; - läser från standard in.")]
ProgramId = Annotated[str, typer.Option("--program", metavar="ID", help="Programmets id.")]
Efternamn = Annotated[str | None, typer.Option("--efternamn", metavar="NAMN", help="Invånarens efternamn.")]
Fornamn = Annotated[str | None, typer.Option("--fornamn", metavar="NAMN", help="Invånarens förnamn.")]
Mobil = Annotated[str | None, typer.Option("--mobil", metavar="NUMMER", help="Mobilnumret, 07XXXXXXXX.")]
Epost = Annotated[str | None, typer.Option("--epost", metavar="ADRESS", help="E-postadressen.")]
Meddelande = Annotated[
    str | None, typer.Option("--meddelande", metavar="TEXT", help="Ett meddelande till invånaren om det.")
]
VisaSkyddade = Annotated[
    bool, typer.Option("--visa-skyddade", help="Visa namn och personnummer som är skyddade. Det loggas.")
]

F = TypeVar("F", bound=Callable[..., Any])


def with_options(options: Mapping[str, Any], *, after: str) -> Callable[[F], F]:
    """Give a command options that are declared elsewhere; it takes them as its `**` arguments, None where not given.

    Args:
        options: a `typer.Option` by the name of each argument.
        after: the argument of the command that they follow in the help.
    """

    def decorate(command: F) -> F:
        given = [
            inspect.Parameter(
                name, inspect.Parameter.POSITIONAL_OR_KEYWORD, default=None, annotation=Annotated[str | None, option]
            )
            for name, option in options.items()
        ]
        signature = inspect.signature(command, eval_str=True)
        own = [one for one in signature.parameters.values() if one.kind is not inspect.Parameter.VAR_KEYWORD]
        place = next(place for place, one in enumerate(own, 1) if one.name == after)
        command.__signature__ = signature.replace(parameters=[*own[:place], *given, *own[place:]])  # type: ignore[attr-defined]
        return command

    return decorate
