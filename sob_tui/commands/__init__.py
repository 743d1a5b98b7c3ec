"""The commands, on Typer: a module for each group."""

from functools import cache

import typer
from typer._click.core import Command

from sob_tui.commands import (
    backups,
    contacts,
    day,
    exporting,
    flags,
    forms,
    help,
    init,
    invitations,
    keys,
    lists,
    log,
    log_review,
    messages,
    modules,
    moments,
    moving,
    notices,
    overview,
    page,
    personnel,
    plans,
    practice,
    programs,
    provider,
    purging,
    residents,
    restoring,
    safety_plan,
    settings,
    signing_in,
    statistics,
    time,
    todo,
    undo,
    unit,
    upgrading,
)
from sob_tui.commands.swedish import CommandGroup, Group, SwedishCommand, carried_out
from sob_tui.options import Common

ABOUT = (
    "Stöd och behandling i terminalen. Utan kommando öppnas appen på den valda databasen; sob ovning öppnar den på "
    "övningsmiljön."
)


_GROUPS = {
    "logga": signing_in,
    "moment": moments,
    "modul": modules,
    "formular": forms,
    "meddelande": messages,
    "flagga": flags,
    "plan": plans,
    "sakerhetsplan": safety_plan,
    "invanare": residents,
    "personal": personnel,
    "enhet": unit,
    "program": programs,
    "vardgivare": provider,
    "nyckel": keys,
    "logg": log,
    "logguppfoljning": log_review,
}


def carry_out(words: list[str], common: Common) -> int:
    """Carry out a command; returns the exit code.

    Raises:
        DomainError: the command line is wrong, or the command was refused.
    """
    return carried_out(_command(), words, common)


@cache
def _command() -> Command:
    """Return what Typer makes of all commands: 16 ms, once in a process."""
    return typer.main.get_command(all_commands())


def all_commands() -> typer.Typer:
    """Return the whole command line. The modules import what they need of the store when they are called."""
    app = _group(ABOUT)
    app.add_typer(_practice(), name="ovning", cls=CommandGroup)
    app.command("hjalp", cls=SwedishCommand, help=help.HELP)(help.hjalp)
    app.command("installningar", cls=SwedishCommand, help=settings.HELP)(settings.installningar)
    app.command("lista", cls=SwedishCommand, help=lists.HELP)(lists.lista)
    app.command("visa", cls=SwedishCommand, help=page.HELP)(page.visa)
    app.command("angra", cls=SwedishCommand, help=undo.HELP)(undo.angra)
    app.command("att-gora", cls=SwedishCommand, help=todo.HELP)(todo.att_gora)
    app.command("oversikt", cls=SwedishCommand, help=overview.HELP)(overview.oversikt)
    app.command("kontakt", cls=SwedishCommand, help=contacts.HELP)(contacts.kontakt)
    app.command("tid", cls=SwedishCommand, help=time.HELP)(time.tid)
    app.command("exportera", cls=SwedishCommand, help=exporting.HELP)(exporting.exportera)
    app.add_typer(_purging(), name="gallra", cls=CommandGroup)
    app.command("statistik", cls=SwedishCommand, help=statistics.HELP)(statistics.statistik)
    app.command("dygn", cls=SwedishCommand, help=day.HELP)(day.dygn)
    app.command("init", cls=SwedishCommand, help=init.HELP)(init.init)
    app.command("sakerhetskopiera", cls=SwedishCommand, help=backups.BACK_UP)(backups.sakerhetskopiera)
    app.command("aterstall", cls=SwedishCommand, help=restoring.RESTORE)(restoring.aterstall)
    app.command("aterstallningsprov", cls=SwedishCommand, help=backups.DRILL)(backups.aterstallningsprov)
    app.command("kontrollera", cls=SwedishCommand, help=backups.CHECK)(backups.kontrollera)
    app.command("flytta", cls=SwedishCommand, help=moving.HELP)(moving.flytta)
    app.command("uppgradera", cls=SwedishCommand, help=upgrading.HELP)(upgrading.uppgradera)
    app.command("inbjud", cls=SwedishCommand, help=invitations.HELP)(invitations.inbjud)
    app.command("avisera", cls=SwedishCommand, help=notices.HELP)(notices.avisera)
    for name, module in _GROUPS.items():
        group = _group(module.HELP)
        for word, (function, text) in module.COMMANDS.items():
            group.command(word, cls=SwedishCommand, help=text)(function)
        app.add_typer(group, name=name, cls=Group)
    return app


def _practice() -> typer.Typer:
    """Return `sob ovning`: it opens the practice environment where no command follows."""
    group = _group(practice.HELP)
    group.callback(invoke_without_command=True, cls=CommandGroup, help=practice.HELP)(practice.ovning)
    for word, (function, text) in practice.COMMANDS.items():
        about = {"ignore_unknown_options": word == "klocka"}  # -3d is no option: it has a sentence of its own
        group.command(word, cls=SwedishCommand, help=text, context_settings=about)(function)
    return group


def _purging() -> typer.Typer:
    """Return `sob gallra`: it lists what is due, or purges, where no command follows."""
    group = _group(purging.HELP)
    group.callback(invoke_without_command=True, cls=CommandGroup, help=purging.HELP)(purging.gallra)
    for word, (function, text) in purging.COMMANDS.items():
        group.command(word, cls=SwedishCommand, help=text)(function)
    return group


def _group(text: str) -> typer.Typer:
    return typer.Typer(
        cls=Group, help=text, rich_markup_mode=None, pretty_exceptions_enable=False, add_completion=False
    )
