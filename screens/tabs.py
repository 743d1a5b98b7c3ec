"""The tabs of the top level: their keys, and the roles that open them (contract.md §3)."""

from typing import NamedTuple

from screens.queue.watch import QUEUE_TAB
from store.foundation.access import Role
from store.views.lists import Tab

EXPORTS_TAB = "exports"
_CARE = frozenset({Role.CLINICIAN, Role.RESIDENT_ADMIN})
_QUEUE = _CARE | {Role.ACCESS_ADMIN, Role.DATA_ADMIN, Role.LOG_REVIEWER}
"""The administrators' roles: what waits for them are the unit's duties."""
_ALL_ROLES = frozenset(Role)


class TopTab(NamedTuple):
    """A tab. It holds a list, or what `page` names: `module:what makes it`, from a client and an id.

    `is_practice` is whether it is there in a practice environment only.
    """

    id: str
    label: str
    roles: frozenset[Role]
    list: Tab | None = None
    page: str = ""
    is_practice: bool = False


_FIXED = (
    TopTab(QUEUE_TAB, "Att göra", _QUEUE, page="screens.queue_pages:own_queue"),
    TopTab("mine", "Mina", frozenset({Role.CLINICIAN}), Tab.MINE),
    TopTab("all", "Alla", _CARE, Tab.ALL),
    TopTab("ended", "Avslutade", _CARE, Tab.ENDED),
)
_AFTER = (
    TopTab("provider", "Vårdgivare", frozenset({Role.PROVIDER_ADMIN}), page="screens.provider.tab:ProviderTab"),
    TopTab("staff", "Personal", frozenset({Role.ACCESS_ADMIN}), page="screens.staff.tab:PersonnelTab"),
    TopTab("unit", "Enhet", frozenset({Role.ACCESS_ADMIN}), page="screens.unit:UnitTab"),
    TopTab(EXPORTS_TAB, "Dataexport", frozenset({Role.DATA_ADMIN}), page="screens.exports:ExportsTab"),
    TopTab("purge", "Gallring", frozenset({Role.DATA_ADMIN}), page="screens.purge.tab:PurgeTab"),
    TopTab("log_review", "Logguppföljning", frozenset({Role.LOG_REVIEWER}), page="screens.log_review.tab:ReviewsTab"),
    TopTab("course", "Kursen", frozenset({Role.TRAINER}), page="screens.course.tab:CourseTab", is_practice=True),
    TopTab("profile", "Min profil", _ALL_ROLES, page="screens.profile:ProfileTab"),
)

_NO_ROLE = TopTab("no-role", "Ingen roll", frozenset(), page="screens.no_role:NoRoleTab")

_KEYS_AFTER = range(len(_FIXED) + 1, 11)
"""The last, 10, is pressed as 0. Who stands above the units has no other role there, so these are enough."""

POSSIBLE = (
    *enumerate(_FIXED, 1),
    *((key, tab) for key in _KEYS_AFTER[:-1] for tab in _AFTER),
    (_KEYS_AFTER[-1], _AFTER[-1]),
)
"""Every key with every tab that it may open: which one, the roles decide."""


def tabs_for(roles: frozenset[Role], *, practice: bool) -> dict[int, TopTab]:
    """Return the tabs that the roles open, by key: 1–4 are fixed, the others follow from 5.

    `practice` is whether it is a practice environment.

    Without a role it is one, which says so.
    """
    tabs = {number: tab for number, tab in enumerate(_FIXED, 1) if tab.roles & roles}
    later = [tab for tab in _AFTER if tab.roles & roles and (practice or not tab.is_practice)]
    later[len(_KEYS_AFTER) - 1 :] = later[-1:] if len(later) >= len(_KEYS_AFTER) else []  # who has all lacks the course
    return tabs | dict(zip(_KEYS_AFTER, later, strict=False)) or {1: _NO_ROLE}


def first_tab(tabs: dict[int, TopTab]) -> int:
    """Return the key of the tab that opens first: *Mina*; without it the first there is.

    A queue of duties alone stands back for the tab where the person works.
    """
    if any(tab.list is not None for tab in tabs.values()):
        return next((number for number, tab in tabs.items() if tab.list is Tab.MINE), min(tabs))
    return min((number for number, tab in tabs.items() if tab.id != QUEUE_TAB), default=min(tabs))
