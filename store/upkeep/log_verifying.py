"""Whether the access log is as it was written: its chains recomputed from the rows, and compared with checkpoints.

One reading of the log, in the order of the rows' ids. The first row that is not right is named, with what is wrong with
it; what comes after it says nothing more. See `store.foundation.log_chain` for the chains and domain.md §8 for what can
be found by whom.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

from store.foundation.access import Standing
from store.foundation.checkpoint import Checkpoint, read_checkpoint
from store.foundation.clock import Instant, instant, iso_local
from store.foundation.connection import Connection
from store.foundation.keys import StoreKeys
from store.foundation.log import DONE
from store.foundation.log_chain import BEGINNING, CONTENT, ChainKey, Head, LogPosition, StoredHead, stored_heads
from store.foundation.log_reading import Condition, log_rows
from store.foundation.operation import operation
from store.foundation.progress import Progress, untold
from store.foundation.read_transaction import ReadTransaction
from store.foundation.signed_lines import LineBroken

TOGETHER = 2000
BEFORE_ALL = Instant(0)
RESTORED, SIGNED = "note_restored", "sign_checkpoint"
"""The operations whose rows tell of a way back, and of a checkpoint."""

_CHAIN, _NUMBER = CONTENT.index("chain"), CONTENT.index("chain_number")
_OPERATION, _AT, _OUTCOME = CONTENT.index("operation"), CONTENT.index("at"), CONTENT.index("outcome")
_ROWS = f"SELECT id, mac, {', '.join(CONTENT)} FROM log ORDER BY id"
_MADE = re.compile(r"säkerhetskopian av (\S+);")


class Verified(NamedTuple):
    """What was found."""

    rows: int
    """How many were looked through."""
    positions: tuple[LogPosition, ...]
    """How far each chain has come, as its rows say."""
    checkpoints: int
    """How many the log was compared with."""
    fault: str | None
    """A sentence that names the first bad row; None where all is right."""
    notes: tuple[str, ...]
    """Sentences on what is right and should be known all the same: a way back, a lost key."""


@operation("Pröva loggen", may={Standing.OPERATOR}, action=None)
def may_verify_log(_work: ReadTransaction) -> None:
    """Refuse to look the whole log through for any but the operator; what is told of it names nobody."""


def verify_log(
    db: Connection,
    keys: StoreKeys | None,
    checkpoints: Sequence[Checkpoint] | None,
    public: bytes | None = None,
    progress: Progress = untold,
) -> Verified:
    """Recompute the chains from the rows.

    Args:
        db: one snapshot, in which all rows are seen.
        keys: the store's, where it has any.
        checkpoints: those of this store, oldest first, their signatures read; none of them where there is no file,
            None where the log is not to be compared with any.
        public: the public half of the key that signed them, for what the store keeps of where rows have expired.
        progress: is told how many rows are done.
    """
    verifying = _Verifying(db, keys, checkpoints)
    fault = verifying.expired(public) or verifying.read_all(progress) or verifying.at_the_end()
    chains = verifying.chains
    return Verified(
        verifying.rows,
        tuple(LogPosition(name, chain.number, chain.mac) for name, chain in sorted(chains.items())),
        len(checkpoints or ()),
        fault,
        tuple(verifying.notes()),
    )


@dataclass
class _Chain:
    """How far a chain has been looked through."""

    stored: StoredHead | None
    key: ChainKey | None
    number: int
    mac: str
    begins: int
    """The number of the last row that has expired."""
    seen: dict[int, list[tuple[str, Instant]]] = field(default_factory=dict)
    """What checkpoints say of it: by the number, the code and the checkpoint's time."""


