"""A proof that rows of the access log stood so, for the resident whom they are about, who is given no other row.

All rows of the log are the leaves of a Merkle tree (RFC 6962: SHA-256, `00` before a leaf, `01` before a node), whose
root the operator signs with how far the chains have come. A leaf is made of two halves, each a hash with a salt of its
own: what the resident is told (`SHOWN`, and whose row it is), and the rest (who of the staff it was, among other
things). The salts are made of the row's code, which the resident is not given: so nobody can guess by trying what other
leaves, or the other half, are made of. `sob_tui/check_log_proof.py` checks such a file by itself.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from store.foundation.access import Action, DataCategory, Standing, Subject
from store.foundation.checkpoint import Checkpoint, checkpoint_line
from store.foundation.errors import Refused, SealBroken
from store.foundation.identity import PersonalNumber
from store.foundation.log_chain import CONTENT, Head, log_positions
from store.foundation.log_reading import LogOpener
from store.foundation.operation import operation
from store.foundation.progress import Progress, untold
from store.foundation.read_transaction import ReadTransaction

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

FORMAT = 1
SHOWN = ("at", "unit_hsa_id", "provider_hsa_id", "actor_kind", "acted_as", "action", "category", "outcome")
"""The columns that the resident is told, beside the number."""

_TOGETHER = 2000
_ROWS = f"SELECT mac, {', '.join(CONTENT)} FROM log ORDER BY id"
_PLACES = tuple(CONTENT.index(name) for name in SHOWN)
_AT, _WALL_AT, _OPERATION, _SESSION = (CONTENT.index(name) for name in ("at", "wall_at", "operation", "session"))
_NUMBER, _SEALED, _KEY_ID = (CONTENT.index(name) for name in ("personnummer", "sealed", "key_id"))


@operation("Bevisa ett loggutdrag", may={Standing.OPERATOR}, action=Action.PRINTED, category=DataCategory.LOG)
def prove_log(
    work: ReadTransaction, identity: str, key: "Ed25519PrivateKey", progress: Progress = untold
) -> dict[str, Any]:
    """Return the proof of all rows on a resident, as its file has it (JSON).

    Args:
        work: one snapshot, in which all rows are seen.
        identity: the personnummer, as it is typed.
        key: the operator's.
        progress: is told how many rows are done.

    Raises:
        Refused: the number can't be used, or the log has nothing on it.
    """
    number = PersonalNumber.parse(identity, work.today).value
    total = int(work.db.value("SELECT count(*) FROM log"))
    leaves, found = [], []
    for place, leaf in enumerate(_leaves(work, number)):
        if place % _TOGETHER == 0:
            progress(place, total)
        leaves.append(leaf.hash)
        if leaf.is_theirs:
            found.append((place, leaf))
    if not found:
        raise Refused("Loggen har inga rader om invånaren. Kontrollera personnumret.", field="personnummer")
    tree = _Tree(leaves)
    chains = tuple((one.chain, Head(one.number, one.mac)) for one in log_positions(work.db))
    uuid = str(work.db.value("SELECT uuid FROM store_info"))
    signed = Checkpoint(uuid, work.now, chains)
    work.log(Action.PRINTED, Subject(0, number, ""), f"bevis till loggutdrag: {len(found)} rader av {len(leaves)}")
    return {
        "format": FORMAT,
        "personnummer": number,
        "checkpoint": checkpoint_line(signed, key, rows=len(leaves), root=tree.root.hex()),
        "public_key": key.public_key().public_bytes_raw().hex(),
        "rows": [
            {
                "place": place,
                "row": dict(zip(SHOWN, leaf.shown, strict=True)),
                "salt": leaf.salt.hex(),
                "rest": leaf.rest.hex(),
                "path": [one.hex() for one in tree.path(place)],
            }
            for place, leaf in found
        ],
    }


@dataclass(frozen=True)
class _Leaf:
    is_theirs: bool
    shown: tuple[object, ...]
    salt: bytes
    rest: bytes
    hash: bytes


def _leaves(work: ReadTransaction, number: str) -> Iterator[_Leaf]:
    opener = LogOpener(work.db, work.keys)
    for portion in work.db.stream(_ROWS, _TOGETHER):
        for mac, *content in portion:
            yield _leaf(opener, mac, content, number)


def _leaf(opener: LogOpener, mac: str, content: Sequence[Any], number: str) -> _Leaf:
    """Return a row's leaf; whose it is stands in the half that is shown, opened where it was sealed."""
    whose = content[_NUMBER]
    if content[_SEALED]:
        about = content[_AT], content[_WALL_AT], content[_OPERATION], content[_SESSION]
        whose = _opened_number(opener, content[_KEY_ID], content[_SEALED], about)
    shown = tuple(content[place] for place in _PLACES)
    salt = _salt(mac, "shown")
    rest = sha256(_salt(mac, "rest") + _written(content)).digest()
    half = sha256(salt + _written([*shown, whose])).digest()
    return _Leaf(whose == number, shown, salt, rest, sha256(b"\0" + half + rest).digest())


def _opened_number(opener: LogOpener, key_id: str, sealed: str, about: tuple[int, int, str, str]) -> str | None:
    """Return whose a sealed row is; None where it is nobody's, or does not open."""
    try:
        said = opener.said(key_id, sealed, about)
    except SealBroken:
        return None
    return None if said is None else said[0]


def _salt(mac: str, half: str) -> bytes:
    return sha256(f"{half} {mac}".encode()).digest()


def _written(values: Sequence[object]) -> bytes:
    return json.dumps(values, ensure_ascii=True, separators=(",", ":")).encode()


class _Tree:
    """A Merkle tree, level by level; the last node of a level that has no other beside it goes up as it is."""

    def __init__(self, leaves: Sequence[bytes]) -> None:
        self._levels = [list(leaves)]
        while len(level := self._levels[-1]) > 1:
            above = [sha256(b"\1" + level[at] + level[at + 1]).digest() for at in range(0, len(level) - 1, 2)]
            self._levels.append(above + level[len(above) * 2 :])

    @property
    def root(self) -> bytes:
        """Return the hash over all leaves."""
        return self._levels[-1][0]

    def path(self, place: int) -> Iterator[bytes]:
        """Yield the hashes that lead from a leaf to the root, the lowest first."""
        for level in self._levels[:-1]:
            if (beside := place ^ 1) < len(level):
                yield level[beside]
            place //= 2
