"""Accounts: by what somebody proves who it is (domain.md §13). They are made by invitation only."""

from typing import NamedTuple

from sqlalchemy import BigInteger
from sqlmodel import Field, SQLModel

from store.foundation.connection import Connection
from store.foundation.hsa_id import same_hsa_id
from store.foundation.keys import StoreKeys, seal, unseal
from store.foundation.read_transaction import ReadTransaction
from store.foundation.work import Work
from store.people.one_time_codes import code_hash, new_code

BACKUP_CODES = 10


class Account(SQLModel, table=True):
    """What a person signs in with."""

    staff_id: int = Field(primary_key=True, foreign_key="staff.id")
    passphrase: str
    """What is kept of it (`store.people.passphrases`)."""
    totp_secret: str
    """The authenticator's, in base 32; sealed where the store has keys."""
    last_step: int = Field(default=0, sa_type=BigInteger)
    """The step of the code that was used last: none is used twice."""
    enrolled_at: int = Field(sa_type=BigInteger)


class BackupCode(SQLModel, table=True):
    """A code on paper, for who has no authenticator at hand. Used once."""

    staff_id: int = Field(primary_key=True, foreign_key="staff.id")
    code_hash: str = Field(primary_key=True)
    used_at: int | None = Field(default=None, sa_type=BigInteger)


class KnownAccount(NamedTuple):
    """A person with an account, or without one: then what would be compared with is empty."""

    staff_id: int
    hsa_id: str
    """As it was given first."""
    passphrase: str
    totp_secret: str
    last_step: int
    name: str = ""
    """Förnamn Efternamn."""

    @property
    def is_enrolled(self) -> bool:
        """Whether there is an account."""
        return bool(self.passphrase)


def account_of(work: ReadTransaction, hsa_id: str) -> KnownAccount | None:
    """Return the person by the HSA-id; None where nobody has it. Nobody else signs in as that person meanwhile."""
    found = work.db.one(
        KnownAccount,
        "SELECT s.id AS staff_id, s.hsa_id, coalesce(a.passphrase, '') AS passphrase,"
        " coalesce(a.totp_secret, '') AS totp_secret, coalesce(a.last_step, 0) AS last_step,"
        " s.given_name || ' ' || s.family_name AS name"
        " FROM staff s LEFT JOIN account a ON a.staff_id = s.id"
        f" WHERE {same_hsa_id('s.hsa_id')}{work.for_update('s')}",
        hsa_id=hsa_id,
    )
    if found is None or work.keys is None or not found.totp_secret:
        return found
    secret = unseal(work.keys.accounts, found.totp_secret, _about(found.staff_id)).decode("ascii")
    return found._replace(totp_secret=secret)


def _about(staff_id: int) -> str:
    return f"account {staff_id}"


def make_account(work: Work, staff_id: int, passphrase: str, totp_secret: str, last_step: int) -> list[str]:
    """Make a person's account; returns its backup codes, which can't be seen again. Part of operations."""
    keys = work.keys
    account = Account(
        staff_id=staff_id,
        passphrase=passphrase,
        totp_secret=seal(keys.accounts, totp_secret.encode("ascii"), _about(staff_id)) if keys else totp_secret,
        last_step=last_step,
        enrolled_at=work.now,
    )
    work.add(account)
    return make_backup_codes(work, staff_id)


def make_backup_codes(work: Work, staff_id: int) -> list[str]:
    """Make a person's codes on paper, which can't be seen again; those of before are gone. Part of operations."""
    work.db.run("DELETE FROM backupcode WHERE staff_id = :staff", staff=staff_id)
    codes = [new_code(3) for _ in range(BACKUP_CODES)]
    for code in codes:
        work.db.run(
            "INSERT INTO backupcode (staff_id, code_hash) VALUES (:staff, :hash)", staff=staff_id, hash=code_hash(code)
        )
    return codes


def reseal_accounts(db: Connection, old: StoreKeys, new: StoreKeys) -> None:
    """Seal every authenticator's secret anew: the data key is another one."""
    sealed = db.pairs("SELECT staff_id, totp_secret FROM account WHERE totp_secret <> ''")
    db.run_many(
        "UPDATE account SET totp_secret = :secret WHERE staff_id = :staff",
        [
            {"staff": one, "secret": seal(new.accounts, unseal(old.accounts, secret, _about(one)), _about(one))}
            for one, secret in sealed
        ],
    )


def remove_account(work: Work, staff_id: int) -> None:
    """Forget a person's passphrase and codes; part of operations."""
    work.db.run("DELETE FROM backupcode WHERE staff_id = :staff", staff=staff_id)
    work.db.run("DELETE FROM account WHERE staff_id = :staff", staff=staff_id)


def use_backup_code(work: Work, staff_id: int, code: str) -> bool:
    """Use up a backup code; returns whether it was one that was left. Part of operations."""
    changed = work.db.run(
        "UPDATE backupcode SET used_at = :now WHERE staff_id = :staff AND code_hash = :hash AND used_at IS NULL",
        now=work.now,
        staff=staff_id,
        hash=code_hash(code),
    )
    return changed == 1


def backup_codes_left(work: ReadTransaction, staff_id: int) -> int:
    """Return how many backup codes a person has left; part of operations."""
    return int(
        work.db.value("SELECT count(*) FROM backupcode WHERE staff_id = :staff AND used_at IS NULL", staff=staff_id)
    )


def use_step(work: Work, staff_id: int, step: int) -> None:
    """Let no code of the step or of one before it be used again; part of operations."""
    work.db.run("UPDATE account SET last_step = :step WHERE staff_id = :staff", step=step, staff=staff_id)