class _Verifying:
    def __init__(self, db: Connection, keys: StoreKeys | None, checkpoints: Sequence[Checkpoint] | None) -> None:
        self.db = db
        self.rows = 0
        self.checkpoints = checkpoints
        self.restored = list(_ways_back(db, keys))
        self.heads = stored_heads(db)
        self.signed: list[Instant] = []
        """When checkpoints were signed, as rows of the log say."""
        self.chains = {name: _begun(head, keys) for name, head in self.heads.items()}
        self.expiries = db.all(_Expiry, "SELECT chain, number, mac, checkpoint FROM logexpiry ORDER BY chain")
        for one in self.expiries:
            begun = self.chains.setdefault(one.chain, _begun(None, keys))
            begun.number, begun.mac, begun.begins = one.number, one.mac, one.number
        self.left: dict[str, dict[int, list[tuple[str, Instant]]]] = {}
        """What checkpoints say between a backup and its restore, by chain and number, until the restore is reached."""
        self.lost = {back: _Lost() for _, back in self.restored}
        """What each restore left behind, as far as checkpoints know."""
        for signed in checkpoints or ():
            for name, head in signed.chains:
                if self._is_explained(signed.at):
                    seen = self.left.setdefault(name, {})
                else:
                    seen = self.chains.setdefault(name, _begun(None, keys)).seen
                seen.setdefault(head.number, []).append((head.mac, signed.at))

    def _is_explained(self, at: Instant) -> bool:
        """Whether a checkpoint was signed between a backup and its restore: it may be of rows that were left behind."""
        return any(made < at <= back for made, back in self.restored)

    def expired(self, public: bytes | None) -> str | None:
        """Say where rows at the front of a chain are gone, and no signed checkpoint names the last of them."""
        for one in self.expiries if public is not None else ():
            try:
                named = dict(read_checkpoint(one.checkpoint, public or b"").chains).get(one.chain)
            except LineBroken:
                named = None
            if named != Head(one.number, one.mac):
                return (
                    f"{_named(one.chain)} saknar raderna till och med {one.number}, och ingen underskriven "
                    "kontrollpunkt säger att de har gallrats."
                )
        return None

    def read_all(self, progress: Progress) -> str | None:
        """Go through all rows; returns the sentence on the first bad one."""
        total = int(self.db.value("SELECT count(*) FROM log"))
        chains, signed, left = self.chains, self.signed, self.left
        for portion in self.db.stream(_ROWS, TOGETHER):
            progress(self.rows, total)
            for row_id, mac, *content in portion:
                chain = chains.get(content[_CHAIN])
                number = content[_NUMBER]
                if chain is None or chain.stored is None or number != chain.number + 1:
                    return self._out_of_order(row_id, content[_CHAIN], number, chain)
                if chain.key is not None and chain.key.mac(chain.mac, content) != mac:
                    return self._wrong(row_id, content[_CHAIN], number)
                if content[_OPERATION] == RESTORED and content[_OUTCOME] == DONE:
                    self._leave_behind(content[_AT])
                chain.number, chain.mac = number, mac
                if number in chain.seen and (fault := _against(content[_CHAIN], chain, chain.seen[number])):
                    return fault
                if left and (fault := _against(content[_CHAIN], chain, left.get(content[_CHAIN], {}).get(number, ()))):
                    return fault
                if content[_OPERATION] == SIGNED and content[_OUTCOME] == DONE:
                    signed.append(content[_AT])
                self.rows += 1
        return None

    def _leave_behind(self, back: Instant) -> None:
        """Note what checkpoints know of rows that were written after a backup, as its restore is reached."""
        for name, seen in self.left.items():
            there = self.chains[name].number if name in self.chains else 0
            between = {number: at for number, found in seen.items() for _, at in found if at <= back}
            most = max(between, default=0)
            if most > there:
                self.lost[back].rows.append((name, there + 1, most))
            self.lost[back].at = max(self.lost[back].at, *between.values(), BEFORE_ALL)
        for name, seen in self.left.items():
            later = {number: [one for one in found if one[1] > back] for number, found in seen.items()}
            self.left[name] = {number: found for number, found in later.items() if found}

    def _out_of_order(self, row_id: int, name: str, number: int | None, chain: _Chain | None) -> str:
        """Say what is wrong with a row whose number is not the next one."""
        what = _row(row_id, name, number)
        if number is None or chain is None or chain.stored is None:
            return f"{what} hör till en kedja som inte finns: raden är inskjuten, eller kedjans slut är borttaget."
        due = chain.number + 1
        if number > due:
            if self._places(name, due):
                return f"{what} har bytt plats med en annan rad: på den platsen ska rad {due} stå."
            gone = f"rad {due} saknas" if number == due + 1 else f"raderna {due}–{number - 1} saknas"
            return f"{what}: {gone} före den. De är borttagna."
        return f"{what} är inskjuten, eller har bytt plats: rad {number} i kedjan har redan lästs."

    def _wrong(self, row_id: int, name: str, number: int) -> str:
        """Say what is wrong with a row that has the next number, and another content than its code is over."""
        what = _row(row_id, name, number)
        if self._places(name, number) > 1:
            return f"{what} är inskjuten: kedjan har en annan rad med samma nummer."
        return f"{what} är ändrad, eller så är raden före den utbytt: innehållet stämmer inte med radens kod."

    def _places(self, name: str, number: int) -> int:
        count = "SELECT count(*) FROM log WHERE chain = :chain AND chain_number = :number"
        return int(self.db.value(count, chain=name, number=number))

    def at_the_end(self) -> str | None:
        """Compare what was read with the heads and the checkpoints; returns the first fault."""
        for name, chain in sorted(self.chains.items()):
            if fault := _at_head(name, chain) or _behind(name, chain):
                return fault
        if self.checkpoints is None or not self.signed:
            return None
        if not self.checkpoints:
            return _NO_FILE.format(at=iso_local(max(self.signed)))
        known = {one.at for one in self.checkpoints}
        missing = [at for at in self.signed if at not in known]
        if not missing:
            return None
        if max(known, default=0) < max(missing):
            return _OLDER.format(at=iso_local(max(missing)))
        return f"Kontrollpunkten av {iso_local(missing[0])} saknas i filen med kontrollpunkter."

    def notes(self) -> Iterator[str]:
        """Yield what should be known."""
        for made, back in self.restored:
            yield (
                f"Databasen återställdes {iso_local(back)} från säkerhetskopian av {iso_local(made)}. "
                f"{self.lost[back].said(is_compared=bool(self.checkpoints))}"
            )
        for name, chain in sorted(self.chains.items()):
            if chain.key is None and chain.stored is not None:
                yield (
                    f"{_named(name)}: rader skrivna med en loggnyckel som inte finns är {chain.number - chain.begins}. "
                    "De är bara jämförda med kontrollpunkterna. Kedjan går vidare under den nya nyckeln."
                )
            if chain.begins:
                yield f"{_named(name)}: raderna till och med {chain.begins} är utgallrade. Prövningen börjar efter dem."


