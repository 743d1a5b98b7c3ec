"""What a flag and a matter of *Att göra* can be: how urgent, and of which kind (domain.md §4, §5).

A new flag rule adds its kind here, and the rule itself where it is found: in `store.care.day_rules` what time raises.
A new kind of matter has its label and its mark in `screens.queue.labels`. The lists need this early: no table is here.
"""

from collections.abc import Mapping
from enum import Enum, StrEnum, auto
from typing import NamedTuple


class Severity(StrEnum):
    """How urgent a flag is, the most urgent first; the value is stored, printed as JSON, and the word on screen."""

    PRIORITY = "prioriterad"
    WARNING = "varning"
    NOTE = "upplysning"

    @property
    def rank(self) -> int:
        """Its place in the order, 0 for the most urgent; stored as a moment's `severity_rank`."""
        return list(Severity).index(self)

    @property
    def mark(self) -> str:
        """What stands before the word: a severity is never told by its colour alone."""
        return {Severity.PRIORITY: "▲", Severity.WARNING: "!", Severity.NOTE: "●"}[self]


NO_FLAG = len(Severity)
"""The severity rank of a moment without open flags."""


IS_URGENT = f"m.severity_rank = {Severity.PRIORITY.rank}"
"""That the moment `m` has an open prioriterad flagga, in SQL: every clinician of the unit sees it (domain.md §4)."""


OLDEST_PRIORITY = (
    "(SELECT min(f.raised_at) FROM flag f WHERE f.resident_id = m.resident_id AND f.moment_id = m.id"
    f" AND f.handled_at IS NULL AND f.severity = '{Severity.PRIORITY}')"
)
"""When the oldest open prioriterad flagga of the moment `m` was raised, in SQL; NULL where there is none."""


def severity_of(rank: int) -> Severity | None:
    """Return the severity with a rank; None for `NO_FLAG`."""
    return None if rank == NO_FLAG else list(Severity)[rank]


class Outcome(StrEnum):
    """How it went when somebody acted on a prioriterad flagga (domain.md §4); stored, and `--utfall` of `sob flagga`.

    In the order in which they are chosen from.
    """

    REACHED = "nadde"
    PLAN = "plan"
    ALERTED = "larmat"
    NOT_REACHED = "nadde-inte"

    @property
    def words(self) -> str:
        """As it is said on screen, in the middle of a sentence."""
        return _OUTCOMES[self]

    @property
    def closes(self) -> bool:
        """Whether the flag is handled by it: who was not reached is tried again."""
        return self is not Outcome.NOT_REACHED


_OUTCOMES = {
    Outcome.REACHED: "nådde invånaren",
    Outcome.PLAN: "plan gjord",
    Outcome.ALERTED: "larmat vidare",
    Outcome.NOT_REACHED: "nådde inte",
}


def rank_in_sql(column: str) -> str:
    """Return the SQL expression for the rank of the severity in a column."""
    whens = " ".join(f"WHEN '{severity}' THEN {severity.rank}" for severity in Severity)
    return f"CASE {column} {whens} END"


class MatterKind(StrEnum):
    """What waits in *Att göra*; the value is printed as JSON (contract.md §2). In the order of the filter."""

    FLAG = "flagga"
    MESSAGE = "meddelande"
    HOMEWORK = "hemuppgift"
    HANDOVER = "overlamning"
    WORSE = "forsamring"
    FOLLOW_UP = "uppfoljning"
    FORM = "formular"
    MODULE = "modul"
    SILENT = "tyst"
    MISSING = "saknas"
    LENGTH = "langd"
    PURGE = "gallring"
    DUTY = "uppgift"
    """Of the unit's, and in no moment."""

    @property
    def rank(self) -> int:
        """Its place in the queue; kinds with the same rank stand among each other, by age alone."""
        return next(rank for rank, kinds in enumerate(_IN_QUEUE) if self in kinds)


_IN_QUEUE: tuple[tuple[MatterKind, ...], ...] = (
    (MatterKind.MESSAGE, MatterKind.HOMEWORK),
    (MatterKind.HANDOVER,),
    (MatterKind.WORSE,),
    (MatterKind.FLAG, MatterKind.FOLLOW_UP),
    (MatterKind.FORM,),
    (MatterKind.MODULE,),
    (MatterKind.SILENT,),
    (MatterKind.MISSING,),
    (MatterKind.LENGTH,),
    (MatterKind.PURGE,),
    (MatterKind.DUTY,),
)
"""The kinds in the queue's order, the most urgent first; a prioriterad flagga stands before all of them."""


