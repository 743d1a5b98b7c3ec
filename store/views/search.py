"""Searching a list (domain.md §5): each word begins a part of the name, or the number in ten or twelve digits."""

from collections.abc import Iterable, Sequence
from typing import Any

from store.foundation.access import Action, DataCategory, Role
from store.foundation.operation import operation
from store.foundation.read_transaction import ReadTransaction
from store.foundation.text import search_words
from store.people.served import serve_moments, subjects_of
from store.people.sign_in import as_staff
from store.views.lists import READERS, SELECT_ROWS, ListRow, Tab, scope_of, with_flags

MOST_WORDS = 20


@operation("Söka i en lista", may=READERS, action=Action.LISTED, category=DataCategory.RECORD)
def search_list(work: ReadTransaction, tab: Tab, query: str, limit: int = 500) -> list[ListRow]:
    """Return the tab's rows in which every word begins a part of the name, or the number in ten or twelve digits.

    A protected resident is found by the full number only. In list order, `limit` rows at the most; the first twenty
    words count. Each call is a changed filter, and logged; a hit on a full number is a read of that resident.
    """
    found = _search(work, tab, query, limit)
    work.open_visit(_place(tab))
    full = tuple(word for word in search_words(query) if len(word) in (10, 12))
    exact = [row.id for row in found if row.personnummer.endswith(full)]
    work.serve(_place(tab), subjects_of(work, exact), Action.READ)
    serve_moments(work, _place(tab), (row.id for row in found))
    work.log(Action.LISTED, details=f"{tab.value}, sökning: {len(found)} rader")
    return found


@operation("Läsa om en sökning", may=READERS, action=None, category=DataCategory.RECORD)
def search_again(work: ReadTransaction, tab: Tab, query: str, limit: int = 500) -> list[ListRow]:
    """Return what the same search finds now, as a refresh does."""
    found = _search(work, tab, query, limit)
    serve_moments(work, _place(tab), (row.id for row in found))
    return found


@operation("Visa senast öppnade moment", may=READERS, action=None, category=DataCategory.RECORD)
def list_recent(work: ReadTransaction, moments: Sequence[int]) -> list[ListRow]:
    """Return those of the moments that a list shows the person now, in the order given.

    Each resident is logged the first time that a session is handed them here, as when a list is paged through.
    """
    if not moments:
        return []
    sees_all = Role.RESIDENT_ADMIN in as_staff(work.actor).roles
    scopes = [scope_of(work, tab) for tab in ((Tab.ALL, Tab.ENDED) if sees_all else (Tab.MINE, Tab.ALL, Tab.ENDED))]
    shown = " OR ".join(f"({one.where} AND m.status IN ({_quoted(one.statuses)}))" for one in scopes)
    parameters = {name: value for one in scopes for name, value in one.parameters.items()}
    where = f" WHERE m.id IN ({_ids(map(int, moments))}) AND ({shown})"
    found = {row.id: row for row in work.db.all(ListRow, SELECT_ROWS + where, **parameters)}
    rows = [found[moment] for moment in moments if moment in found]
    serve_moments(work, "senast öppnade", (row.id for row in rows))
    return rows


def _quoted(statuses: Iterable[str]) -> str:
    return ", ".join(f"'{status}'" for status in statuses)


def _place(tab: Tab) -> str:
    return f"sökning {tab}"


def _search(work: ReadTransaction, tab: Tab, query: str, limit: int) -> list[ListRow]:
    conditions, parameters = [], dict[str, Any]()
    for place, word in enumerate(list(dict.fromkeys(search_words(query)))[:MOST_WORDS]):
        condition, more = _number_word(word, place) if word.isdigit() else _name_word(word, place)
        conditions.append(condition)
        parameters |= more
    scope = scope_of(work, tab)
    statuses = {f"status_{place}": status for place, status in enumerate(scope.statuses)}
    among = ", ".join(f":{name}" for name in statuses)
    within = scope.where.replace("m.", "+m.")  # else SQLite goes through the unit's moments, not the residents found
    where = (
        f" WHERE {within} AND m.status IN ({among})"
        + "".join(f" AND {condition}" for condition in conditions)
        + " ORDER BY v.sort_title, m.program, m.status, m.severity_rank, m.sort_name, m.id LIMIT :limit"
    )
    parameters |= {**scope.parameters, **statuses, "limit": limit}
    rows = work.db.all(ListRow, SELECT_ROWS + where, **parameters)
    return with_flags(
        work, rows, f"SELECT id, resident_id FROM moment WHERE id IN ({_ids(row.id for row in rows)})", {}
    )


def _ids(moments: Iterable[int]) -> str:
    return ", ".join(map(str, moments))  # numbers of our own


def _name_word(word: str, place: int) -> tuple[str, dict[str, Any]]:
    sql = (
        f"m.resident_id IN (SELECT resident_id FROM residentpart WHERE part >= :from{place} AND part < :to{place})"
        " AND r.protection = ''"
    )
    return sql, {f"from{place}": word, f"to{place}": word + "\U0010ffff"}


def _number_word(word: str, place: int) -> tuple[str, dict[str, Any]]:
    """A prefix of either form; the ten-digit form follows one of the centuries that somebody alive was born in."""
    starts = [word] if len(word) == 12 else [word, f"19{word}", f"20{word}", f"18{word}"]
    ranges, parameters = [], dict[str, Any]()
    for nth, start in enumerate(starts):
        name = f"{place}_{nth}"
        ranges.append(f"r.personnummer BETWEEN :from{name} AND :to{name}")  # digits alone: right in every collation
        parameters |= {f"from{name}": start.ljust(12, "0"), f"to{name}": start.ljust(12, "9")}
    full = f"full{place}"
    parameters[full] = word[-10:] if len(word) in (10, 12) else "-"
    protected = f"(r.protection = '' OR substr(r.personnummer, 3) = :{full})"
    return f"({' OR '.join(ranges)}) AND {protected}", parameters
