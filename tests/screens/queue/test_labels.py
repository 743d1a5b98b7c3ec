"""Every kind of matter has a title, a mark with a word, and what Enter does."""

import pytest

from screens.queue.labels import LABELS, Opening
from store.foundation.flag_kinds import MatterKind


@pytest.mark.parametrize("kind", MatterKind)
def test_a_kind_of_matter_is_labelled(kind: MatterKind) -> None:
    label = LABELS[kind]
    mark, _, word = label.mark.text.partition(" ")
    assert len(mark) == 1
    assert word
    assert label.title
    assert label.opening in Opening


def test_no_two_kinds_look_alike() -> None:
    assert len({label.title for label in LABELS.values()}) == len(MatterKind)
    assert len({label.mark.text for label in LABELS.values()}) == len(MatterKind)
