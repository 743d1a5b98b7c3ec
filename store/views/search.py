"""Searching a list (domain.md §5): each word begins a part of the name, or the number in ten or twelve digits."""

from typing import Any

from store.foundation.access import Action, DataCategory
from store.foundation.operation import operation
from store.foundation.text import search_words
from store.foundation.work import ReadTransaction
from store.people.served import serve_moments, subjects_of
from store.views.lists import FROM_MOMENTS, READERS, SELECT_ROWS, ListRow, Tab, scope_of, with_flags

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
    where = (
        f" WHERE {scope.where} AND m.status IN ({among})"
        + "".join(f" AND {condition}" for condition in conditions)
        + " ORDER BY v.sort_title, m.program, m.status, m.severity_rank, m.sort_name, m.id LIMIT :limit"
    )
    parameters |= {**scope.parameters, **statuses, "limit": limit}
    rows = work.db.all(ListRow, SELECT_ROWS + where, **parameters)
    return with_flags(work, rows, f"SELECT m.id, m.resident_id{FROM_MOMENTS}{where}", parameters)


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
