"""`sob installningar`: every setting with its value and where that comes from. Needs no store."""

from collections.abc import Iterator
from typing import Any

import typer

from sob_tui.commands.session import Session
from sob_tui.printing import Table, put, put_json, tell
from sob_tui.settings import Settings, read_settings
from sob_tui.settings_report import SettingLine, report
from sob_tui.settings_schema import Fault, delivery_tables
from store.foundation.errors import Refused

HELP = "Visa alla inställningar, vad de är och var det kommer ifrån: standard, inställningsfilen, miljön. Utan databas."


def installningar(ctx: typer.Context) -> int:
    """Print the settings; 3 where something in the file is wrong."""
    from sob_tui.preferences import checked  # it knows the themes, which are Textual's

    here, settings = Session(ctx), checked(read_settings()).settings
    faults = [*settings.faults, *_of_delivery(settings)]
    lines = report(settings, here.common.store)
    if here.common.json:
        put_json(
            {
                "file": str(settings.path),
                "settings": [_json(line) for line in lines],
                "faults": [_fault_json(settings, fault) for fault in faults],
            }
        )
    else:
        _put(settings, lines)
    for fault in faults:
        tell(settings.sentence(fault))
    return Refused.exit_code if faults else 0


def _of_delivery(settings: Settings) -> Iterator[Fault]:
    """Yield what the sending of notices would refuse, unless that is among the file's faults."""
    if any(not fault.path or fault.is_unknown or not fault.is_own for fault in settings.faults):
        return
    if not any(table.name in settings.values for table in delivery_tables()):
        return
    from sob_tui.delivery.transports import delivery_settings

    try:
        delivery_settings()
    except Refused as refusal:
        yield Fault((), refusal.message, is_own=False)


def _json(line: SettingLine) -> dict[str, Any]:
    return {
        "name": line.name,
        "value": line.value,
        "source": line.source,
        "place": line.place,
        "line": line.line,
        "allowed": line.allowed,
        "about": line.about,
    }


def _fault_json(settings: Settings, fault: Fault) -> dict[str, Any]:
    return {
        "line": settings.line_of(fault.path) if fault.path else None,
        "message": settings.sentence(fault),
    }


def _put(settings: Settings, lines: tuple[SettingLine, ...]) -> None:
    is_there = settings.path.exists()
    put(f"Inställningsfilen: {settings.path}{'' if is_there else ' (finns inte)'}")
    put()
    rows = [(line.name, "" if line.value is None else str(line.value), _from(line), line.about) for line in lines]
    Table("Inställning", "Värde", "Varifrån", "Vad den gör").put(rows, heading=True)


def _from(line: SettingLine) -> str:
    return ", ".join(filter(None, (line.source, line.place)))
