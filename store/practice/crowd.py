"""As many moments as a demonstration of scale wants: copies of what the cast's moments hold, for new residents.

A copy has every row that its model has, of the same time: events, messages, answers, flags, plans, and the log's rows
on them. What is left out is what others would have to do something about (notices that wait) and what cannot be
repeated (who is on a flag, what can be undone). Rows are read once, and written in pieces.
"""

import json
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from itertools import islice
from pathlib import Path
from random import Random
from typing import Any, NamedTuple

from store.data import data_folder
from store.foundation.connection import Connection
from store.foundation.engine import Engine
from store.foundation.fictional import fictional_numbers
from store.foundation.flag_kinds import FlagKind
from store.foundation.log_chain import CONTENT, chain_rows, move_heads
from store.foundation.log_reading import Condition, log_rows, of_number
from store.foundation.progress import Progress
from store.foundation.text import sort_name
from store.foundation.upsert import upsert
from store.people.residents import INDEX, index_parts
from store.practice.size import MOST_MOMENTS, Crowd
from store.practice.toml_table import placed, read_toml
from store.tables import METADATA

NAMES_FILE = Path("practice", "names.toml")
PIECE = 500
"""Moments whose rows are written at once."""
BORN = date(1935, 1, 1), date(2007, 12, 31)
"""Adults: a child would need guardians of its own."""

NUMBERED = ("conversation", "message", "formanswer", "flag", "activityplan", "activity", "draft", "safetyplan")
"""Tables whose rows others name by id."""
OTHERS = (
    "refusedanswer",
    "formrequest",
    "flagattempt",
    "momentmodule",
    "hiddenpart",
    "stepread",
    "timespent",
    "activitymark",
    "event",
)
"""Tables with rows of a moment that nothing refers to."""
_ABOUT = {
    FlagKind.ANSWER: "formanswer",
    FlagKind.WORSE: "formanswer",
    FlagKind.UNANSWERED: "conversation",
    FlagKind.FOLLOW_UP: "activityplan",
    FlagKind.SAFETY_PLAN: "safetyplan",
}
"""What the number is that a flag of the kind is about, or that its cause begins with."""
_FACTS = {
    "flag": "flag",
    "answer": "formanswer",
    "conversation": "conversation",
    "message": "message",
    "plan": "activityplan",
}
"""What the numbers among an event's facts are."""
_THINGS = {
    "svar": "formanswer",
    "flagga": "flag",
    "konversation": "conversation",
    "plan": "activityplan",
    "aktivitet": "activity",
    "utkast": "draft",
}
"""What the numbers in the log are, by `thing_kind`."""
_UNSEALED = {"key_id": "", "number_hmac": "", "sealed": ""}
_SAID = frozenset(CONTENT) - {*_UNSEALED, "chain", "chain_number"}
"""What a copied row of the log has in clear: each copy is sealed and chained by itself."""


class _Copy(NamedTuple):
    """One copy on its way: who it is of, and what its rows are numbered after."""

    moment: int
    resident: int
    number: str
    family: str
    given: str
    after: Mapping[str, int]
    """By table, the highest id that is taken."""

    def filled(self, text: str) -> str:
        """Return a text of the model's with this resident in it."""
        return (
            text.replace(_FAMILY_MARK, self.family).replace(_GIVEN_MARK, self.given).replace(_NUMBER_MARK, self.number)
        )


_FAMILY_MARK, _GIVEN_MARK, _NUMBER_MARK = "\0f", "\0g", "\0n"
Patch = Callable[[_Copy], object]


@dataclass
class _Rows:
    """A table's rows of a model; `patches` are what differs from copy to copy, by row and column."""

    table: str
    rows: list[dict[str, Any]]
    patches: list[dict[str, Patch]] = field(default_factory=list)

    def copied(self, copy: _Copy) -> Iterator[dict[str, Any]]:
        for row, patches in zip(self.rows, self.patches, strict=True):
            yield row | {name: patch(copy) for name, patch in patches.items()}