@dataclass
class _Lost:
    """What a restore left behind, as far as checkpoints know: the newest of them, and which rows of each chain."""

    at: Instant = BEFORE_ALL
    rows: list[tuple[str, int, int]] = field(default_factory=list)

    def said(self, *, is_compared: bool) -> str:
        """Return the sentence on it."""
        if not is_compared or not self.at:
            known = "Ingen kontrollpunkt skrevs däremellan" if is_compared else "Ingen kontrollpunkt är jämförd"
            return f"Rader som skrevs däremellan finns inte. {known}: hur många de var går inte att säga."
        if not self.rows:
            return f"Kontrollpunkten av {iso_local(self.at)} stämmer: inga rader som den känner till saknas."
        which = (f"{_rows_named(first, last)} i {_named(name, inside=True)}" for name, first, last in self.rows)
        return (
            f"Kontrollpunkten av {iso_local(self.at)} känner till {', '.join(which)}: de skrevs efter kopian och "
            "följde inte med tillbaka."
        )


def _rows_named(first: int, last: int) -> str:
    return f"rad {first}" if first == last else f"raderna {first}–{last}"


def _begun(head: StoredHead | None, keys: StoreKeys | None) -> _Chain:
    return _Chain(head, None if head is None else head.key(keys), *BEGINNING, 0)


class _Expiry(NamedTuple):
    chain: str
    number: int
    mac: str
    checkpoint: str


def _ways_back(db: Connection, keys: StoreKeys | None) -> Iterator[tuple[Instant, Instant]]:
    """Yield when each backup that the store was restored from was made, and when it was restored."""
    for row in log_rows(db, keys, Condition("operation = :name AND outcome = 'gjort'", (("name", RESTORED),))):
        if found := _MADE.search(row.details):
            yield instant(datetime.fromisoformat(found[1])), row.at


def _against(name: str, chain: _Chain, seen: Iterable[tuple[str, Instant]]) -> str | None:
    """Say what is wrong where a checkpoint has another code for the row that was read last."""
    for mac, at in seen:
        if mac != chain.mac:
            return (
                f"Rad {chain.number} i {_named(name, inside=True)} är en annan än när kontrollpunkten av "
                f"{iso_local(at)} skrevs: loggen är omskriven efteråt, eller återställd till en äldre kopia."
            )
    return None


def _at_head(name: str, chain: _Chain) -> str | None:
    """Say what is wrong where the rows of a chain end elsewhere than its head says."""
    if (stored := chain.stored) is None:
        return None
    if chain.key is not None and chain.key.seal(name, stored.head) != stored.seal and stored.head != BEGINNING:
        return f"{_named(name)}: uppgiften om hur många rader den har är ändrad."
    if stored.number > chain.number:
        which = _rows_named(chain.number + 1, stored.number)
        return f"{_named(name)} är avkapad: {which} i slutet är borta."
    if stored.head != Head(chain.number, chain.mac):
        return f"{_named(name)}: uppgiften om hur många rader den har är äldre än raderna."
    return None


def _behind(name: str, chain: _Chain) -> str | None:
    """Say what is wrong where a checkpoint knows of more rows than there are."""
    number, at = max(((number, at) for number, seen in chain.seen.items() for _, at in seen), default=(0, Instant(0)))
    if number <= chain.number:
        return None
    return (
        f"{_named(name)} har {chain.number} rader, men hade {number} när kontrollpunkten av {iso_local(at)} skrevs: "
        "databasen är återställd till en äldre kopia, eller så är rader borttagna."
    )


_NO_FILE = (
    "Filen med kontrollpunkter är borta. Den senaste kontrollpunkten skrevs {at}. Hämta filen från en säkerhetskopia, "
    "och ange den med --kontrollpunkter."
)
_OLDER = (
    "Filen med kontrollpunkter är äldre än loggen: kontrollpunkten av {at} saknas. Ange den nyaste filen med "
    "--kontrollpunkter."
)


def _row(row_id: int, chain: str, number: int | None) -> str:
    return f"Rad {'utan nummer' if number is None else number} i {_named(chain, inside=True)} (id {row_id})"


def _named(chain: str, *, inside: bool = False) -> str:
    """Return what a chain is called, at the beginning of a sentence or inside one."""
    found = f"kedjan för {chain}" if chain else "kedjan utan enhet"
    return found if inside else found[0].upper() + found[1:]
