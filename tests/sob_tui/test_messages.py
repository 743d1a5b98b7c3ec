"""`sob meddelande`, and the resident's side of it."""

import re
from pathlib import Path

import pytest

from store.care.drafts import save_draft
from tests.clinics import ADULT, COLLEAGUE, GUARDIAN, Clinic
from tests.sob_tui.conftest import ADMIN, Sob, Typed, run

INSTANT = re.compile(r"20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d\+0[12]:00")
WHO = (ADULT, "--program", "prov")


def write(sob: Sob, typed: Typed, text: str, *words: str) -> None:
    """Write as the resident."""
    typed(text.encode())
    assert sob("invanare", "skriv", *WHO, *words, som=None).code == 0


def test_what_the_resident_writes_is_read_and_answered(clinic: Clinic, sob: Sob, typed: Typed) -> None:
    moment = str(clinic.start(program="prov"))
    write(sob, typed, "Hej [/x]!\nHur gör jag?")
    assert sob("lista", "--json").json[0]["unread_messages"] == 1
    (listed,) = sob("meddelande", "lista", moment, "--json").json
    (message,) = listed["messages"]
    assert listed["rubrik"] == "Min konversation"
    assert (message["from"], message["text"], message["read"]) == ("invanare", "Hej [/x]!\nHur gör jag?", None)
    assert INSTANT.fullmatch(message["sent"])
    assert sob("lista", "--json").json[0]["unread_messages"] == 1, "lista marks nothing read"
    ((read,),) = [one["messages"] for one in sob("meddelande", "las", moment, "--json").json]
    assert INSTANT.fullmatch(read["read"])
    assert sob("lista", "--json").json[0]["unread_messages"] == 0
    assert sob("meddelande", "las", moment).code == 0, "reading again is no fault"
    typed("Så här: …".encode())
    said = sob("meddelande", "skriv", moment, "--konversation", listed["konversation"], "--json")
    offered = f"Journalunderlaget: sob visa {moment} --journal --sedan-senast\n"
    assert (said.code, said.json["konversation"], said.err) == (0, listed["konversation"], offered)
    (own,) = sob("invanare", "meddelanden", *WHO, "--json", som=None).json
    assert [one["from"] for one in own["messages"]] == ["invanare", "behandlare"]
    (seen,) = sob("meddelande", "lista", moment, "--json").json
    assert seen["messages"][1]["read"], "the resident has read it"


def test_a_new_conversation_has_a_heading_and_says_when_it_is_told_of(clinic: Clinic, sob: Sob, typed: Typed) -> None:
    moment = str(clinic.start(program="prov"))
    typed(b"Hej")
    said = sob("meddelande", "skriv", moment, "--rubrik", "Nästa vecka", "--avisera", "uppsamlat")
    assert re.fullmatch(r"Meddelandet är skickat\.\nAviseringen går 20\d\d-\d\d-\d\d kl\. 09:00\.\n", said.out)
    typed(b"Hej igen")
    assert sob("meddelande", "skriv", moment, "--avisera", "nej").code == 0
    headings = [one["rubrik"] for one in sob("meddelande", "lista", moment, "--json").json]
    assert headings == ["Min konversation", "Nästa vecka"]
    kinds = clinic.rows("SELECT kind FROM notice WHERE kind <> 'program-startat' ORDER BY id")
    assert kinds == [("uppsamlat",)]
    write(sob, typed, "Svar")
    write(sob, typed, "Annat", "--rubrik", "Annat")
    assert "Annat (konversation" in sob("meddelande", "lista", moment).out


def test_it_says_when_no_notice_arrives(clinic: Clinic, sob: Sob, typed: Typed) -> None:
    moment = str(clinic.start(GUARDIAN, "prov"))
    typed(b"Hej")
    said = sob("meddelande", "skriv", moment)
    assert said.code == 0
    assert said.err.startswith("Ingen avisering når fram")
    typed(b"Hej")
    assert sob("meddelande", "skriv", moment, "--avisera", "nej").err.startswith("Journalunderlaget: ")


