"""Cleaning of inbound text, and names in Swedish order."""

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from store.foundation.errors import Refused
from store.foundation.text import clean, clean_name, fold, search_parts, search_words, sort_name

profile = settings(max_examples=500, deadline=None, derandomize=True)
nasty = st.text(
    st.characters(exclude_categories=())
    | st.sampled_from(
        "\x1b\x9b\x9d\x90\x07\\[]P;0123mJ\r\n\t\u0301\u0308\u030a\u200b\u200c\u200d\u202e\ufe0faoÅ👩⚕\u0628\u0653\u1f71\ud83d"
    )
)
SWEDISH = "abcdefghijklmnopqrstuvwxyzåäö"


@pytest.mark.parametrize(
    ("given_text", "cleaned"),
    [
        ("A\x1b]52;c;aGFja2Vk\x1b\\B", "AB"),
        ("A\x1b]52;c;aGFja2Vk\x07B", "AB"),
        ("A\x9d52;c;aGFja2Vk\x9cB", "AB"),
        ("A\x1b]0;titel utan slut\nHjälp mig", "A\nHjälp mig"),
        ("A\x1bP1$q\nm\x1b\\B", "AB"),
        ("A\x1b[2J\x9b31mÅäö\x1bc", "AÅäö"),
        ("[/x] [@click=app.quit]a[/] <b> {1}", "[/x] [@click=app.quit]a[/] <b> {1}"),
        ("a\u202eb\u2066c\u200bd\ufeffe\U000e0041f\xadg", "abcdefg"),
        ("a\x00b\x7fc\x85d", "abc\nd"),
        ("ett\r\ntvå\rtre\u2028fyra\tfem", "ett\ntvå\ntre\nfyra fem"),
        ("A\u030asa", "Åsa"),
        ("a\u200b\u0301", "á"),
        ("a\u200d\u0301b\u200dc", "ábc"),
        ("👩\u200d⚕\ufe0f 👍🏽 ❤\ufe0f\u200d🔥", "👩\u200d⚕\ufe0f 👍🏽 ❤\ufe0f\u200d🔥"),
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("a\ud800b\ud83d\ude00", "ab"),
        ("", ""),
    ],
)
def test_text_is_cleaned(given_text: str, cleaned: str) -> None:
    """Sequences go whole, markup and emoji stay."""
    assert clean(given_text, multiline=True) == cleaned
    assert clean(given_text, multiline=False) == cleaned.replace("\n", " ")


def test_a_text_over_the_limit_is_refused_with_the_limit() -> None:
    """Counted after the cleaning; no part of the text is in the sentence."""
    assert clean("åäö\x1b[m", multiline=True, limit=3) == "åäö"
    with pytest.raises(Refused, match="högst 3 tecken, nu 4") as refused:
        clean("åäöx", multiline=True, limit=3, field="anteckning")
    assert refused.value.field == "anteckning"


@profile
@given(nasty, st.booleans())
def test_cleaning_is_idempotent_and_complete(text: str, multiline: bool) -> None:
    """Nothing is left that a terminal obeys, a reader can't see or a database can't store."""
    cleaned = clean(text, multiline=multiline)
    assert clean(cleaned, multiline=multiline) == cleaned
    assert unicodedata.is_normalized("NFC", cleaned)
    cleaned.encode()
    for character in cleaned.replace("\n", "" if multiline else "\n"):
        assert unicodedata.category(character) not in ("Cc", "Cs", "Zl", "Zp")
        assert unicodedata.bidirectional(character) not in (
            "LRE",
            "RLE",
            "LRO",
            "RLO",
            "PDF",
            "LRI",
            "RLI",
            "FSI",
            "PDI",
        )


@profile
@given(st.text(st.characters(exclude_categories=("C", "Z", "M"))))
def test_visible_text_is_kept(text: str) -> None:
    """Only its normal form changes."""
    blanks = dict.fromkeys(map(ord, "\u115f\u1160\u3164\uffa0\ufffc"))
    assert clean(text, multiline=True) == unicodedata.normalize("NFC", text.translate(blanks))


