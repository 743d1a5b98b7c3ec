"""What the store says when it will not: every message is a Swedish sentence that can be shown as it stands."""

import errno
import re
from collections.abc import Sequence
from typing import ClassVar


class InvariantBroken(Exception):
    """What the code itself promises does not hold: a fault of ours, in English, that nothing is to be saved after."""


class DomainError(Exception):
    """A refusal that a person can read.

    `message` is whole sentences, never with a resident's data in them (it goes into the *Ärendeunderlag*); `field`
    names the field or column it belongs to, or None; `helps` the operations that are the way out, which the command
    line names as its commands. `exit_code` is the command line's (contract.md §1).
    """

    exit_code: ClassVar[int] = 3
    kind: ClassVar[str] = "regel"
    """What the log says of why something was refused: never the sentence, which may repeat what was typed."""

    def __init__(self, message: str, *, field: str | None = None, helps: tuple[str, ...] = ()) -> None:
        self.message = _printable(message)
        self.field = field
        self.helps = helps
        super().__init__(self.message)

    def add(self, words: str) -> None:
        """Say more at the end of the sentence."""
        self.message += words


def _printable(sentence: str) -> str:
    """Return a sentence without control and direction characters: it may repeat what was typed."""
    return "".join(character for character in sentence if character.isprintable())


def why_unreadable(error: OSError) -> str:
    """Return in Swedish why a file or folder can't be read, as words for a sentence's brackets."""
    return _UNREADABLE.get(error.errno or 0, f"operativsystemets fel {error.errno}")


_UNREADABLE = {
    errno.ENOENT: "den finns inte",
    errno.EISDIR: "det är en mapp",
    errno.ENOTDIR: "vägen går genom något som inte är en mapp",
    errno.EACCES: "behörighet saknas",
    errno.EPERM: "behörighet saknas",
    errno.ENAMETOOLONG: "namnet är för långt",
    errno.ELOOP: "länkarna går i ring",
    errno.ENOSPC: "disken är full",
    errno.EROFS: "disken går bara att läsa",
}


class Refused(DomainError):
    """A rule says no, and no confirmation helps."""


class NeedsConfirmation(DomainError):
    """Allowed, after the warnings have been read: all of them stand in `warnings`, one or more sentences each."""

    kind = "varning"

    def __init__(self, warnings: Sequence[str], *, field: str | None = None, helps: tuple[str, ...] = ()) -> None:
        super().__init__(" ".join(warnings), field=field, helps=helps)
        self.warnings = tuple(_printable(warning) for warning in warnings)

    def add(self, words: str) -> None:
        """Say more at the end of the last warning."""
        super().add(words)
        self.warnings = (*self.warnings[:-1], self.warnings[-1] + words)


class NotPermitted(DomainError):
    """The actor may not, or there is no such thing: one sentence, so that nobody learns which (contract.md §1)."""

    exit_code = 4
    kind = "behörighet"
    SENTENCE: ClassVar[str] = (
        "Du har inte behörighet till det här, eller så finns det inte på din enhet. Kontrollera att uppgifterna är "
        "rätt och att du är inloggad med rätt uppdrag, eller fråga enhetens behörighetsadministratör."
    )

    def __init__(self, message: str = SENTENCE) -> None:
        """Take another sentence only where the one who asks knows already what it tells."""
        super().__init__(message)


class StoreUnreachable(DomainError):
    """The database does not answer."""

    exit_code = 5

    def __init__(self, message: str = "Ingen kontakt med databasen.") -> None:
        """Take another sentence only where more is known than that it does not answer."""
        super().__init__(message)


class StoreSilent(StoreUnreachable):
    """The database was asked something, and has not answered in time."""


class StoreBusy(StoreUnreachable):
    """Others kept what was to be written to themselves for too long; nothing was done, and the line is good."""

    def __init__(self) -> None:
        super().__init__("Databasen är upptagen av andra. Försök igen om en stund.")