class _Model:
    """A moment that is copied: its rows, and which of them are named by id."""

    def __init__(self, db: Connection, moment: int) -> None:
        self.db = db
        [self.moment] = _rows(db, "moment", "id = :id", id=moment)
        [self.resident] = _rows(db, "resident", "id = :id", id=self.moment["resident_id"])
        self.places: dict[str, dict[int, int]] = {}
        """By table, the place of each id among the model's, from 1."""
        self.parts: list[_Rows] = []
        for table in NUMBERED:
            rows = _rows(db, table, "moment_id = :id", id=moment)
            self.places[table] = {values["id"]: place for place, values in enumerate(rows, 1)}
            self.parts.append(_Rows(table, rows))
        self.parts += [_Rows(table, _rows(db, table, "moment_id = :id", id=moment)) for table in OTHERS]
        flags = ", ".join(map(str, self.places["flag"])) or "0"
        self.parts.append(_Rows("flagseen", _rows(db, "flagseen", f"flag_id IN ({flags})")))
        self.parts.append(_Rows("log", self._log()))
        names = (self.resident["family_name"], _FAMILY_MARK), (self.resident["given_name"], _GIVEN_MARK)
        self._marks = [(re.compile(rf"\b{re.escape(name)}\b"), mark) for name, mark in names]
        for part in self.parts:
            part.patches = [self._patches(part.table, row) for row in part.rows]

    def copied(self, copy: _Copy) -> Iterator[tuple[str, Iterator[dict[str, Any]]]]:
        """Yield the rows of a copy, table by table, those first that others name."""
        sort = sort_name(copy.family, copy.given)
        named = {"family_name": copy.family, "given_name": copy.given, "sort_name": sort}
        bare = {"mobile": "", "email": "", "channel": "ingen"}
        who = self.resident | named | bare | {"id": copy.resident, "personnummer": copy.number}
        yield "resident", iter([who])
        yield "moment", iter([self.moment | {"id": copy.moment, "resident_id": copy.resident, "sort_name": sort}])
        for part in self.parts:
            yield part.table, part.copied(copy)

    def _log(self) -> list[dict[str, Any]]:
        """Return what the log says of the moment, and of the resident before there was one."""
        theirs = of_number(self.db, None, self.resident["personnummer"])
        wanted = f"moment_id = :moment OR ({theirs.sql}) AND moment_id IS NULL"
        found = log_rows(self.db, None, Condition(wanted, (("moment", self.moment["id"]), *theirs.values)))
        return [{name: said for name, said in vars(row).items() if name in _SAID} | _UNSEALED for row in found]

    def _patches(self, table: str, values: dict[str, Any]) -> dict[str, Patch]:
        """Return what differs in a row, by column."""
        found: dict[str, Patch] = {
            name: self._text(value) for name, value in values.items() if self._is_personal(value)
        }
        if "id" in values:
            if table in self.places:
                found["id"] = self._id(table, values["id"])
            else:
                del values["id"]
        for name, to in _references(table).items():
            if values[name] is not None:
                found[name] = self._id(to, values[name])
        if values.get("moment_id") is not None:
            found["moment_id"] = _moment
        if "resident_id" in values:
            found["resident_id"] = _resident
        found |= self._named(table, values)
        return found

    def _named(self, table: str, values: dict[str, Any]) -> dict[str, Patch]:
        """Return what differs in texts that hold ids: an event's facts, a flag's cause, the log's thing."""
        if table == "event":
            return self._facts(values["facts"])
        if table == "log":
            thing, number = values["thing_kind"], values["thing_id"]
            if thing == "moment":
                return {"thing_id": lambda copy: str(copy.moment)}
            return {"thing_id": self._number(_THINGS[thing], number)} if thing in _THINGS else {}
        if table != "flag":
            return {}
        kind, key = values["cause"].split(":", 1)
        closed = re.fullmatch(r"(.*)#(\d+)", key)
        key, suffix = (closed[1], self._id("flag", values["id"])) if closed else (key, None)
        to = _ABOUT.get(FlagKind(kind))
        number, colon, rest = key.partition(":")
        begins: Patch = self._number(to, number) if to else lambda _copy: number
        found = {"cause": _joined(kind, begins, colon + rest, suffix)}
        return found | ({"about": self._number(to, values["about"])} if to and values["about"] else {})

    def _facts(self, text: str) -> dict[str, Patch]:
        facts = json.loads(text)
        ids = {key: self._id(table, facts[key]) for key, table in _FACTS.items() if key in facts}
        if not ids:
            return {}

        def told(copy: _Copy) -> str:
            told = facts | {key: patch(copy) for key, patch in ids.items()}
            return json.dumps(told, ensure_ascii=False, sort_keys=True)

        return {"facts": told}

    def _id(self, table: str, number: int) -> Patch:
        place = self.places[table][number]
        return lambda copy: copy.after[table] + place

    def _number(self, table: str, text: str) -> Patch:
        """Return what gives the new id as text; a number that is none of the model's stays."""
        if not text.isdigit() or int(text) not in self.places[table]:
            return lambda _copy: text
        new = self._id(table, int(text))
        return lambda copy: str(new(copy))

    def _is_personal(self, value: object) -> bool:
        return isinstance(value, str) and self._marked(value) != value

    def _text(self, value: str) -> Patch:
        marked = self._marked(value)
        return lambda copy: copy.filled(marked)

    def _marked(self, text: str) -> str:
        text = text.replace(self.resident["personnummer"], _NUMBER_MARK)
        for name, mark in self._marks:
            text = name.sub(mark, text)
        return text


