"""*Jag tar den*: the key with which one says that one is on a flag, gives it up, or takes it over (domain.md §4)."""

from collections.abc import Awaitable, Callable
from typing import Any

from textual.app import App
from textual.binding import Binding

from screens.dialogs.take_over import TakeOverDialog
from screens.refusals import notify_refusal
from screens.store_client import StoreClient
from screens.whom import Whom, whom_of
from screens.wording import clock_time
from store.care.claims import Taken, release_flag, take_flag
from store.foundation.access import Actor
from store.foundation.clock import Instant
from store.foundation.errors import DomainError, StoreUnreachable
from store.foundation.hsa_id import hsa_key
from store.views.matters import Matter

TAKE, RELEASE, TAKE_OVER = "take", "release", "take_over"
_LABELS = {
    TAKE: ("Jag\xa0tar\xa0den", "Säg att du tar flaggan. Den står kvar, och alla på enheten ser att du har den."),
    RELEASE: ("Släpp", "Släpp flaggan som du har tagit, så att kollegorna får veta att ingen har den."),
    TAKE_OVER: ("Ta\xa0över", "Ta över flaggan från den som har tagit den. Du får se vem innan det görs."),
}
RELEASED = "Du har släppt flaggan. Kollegorna får veta det."
NOT_REGISTERED = "Det är inte registrerat, och kollegorna ser det inte."


def claim_keys(place: str) -> tuple[Binding, ...]:
    """Return the three keys for a place, of which one at a time is offered: their ids are `place.take` and so on."""
    return tuple(
        Binding("T", f"claim('{what}')", label, id=f"{place}.{what}", tooltip=sentence)
        for what, (label, sentence) in _LABELS.items()
    )


def offered_claim(taken: Taken | None, actor: Actor | None) -> str:
    """Return which of the three is offered at a flag that waits."""
    if taken is None:
        return TAKE
    is_mine = actor is not None and hsa_key(taken.hsa_id) == hsa_key(actor.hsa_id or "")
    return RELEASE if is_mine else TAKE_OVER


async def claim(
    app: App[Any],
    client: StoreClient,
    flag: int,
    taken: Taken | None,
    write: Callable[..., Awaitable[Any]],
    *,
    whom: Whom,
) -> str:
    """Claim a flag, or release the own claim, or take over a colleague's after a dialog; returns what to say.

    Args:
        app: where a dialog opens, and what is refused is said.
        client: the way to the store, and who acts.
        flag: the flag's id.
        taken: who is on it, as it is shown.
        write: carries out an operation of the store with its arguments.
        whom: the resident and the program.
    """
    what = offered_claim(taken, client.actor)
    try:
        if what == RELEASE:
            return whom.says(await _release(client, flag, write))
        if what == TAKE:
            return whom.says(_taken(client, flag, await write(take_flag, flag)))
    except StoreUnreachable as lost:
        notify_refusal(app, lost, whom=whom, then=NOT_REGISTERED)
        return ""
    except DomainError as refusal:  # somebody was quicker: the sentence says who
        notify_refusal(app, refusal, whom=whom)
        return ""
    return await _take_over(app, client, flag, taken, write, whom=whom)


async def claim_matter(app: App[Any], client: StoreClient, matter: Matter) -> str:
    """Do so with a matter's flag; see `claim`."""
    if matter.flag is None:
        return ""
    whom = whom_of(matter.name, matter.program_title, is_protected=matter.protected, moment=matter.moment)
    return await claim(app, client, matter.flag, matter.taken, client.write, whom=whom)


async def _take_over(
    app: App[Any],
    client: StoreClient,
    flag: int,
    taken: Taken | None,
    write: Callable[..., Awaitable[Any]],
    *,
    whom: Whom,
) -> str:
    if taken is None:
        return ""

    async def perform() -> int:
        try:
            return int(await write(take_flag, flag, instead_of=taken.hsa_id))
        except StoreUnreachable as lost:
            lost.add(f" {NOT_REGISTERED}")
            raise

    done = await app.push_screen_wait(TakeOverDialog(taken, perform, whom=whom))
    return whom.says(_taken(client, flag, done.value)) if done is not None else ""


async def _release(client: StoreClient, flag: int, write: Callable[..., Awaitable[Any]]) -> str:
    client.own_claims.given_up.add(flag)  # before the news of it comes
    try:
        await write(release_flag, flag)
    except DomainError:
        client.own_claims.given_up.discard(flag)
        raise
    return RELEASED


def _taken(client: StoreClient, flag: int, until: int) -> str:
    client.own_claims.taken(flag)
    return (
        f"Du tar flaggan, till {clock_time(Instant(until)).replace(':', '.')}. Den väntar kvar tills den är hanterad."
    )
