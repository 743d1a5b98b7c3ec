"""The articles that are shipped, and the reader that names what is wrong with one."""

import re
from pathlib import Path

import pytest

from store.help.articles import SUPER_USERS, SUPPORT, Fault, Group, read_help, shipped_help
from store.practice.exercises.reading import shipped_exercises
from store.practice.exercises.shelf import titles_by_page
from tests.documents import document, present

HEAD = '+++\ntitle = "Titel"\ngroup = "guide"\n{}+++\nText.\n'


def read(tmp_path: Path, text: str | bytes) -> tuple[Fault, ...]:
    (tmp_path / "en.md").write_bytes(text if isinstance(text, bytes) else text.encode())
    return read_help(tmp_path).faults


def test_what_is_shipped_has_no_faults_and_every_group() -> None:
    assert shipped_help().faults == ()
    assert {one.group for one in shipped_help().articles} == set(Group)


def test_pages_and_exercises_name_one_another() -> None:
    pages = titles_by_page(None)
    assert {page: sorted(pages[page]) for page in pages} == {
        one.page: sorted(other.title for other in shipped_exercises() if other.page == one.page)
        for one in shipped_exercises()
    }
    assert set(pages) <= {one.id for one in shipped_help().articles}
    chapters = {one.id for one in shipped_help().articles if one.group is Group.GUIDE}
    others = {"ombud", "skyddade-personuppgifter", "utbildning", "visst-program", "mallar", "angra"}
    assert (chapters | others) - set(pages) == set(), "each chapter of the guide has an exercise"


def test_the_guides_chapters_are_there() -> None:
    chapters = [one.id for one in shipped_help().articles if one.group is Group.GUIDE]
    assert sorted(chapters) == sorted(
        (
            *("logga-in", "starta-moment", "ta-del-av-moment", "hantera", "formular", "byt-behandlare"),
            *("startade-moduler", "meddelanden", "aviseringar", "tidslinje", "avsluta", "support"),
        )
    )


def test_f1_can_find_every_place_that_an_article_names() -> None:
    keys = {
        word.partition(".")[0]
        for word in re.findall(r"`([a-z_]+\.[a-z_.0-9]+)`", present(document("docs/contract.md")))
    }
    assert {place for one in shipped_help().articles for place in one.places} - keys == set()


def test_an_articles_head_is_read(tmp_path: Path) -> None:
    assert read(tmp_path, HEAD.format('words = ["ord"]\n')) == ()
    (article,) = read_help(tmp_path).articles
    assert (article.id, article.title, article.words, article.text) == ("en", "Titel", ("ord",), "Text.")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Text.", "Huvudet saknas"),
        (HEAD.format("words =\n"), "Filen går inte att läsa"),
        (b"\xff\xfe", "Filen går inte att läsa"),
        (HEAD.format('wrods = ["ord"]\n'), "Okänd nyckel: wrods."),
        (HEAD.format('words = "ord"\n'), "words ska vara en lista"),
        (HEAD.format('words = [""]\n'), "words ska vara en lista"),
        (HEAD.format('related = ["ingen"]\n'), "related nämner ingen, som inte finns."),
        (HEAD.format("").replace("guide", "guider"), "group ska vara en av guide, fraga, fel, begrepp."),
        (HEAD.format("").replace('"Titel"', "1"), "Titeln saknas"),
        (HEAD.format("").replace("Text.", ""), "Texten saknas"),
        (HEAD.format("").replace("Text.", "Ring {supprt}."), "Okänt i texten: {supprt}."),
    ],
)
def test_what_is_wrong_with_an_article_is_named_with_its_file(tmp_path: Path, text: str | bytes, said: str) -> None:
    ((file, message),) = read(tmp_path, text)
    assert file == "en.md"
    assert said in message


def test_the_others_are_read_where_one_is_wrong(tmp_path: Path) -> None:
    (tmp_path / "ratt.md").write_text(HEAD.format(""), "utf-8")
    assert read(tmp_path, "Text.")
    assert [one.id for one in read_help(tmp_path).articles] == ["ratt"]


def test_a_files_name_is_an_id(tmp_path: Path) -> None:
    (tmp_path / "it's [x]\x1b[2J.md").write_text(HEAD.format(""), "utf-8")
    assert read_help(tmp_path) == (
        (),
        (Fault("it's [x].md", "Filens namn är små bokstäver a–z, siffror och bindestreck."),),
    )


def test_no_escape_sequence_comes_out_of_a_file(tmp_path: Path) -> None:
    read(tmp_path, HEAD.format("").replace("Text.", "Te\x1b]52;c;eA==\x07xt."))
    assert read_help(tmp_path).articles[0].text == "Text."


def test_the_units_own_words_stand_in_their_places() -> None:
    article = shipped_help().article("support")
    assert article is not None
    assert SUPPORT in article.text
    assert SUPER_USERS in article.text
    text = article.filled("Ring växeln.", "Anna, 040-1")
    assert "Ring växeln." in text
    assert "Anna, 040-1" in text
    assert "{" not in text