def add_crowd(engine: Engine, db: Connection, crowd: Crowd, progress: Progress) -> None:
    """Add the moments, in the transaction that the connection is in; `progress` is told after each piece."""
    models = [_Model(db, moment) for moment in db.values(_MODELS)]
    after = {table: _highest(db, table) for table in ("resident", "moment", *NUMBERED)}
    choose = Random(crowd.seed)
    residents = _residents(db, choose)
    counts: Counter[tuple[object, ...]] = Counter()
    for done in range(0, crowd.number, PIECE):
        piece: dict[str, list[dict[str, Any]]] = {}
        for number, family, given in islice(residents, min(PIECE, crowd.number - done)):
            model = choose.choice(models)
            copy = _Copy(after["moment"] + 1, after["resident"] + 1, number, family, given, dict(after))
            for table, rows in model.copied(copy):
                piece.setdefault(table, []).extend(rows)
            for table, places in (*model.places.items(), ("moment", (1,)), ("resident", (1,))):
                after[table] += len(places)
            counts[tuple(model.moment[name] for name in _HEADING)] += 1
        _write(db, piece)
        progress(min(done + PIECE, crowd.number), crowd.number)
    for heading, many in counts.items():
        db.run(
            upsert("momentcount", list(_HEADING), added=["number"]),
            **dict(zip(_HEADING, heading, strict=True)),
            number=many,
        )
    engine.number_on(db, ("resident", "moment", *NUMBERED))


_HEADING = ("unit_id", "responsible_id", "program", "status")
_MODELS = (
    "SELECT m.id FROM moment m JOIN resident r ON r.id = m.resident_id"
    " WHERE m.priority_flags = 0 AND m.offered_to IS NULL AND r.protection = ''"
    " AND NOT EXISTS (SELECT 1 FROM guardian g WHERE g.child_id = r.id)"
    " AND NOT EXISTS (SELECT 1 FROM handover h WHERE h.moment_id = m.id) ORDER BY m.id"
)
"""No models: an open prioriterad flagga, an offer, a child that would have no ombud."""


def _moment(copy: _Copy) -> object:
    return copy.moment


def _resident(copy: _Copy) -> object:
    return copy.resident


def _joined(kind: str, begins: Patch, rest: str, suffix: Patch | None) -> Patch:
    def cause(copy: _Copy) -> str:
        return f"{kind}:{begins(copy)}{rest}{f'#{suffix(copy)}' if suffix else ''}"

    return cause


def _references(table: str) -> dict[str, str]:
    """Return the columns that name a row of the moment's by id, with its table."""
    named = {f"{to}_id": to for to in ("conversation", "message", "flag", "activity")} | {"plan_id": "activityplan"}
    return {column.name: named[column.name] for column in METADATA.tables[table].columns if column.name in named}


def _rows(db: Connection, table: str, where: str, **parameters: object) -> list[dict[str, Any]]:
    names = [column.name for column in METADATA.tables[table].columns]
    keys = ", ".join(column.name for column in METADATA.tables[table].primary_key)
    found = db.select(f"SELECT {', '.join(names)} FROM {table} WHERE {where} ORDER BY {keys}", parameters)
    return [dict(zip(names, each, strict=True)) for each in found.fetchall()]


def _highest(db: Connection, table: str) -> int:
    return int(db.value(f"SELECT coalesce(max(id), 0) FROM {table}"))


def _residents(db: Connection, choose: Random) -> Iterator[tuple[str, str, str]]:
    """Yield number, family and given name of people who are not in the register.

    Raises:
        Refused: the file of names has a fault.
    """
    with placed(f"Övningsmiljöns namn {NAMES_FILE.name}"):
        names = read_toml(data_folder() / NAMES_FILE)
        family, given = names.texts("family"), (names.texts("women"), names.texts("men"))
        names.done()
    known = set(db.values("SELECT personnummer FROM resident"))
    first, last = BORN
    for number in fictional_numbers(MOST_MOMENTS + len(known), first=first, last=last):
        if number.value not in known:  # the last digit but one is even for women
            yield number.value, choose.choice(family), choose.choice(given[int(number.value[10]) % 2])


def _write(db: Connection, piece: Mapping[str, list[dict[str, Any]]]) -> None:
    for table, rows in piece.items():
        if rows:
            if table == "log":
                move_heads(db, chain_rows(db, None, rows, seals=True))
            names = list(rows[0])
            given = ", ".join(f":{name}" for name in names)
            db.run_many(f"INSERT INTO {table} ({', '.join(names)}) VALUES ({given})", rows)
    people = piece["resident"]
    parts = (index_parts(one["id"], one["family_name"], one["given_name"], "") for one in people)
    db.run_many(INDEX, [part for some in parts for part in some])
