"""What is written while the database is away: sealed files, one for each text, until the store can take them.

A file is sealed with a key that only the store has, and read only by its owner: it tells nothing by itself. In a store
with keys the texts in it are sealed once more, with the resident's own. It is written whole or not at all, so that a
text outlives a killed program and a lost line.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import UUID

from screens.store_client import StoreClient
from store.foundation.errors import DomainError, SealBroken, StoreUnreachable
from store.foundation.keys import seal, unseal
from store.people.sign_in import StaffActor

if TYPE_CHECKING:
    from cryptography.fernet import Fernet

SUFFIX = ".utkast"
SAFETY_PLAN = "sakerhetsplan"
"""What a file is about whose text is a säkerhetsplan: it waits for whoever opens the plan again."""
MOST_BYTES = 1_000_000
"""More than any draft takes; a larger file is none of ours."""


@dataclass(frozen=True)
class Attempt:
    """A saving of a text; by its command's UUID it is carried out once, however often it is tried."""

    command: str
    heading: str
    text: str


@dataclass(frozen=True)
class KeptDraft:
    """A text in a file: whose it is, where it belongs, and what is to be saved of it.

    `draft` and `version` are those of the draft that is written on, as the store last gave them. Where the answer to
    an earlier saving was lost that one comes first among the attempts; the last one is the text.
    """

    name: str
    store: str
    hsa_id: str
    unit: str
    moment: int
    conversation: int | None
    draft: int | None
    version: int
    attempts: tuple[Attempt, ...]
    about: str = ""
    """`SAFETY_PLAN`, or what a note is about (`screens.note_draft`); empty for a message's draft."""


class KeptDrafts:
    """The files of one person on one store. Everything here blocks."""

    def __init__(
        self,
        folder: Path,
        key: bytes,
        hsa_id: str,
        unit: str,
        key_of: Callable[[int], bytes | None] = lambda _moment: None,
    ) -> None:
        """`key` seals the files; HSA-ids of the person and the unit name them; `key_of` gives a moment's resident's."""
        self._folder = folder
        self._key_of = key_of
        self._key = key
        self._owner = {"store": hashlib.sha256(key).hexdigest(), "hsa_id": hsa_id, "unit": unit}

    @classmethod
    def of(cls, client: StoreClient) -> KeptDrafts | None:
        """Return those of the one who is signed in; None where there is no folder for them."""
        actor = client.actor
        if client.drafts is None or not client.draft_key or not isinstance(actor, StaffActor):
            return None
        own = actor.hsa_id or "", actor.unit_hsa_id or ""
        if client.has_keys:
            return cls(client.drafts, client.draft_key, *own, client.moment_key)
        return cls(client.drafts, client.draft_key, *own)

    def keep(
        self,
        name: str,
        *,
        moment: int,
        conversation: int | None,
        draft: int | None,
        version: int,
        attempts: tuple[Attempt, ...],
        about: str = "",
    ) -> None:
        """Write a text's file, over the one that was there.

        Raises:
            OSError: it cannot be written.
        """
        kept = KeptDraft(
            name,
            moment=moment,
            conversation=conversation,
            draft=draft,
            version=version,
            attempts=attempts,
            about=about,
            **self._owner,
        )
        self._write(name, self._seal().encrypt(json.dumps(self._sealed(asdict(kept))).encode()))

    def forget(self, name: str) -> None:
        """Remove a text's file: the store has it."""
        with suppress(FileNotFoundError):
            self._path(name).unlink()

    def texts(self) -> list[KeptDraft]:
        """Return the person's texts. Files of others, of other stores, and damaged ones are left alone."""
        return list(self._found())

    def _found(self) -> Iterator[KeptDraft]:
        with suppress(OSError):
            for path in sorted(self._folder.glob(f"*{SUFFIX}")):
                kept = self._opened(path)
                if kept is not None and asdict(kept).items() >= self._owner.items():
                    yield kept

    def _opened(self, path: Path) -> KeptDraft | None:
        from cryptography.fernet import InvalidToken

        try:
            if path.is_symlink() or path.stat().st_size > MOST_BYTES:
                return None
            found = json.loads(self._seal().decrypt(path.read_bytes()))
            return _entry(path.stem, self._unsealed(found))
        except (OSError, ValueError, TypeError, KeyError, InvalidToken, DomainError):
            return None

    def _sealed(self, fields: dict[str, Any]) -> dict[str, Any]:
        """Return a file's fields with its texts under the resident's key, where there is one; raises `OSError`."""
        try:
            key = self._key_of(fields["moment"])
        except DomainError as error:
            raise OSError("the resident's key is not at hand") from error
        if key is None:
            return fields
        texts = json.dumps(fields["attempts"]).encode()
        return {**fields, "attempts": [], "sealed": seal(key, texts, f"draft {fields['moment']}")}

    def _unsealed(self, fields: dict[str, Any]) -> dict[str, Any]:
        """Return a file's fields as they were before `_sealed`; raises `DomainError` where the key is not at hand."""
        sealed = fields.pop("sealed", None)
        if sealed is None:
            return fields
        key = self._key_of(fields["moment"])
        if key is None:
            raise SealBroken
        return {**fields, "attempts": json.loads(unseal(key, sealed, f"draft {fields['moment']}"))}

    def _write(self, name: str, sealed: bytes) -> None:
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with suppress(OSError):  # a folder that was there already
            self._folder.chmod(0o700)
        path = self._path(name)
        half = path.with_suffix(".tmp")
        flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | getattr(os, "O_NOFOLLOW", 0)
        with open(os.open(half, flags, 0o600), "wb") as file:
            file.write(sealed)
            file.flush()
            os.fsync(file.fileno())
        half.replace(path)
        _sync(self._folder)

    def _path(self, name: str) -> Path:
        return self._folder / f"{name}{SUFFIX}"

    def _seal(self) -> Fernet:
        from cryptography.fernet import Fernet  # few ever lose their database, and nobody before the first frame

        return Fernet(self._key)


