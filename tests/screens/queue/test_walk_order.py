"""Which matter comes next on the way through a queue: without an app."""

from dataclasses import replace
from typing import cast

import pytest

from screens.queue.source import QueueFilter
from screens.queue.walk import Walk
from screens.store_client import StoreClient
from store.foundation.errors import StoreUnreachable
from store.foundation.flag_kinds import MatterKind
from store.people.sign_in import StaffActor
from store.views.matters import Matter

FIRST, SECOND, THIRD, FOURTH = (
    Matter(f"meddelande-{at}", at, at % 2, "Berg, Åsa", False, "Prov", "SE1", MatterKind.MESSAGE, "Hej", since=at)
    for at in range(1, 5)
)
OFFERED = replace(SECOND, id="overlamning-2", handover=2)


class Client:
    """The way to a store whose queue is what it is set to."""

    def __init__(self) -> None:
        self.actor = StaffActor("behandlare", "Kim Ek", "SE1")
        self.queue: list[Matter] | None = None

    async def read(self, _query: object, _owner: str | None) -> list[Matter]:
        if self.queue is None:
            raise StoreUnreachable
        return self.queue


def walk(*queue: Matter, first: Matter = FIRST, only: QueueFilter | None = None, owner: str | None = None) -> Walk:
    return Walk(cast("StoreClient", Client()), queue, first, only or QueueFilter(), owner)


def set_queue(way: Walk, *queue: Matter) -> None:
    cast("Client", way._client).queue = list(queue)


def test_what_another_unit_offers_is_not_walked_into() -> None:
    way = walk(FIRST, OFFERED, THIRD)
    assert (way.following, way.place, way.waiting) == (THIRD, "Ärende 1 av 2", 3)
    way = walk(FIRST, OFFERED)
    assert (way.following, way.place) == (None, "Ärende 1 av 1")


def test_the_one_after_this_comes_first_then_those_that_were_passed_over() -> None:
    assert walk(FIRST, SECOND, THIRD, first=SECOND).following == THIRD
    assert walk(FIRST, SECOND, THIRD, first=THIRD).following == FIRST
    assert walk(FIRST).following is None


async def test_the_way_goes_through_each_once_and_ends() -> None:
    way = walk(FIRST, SECOND, THIRD)
    set_queue(way, FIRST, SECOND, THIRD)
    seen = []
    while not way.is_done:
        seen.append((way.current.id, way.place, way.waits))
        await way.advance("Hanterad.")
        assert (way.is_leaving, way.said) == (True, "Hanterad.")
        way.arrived()
        assert not way.is_leaving
    assert seen == [(one.id, f"Ärende {at} av 3", True) for at, one in enumerate((FIRST, SECOND, THIRD), 1)]


async def test_what_is_gone_meanwhile_is_left_out_and_what_has_come_is_met() -> None:
    way = walk(FIRST, SECOND, THIRD, only=QueueFilter(resident=1))
    set_queue(way, SECOND, THIRD, FOURTH, replace(FOURTH, id="meddelande-5", resident=1))
    await way.look()
    assert (way.waits, way.waiting) == (False, 2), "of that resident alone"
    assert way.following == THIRD
    set_queue(way)
    await way.advance()
    assert (way.is_done, way.current) == (True, FIRST)


async def test_what_is_known_stands_while_the_store_is_away() -> None:
    way = walk(FIRST, SECOND)
    await way.advance()
    assert (way.current, way.is_done, way.waiting) == (SECOND, False, 2)


@pytest.mark.parametrize(("owner", "is_colleagues"), [(None, False), ("SE1", False), ("SE2", True)])
def test_whose_queue_it_is(owner: str | None, is_colleagues: bool) -> None:
    assert walk(FIRST, owner=owner).is_through_colleagues_queue is is_colleagues
