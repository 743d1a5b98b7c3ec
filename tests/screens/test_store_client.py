"""The screens' way to the store."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from screens.list_source import TabSource
from screens.store_client import StoreClient
from screens.widgets.paging import Request, Window, read
from store.foundation.errors import NotPermitted
from store.foundation.read_transaction import ReadTransaction
from store.foundation.store import Store
from store.views.lists import Tab
from tests.clinics import ADULT, GUARDIAN, Clinic


async def test_headings_and_rows_are_read_in_one_transaction(clinic: Clinic, monkeypatch: pytest.MonkeyPatch) -> None:
    for number, program in ((ADULT, "komigang-online"), (GUARDIAN, "prov"), (ADULT, "prov")):
        clinic.start(number, program)
    begun: list[object] = []
    open_reading: Callable[..., Any] = Store.read

    @contextmanager
    def counted(self: Store, actor: Any, **options: Any) -> Iterator[ReadTransaction]:
        with open_reading(self, actor, **options) as work:
            begun.append(actor)
            yield work

    monkeypatch.setattr(Store, "read", counted)
    client = StoreClient("", practice=True, store=clinic.store)
    client.actor = clinic.clinician
    before = clinic.value("SELECT count(*) FROM log")
    source = TabSource(client, Tab.MINE)
    found = await client.run_together(lambda: read(source, Request(0, 40, Window())), "mina")
    assert len(found.window) == 3
    assert len(begun) == 1
    rows = clinic.log("SELECT operation, personnummer FROM log ORDER BY id")[before:]
    assert sorted(number for _, number in rows if number) == sorted([ADULT, GUARDIAN])
    assert rows[0][0] == "open_list"
    with pytest.raises(NotPermitted):
        await client.run_together(lambda: client.read_here(_refuse), "x")
    await client.read(_look)
    assert len(begun) == 3


def _refuse(_work: ReadTransaction) -> None:
    raise NotPermitted


def _look(_work: ReadTransaction) -> None:
    """A reading of its own, after the other has ended."""