class FlagKind(StrEnum):
    """What raised a flag; the value is stored, also as the beginning of the flag's `cause`."""

    ANSWER = "svar"
    WORSE = "forsamring"
    MODULE = "modul"
    SILENT = "tyst"
    NEVER = "aldrig"
    MISSING = "saknas"
    UNANSWERED = "obesvarat"
    LENGTH = "langd"
    PURGE = "gallring"
    FOLLOW_UP = "uppfoljning"
    DECLINED = "avvisad"
    """A handover that the other unit declined."""
    SAFETY_PLAN = "sakerhetsplan"
    MANUAL = "egen"

    @property
    def facts(self) -> "FlagFacts":
        """What is to be known of the kind."""
        return _FLAGS[self]

    def cause(self, key: str) -> str:
        """Return the `cause` of a flag: what tells it from every other in the moment."""
        return f"{self}:{key}"

    def cause_in_sql(self, key: str) -> str:
        """Return the SQL expression for the cause whose key is an SQL expression."""
        return f"'{self}:' || {key}"


class About(Enum):
    """What a flag's `about` names: what can be opened from it."""

    NOTHING = auto()
    ANSWER = auto()
    """The id of a form's answer."""
    CONVERSATION = auto()
    """A conversation's id."""
    PLAN = auto()
    """An aktivitetsplan's id."""
    MODULE = auto()
    """A module of the program."""
    FORM = auto()
    """A form of the program."""
    SAFETY_PLAN = auto()
    """Nothing: a person has one säkerhetsplan on a unit."""


class Threshold(NamedTuple):
    """How many days pass before a flag is raised: a setting of the unit, unless the program has its own."""

    column: str
    """The unit's column, and the key under `[flags]` in `program.toml`."""
    option: str
    """The option of `sob enhet andra`, and the field of its refusals."""
    default: int
    about: str
    """What the days are of, in words: `dagar till flagga för ingen aktivitet`."""
    label: str
    """The setting's on *Enhet*."""
    starts: str = ""
    """From when they are counted, where it isn't plain."""
    in_working_days: bool = False

    @property
    def day(self) -> str:
        """What is counted, one of it."""
        return "arbetsdag" if self.in_working_days else "dag"

    @property
    def days(self) -> str:
        """What is counted, many of it."""
        return f"{self.day}ar"

    @property
    def help(self) -> str:
        """What the option is."""
        return f"Dagar till en flagga för {self.about}" + (", i arbetsdagar" if self.in_working_days else "")

    @property
    def sentence(self) -> str:
        """What the setting means, under its field."""
        return f"{' '.join(filter(None, (self.days, self.starts))).capitalize()} till en flagga; 0 för aldrig."

    @property
    def name(self) -> str:
        """What a refusal and the log call it."""
        return f"{self.days} till flagga för {self.about}"


class FlagFacts(NamedTuple):
    """A kind of flag: the matter that it is, what its `about` names, and the days after which a rule raises it."""

    matter: MatterKind
    about: About = About.NOTHING
    threshold: Threshold | None = None
    is_of_running: bool = False
    """Whether maintenance puts an end to it (domain.md §3.3)."""


_FLAGS: Mapping[FlagKind, FlagFacts] = {
    FlagKind.ANSWER: FlagFacts(MatterKind.FLAG, About.ANSWER),
    FlagKind.WORSE: FlagFacts(MatterKind.WORSE, About.ANSWER),
    FlagKind.MODULE: FlagFacts(MatterKind.MODULE, About.MODULE),
    FlagKind.SILENT: FlagFacts(
        MatterKind.SILENT,
        threshold=Threshold("silent_days", "tyst", 14, "ingen aktivitet", "Ingen aktivitet"),
        is_of_running=True,
    ),
    FlagKind.NEVER: FlagFacts(
        MatterKind.SILENT,
        threshold=Threshold("never_days", "aldrig", 7, "aldrig aktiv", "Aldrig aktiv", starts="från start"),
        is_of_running=True,
    ),
    FlagKind.MISSING: FlagFacts(
        MatterKind.MISSING,
        About.FORM,
        Threshold("missing_days", "saknas", 3, "formulär som saknas", "Formulär saknas"),
        is_of_running=True,
    ),
    FlagKind.UNANSWERED: FlagFacts(
        MatterKind.MESSAGE,
        About.CONVERSATION,
        Threshold("unanswered_days", "obesvarat", 2, "obesvarat meddelande", "Obesvarat", in_working_days=True),
        is_of_running=True,
    ),
    FlagKind.LENGTH: FlagFacts(MatterKind.LENGTH, is_of_running=True),
    FlagKind.PURGE: FlagFacts(MatterKind.PURGE),
    FlagKind.FOLLOW_UP: FlagFacts(MatterKind.FOLLOW_UP, About.PLAN),
    FlagKind.DECLINED: FlagFacts(MatterKind.HANDOVER),
    FlagKind.SAFETY_PLAN: FlagFacts(MatterKind.FLAG, About.SAFETY_PLAN),
    FlagKind.MANUAL: FlagFacts(MatterKind.FLAG),
}

THRESHOLDS: tuple[Threshold, ...] = tuple(facts.threshold for facts in _FLAGS.values() if facts.threshold)
"""Every threshold, in the order in which they are shown."""

OF_A_RUNNING_MOMENT = tuple(kind for kind in FlagKind if kind.facts.is_of_running)
"""What maintenance puts an end to."""
