"""`sob hjalp`, which needs no store, and the lines that articles propose."""

import re

import pytest

from store.help.articles import Article, shipped_help
from tests.sob_tui.conftest import Sob
from tests.test_contract import of_the_program

COMMON = {"--som", "--arende", "--json", "--help"}


def test_the_page_is_printed_with_its_commands_and_what_to_read_on(nowhere: Sob) -> None:
    said = nowhere("hjalp", "Ett fel har inträffat", "vid inloggningen", som=None)
    assert (said.code, said.err) == (0, "")
    assert said.out.startswith("# Ett fel har inträffat vid inloggningen\n\n")
    assert "14141" in said.out, "the region's own, where no unit is known"
    assert "Webbsidan kan inte visas (webbsidan-kan-inte-visas)" in said.out
    ending = nowhere("hjalp", "avsluta", som=None).out
    assert "sob moment avsluta MOMENT --orsak TEXT" in ending
    assert "ctrl+p\nAvsluta ett moment utan att lämna något efter sig\n" in ending, "and what it is practised by"


def test_a_page_is_called_by_its_name_too(nowhere: Sob) -> None:
    assert nowhere("hjälp", "Flagga", som=None).out.startswith("# Flagga\n")


def test_without_words_every_page_is_named(nowhere: Sob) -> None:
    said = nowhere("hjalp", som=None)
    assert all(f"{one.title} ({one.id})" in said.out for one in shipped_help().articles)
    assert len(nowhere("hjalp", "--json", som=None).json) == len(shipped_help().articles)


def test_as_json(nowhere: Sob) -> None:
    first, *_ = nowhere("hjalp", "gallra", "--json", som=None).json
    assert (first["id"], first["group"]) == ("gallring-varfor", "fraga")
    assert set(first) == {"id", "title", "group", "text", "commands", "related", "exercises"}
    assert "{" not in first["text"]


@pytest.mark.parametrize("words", ["xyzzy", "[/x]", "x" * 10_000])
def test_what_nothing_is_about_is_said(nowhere: Sob, words: str) -> None:
    said = nowhere("hjalp", words, som=None)
    assert said.code == 0
    assert said.out.startswith("Ingen sida i hjälpen handlar om det.")
    assert nowhere("hjalp", words, "--json", som=None).json == []


@pytest.mark.parametrize("article", shipped_help().articles, ids=lambda one: one.id)
def test_the_lines_that_a_page_proposes_are_commands_that_there_are(article: Article) -> None:
    there = of_the_program()
    lines = [*article.commands, *(one for one in re.findall(r"`(sob [^`]+)`", article.text))]
    for line in lines:
        if line in ("sob --help", "sob KOMMANDO --arende"):
            continue
        name = re.match(r"sob( [a-z][a-z-]*)*", line)
        assert name is not None
        assert name[0] in there, line
        options = set(re.findall(r"--[a-z-]+", line)) - COMMON
        assert options <= set(there[name[0]].options), line
