"""Seals: what comes out is what went in, and nothing else opens them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from store.foundation.errors import SealBroken
from store.foundation.keys import (
    StoreKeys,
    new_keys,
    number_code,
    seal,
    unseal,
    unwrap_resident_key,
    wrap_resident_key,
)
from tests.properties import examples

KEYS = st.binary(min_size=32, max_size=32)


@examples(20)
@given(KEYS, st.binary(max_size=50), st.sampled_from(["", "prov", "rad 1"]))
def test_what_is_sealed_opens_with_its_key_at_its_place(key: bytes, content: bytes, about: str) -> None:
    sealed = seal(key, content, about)
    assert unseal(key, sealed, about) == content
    assert sealed != seal(key, content, about)  # a nonce of its own each time
    for other, place in ((bytes(32) if key != bytes(32) else b"x" * 32, about), (key, about + "x")):
        with pytest.raises(SealBroken):
            unseal(other, sealed, place)


@examples(20)
@given(st.integers(0, 10_000), st.sampled_from("ABCD+/=åé "))
def test_a_seal_that_was_changed_does_not_open(place: int, letter: str) -> None:
    """What is drawn must not hang on the seal: its nonce is another each time."""
    sealed = seal(b"k" * 32, b"Hej", "prov")
    at = place % (len(sealed) - 1)
    other = letter if letter != sealed[at] else "."
    with pytest.raises(SealBroken):
        unseal(b"k" * 32, sealed[:at] + other + sealed[at + 1 :], "prov")
    with pytest.raises(SealBroken):
        unseal(b"k" * 32, sealed[:at], "prov")


def test_a_residents_key_opens_as_that_residents_alone() -> None:
    keys = new_keys()
    wrapped = wrap_resident_key(keys, 7, b"r" * 32)
    assert unwrap_resident_key(keys, 7, wrapped) == b"r" * 32
    with pytest.raises(SealBroken):
        unwrap_resident_key(keys, 8, wrapped)


def test_each_use_has_a_key_of_its_own_and_none_is_printed() -> None:
    keys = StoreKeys(b"d" * 32, b"l" * 32)
    made = [bytes.fromhex(keys.cipher), keys.residents, keys.of_log.rows, keys.of_log.numbers, keys.data, keys.log]
    assert len({*made, bytes.fromhex(keys.data_id), bytes.fromhex(keys.log_id)}) == 8
    assert "dddd" not in f"{keys!r}{keys}"
    assert number_code(keys.of_log, "198001022386") != number_code(new_keys().of_log, "198001022386")
