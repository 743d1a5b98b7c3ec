"""What is said of a text that was sent to the clipboard: no more than is known, and how it is checked."""

from screens.clipboard import MOST_CHARACTERS, told_of


def test_it_says_that_it_was_sent_and_how_it_is_seen_that_it_arrived() -> None:
    assert told_of("Hej  du\nglade", "Utkastet") == (
        "Utkastet har skickats till terminalens urklipp (13 tecken). Kontrollera när du klistrar in: det börjar "
        "«Hej du glade». Annars: markera texten på skärmen med skift och musen."
    )


def test_it_names_another_way_and_what_comes_next() -> None:
    said = told_of("x", "Utkastet", else_by="sob visa 7 --journal", then="Läs igenom det.")
    assert said.endswith("Annars: sob visa 7 --journal. Läs igenom det.")


def test_the_first_words_are_whole_and_few() -> None:
    words = " ".join(["ett"] * 40)
    assert f"«{words[:71]}»" in told_of(words, "Utkastet")
    exact = "a" * MOST_CHARACTERS
    assert f"«{exact}»" in told_of(exact, "Utkastet")
    assert f"«{exact}»" in told_of(exact + "b", "Utkastet")