class StoreFull(StoreUnreachable):
    """There is no room for what was to be written; what is there can be read."""

    def __init__(self) -> None:
        super().__init__("Disken är full. Inget kan sparas i databasen.")


class StoreReadOnly(StoreUnreachable):
    """Nothing may be written: a read-only disk or file, or a server that only serves reading."""

    def __init__(self) -> None:
        super().__init__("Databasen går bara att läsa.")


class StoreDamaged(StoreUnreachable):
    """What the database holds can't be read."""

    def __init__(self) -> None:
        super().__init__("Databasen är skadad. Den behöver återställas från en säkerhetskopia.")


class RowDamaged(StoreDamaged):
    """What stands in one row can't be read; others may be whole."""


class SealBroken(RowDamaged):
    """What was sealed does not open: another key, another place, or not as it was written."""


class KeyMissing(StoreUnreachable):
    """The store is encrypted, and it is not known with what."""

    def __init__(self, message: str = "") -> None:
        """Take another sentence where more is known of where the key should be."""
        super().__init__(
            message
            or "Databasen är krypterad, och det finns ingen nyckel till den. Kontrollera att filen som säger var "
            "nycklarna ligger (databasens namn och .toml) står bredvid den."
        )


class KeyWrong(StoreUnreachable):
    """The store does not open with the key that was given."""

    def __init__(self) -> None:
        super().__init__(
            "Nyckeln passar inte till databasen. Kontrollera att det är rätt databas och rätt nyckel. "
            "Passar ingen nyckel är databasens början skadad: återställ den från en säkerhetskopia."
        )


class NotAStore(StoreUnreachable):
    """The file is something else than a database."""

    def __init__(self) -> None:
        super().__init__("Filen är ingen databas. Kontrollera --store eller SOB_STORE.")


class FenceBroken(StoreUnreachable):
    """The fence between units on a server is not as it should be, or has stopped something."""


class NoUnitSet(FenceBroken):
    """Somebody's rows were asked for in a transaction that says neither on which unit nor at whose side it works."""

    def __init__(self) -> None:
        super().__init__(
            "Databasens stängsel stoppade det här: ingen enhet är satt, eller så är raden en annan enhets. Ingenting "
            "är gjort. Det är ett fel i programmet, eller så är adressen inte den som ska användas till det: driftens "
            "kommandon har en egen."
        )


class StoreMissing(StoreUnreachable):
    """There is no store at the address."""

    def __init__(self) -> None:
        super().__init__("Det finns ingen databas på den adressen. Kontrollera --store eller SOB_STORE.")


MOVED, MOVING = "flyttad", "flyttas"
"""What a store's kind is once it has moved elsewhere, and what it is there until that is done."""


class StoreMoved(StoreUnreachable):
    """The store has moved to a server, and its file is only kept."""

    def __init__(self, address: str = "") -> None:
        """Name the server's address, where it is known; the role in it is left out."""
        where = re.sub("//[^/@]*@", "//", address) or "en server"
        super().__init__(
            f"Databasen är flyttad till {where}, och i filen går ingenting att spara. Ange den nya "
            "adressen med --store eller som store i inställningsfilen, och starta om programmet."
        )


class StoreMoving(StoreUnreachable):
    """The store is on its way here from a file."""

    def __init__(self) -> None:
        super().__init__(
            "Databasen håller på att flyttas hit från en fil. Blev flytten avbruten: kör sob flytta igen, på filen."
        )


class StoreTooNew(Refused):
    """A newer program has migrated the store: it was reached, and is refused (ARCHITECTURE.md §Start-up)."""

    def __init__(self) -> None:
        super().__init__("Databasen kommer från en nyare version av programmet. Uppdatera programmet och försök igen.")


class StoreOlder(Refused):
    """A real store that an older program has made: only the operator changes what it is, when nobody is surprised."""

    def __init__(self, revision: str) -> None:
        """Take the revision that it is at."""
        super().__init__(
            "Databasen är från en äldre version av programmet. Driften uppgraderar den med sob uppgradera, efter en "
            "säkerhetskopia."
        )
        self.revision = revision