def test_a_name_is_one_line_with_single_spaces() -> None:
    """Whatever was pasted."""
    assert clean_name("  Anna \t Maria\n\xa0Ek\u200d ", "fornamn") == "Anna Maria Ek"


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (" \x1b[m ", "Efternamnet saknas."),
        ("\u3164", "Efternamnet saknas."),
        ("- 1", "Efternamnet måste innehålla minst en bokstav."),
        ("a" * 101, "Efternamnet är för långt: högst 100 tecken, nu 101."),
    ],
)
def test_what_is_no_name_is_refused(text: str, sentence: str) -> None:
    """Each with its sentence, at its field."""
    with pytest.raises(Refused) as refused:
        clean_name(text, "efternamn")
    assert (refused.value.message, refused.value.field) == (sentence, "efternamn")
    with pytest.raises(Refused, match=r"^Namnet "):
        clean_name(text, "annat")


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("ÅSA", "åsa"),
        ("A\u030a\u0301", "å"),
        ("Renée Müller", "renee muller"),
        ("Ærø", "ärö"),
        ("Łódź", "lodz"),
        ("ǟ", "ä"),
        ("Þór", "thor"),
        ("Strauß", "strauss"),
        ("İpek", "ipek"),
        ("Çağrı", "cagri"),
        ("ǿ", "ö"),
        ("Zoë", "zoe"),
    ],
)
def test_folding(text: str, folded: str) -> None:
    """Case and accents go, å ä ö stay."""
    assert fold(text) == folded


@profile
@given(st.text())
def test_folding_is_idempotent(text: str) -> None:
    """So a folded column can be searched with a folded word."""
    assert fold(fold(text)) == fold(text)


def test_names_sort_as_in_swedish() -> None:
    """Bytes alone, å before ä before ö, a short family name before a double one."""
    names = [("Berg", "Örjan"), ("Berg Åkesson", "Anna"), ("Berg-Öst", "Anna"), ("Bergman", "Anna"), ("Müller", "Eva")]
    names += [("O'Brien", "Pat"), ("Zorn", "Åke"), ("Åberg", "Bo"), ("Ärlig", "Bo"), ("Öberg", "Bo")]
    assert sorted(reversed(names), key=lambda name: sort_name(*name).encode()) == names


def test_case_accents_and_hyphens_do_not_decide() -> None:
    """They are the same name to one who looks for it."""
    assert sort_name("ÖBERG", "Ann-Marié") == sort_name("Öberg", "ann marie")


words = st.lists(st.text(SWEDISH, min_size=1, max_size=4), min_size=1, max_size=2)


@profile
@given(words, words, words, words)
def test_byte_order_is_the_alphabets_order(f1: list[str], g1: list[str], f2: list[str], g2: list[str]) -> None:
    """Compared with the places of the letters in the alphabet, word by word."""

    def places(*parts: list[str]) -> list[list[list[int]]]:
        return [[[SWEDISH.index(letter) for letter in word] for word in part] for part in parts]

    one, two = (sort_name(" ".join(f), "-".join(g).upper()).encode() for f, g in ((f1, g1), (f2, g2)))
    assert (one < two) == (places(f1, g1) < places(f2, g2))
    assert (one == two) == (places(f1, g1) == places(f2, g2))


def test_search_parts_are_every_part_once() -> None:
    """Split at spaces and hyphens."""
    assert search_parts("von Öst-Ek", "Anna-Karin Ek") == ("von", "öst", "ek", "anna", "karin", "ost")
    assert search_parts("O’Brien", "J.R.") == ("obrien", "j", "r")


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", ()),
        (" - + ", ()),
        ("ÖBERG, Anna-Lena", ("öberg", "anna", "lena")),
        ("19800102-2386", ("198001022386",)),
        ("800102-23", ("80010223",)),
        ("890101+ ek", ("890101", "ek")),
        ("e\u0301va\x1b\ud800", ("eva",)),
    ],
)
def test_search_words(query: str, found: tuple[str, ...]) -> None:
    """Names as `search_parts`, numbers as digits."""
    assert search_words(query) == found


@profile
@given(st.text(), st.text())
def test_a_name_is_found_by_itself(family: str, given_name: str) -> None:
    """Every word of a name typed as it stands is one of its parts, a lone number aside."""
    parts = search_parts(family, given_name)
    for word in search_words(f"{family} {given_name}"):
        assert word in parts or word.isdigit()


@pytest.mark.parametrize("dash", [*"\xad\u2010\u2011\u2013\u2212\uff0d"])
def test_a_number_is_searched_for_with_any_hyphen(dash: str) -> None:
    assert search_words(f"Öberg 19800102{dash}23") == ("öberg", "1980010223")
