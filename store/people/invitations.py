"""Invitations: the one way to an account, and the way back to one that was lost (domain.md §13)."""

from collections.abc import Sequence

from sqlalchemy import BigInteger
from sqlmodel import Field, SQLModel

from store.foundation.access import Action, DataCategory, Role, Standing, Who
from store.foundation.clock import local_day
from store.foundation.errors import NotPermitted, Refused
from store.foundation.operation import operation
from store.foundation.read_transaction import ReadTransaction
from store.foundation.text import clean
from store.foundation.work import Work
from store.people.accounts import KnownAccount, account_of, remove_account
from store.people.members import REASON_LIMIT, member_of
from store.people.one_time_codes import code_hash, new_code
from store.people.session_clock import Over, end_sessions
from store.people.sign_in import HELD, as_staff
from store.people.staff_news import tell_staff

DAYS = 7
"""How long an invitation can be used."""

GOOD_FOR = DAYS * 24 * 60 * 60_000
"""The same in milliseconds."""


class Invitation(SQLModel, table=True):
    """A one-time code by which somebody makes an account; one at a time is good."""

    code_hash: str = Field(primary_key=True)
    staff_id: int = Field(foreign_key="staff.id", index=True)
    made_at: int = Field(sa_type=BigInteger)
    is_used: int = 0
    """1 where it has been used, or a later one has taken its place."""


class InvitationRefused(Refused):
    """The invitation is of no use; why is not told, nor whether the HSA-id is known."""

    kind = "inbjudan"

    def __init__(self) -> None:
        super().__init__(
            f"Inbjudan gäller inte. Den är fel skriven, redan använd, äldre än {DAYS} dagar eller för ett annat "
            "HSA-id. Be behörighetsadministratören om en ny.",
            field="inbjudan",
        )


_BY: frozenset[Who] = frozenset({Role.ACCESS_ADMIN, Standing.OPERATOR})


@operation("Bjuda in en person", may=_BY, action=Action.CHANGED, category=DataCategory.STAFF)
def invite(work: Work, hsa_id: str) -> str:
    """Let somebody make an account; returns the code, which can't be seen again. Earlier codes are good no longer.

    By a behörighetsadministratör of the person's unit; for a vårdgivaradministratör by the operator.

    Raises:
        Refused: the person has an account, or no assignment.
    """
    someone, units = _invited(work, hsa_id)
    if someone.is_enrolled:
        raise Refused(
            f"{someone.hsa_id} har redan ett konto. Är lösenfrasen eller koderna borta nollställer du det.",
            field="hsaid",
            helps=("reset_account",),
        )
    _log(work, units, f"{someone.hsa_id}: inbjuden att skapa konto")
    return _new_invitation(work, someone)


@operation("Nollställa en persons konto", may=_BY, action=Action.CHANGED, category=DataCategory.STAFF)
def reset_account(work: Work, hsa_id: str, decision: str) -> str:
    """Forget somebody's passphrase and codes, end the sessions, and invite anew; returns the code as `invite` does.

    What the person has written stays. The person and the administrators of all the person's units are told.

    Args:
        work: the transaction.
        hsa_id: whose.
        decision: who has decided it, and why; it goes into the log.

    Raises:
        Refused: there is no decision, or it is one's own account.
    """
    decision = clean(decision, multiline=False, limit=REASON_LIMIT, field="beslut").strip()
    if not decision:
        raise Refused("Ange beslutet: vem som har beslutat och varför.", field="beslut")
    someone, units = _invited(work, hsa_id)
    if work.actor.hsa_id == someone.hsa_id:
        raise Refused("Ditt eget konto nollställs av en annan administratör, eller av driften.", field="hsaid")
    remove_account(work, someone.staff_id)
    end_sessions(work.db, someone.staff_id, Over.RESET, work.now)
    _log(work, units, f"{someone.hsa_id}: kontot nollställt: {decision}")
    by = f"driften ({work.actor.logged_name})" if work.actor.hsa_id is None else work.actor.name
    told = [someone.staff_id, *_administrators(work, units)]
    tell_staff(work, told, f"{local_day(work.now)} nollställde {by} kontot för {someone.hsa_id}. Beslut: {decision}")
    return _new_invitation(work, someone)


def find_invitation(work: ReadTransaction, hsa_id: str, code: str) -> KnownAccount:
    """Return whose invitation a code is; part of operations.

    Raises:
        InvitationRefused: it is wrong, used, too old, or another's.
    """
    someone = account_of(work, hsa_id)
    is_good = work.db.has(
        "SELECT 1 FROM invitation WHERE code_hash = :hash AND staff_id = :staff AND is_used = 0 AND made_at > :since",
        hash=code_hash(code),
        staff=someone.staff_id if someone else 0,
        since=work.now - GOOD_FOR,
    )
    if someone is None or someone.is_enrolled or not is_good:
        raise InvitationRefused
    return someone


def use_invitations(work: Work, staff_id: int) -> None:
    """Let a person's invitations be of no more use; part of operations."""
    work.db.run("UPDATE invitation SET is_used = 1 WHERE staff_id = :staff AND is_used = 0", staff=staff_id)


def _new_invitation(work: Work, someone: KnownAccount) -> str:
    use_invitations(work, someone.staff_id)
    code = new_code(4)
    work.db.run(
        "INSERT INTO invitation (code_hash, staff_id, made_at, is_used) VALUES (:hash, :staff, :now, 0)",
        hash=code_hash(code),
        staff=someone.staff_id,
        now=work.now,
    )
    return code


def _invited(work: Work, hsa_id: str) -> tuple[KnownAccount, Sequence[int]]:
    """Return whom it is about, and the units where the person is active."""
    is_operator = Standing.OPERATOR in work.actor.standing(None)
    someone = account_of(work, hsa_id if is_operator else member_of(work, hsa_id).hsa_id)
    if someone is None:
        raise Refused(f"Ingen har HSA-id {hsa_id.strip()}.", field="hsaid")
    units = work.db.values(
        "SELECT unit_id FROM assignment WHERE staff_id = :staff AND active = 1 ORDER BY unit_id", staff=someone.staff_id
    )
    is_above = work.db.has("SELECT 1 FROM provideradmin WHERE staff_id = :staff", staff=someone.staff_id)
    if not is_operator:
        if as_staff(work.actor).unit_id not in units:
            raise Refused(f"{someone.hsa_id} är inaktiv på enheten. Aktivera först.", helps=("activate_staff",))
        if is_above:
            raise NotPermitted("Personen är vårdgivaradministratör. Inbjudan och nollställning görs av driften.")
    if not units and not is_above:
        raise Refused(f"{someone.hsa_id} är inte aktiv på någon enhet.", field="hsaid", helps=("activate_staff",))
    return someone, units


def _administrators(work: Work, units: Sequence[int]) -> list[int]:
    """Return the behörighetsadministratörer of the units."""
    found: list[int] = []
    for unit in units:
        found += work.db.values(
            "SELECT r.staff_id FROM assignmentrole r JOIN assignment a ON a.staff_id = r.staff_id"
            f" AND a.unit_id = r.unit_id WHERE r.unit_id = :unit AND r.role = :role AND a.active = 1 AND {HELD}",
            unit=unit,
            role=Role.ACCESS_ADMIN.value,
            today=work.today.isoformat(),
        )
    return found


def _log(work: Work, units: Sequence[int], what: str) -> None:
    """Say it in the log of each of the person's units."""
    for unit in units:
        work.log(Action.CHANGED, details=what, unit_id=unit)
    if not units:
        work.log(Action.CHANGED, details=what)
