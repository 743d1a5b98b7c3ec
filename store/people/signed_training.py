"""A signed training: what somebody has passed in a course, as a file that the trainer has signed (domain.md §7, §9).

The file is JSON and holds the HSA-id, what was passed, the day, and after how many months it is to be renewed; nothing
of how it went. `key` is the trainer's public key, `signature` Ed25519 over all the other fields (`_signed_part`).
"""

import json
from base64 import b64decode, b64encode
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

from dateutil.relativedelta import relativedelta

from store.foundation.access import Action, DataCategory, Role
from store.foundation.errors import NeedsConfirmation, Refused
from store.foundation.hsa_id import HsaId
from store.foundation.operation import operation
from store.foundation.text import clean
from store.foundation.upsert import upsert
from store.foundation.work import Work
from store.people.assignments import require_known_subject
from store.people.members import Member, hold_staff, log_change, member_of
from store.people.staff import hold_people
from store.people.trainer_key import fingerprint_of, parse_fingerprints, public_bytes, read_trainer_key
from store.people.units import trainer_keys_of

FORMAT = 1
"""The version of the files that this program writes and reads."""
MOST_BYTES = 20_000
MOST_MONTHS = 120
MOST_SUBJECTS = 50
COURSE_LIMIT = 200
_KIND = "sob-utbildning"
_FIELDS = {"kind", "format", "hsa_id", "subjects", "course", "passed_on", "months", "key", "signature"}


class Passed(NamedTuple):
    """What somebody has passed."""

    hsa_id: str
    subjects: tuple[str, ...]
    """Roles' words and programs' ids."""
    course: str
    """What the trainer calls it; may be empty."""
    passed_on: date
    months: int
    """After how many it is to be renewed; 0 for never."""

    @property
    def renew_on(self) -> date | None:
        """The day on which it is to be renewed."""
        return self.passed_on + relativedelta(months=self.months) if self.months else None


@dataclass(frozen=True)
class SignedTraining:
    """A training whose signature holds. `signer` is the fingerprint of the key that made it."""

    passed: Passed
    signer: str


class Recorded(NamedTuple):
    """What a signed training came to. `renew_on` is an ISO day, empty for never."""

    hsa_id: str
    subjects: tuple[str, ...]
    renew_on: str


def sign_training(passed: Passed, key_file: Path) -> bytes:
    """Return the file that says what somebody has passed, signed with the trainer's key.

    Raises:
        Refused: the HSA-id or the months are none, nothing is passed, or the key can't be read.
    """
    if not 0 <= passed.months <= MOST_MONTHS:
        raise Refused(f"Ange månaderna som ett heltal från 0 till {MOST_MONTHS}.", field="manader")
    if not passed.subjects:
        raise Refused("Ange minst en roll eller ett program med --amne.", field="amne")
    key = read_trainer_key(key_file)
    file: dict[str, Any] = {
        "kind": _KIND,
        "format": FORMAT,
        "hsa_id": HsaId.parse(passed.hsa_id).value,
        "subjects": list(dict.fromkeys(passed.subjects)),
        "course": clean(passed.course, multiline=False, limit=COURSE_LIMIT, field="kurs").strip(),
        "passed_on": passed.passed_on.isoformat(),
        "months": passed.months,
        "key": b64encode(public_bytes(key)).decode(),
    }
    file["signature"] = b64encode(key.sign(_signed_part(file))).decode()
    return json.dumps(file, ensure_ascii=False, indent=2).encode() + b"\n"


def read_signed_training(content: bytes) -> SignedTraining:
    """Return what a file says, once its signature has been found to hold.

    Raises:
        Refused: it is no such file, a later program's, or it has been changed since it was signed.
    """
    file = _parsed(content)
    if (number := file.get("format")) is not None and _is_number(number) and number > FORMAT:
        raise _refused("Filen är skriven för en nyare version av programmet. Uppdatera programmet.")
    if unknown := sorted(map(str, set(file) ^ _FIELDS)):
        word = "en uppgift som är okänd här" if unknown[0] in file else "inte uppgiften"
        raise _refused(f"Filen har {word}: {unknown[0][:40]}. Be utbildaren om en ny fil.")
    try:
        key, signature = (b64decode(file[name], validate=True) for name in ("key", "signature"))
    except (TypeError, ValueError):
        raise _changed() from None
    _verify(key, signature, _signed_part(file))
    return SignedTraining(_passed(file), fingerprint_of(key))


