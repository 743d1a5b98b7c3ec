"""Ways in: how somebody proves who it is. A passphrase and a code now; a SITHS card would be another."""

from dataclasses import dataclass
from typing import Protocol

from store.foundation.access import Actor, Standing, Subject, Who
from store.foundation.errors import Refused
from store.foundation.hsa_id import HsaId
from store.foundation.store import Store
from store.foundation.work import Work
from store.people.accounts import KnownAccount, backup_codes_left, use_backup_code, use_step
from store.people.one_time_codes import is_totp, matching_step
from store.people.passphrases import HASHER

LEFT = (
    "Du loggade in med en reservkod. Kvar finns {number}. Nya skapar du i Min profil med koden i appen; är telefonen "
    "borta ber du om att kontot nollställs."
)


@dataclass(frozen=True)
class Visitor(Actor):
    """Somebody who says who it is, and has not proved it yet. `session` is that which is being opened, or was."""

    def standing(self, _subject: Subject | None, /) -> frozenset[Who]:
        """Return the one standing."""
        return frozenset({Standing.AT_THE_DOOR})


def visitor(store: Store, hsa_id: str, session: str = "", unit_id: int | None = None) -> Visitor:
    """Return somebody at the door, who says to have an HSA-id; perhaps with a session already, on a unit.

    Raises:
        Refused: it is none; what was typed may be anything, so it goes into no log.
    """
    named = HsaId.parse(hsa_id).value
    return Visitor("okänd", "", named, unit_id, session=session or store.access_log.new_session())


class ProofRefused(Refused):
    """Who was named has not been proved: the same whether the HSA-id, the passphrase or the code is wrong."""

    kind = "inloggning"

    def __init__(self) -> None:
        super().__init__("HSA-id, lösenfras eller kod stämmer inte. Kontrollera dem och försök igen.")


class WayIn(Protocol):
    """A way in."""

    name: str
    """What the log says of it."""

    def examine(self, account: KnownAccount | None) -> bool:
        """Whether it proves that somebody is the account's: slow, in no transaction, and as slow without an account."""

    def spend(self, work: Work, account: KnownAccount) -> str:
        """Use up, in the transaction that lets the person in, what can be used once; raises `Refused` where it was.

        Returns what the person should be told of it; nothing where all is well.
        """


@dataclass(frozen=True)
class PassphraseAndCode:
    """A passphrase, and a code of the authenticator or from paper."""

    passphrase: str
    code: str
    name = "lösenfras och kod"

    def examine(self, account: KnownAccount | None) -> bool:
        """Compare the passphrase."""
        return HASHER.is_right(self.passphrase, account.passphrase if account else "")

    def spend(self, work: Work, account: KnownAccount) -> str:
        """Use up the code; of those on paper it is told how many are left.

        Raises:
            ProofRefused: it is none of the person's.
            CodeRefused: it has been used, or is of another time.
        """
        if not is_totp(self.code):
            if not use_backup_code(work, account.staff_id, self.code):
                raise ProofRefused
            return LEFT.format(number=backup_codes_left(work, account.staff_id))
        step = matching_step(account.totp_secret, self.code, work.now, account.last_step)
        if step is None:
            raise ProofRefused
        use_step(work, account.staff_id, step)
        return ""


@dataclass(frozen=True)
class PassphraseAlone:
    """What somebody who is signed in proves anew: that it is still the same person at the keys."""

    passphrase: str
    name = "lösenfras"

    def examine(self, account: KnownAccount | None) -> bool:
        """Compare the passphrase."""
        return HASHER.is_right(self.passphrase, account.passphrase if account else "")

    def spend(self, _work: Work, _account: KnownAccount) -> str:
        """Use up nothing."""
        return ""