@pytest.mark.parametrize(
    ("words", "text", "code", "said"),
    [
        ((), "  \n ", 3, "Meddelandet är tomt"),
        ((), "x" * 10_001, 3, "Texten är för lång: högst 10000 tecken, nu 10001."),
        (("--rubrik", "x" * 101), "Hej", 3, "Texten är för lång: högst 100 tecken, nu 101."),
        (("--avisera", "ibland"), "Hej", 3, "--avisera är direkt, uppsamlat eller nej, inte ibland."),
        (("--konversation", "1", "--rubrik", "x"), "Hej", 2, "Ange antingen"),
        (("--konversation", "4711"), "Hej", 4, "Du har inte behörighet"),
        (("--konversation", "x"), "Hej", 4, "Du har inte behörighet"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_sent(
    clinic: Clinic, sob: Sob, typed: Typed, words: tuple[str, ...], text: str, code: int, said: str
) -> None:
    moment = str(clinic.start(program="prov"))
    typed(text.encode())
    refused = sob("meddelande", "skriv", moment, *words)
    assert refused.code == code
    assert refused.err.startswith(said)
    assert refused.err.count("\n") == 1
    assert clinic.value("SELECT count(*) FROM message") == 0


def test_where_writing_is_withheld_both_sides_are_told(clinic: Clinic, sob: Sob, typed: Typed) -> None:
    moment = str(clinic.start(program="prov"))
    for words, ours, theirs in (
        (("vidmakthallande", moment), "vidmakthållande läge", "inte att skriva"),
        (("avsluta", moment, "--orsak", "Klart"), "Momentet är avslutat", "Programmet är avslutat"),
    ):
        assert sob("moment", *words).code == 0
        typed(b"Hej")
        said = sob("meddelande", "skriv", moment)
        assert (said.code, ours in said.err) == (3, True)
        typed(b"Hej")
        said = sob("invanare", "skriv", *WHO, "--moment", moment, som=None)
        assert (said.code, theirs in said.err) == (3, True)


def test_who_may_read_and_write(clinic: Clinic, sob: Sob, typed: Typed) -> None:
    moment = str(clinic.start(program="prov"))
    for som, code in ((ADMIN, 0), (COLLEAGUE, 4)):
        for word in ("lista", "las", "utkast"):
            assert sob("meddelande", word, moment, som=som).code == code
        typed(b"Hej")
        assert sob("meddelande", "skriv", moment, som=som).code == code


def test_a_conversation_is_unread_again(clinic: Clinic, sob: Sob, typed: Typed) -> None:
    moment = str(clinic.start(program="prov"))
    write(sob, typed, "Hej")
    (listed,) = sob("meddelande", "las", moment, "--json").json
    assert sob("meddelande", "olast", moment, listed["konversation"]).code == 0
    assert sob("lista", "--json").json[0]["unread_messages"] == 1
    assert sob("meddelande", "olast", moment, listed["konversation"]).code == 3


def test_own_drafts(clinic: Clinic, sob: Sob) -> None:
    moment = clinic.start(program="prov")
    assert sob("meddelande", "utkast", str(moment)).out == "Inga utkast.\n"
    with clinic.store.work(clinic.clinician) as work:
        save_draft(work, moment, "Hej,\nhalvvägs", heading="Rubrik")
    (draft,) = sob("meddelande", "utkast", str(moment), "--json").json
    assert (draft["konversation"], draft["rubrik"], draft["text"]) == (None, "Rubrik", "Hej,\nhalvvägs")
    assert "Hej,\nhalvvägs" in sob("meddelande", "utkast", str(moment)).out
    assert sob("meddelande", "utkast", str(moment), som=ADMIN).out == "Inga utkast.\n"


def test_searching(clinic: Clinic, sob: Sob, typed: Typed) -> None:
    moment = str(clinic.start(program="prov"))
    write(sob, typed, "Jag provade ÅNGESTKURVAN i går")
    (hit,) = sob("meddelande", "sok", "ångest", "GÅR", "--json").json
    assert (hit["moment"], hit["name"], hit["from"]) == (moment, "Berg, Åsa", "invanare")
    assert "ÅNGESTKURVAN" in sob("meddelande", "sok", "ångest").out
    assert sob("meddelande", "sok", "saknas").out == "Inga träffar. Sök på färre eller kortare ord.\n"
    assert sob("meddelande", "sok", "å").code == 3


def test_templates(clinic: Clinic, sob: Sob, typed: Typed) -> None:
    moment = str(clinic.start(program="prov"))
    assert sob("meddelande", "mallar").out.startswith("Inga mallar än.")
    typed("Hej {förnamn}! /{behandlare}".encode())
    assert sob("meddelande", "mall", "Hälsning").code == 0
    typed("Hej {förnamn}, hur går det med {program}?".encode())
    told = sob("meddelande", "mall", "Hälsning")
    assert (told.code, told.err.splitlines()) == (
        3,
        [
            "Det finns redan en mall med den titeln: ”Hej {förnamn}! /{behandlare}”. Sparar du ersätts den.",
            "Lägg till --ja för att bekräfta.",
        ],
    )
    assert sob("meddelande", "mall", "Hälsning", "--ja").code == 0
    (template,) = sob("meddelande", "mallar", "--json").json
    assert template["text"] == "Hej {förnamn}, hur går det med {program}?"
    (template,) = sob("meddelande", "mallar", moment, "--json").json
    assert template["text"] == "Hej Åsa, hur går det med Ångest – prov?"
    typed(b"Hej {namn}")
    said = sob("meddelande", "mall", "Fel")
    assert (said.code, said.err.startswith("{namn} går inte att fylla i")) == (3, True)
    typed(b"Hej")
    assert sob("meddelande", "mall", "Enhetens", "--enhetens").code == 4
    assert sob("meddelande", "mall", "Hälsning", "--ta-bort").out == "Mallen är borttagen.\n"
    assert sob("meddelande", "mall", "Hälsning", "--ta-bort").code == 3


def test_hostile_text_is_printed_without_its_sequences(clinic: Clinic, sob: Sob, typed: Typed) -> None:
    moment = str(clinic.start(program="prov"))
    write(sob, typed, "\x1b]52;c;aGVq\x07[/x] [@click=app.quit]x[/]\u202e")
    said = sob("meddelande", "lista", moment).out
    assert "[/x] [@click=app.quit]x[/]" in said
    assert "\x1b" not in said
    assert "\u202e" not in said


def test_help_needs_neither_textual_nor_sqlmodel(tmp_path: Path) -> None:
    said = run("meddelande", "skriv", "--help", HOME=str(tmp_path))
    assert said.code == 0
    assert "--avisera" in said.out
