"""Arguments and options that several commands take."""

from pathlib import Path
from typing import Annotated

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
