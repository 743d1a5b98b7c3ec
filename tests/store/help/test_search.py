"""Every question of the questions and answers, and every text of the platform's errors, leads to its page."""

import pytest

from store.help.articles import Group, shipped_help
from store.help.search import search

QUESTIONS = {
    "Vart ska jag vända mig vid frågor?": "vart-vander-jag-mig",
    "Jag önskar få utbildning i Stöd och behandling, hur går jag till väga?": "utbildning",
    "Jag önskar tillgång till Stöd och behandling, hur går jag tillväga?": "tillgang",
    "Kan en privat vårdgivare använda sig av Stöd och behandling?": "privat-vardgivare",
    "Jag och min mottagning vill börja använda och erbjuda våra patienter Stöd och behandling, hur gör vi?": (
        "borja-erbjuda"
    ),
    "Hur går gallring till i Stöd och behandling?": "gallring-hur",
    "Varför behöver vi gallra?": "gallring-varfor",
    "Jag är administratör i Stöd och behandling och undrar hur jag gör för att lägga upp personal på min mottagning": (
        "lagga-upp-personal"
    ),
    "Vi har en ny kollega som också ska vara administratör. Kan ni hjälpa oss att lägga upp denna person?": (
        "ny-administrator"
    ),
    "Hur aktiverar jag en behandlare i Stöd och behandling som tidigare inaktiverats?": "aktivera-behandlare",
    "Hur får jag behörighet till Stöd och behandling?": "fa-behorighet",
    "felmeddelande Användaren med hsaid: SE2321000040-0A1B finns redan på enheten med hsaid: SE2321000040-OVN1": (
        "finns-redan"
    ),
    "Om det endast är en administratör på mottagningen och denna blir sjuk, hur gör vi då?": (
        "ensam-administrator-sjuk"
    ),
    "Hur går jag till väga för att få behörighet till övningsmiljön i Stöd och behandling?": "ovningsmiljon",
    "Kan behandlare i Stöd och behandling återöppna en avslutad patient?": "ateroppna",
    "Hur gör jag för att få tillgång till ett specifikt Stöd- och behandlingsprogram?": "visst-program",
    "Vad är ett moment?": "vad-ar-ett-moment",
    "Hur gör jag för att överlämna ett moment till en annan enhet?": "overlamna",
    "Var hittar jag utbildningsfilmen för Min Vårdplan Cancer?": "utbildningsfilm-min-vardplan",
    "Patienten kan inte spara det hon registrerar i sovhjälpens sömndagbok": "somndagboken",
    "Är det någon avgift för invånaren för att genomföra Stöd och behandling?": "avgift",
    "Det står ”Ett fel har inträffat vid inloggningen” när jag försöker logga in": "fel-vid-inloggningen",
    "Det står ”Webbsidan kan inte visas” när jag försöker logga in": "webbsidan-kan-inte-visas",
    "Det står ”Sidan finns inte” när jag är inne och jobbar i Stöd och behandling": "sidan-finns-inte",
    "Kan jag som behandlare logga in i SOB från externt nätverk?": "externt-natverk",
    "Vilken webbläsare behöver jag använda när jag ska logga in i Stöd och behandling?": "webblasare",
    "Kan en förälder logga in som ombud på sina barns personnummer i Stöd och behandling?": "ombud",
    "Går det att starta ett program på en invånare som är skriven i en annan region?": "annan-region",
    "Hur kommer invånare åt sitt stöd- eller behandlingsprogram?": "invanaren-kommer-at",
    "Vilka program har Region Östergötland tillgång till att använda?": "vilka-program",
    "Kan min patient som är utomlands fortsätta att jobba med momentet?": "utomlands",
    "Invånare kommer inte in i Stöd och behandling?": "invanaren-kommer-inte-in",
    "Kan invånare med skyddade personuppgifter få tillgång till Stöd och behandling?": "skyddade-personuppgifter",
    "Kan invånaren arbeta eller skicka meddelanden om jag sätter det i ”vidmakthållande läge”?": "vidmakthallande",
    "Hur sker logguppföljning?": "logguppfoljning",
    "Är stöd och behandling kopplat till Cosmic?": "cosmic",
    "Kostar det något för invånaren att få Stöd och behandling?": "kostar-det",
    "Får verksamheten någon ersättning för de invånare som får program?": "ersattning",
    "Vi vill köpa in ett program från en annan region hur går vi till väga?": "kopa-in-program",
    "Vi har en idé till ett stöd och behandlingsprogram, vart vänder vi oss?": "ide-till-program",
    "Vi har förbättringsförslag på ett program, vart vänder vi oss?": "forbattringsforslag",
}
"""The questions, in their order, with the page of each."""

FAULTS = {
    "Ett fel har inträffat vid inloggningen": "fel-vid-inloggningen",
    "Webbsidan kan inte visas": "webbsidan-kan-inte-visas",
    "Sidan finns inte": "sidan-finns-inte",
    "Något gick fel, underliggande tjänster svarar inte": "sidan-finns-inte",
    "Något gick fel formulärmotorn verkar inte svara": "sidan-finns-inte",
}

IN_FEW_WORDS = {
    "gallra": "gallring-varfor",
    "behorighet": "fa-behorighet",  # without the dots
    "BEHÖRIGHET": "fa-behorighet",
    "inaktiverad behandlare": "aktivera-behandlare",
    "administratören sjuk": "ensam-administrator-sjuk",
    "sömndagboken": "somndagboken",
    "somndag": "somndagboken",  # half a word
    "utbildningsfilm": "utbildningsfilm-min-vardplan",
    "formulärmotorn": "sidan-finns-inte",
    "citrix": "externt-natverk",
    "sekretessmarkering": "skyddade-personuppgifter",
    "semester": "stallforetradare",
    "modulerna": "startade-moduler",
    "pålitlig förändring": "palitlig-forandring",
    "⚑": "kolumnerna",
}


def first(query: str) -> str:
    hits = search(shipped_help(), query)
    return hits[0].article.id if hits else ""


@pytest.mark.parametrize(("query", "page"), [*QUESTIONS.items(), *FAULTS.items(), *IN_FEW_WORDS.items()])
def test_it_leads_to_its_page(query: str, page: str) -> None:
    assert first(query) == page


def test_every_question_has_a_page_of_its_own() -> None:
    pages = list(QUESTIONS.values())
    assert len(set(pages)) == len(pages)
    rest = {one.id for one in shipped_help().articles if one.group in (Group.QUESTION, Group.FAULT)} - set(pages)
    assert rest == {"databasen-svarar-inte", "databasens-nycklar", "sakerhetskopia"}, "which are this program's own"


def test_what_is_asked_in_an_articles_own_words_finds_that_article() -> None:
    missed = [(one.id, asked) for one in shipped_help().articles for asked in one.questions if first(asked) != one.id]
    assert missed == []


def test_a_title_comes_before_a_mention() -> None:
    found = [hit.article.id for hit in search(shipped_help(), "utkast")]
    assert found[0] == "utkast"
    assert "meddelanden" in found[1:]


@pytest.mark.parametrize(
    "query", ["", "  ", "xyzzy", "[/x]", "\x1b[2J", "'; DROP TABLE", "%", "(", "\ud800", "x" * 100_000]
)
def test_what_finds_nothing_is_only_that(query: str) -> None:
    assert search(shipped_help(), query) == ()


def test_a_long_text_that_was_pasted_is_searched_by_its_first_words() -> None:
    assert first("gallra varför behöver vi " + "och så vidare " * 50_000) == "gallring-varfor"