@operation(
    "Registrera en utbildning som en utbildare har skrivit under",
    may={Role.ACCESS_ADMIN},
    action=Action.CHANGED,
    category=DataCategory.STAFF,
)
def record_signed_training(work: Work, content: bytes, *, confirmed: bool = False) -> Recorded:
    """Record what a trainer has signed that somebody on the unit has passed; an older one than what is known stays out.

    Args:
        content: the file's.
        confirmed: whether the warning has been confirmed.

    Raises:
        Refused: the file can't be used, names what is no role or program here, or a day that is to come.
        NotPermitted: the person is not on the unit.
        NeedsConfirmation: the unit has not recorded the trainer's key.
    """
    hold_staff(work)
    hold_people(work)  # another unit's administrator may be recording the same
    signed = read_signed_training(content)
    passed = signed.passed
    member = member_of(work, passed.hsa_id)
    for subject in passed.subjects:
        require_known_subject(work, subject, field="fil")
    if passed.passed_on > work.today:
        raise _refused(f"Utbildningen i filen är godkänd {passed.passed_on}, och den dagen har inte varit.")
    if signed.signer not in parse_fingerprints(trainer_keys_of(work.db, work.actor.unit_id)) and not confirmed:
        raise NeedsConfirmation([_unknown_key(signed.signer)], field="fil", helps=("change_unit",))
    for subject in passed.subjects:
        _record(work, member, subject, signed)
    return Recorded(member.hsa_id, passed.subjects, _iso(passed.renew_on))


def _record(work: Work, member: Member, subject: str, signed: SignedTraining) -> None:
    passed = signed.passed
    known = work.db.value(
        "SELECT passed_on FROM training WHERE staff_id = :staff AND subject = :subject",
        staff=member.staff_id,
        subject=subject,
    )
    if known is not None and known > passed.passed_on.isoformat():
        log_change(work, member, f"utbildning {subject} från {passed.passed_on} inläst, {known} gäller")
        return
    work.db.run(
        upsert("training", ["staff_id", "subject"], replaced=["passed_on", "renew_on", "signed_by"]),
        staff_id=member.staff_id,
        subject=subject,
        passed_on=passed.passed_on.isoformat(),
        renew_on=_iso(passed.renew_on),
        signed_by=signed.signer,
    )
    course = f" i {passed.course}" if passed.course else ""
    log_change(
        work,
        member,
        f"utbildning {subject} registrerad, godkänd {passed.passed_on}{course}, underskriven med {signed.signer}",
    )


def _unknown_key(fingerprint: str) -> str:
    return (
        "Enheten har inte registrerat nyckeln som filen är underskriven med, så vem som helst kan ha skrivit den. "
        f"Fråga utbildaren om nyckelns fingeravtryck är {fingerprint}, och registrera det på enheten."
    )


def _parsed(content: bytes) -> Mapping[str, Any]:
    if len(content) > MOST_BYTES:
        raise _refused("Filen är för stor för att vara en underskriven utbildning.")
    try:
        found = json.loads(content.decode())
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict) or found.get("kind") != _KIND:
        raise _refused("Filen är ingen underskriven utbildning från övningsmiljön.")
    return found


def _passed(file: Mapping[str, Any]) -> Passed:
    """Return what a file whose signature holds says: its trainer's program may still have written it wrongly."""
    subjects = file["subjects"]
    try:
        months = _wanted(file["months"], lambda value: _is_number(value) and 0 <= value <= MOST_MONTHS)
        words = _wanted(subjects, _are_subjects)
        course = clean(_wanted(file["course"], _is_text), multiline=False, limit=COURSE_LIMIT)
        day = date.fromisoformat(_wanted(file["passed_on"], _is_text))
        hsa_id = HsaId.parse(_wanted(file["hsa_id"], _is_text)).value
    except (ValueError, Refused):
        raise _refused(
            "Filen är underskriven men har en uppgift som inte går att läsa. Be utbildaren om en ny."
        ) from None
    return Passed(hsa_id, tuple(words), course, day, months)


def _wanted(value: Any, fits: Callable[[Any], bool]) -> Any:
    if not fits(value):
        raise ValueError
    return value


def _is_number(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _is_text(value: object) -> bool:
    return isinstance(value, str)


def _are_subjects(value: object) -> bool:
    return isinstance(value, Sequence) and 0 < len(value) <= MOST_SUBJECTS and all(map(_is_text, value))


def _signed_part(file: Mapping[str, Any]) -> bytes:
    """Return what the signature is over: every other field, in one way of writing."""
    rest = {name: value for name, value in file.items() if name != "signature"}
    return json.dumps(rest, sort_keys=True, ensure_ascii=True, separators=(",", ":")).encode()


def _verify(key: bytes, signature: bytes, content: bytes) -> None:
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    try:
        Ed25519PublicKey.from_public_bytes(key).verify(signature, content)
    except (ValueError, InvalidSignature):
        raise _changed() from None


def _changed() -> Refused:
    return _refused("Underskriften stämmer inte: filen har ändrats sedan den skrevs under. Be utbildaren om en ny fil.")


def _refused(sentence: str) -> Refused:
    return Refused(sentence, field="fil")


def _iso(day: date | None) -> str:
    return day.isoformat() if day else ""
