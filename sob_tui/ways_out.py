"""What helps after a refusal, in the words of the command line: the command or the option that is the way out."""

from collections.abc import Iterable, Mapping
from typing import Any

from sob_tui.options import plain
from store.foundation.errors import DomainError

COMMANDS = {
    "accept_handover": "sob moment ta-emot",
    "activate_staff": "sob personal aktivera",
    "change_plan": "sob plan andra --help",
    "change_provider": "sob vardgivare andra --help",
    "change_unit": "sob enhet andra --help",
    "correct_person": "sob invanare ratta --help",
    "decide_duty": "sob enhet uppgift --help",
    "decline_handover": "sob moment avvisa",
    "end_plan": "sob plan avsluta",
    "end_substitute": "sob personal stallforetradare --help",
    "finish_duty": "sob enhet uppgift --help",
    "give_role": "sob personal roll",
    "handle_flag": "sob flagga hantera",
    "end_moment": "sob moment avsluta",
    "lift_stop": "sob gallra hav",
    "make_plan": "sob plan ny",
    "open_module": "sob modul oppna",
    "open_program": "sob program oppna",
    "purge_moment": "sob gallra",
    "record_training": "sob personal utbildning",
    "reset_account": "sob inbjud --help",
    "request_form": "sob formular begar",
    "resume_moment": "sob moment ateruppta",
    "start_moment": "sob moment starta",
    "stop_purge": "sob gallra stopp --help",
    "switch_clinician": "sob moment byt",
    "unit_settings": "sob enhet visa",
    "withdraw_handover": "sob moment dra-tillbaka",
}
"""The commands that carry out what a refusal names as its way out (`DomainError.helps`)."""

_OPTIONS = {
    "behandlare": ("behandlare", "till"),
    "efternamn": ("efternamn", "fornamn"),
    "enhet": ("till",),
    "kontakt-epost": ("kontakt-epost", "kontakt-telefon"),
    "folj-upp": ("folj-upp", "nasta"),
}
"""Under which names a field is an option, where that isn't its own."""


def way_out(refusal: DomainError, parameters: Iterable[Any], given: Mapping[str, Any]) -> str:
    """Return ` (sob personal aktivera)`, or ` (--till HSA-ID)` of what wasn't given; empty where the sentence says it.

    Args:
        refusal: what was refused.
        parameters: those of the command, as Typer has them.
        given: their values on the line, by Typer's names.
    """
    if "--" in refusal.message or "sob " in refusal.message:
        return ""
    if refusal.helps:
        return f" ({', '.join(COMMANDS[name] for name in refusal.helps)})"
    absent = {option: one for one in parameters if not given.get(one.name) for option in one.opts}
    field = plain(refusal.field or "")
    names = [f"--{name}" for name in _OPTIONS.get(field, (field,))]
    shown = [" ".join(filter(None, (name, absent[name].metavar))) for name in names if name in absent]
    return f" ({', '.join(shown)})" if shown else ""
