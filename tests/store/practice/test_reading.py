"""A fault in a hand-edited cast is said in Swedish, with its place, and no store is made."""

from pathlib import Path

import pytest

from store.data import data_folder
from store.foundation.errors import Refused, StoreMissing
from store.opening import open_store
from store.practice import make_practice
from store.practice.reading import read_cast
from tests.clinics import Clock

CAST = (data_folder() / "practice" / "cast.toml").read_text(encoding="utf-8")

READING = [
    ('region = "05"', "region = 5", 'rad 23: region ska vara en text: region = "…"'),
    ('region = "05"', 'region = "02"', "rad 23: Region anges med länets två siffror"),
    ('service_area = "hela-landet"', 'service_area = "landet"', "service_area kan vara hela-landet, egen-region."),
    ('given_name = "Karin"', 'givenname = "Karin"', "nyckeln given_name saknas"),
    ('mobile = "0701740670"', 'mobil = "0701740670"', "nyckeln mobil är okänd. Menade du mobile?"),
    ('mobile = "0701740670"', 'mobile = "070"', "Mobilnumret måste anges i formatet 07XXXXXXXX."),
    ('"behandlare", "invånaradministratör"', '"chef"', "assignments nr 1: chef är ingen roll på en enhet."),
    ('"behandlare", "invånaradministratör"', '"behandlare", "behandlare"', "roles nämner något två gånger"),
    ('hsa_id = "SE2321000040-OV02"', 'hsa_id = "OV02"', "hsa_id: Ett HSA-id är SE"),
    ('hsa_id = "SE2321000040-OV02"', 'hsa_id = "SE2321000040-OV01"', "personen står redan tidigare"),
    ('{ unit = "SE2321000040-OVN1", roles = ["utbildare"]', '{ unit = "SE2321000040-OVN9", roles = ["utbildare"]',
     "enheten finns inte i filen"),
    ("active = false }", 'active = "nej" }', "active ska vara true eller false."),
    ('personnummer = "200001012384"', 'personnummer = "20000101-2384"', "personnummer ska skrivas med tolv siffror."),
    ('personnummer = "200001012384"', 'personnummer = "200001252386"', "invånaren står redan tidigare"),
    ('guardians = ["197910159842"]', 'guardians = ["197910159843"]', "vårdnadshavaren finns inte i filen"),
    ('do = "start", days_ago = 41', 'do = "börja", days_ago = 41', "acts nr 1: do kan vara start, read"),
    ('do = "start", days_ago = 41', 'do = "start", days_ago = 0', "days_ago ska vara ett heltal från 1"),
    ('do = "start", days_ago = 41', 'do = "start", days_ago = 39', "acts nr 2: acts ska stå i tidsordning."),
    ('days_ago = 41, time = "09:10"', 'days_ago = 41, time = "kvart över nio"', "time ska vara ett klockslag"),
    ('do = "maintain", days_ago = 60', 'do = "start", days_ago = 60', "acts ska börja med start"),
    ("[provider]", "[provider", "filen går inte att tolka som TOML"),
]  # fmt: skip

REGISTERING = [
    ('personnummer = "200001012384"', 'personnummer = "200001012385"', "Personnumrets kontrollsiffra stämmer inte."),
    ('personnummer = "200001012384"', 'personnummer = "200905271474"', "Övningsmiljön tar bara emot påhittade"),
    ('channel = "epost"', 'channel = "brev"', "Kolumnen avisering kan vara sms, epost, ingen"),
    ('trained_programs = ["komigang-online", "sovhjalpen"]', 'trained_programs = ["x"]', "programmet x finns inte"),
]  # fmt: skip
"""Found before any moment begins."""

PLAYING = [
    ('"fraga-och-fa-hjalp"] }', '"fraga"] }', "acts nr 2: Steget fraga finns inte i KomIgång online."),
    ('steps = ["samla-ihop-somnen"]', 'steps = ["din-egen-plan"]', "är inte öppet för invånaren än"),
    ('reason = "Startat av misstag"', 'reason = "Fel"', "Välj en avslutningsorsak"),
    ('trained_programs = ["komigang-online", "sovhjalpen"]', 'trained_programs = []', "ingen registrerad utbildning"),
    ('by = "SE2321000040-OV11"', 'by = "SE2321000040-OV06"', "den som ska göra detta saknar behörighet"),
    ('by = "SE2321000040-OV11"', 'by = "SE2321000040-OV99"', "den som ska göra detta saknar behörighet"),
    ('to = "SE2321000040-OV12"', 'to = "SE2321000040-OV11"', "är inte aktiv behandlare på enheten"),
    ('region = "05"\nmobile = "0701740624"', 'region = "12"\nmobile = "0701740624"', "skriven i en annan region"),
]  # fmt: skip


def edited(tmp_path: Path, old: str, new: str, cast: str = CAST) -> Path:
    assert old in cast
    path = tmp_path / "cast.toml"
    path.write_text(cast.replace(old, new, 1), encoding="utf-8")
    return path


def without_others(old: str) -> str:
    """Return the cast with the one moment that a change is in; with all of them where it is in what they stand on."""
    ground, *moments = CAST.split("[[moments]]")
    if old and old in ground:
        return CAST
    return "[[moments]]".join([ground, next(moment for moment in moments if old in moment)])


@pytest.mark.parametrize(("old", "new", "sentence"), READING)
def test_a_fault_is_found_in_reading(tmp_path: Path, old: str, new: str, sentence: str) -> None:
    with pytest.raises(Refused) as refused:
        read_cast(edited(tmp_path, old, new))
    assert sentence in refused.value.message
    assert refused.value.message.startswith("Övningsmiljöns rollista cast.toml: ")


@pytest.mark.parametrize(
    ("old", "new", "sentence", "cast"),
    [
        *((*case, without_others("")) for case in REGISTERING),
        *((*case, without_others(case[0])) for case in PLAYING),
    ],
)
def test_a_fault_is_found_in_playing_and_leaves_no_store(
    tmp_path: Path, old: str, new: str, sentence: str, cast: str
) -> None:
    place = tmp_path / "ovning.db"
    with pytest.raises(Refused) as refused:
        make_practice(place, clock=Clock(), cast_file=edited(tmp_path, old, new, cast))
    assert sentence in refused.value.message
    assert refused.value.message.startswith("Övningsmiljöns rollista cast.toml: ")
    with pytest.raises(StoreMissing):
        open_store(place)


def test_no_fault_repeats_a_personnummer(tmp_path: Path) -> None:
    path = edited(tmp_path, 'guardians = ["197910159842"]', 'guardians = ["197910159843"]')
    with pytest.raises(Refused) as refused:
        read_cast(path)
    assert "197910159843" not in str(refused.value)


def test_a_missing_file_is_said(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="går inte att läsa"):
        read_cast(tmp_path / "cast.toml")


def test_a_file_from_an_editor_that_writes_a_mark_first_is_read(tmp_path: Path) -> None:
    path = tmp_path / "cast.toml"
    path.write_text(CAST.replace("\n", "\r\n"), encoding="utf-8-sig", newline="")
    assert read_cast(path) == read_cast(data_folder() / "practice" / "cast.toml")