def _entry(name: str, found: dict[str, Any]) -> KeptDraft:
    attempts = tuple(Attempt(**attempt) for attempt in found.pop("attempts"))
    if not attempts:
        raise ValueError
    return KeptDraft(**{**found, "name": name}, attempts=attempts)


def _sync(folder: Path) -> None:
    """Let the file's new name outlive a power cut, where the system can say so."""
    with suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def forget_purged(folder: Path, key: bytes, when_purged: Callable[[list[int]], Mapping[int, int]]) -> int:
    """Remove the files of moments that have been purged, whoever's they are; returns how many.

    A moment's number may be another's by now: what was written after the purge stays.

    Args:
        folder: where the files lie.
        key: seals the store's.
        when_purged: returns when moments were purged (UTC milliseconds), those of them that were.
    """
    kept = dict(_moments_in(folder, key))
    purged = when_purged(list(kept.values())) if kept else {}
    gone = [path for path, moment in kept.items() if _written_at(path) <= purged.get(moment, -1)]
    for path in gone:
        path.unlink(missing_ok=True)
    return len(gone)


def forget_purged_drafts(client: StoreClient) -> None:
    """Remove what this workstation keeps of moments that were purged; raises `DomainError`."""
    if client.drafts is None or not any(client.drafts.glob(f"*{SUFFIX}")):
        return
    from store.care.purge_record import purged_moments  # a table

    def when_purged(moments: list[int]) -> Mapping[int, int]:
        with client.store.lend() as db:
            return purged_moments(db, moments)

    forget_purged(client.drafts, client.draft_key, when_purged)


def _moments_in(folder: Path, key: bytes) -> Iterator[tuple[Path, int]]:
    """Yield the store's files, each with its moment: that stands under the store's seal alone."""
    from cryptography.fernet import Fernet, InvalidToken

    store = hashlib.sha256(key).hexdigest()
    for path in sorted(folder.glob(f"*{SUFFIX}")):
        with suppress(OSError, ValueError, TypeError, KeyError, InvalidToken):
            found = {} if path.is_symlink() else json.loads(Fernet(key).decrypt(path.read_bytes()))
            if found["store"] == store:
                yield path, int(found["moment"])


def _written_at(path: Path) -> int:
    try:
        return path.stat().st_mtime_ns // 1_000_000
    except OSError:
        return -1


async def take_up(client: StoreClient) -> int:
    """Save in the store what the one who is signed in has left in files; returns how many texts.

    What the store refuses stays in its file: the moment may be the person's again. So does what stands on screen.
    """
    kept, taken = KeptDrafts.of(client), 0
    if kept is None:
        return taken
    client.has_left_drafts = False
    with suppress(DomainError):
        await client.run_on_files(lambda: forget_purged_drafts(client))
    for draft in await client.run_on_files(kept.texts):
        if draft.about or draft.name in client.held_drafts:
            continue
        try:
            await _save(client, draft)
        except StoreUnreachable:
            client.has_left_drafts = True  # it was back for a moment only
            break
        except DomainError:
            continue
        await client.run_on_files(lambda name=draft.name: kept.forget(name))  # type: ignore[misc]
        taken += 1
    return taken


async def _save(client: StoreClient, kept: KeptDraft) -> None:
    """Repeat the attempts in order, each on what the one before it left."""
    draft, version = kept.draft, kept.version
    for attempt in kept.attempts:
        draft, version = await carry_out(client, kept.moment, kept.conversation, attempt, draft, version)


async def carry_out(
    client: StoreClient, moment: int, conversation: int | None, attempt: Attempt, draft: int | None, version: int
) -> tuple[int | None, int]:
    """Save a text as a draft, or throw the draft away where nothing is left of it; returns the draft and its version.

    Raises:
        DomainError: what the store refuses.
    """
    drafts = await client.load("store.care.drafts")
    command = UUID(attempt.command)
    if attempt.text.strip():
        saved, version = await client.carry_out(
            command,
            drafts.save_draft,
            moment,
            attempt.text,
            conversation=conversation,
            heading=attempt.heading,
            draft=draft,
            version=version,
        )
        return saved, version
    if draft is not None:
        await client.carry_out(command, drafts.discard_draft, moment, draft, version)
    return None, 0
