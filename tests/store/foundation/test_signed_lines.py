"""Checkpoints and the purge's ledger: a line reads as it was written, and one that was changed does not."""

import json

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from store.foundation.checkpoint import Checkpoint, checkpoint_line, read_checkpoint
from store.foundation.clock import Instant
from store.foundation.log_chain import Head
from store.foundation.purge_ledger import Purged, ledger_line, read_ledger
from store.foundation.signed_lines import LineBroken, signed_line

KEY = Ed25519PrivateKey.from_private_bytes(b"s" * 32)
PUBLIC = KEY.public_key().public_bytes_raw()
CHECKPOINT = Checkpoint("store-uuid", Instant(1), (("", Head(3, "aa")), ("SE2321000040-T1", Head(70, "bb"))))
PURGED = [Purged("store-uuid", f"moment-{number}", Instant(number)) for number in range(3)]


def test_they_read_as_they_were_written() -> None:
    assert read_checkpoint(checkpoint_line(CHECKPOINT, KEY), PUBLIC) == CHECKPOINT
    lines = [ledger_line(one, KEY) for one in PURGED]
    assert list(read_ledger(lines, PUBLIC)) == PURGED
    assert "\n" not in "".join(lines)


@pytest.mark.parametrize("name", ["format", "store", "at", "chains", "key", "signature"])
def test_what_was_changed_does_not_hold(name: str) -> None:
    said = json.loads(checkpoint_line(CHECKPOINT, KEY))
    for other in ({**said, name: 7}, {key: value for key, value in said.items() if key != name}):
        with pytest.raises(LineBroken):
            read_checkpoint(json.dumps(other), PUBLIC)


@pytest.mark.parametrize("line", ["", "[]", "null", "7", "{", '{"signature": "é"}', "[" * 100_000])
def test_what_is_no_line_is_refused(line: str) -> None:
    with pytest.raises(LineBroken):
        list(read_ledger([line], PUBLIC))


def test_another_keys_line_and_a_later_format_are_refused() -> None:
    other = Ed25519PrivateKey.from_private_bytes(b"x" * 32)
    with pytest.raises(LineBroken):
        read_checkpoint(checkpoint_line(CHECKPOINT, other), PUBLIC)
    with pytest.raises(LineBroken):
        list(read_ledger([signed_line({"format": 2, "store": "s", "moment": "m", "at": 1}, KEY)], PUBLIC))
