"""An operation that is being carried out, and the very thing that it is done with."""

from collections.abc import Mapping
from functools import cached_property
from typing import Any

from store.foundation.access import Declaration, Subject
from store.foundation.log import as_typed

_THINGS = {
    "answer": "svar",
    "flag": "flagga",
    "conversation": "konversation",
    "plan": "plan",
    "activity": "aktivitet",
    "draft": "utkast",
    "notice": "avisering",
    "matter": "ärende",
    "module": "modul",
    "part": "del",
    "step": "steg",
    "form": "formulär",
    "template": "mall",
    "hsa_id": "personal",
    "of": "personal",
    "program": "program",
    "moment": "moment",
    "offered": "moment",
    "given": "moment",
    "resident": "invånare",
}
"""What parameters of operations name, the most particular first."""


class OperationInProgress:
    """One operation that is being carried out: its subject, and its result."""

    def __init__(self, declared: Declaration, asked: Mapping[str, object]) -> None:
        self.declared = declared
        self.asked = asked
        """What it was called with, by the parameters' names."""
        self.subject: Subject | None = None
        self.result: Any = None
        self.is_repeated = False
        """Whether it was carried out before, by the same command: then the result is what it returned."""
        self.is_seen_to = False
        """Whether it has seen to its log row itself: there is one, or its visit has had one."""

    @cached_property
    def thing(self) -> tuple[str, str]:
        """Kind and id of the very thing that it is done with, by what it is called with; the same in all its rows."""
        return _named_thing(self.asked)


def _named_thing(asked: Mapping[str, object]) -> tuple[str, str]:
    """Return kind and id of the very thing that is named among what an operation is called with."""
    for name, kind in _THINGS.items():
        value = asked.get(name)
        if isinstance(value, str | int):
            return kind, as_typed(value)
    return "", ""
