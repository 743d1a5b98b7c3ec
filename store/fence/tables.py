"""Which fence each table stands behind on PostgreSQL, and what the role that people work through may do there.

Every table of the store is named here; a test compares with the tables themselves.
"""

from enum import Enum
from typing import NamedTuple


class Kind(Enum):
    """Whose rows a table has."""

    MOMENT = "moment"
    """Moments: the unit's, those offered to it, and those of the resident whom the transaction is about."""
    CARE = "care"
    """Of a resident in a moment: seen by the moment's unit."""
    OF_A_MOMENT = "of a moment"
    """Of whoever sees the moment."""
    OF_A_FLAG = "of a flag"
    """Of whoever sees the flag."""
    FLAG = "flag"
    """As `CARE`; how urgent it is is told to the unit that the moment is offered to, too."""
    HANDOVER = "handover"
    """Of two units: the one that offers and the one that is asked."""
    RESIDENT = "resident"
    """Who is in care: seen through a moment of the unit, by the number that was typed, or as guardian of one."""
    OF_A_RESIDENT = "of a resident"
    """Of whoever sees the resident."""
    GUARDIAN = "guardian"
    """Who acts for a child."""
    LOG = "log"
    """The access log: each unit reads its own rows; whoever acts writes."""
    STAFF = "staff"
    """Staff, what they have been given, and how they sign in: no resident's. Read before it is known on which unit."""
    STORE = "store"
    """Settings, programs and the store's own; no resident's."""
    STAGED = "staged"
    """What an import has read of a file: finished by whoever opens the store next, so no unit's alone."""


class Fenced(NamedTuple):
    """A table."""

    kind: Kind
    may: str = "SELECT, INSERT, UPDATE, DELETE"
    """What the role that people work through may do with the rows that it sees."""

    @property
    def is_behind(self) -> bool:
        """Whether its rows are told apart by the database."""
        return self.kind not in _OPEN


_OPEN = frozenset({Kind.STAFF, Kind.STORE, Kind.STAGED})
_READ = "SELECT"
_ADD = "SELECT, INSERT"

CARE = (
    "act",
    "activity",
    "activitymark",
    "activityplan",
    "conversation",
    "draft",
    "flagattempt",
    "formanswer",
    "formrequest",
    "hiddenpart",
    "message",
    "momentmodule",
    "notice",
    "refusedanswer",
    "safetyplan",
    "setaside",
    "stepread",
    "timespent",
)
STAFF = (
    "account",
    "assignment",
    "assignmentrole",
    "backupcode",
    "invitation",
    "messagetemplate",
    "provideradmin",
    "signinattempts",
    "staff",
    "staffnews",
    "staffsession",
    "substitution",
    "training",
)
STORE = (
    "careprovider",
    "change",
    "clientclock",
    "command",
    "duty",
    "dutydone",
    "exerciseattempt",
    "installedform",
    "logreview",
    "logreviewrow",
    "momentcount",
    "openprogram",
    "providerchange",
    "roleanalysis",
    "trainee",
    "traineename",
    "unit",
)

TABLES: dict[str, Fenced] = {
    **dict.fromkeys(CARE, Fenced(Kind.CARE)),
    **dict.fromkeys(STAFF, Fenced(Kind.STAFF)),
    **dict.fromkeys(STORE, Fenced(Kind.STORE)),
    **dict.fromkeys(("alembic_version", "dayrun", "store_info"), Fenced(Kind.STORE, _READ)),
    **dict.fromkeys(("fileimport", "stagedrows"), Fenced(Kind.STAGED)),
    "moment": Fenced(Kind.MOMENT),
    "event": Fenced(Kind.CARE, "SELECT, INSERT, UPDATE (kind)"),
    "flag": Fenced(Kind.FLAG),
    "flagseen": Fenced(Kind.OF_A_FLAG),
    "claim": Fenced(Kind.OF_A_FLAG),
    "exportedmoment": Fenced(Kind.OF_A_MOMENT),
    "monthfigure": Fenced(Kind.STORE, _READ),
    "dataexport": Fenced(Kind.STORE, "SELECT, INSERT, UPDATE"),
    "purgestop": Fenced(Kind.OF_A_MOMENT, "SELECT, INSERT, UPDATE"),
    **dict.fromkeys(
        ("purge", "purgedmoment", "purgedresident", "purgedexport"), Fenced(Kind.STORE, "SELECT, INSERT, UPDATE")
    ),
    "handover": Fenced(Kind.HANDOVER),
    "resident": Fenced(Kind.RESIDENT, "SELECT, INSERT, UPDATE"),
    "residentpart": Fenced(Kind.OF_A_RESIDENT),
    "resident_key": Fenced(Kind.OF_A_RESIDENT, _ADD),
    "guardian": Fenced(Kind.GUARDIAN),
    "log": Fenced(Kind.LOG, _ADD),
    "loghead": Fenced(Kind.STORE, "SELECT, INSERT, UPDATE"),
    "logexpiry": Fenced(Kind.STORE, _READ),
    "programversion": Fenced(Kind.STORE, _ADD),
}
"""By the table's name."""

BEHIND = tuple(name for name, table in TABLES.items() if table.is_behind)
"""The tables whose rows the database tells apart."""

NOT_THE_OPERATORS = {
    "log": f"{_ADD}, DELETE",
    "loghead": f"{_ADD}, UPDATE",
    "alembic_version": _READ,
    "store_info": f"{_READ}, UPDATE (data_key_id, log_key_id)",
}
"""What the operator's role may do where that is not everything with rows; new keys are the operator's to give.

Of the log it removes what has expired, which is all that the table lets go.
"""
