"""Program folders: every fault by example, what is shipped, and the JSON form."""

import json
import os
from pathlib import Path
from typing import TypeVar

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from store.care.program_files import (
    DEFAULT_END_REASONS,
    Contact,
    Fault,
    FormFile,
    Module,
    Program,
    Section,
    Step,
    program_from_json,
    program_to_json,
    read_program,
)
from store.care.questionnaire.answers import read_answers
from store.care.questionnaire.reader import read_questionnaire
from store.care.sleep_diary import sleep_of

T = TypeVar("T")
SHIPPED = Path(__file__).parents[3] / "data" / "programs"

TOML = """\
title = "Provprogram"
version = "1.0"
recommended_days = 30
opens_from_start = "all"

[contact]
name = "Ek, Nils"
email = "nils.ek@example.org"
"""
FORM = """{
  "resourceType": "Questionnaire",
  "title": "Mitt barn",
  "item": [
    {
      "linkId": "1",
      "text": "Hur är det?",
      "type": "text"
    }
  ]
}
"""
STEP = "# Välkommen\n\nHej!\n"


def write(folder: Path, files: dict[str, str | bytes | None]) -> Path:
    """Put files into a folder; None removes one."""
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if content is None:
            path.unlink()
        else:
            path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return folder


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A small program without faults."""
    return write(
        tmp_path / "prov",
        {
            "program.toml": TOML,
            "modules/00-borja-har/titel.txt": "Börja här\n",
            "modules/00-borja-har/01-valkommen.md": STEP,
            "modules/01-lek/titel.txt": "Lek\n",
            "modules/01-lek/01-turtagning.md": "# Turtagning\n\nVänta in.\n",
            "forms/mitt-barn.json": FORM,
        },
    )


def only_fault(folder: Path) -> Fault:
    """The one fault of a folder that can't be used."""
    program, faults = read_program(folder)
    assert program is None
    assert len(faults) == 1, faults
    assert faults[0].mend
    return faults[0]


def good(folder: Path) -> Program:
    """The program of a folder without faults."""
    program, faults = read_program(folder)
    assert faults == ()
    assert program is not None
    return program


def test_reads_the_whole_program(folder: Path) -> None:
    program = good(folder)
    assert (program.id, program.title, program.version, program.recommended_days) == ("prov", "Provprogram", "1.0", 30)
    assert [(module.id, module.title, module.number) for module in program.modules] == [
        ("borja-har", "Börja här", None),
        ("lek", "Lek", 1),
    ]
    assert program.opens_from_start == ("borja-har", "lek")
    assert program.end_reasons == DEFAULT_END_REASONS
    assert (program.reminders, program.requires_training) == ((), True)
    step = program.step("valkommen")
    assert step is not None
    assert (step.title, step.text) == ("Välkommen", "Hej!")
    form = program.form("mitt-barn")
    assert form is not None
    assert (form.title, form.questionnaire) == ("Mitt barn", FORM)


def test_reads_optional_settings(folder: Path) -> None:
    more = 'opens_from_start = ["borja-har"]\nreminders = [28, 14]\nend_reasons = ["Klart"]\nrequires_training = false'
    program = good(write(folder, {"program.toml": TOML.replace('opens_from_start = "all"', more)}))
    assert program.opens_from_start == ("borja-har",)
    assert program.reminders == (14, 28)
    assert program.end_reasons == ("Klart",)
    assert program.requires_training is False


def test_sections_are_folders_in_a_module(folder: Path) -> None:
    files: dict[str, str | bytes | None] = {
        "modules/02-vardag/titel.txt": "Vardag",
        "modules/02-vardag/02-kvall/titel.txt": "Kvällen",
        "modules/02-vardag/02-kvall/01-saga.md": "# Saga\n\nLäs.",
        "modules/02-vardag/01-morgon/titel.txt": "Morgonen",
        "modules/02-vardag/01-morgon/01-klader.md": "# Kläder\n\nVälj.",
    }
    module = good(write(folder, files)).module("vardag")
    assert module is not None
    assert [(section.id, section.title) for section in module.sections] == [
        ("morgon", "Morgonen"),
        ("kvall", "Kvällen"),
    ]
    assert [step.id for step in module.steps] == ["klader", "saga"]


def test_a_module_without_sections_has_one_without_a_title(folder: Path) -> None:
    module = good(folder).modules[0]
    assert [(section.id, section.title) for section in module.sections] == [("borja-har", "")]


def test_order_follows_the_numbers(folder: Path) -> None:
    files: dict[str, str | bytes | None] = {
        "modules/00-borja-har/10-sist.md": "# Sist\n\nx",
        "modules/00-borja-har/02-sedan.md": "# Sedan\n\nx",
    }
    module = good(write(folder, files)).modules[0]
    assert [step.id for step in module.steps] == ["valkommen", "sedan", "sist"]


@pytest.mark.parametrize("text", ["\ufeff# Titel\r\n\r\nEtt.\r\nTvå.\r\n", "\n\n# Titel #\n \n\nEtt.\nTvå.\n\n  \n"])
def test_text_is_the_same_from_any_editor(folder: Path, text: str) -> None:
    step = good(write(folder, {"modules/00-borja-har/01-valkommen.md": text})).step("valkommen")
    assert step is not None
    assert (step.title, step.text) == ("Titel", "Ett.\nTvå.")


def test_hidden_files_and_copies_are_passed_over(folder: Path) -> None:
    write(folder, {".DS_Store": b"\0", "modules/.x": "", "modules/01-lek/01-turtagning.md~": "", "README.md": "hej"})
    good(folder)


TOML_FAULTS = [
    ('title = "Provprogram"\n', "", None, "Nyckeln title saknas"),
    ('"Provprogram"', "5", 1, "title ska vara en text"),
    ('"Provprogram"', '" "', 1, "title ska vara en text"),
    ('"Provprogram"', r'"a\u001b]52;c;x"', 1, "utan styrtecken"),
    ('"Provprogram"', '"""a\nb"""', 1, "på en rad"),
    ('version = "1.0"\n', "", None, "Nyckeln version saknas"),
    ('"1.0"', "1.0", 2, "version ska vara"),
    ('"1.0"', '"ny"', 2, "version ska vara"),
    ("recommended_days = 30\n", "", None, "Nyckeln recommended_days saknas"),
    ("30", "0", 3, "antal dagar"),
    ("30", "-3", 3, "antal dagar"),
    ("30", "true", 3, "antal dagar"),
    ("30", '"30"', 3, "antal dagar"),
    ("30", "731", 3, "antal dagar"),
    ('opens_from_start = "all"\n', "", None, "Nyckeln opens_from_start saknas"),
    ('"all"', '"alla"', 4, "opens_from_start ska vara"),
    ('"all"', "[]", 4, "opens_from_start ska vara"),
    ('"all"', "[1]", 4, "opens_from_start ska vara"),
    ('"all"', '["borja-her"]', 4, "inte finns: borja-her"),
    ('"all"', '"all"\nreminders = [0]', 5, "reminders ska vara"),
    ('"all"', '"all"\nreminders = 14', 5, "reminders ska vara"),
    ('"all"', '"all"\nreminders = [14, 14]', 5, "reminders ska vara"),
    ('"all"', '"all"\nend_reasons = []', 5, "end_reasons ska vara"),
    ('"all"', '"all"\nend_reasons = ["a", "a"]', 5, "end_reasons ska vara"),
    ('"all"', '"all"\nrequires_training = "ja"', 5, "requires_training ska vara"),
    ('"all"', '"all"\ntraining_link = "kursen"', 5, "training_link ska vara en webbadress"),
    ('"all"', '"all"\ntraining_link = "javascript:alert(1)"', 5, "training_link ska vara en webbadress"),
    ('"all"', '"all"\nremindrs = [14]', 5, "Okänd nyckel: remindrs"),
    ('[contact]\nname = "Ek, Nils"\nemail = "nils.ek@example.org"\n', "", None, "Nyckeln contact saknas"),
    ('[contact]\nname = "Ek, Nils"\nemail = "nils.ek@example.org"\n', 'contact = "Nils"\n', 6, "contact ska vara"),
    ('name = "Ek, Nils"\n', "", 6, "Nyckeln name saknas"),
    ('email = "nils.ek@example.org"\n', "", 6, "går inte att nå"),
    ("nils.ek@example.org", "nils", 8, "E-postadressen"),
    ("email = ", 'phone = "ring mig"\nemail = ', 8, "Telefonnumret"),
    ("email = ", 'epost = "x@example.org"\nemail = ', 8, "Okänd nyckel: epost"),
    ('version = "1.0"', "version = ", 2, "tolka som TOML"),
    ('version = "1.0"', 'title = "igen"', 2, "tolka som TOML"),
    ("nils.ek@example.org", 'nils.ek@example.org"""', 8, "tolka som TOML"),
]


@pytest.mark.parametrize(("old", "new", "line", "message"), TOML_FAULTS)
def test_a_fault_in_program_toml(folder: Path, old: str, new: str, line: int | None, message: str) -> None:
    assert old in TOML
    fault = only_fault(write(folder, {"program.toml": TOML.replace(old, new)}))
    assert fault.file == "program.toml"
    assert message in fault.message
    assert fault.line == line


def test_brackets_without_end_are_a_fault_too(folder: Path) -> None:
    assert "tolka som TOML" in only_fault(write(folder, {"program.toml": "a = " + "[" * 5000})).message


@pytest.mark.parametrize(
    ("line", "guess"), [("remindrs = [14]", "reminders"), ("end_reason = 1", "end_reasons"), ("titel = 1", "title")]
)
def test_an_unknown_key_gets_a_guess(folder: Path, line: str, guess: str) -> None:
    assert guess in only_fault(write(folder, {"program.toml": f"{line}\n{TOML}"})).mend


def test_an_unknown_table_is_found(folder: Path) -> None:
    fault = only_fault(write(folder, {"program.toml": TOML + "\n[bands]\nlow = 1\n"}))
    assert (fault.line, fault.message) == (10, "Okänd nyckel: bands.")


STEP_FILE = "modules/01-lek/01-turtagning.md"
FILE_FAULTS: list[tuple[dict[str, str | bytes | None], str, int | None, str]] = [
    ({"program.toml": None}, "program.toml", None, "saknas"),
    ({STEP_FILE: None}, "modules/01-lek", None, "inga steg"),
    ({STEP_FILE: ""}, STEP_FILE, 1, "inte en titel"),
    ({STEP_FILE: "Hej\n"}, STEP_FILE, 1, "inte en titel"),
    ({STEP_FILE: "\n#Hej\n\nText"}, STEP_FILE, 2, "inte en titel"),
    ({STEP_FILE: "## Hej\n\nText"}, STEP_FILE, 1, "inte en titel"),
    ({STEP_FILE: "# \n\nText"}, STEP_FILE, 1, "inte en titel"),
    ({STEP_FILE: "# Hej\n\n \n"}, STEP_FILE, 1, "Steget är tomt"),
    ({STEP_FILE: "# Hej\n\nA\x1b[31m röd\n"}, STEP_FILE, 3, "U+001B"),
    ({STEP_FILE: "# Hej\n\nA\u202eb\n"}, STEP_FILE, 3, "U+202E"),
    ({STEP_FILE: "# Hej\n\nA\u2028b\n"}, STEP_FILE, 3, "U+2028"),
    ({STEP_FILE: "# Hej\n\ntv\u00e5".encode("latin-1")}, STEP_FILE, 3, "inte UTF-8"),
    ({STEP_FILE: b"# Hej\n\n" + b"a" * 1_000_000}, STEP_FILE, None, "större än 1 MB"),
    ({"modules/01-lek/titel.txt": None}, "modules/01-lek", None, "Titeln saknas"),
    ({"modules/01-lek/titel.txt": "\n"}, "modules/01-lek/titel.txt", 1, "en rad: titeln"),
    ({"modules/01-lek/titel.txt": "a\nb"}, "modules/01-lek/titel.txt", 2, "en rad: titeln"),
    ({"modules/01-lek/bild.png": b"\x89"}, "modules/01-lek/bild.png", None, "Okänd fil"),
    ({"modules/01-lek/2-Mer lek.md": STEP}, "modules/01-lek/2-Mer lek.md", None, "mönstret"),
    ({"modules/01-lek/01-mer.md": "# Mer\n\nx"}, "modules/01-lek/01-turtagning.md", None, "Numret 01"),
    ({"modules/01-lek/02-valkommen.md": STEP}, "modules/01-lek/02-valkommen.md", None, "används redan"),
    ({"modules/losa.md": STEP}, "modules/losa.md", None, "utanför modulerna"),
    ({"moduls/x.md": STEP}, "moduls", None, "Okänd fil eller mapp"),
    ({"forms/mitt-barn.json": '{\n "title": "a",\n}'}, "forms/mitt-barn.json", 3, "tolka som JSON"),
    ({"forms/mitt-barn.json": "[" * 200_000}, "forms/mitt-barn.json", None, "tolka som JSON"),
    ({"forms/mitt-barn.json": '{"a": NaN}'}, "forms/mitt-barn.json", None, "tolka som JSON"),
    ({"forms/mitt-barn.json": "null"}, "forms/mitt-barn.json", None, "Questionnaire"),
    ({"forms/mitt-barn.json": '{\n"resourceType": "Patient"}'}, "forms/mitt-barn.json", 2, "Questionnaire"),
    (
        {"forms/mitt-barn.json": FORM.replace('  "title": "Mitt barn",\n', "")},
        "forms/mitt-barn.json",
        None,
        "saknar titel",
    ),
    ({"forms/mitt-barn.json": FORM.replace('"text": "H', '"prefix": "H')}, "forms/mitt-barn.json", 6, "ingen text"),
    ({"forms/mitt-barn.json": FORM.replace('"text"\n', '"matrix"\n')}, "forms/mitt-barn.json", 6, "Typen matrix"),
    ({"forms/mitt-barn.json": FORM.replace('"Mitt barn"', "7")}, "forms/mitt-barn.json", 3, "saknar titel"),
    ({"forms/mitt-barn.json": FORM.replace("barn", r"\u001Bbarn")}, "forms/mitt-barn.json", 3, "U+001B"),
    ({"forms/mitt-barn.json": FORM.replace("barn", r"\ud800")}, "forms/mitt-barn.json", 3, "U+D800"),
    ({"forms/Mitt barn.json": FORM}, "forms/Mitt barn.json", None, "duger inte"),
    ({"forms/mitt-barn.xml": "<a/>"}, "forms/mitt-barn.xml", None, "duger inte"),
]


@pytest.mark.parametrize(("files", "file", "line", "message"), FILE_FAULTS)
def test_a_fault_in_a_file(
    folder: Path, files: dict[str, str | bytes | None], file: str, line: int | None, message: str
) -> None:
    fault = only_fault(write(folder, files))
    assert (fault.file, fault.line) == (file, line)
    assert message in fault.message


def test_a_json_fault_never_ends_in_a_python_word(folder: Path) -> None:
    fault = only_fault(write(folder, {"forms/mitt-barn.json": '{"a" 1}'}))
    assert "Expecting" not in fault.message + fault.mend


@pytest.mark.parametrize(
    ("name", "right"), [("3_Bildstöd", "03-bildstod"), ("Åka buss", "01-aka-buss"), ("04-", "04-namn")]
)
def test_a_bad_module_name_gets_a_right_one(folder: Path, name: str, right: str) -> None:
    write(folder, {f"modules/{name}/titel.txt": "x", f"modules/{name}/01-x.md": STEP})
    assert f"Döp om till {right} (" in only_fault(folder).mend


def test_modules_and_sections_share_ids(folder: Path) -> None:
    part = "modules/02-vardag"
    write(folder, {f"{part}/titel.txt": "V", f"{part}/01-lek/titel.txt": "L", f"{part}/01-lek/01-a.md": STEP})
    fault = only_fault(folder)
    assert (fault.file, fault.message) == ("modules/02-vardag/01-lek", "Id:t lek används redan av modules/01-lek.")


def test_sections_and_loose_steps_do_not_mix(folder: Path) -> None:
    write(folder, {"modules/01-lek/02-mer/titel.txt": "Mer", "modules/01-lek/02-mer/01-a.md": STEP})
    assert "både avsnitt och lösa steg" in only_fault(folder).message


def test_sections_do_not_nest(folder: Path) -> None:
    part = "modules/02-vardag/01-dag"
    files: dict[str, str | bytes | None] = {"modules/02-vardag/titel.txt": "V", f"{part}/titel.txt": "D"}
    write(folder, {**files, f"{part}/01-a.md": STEP, f"{part}/02-b/01-c.md": STEP})
    assert only_fault(folder).file == "modules/02-vardag/01-dag/02-b"


def test_a_program_needs_modules(tmp_path: Path) -> None:
    assert "inga moduler" in only_fault(write(tmp_path / "prov", {"program.toml": TOML})).message


def test_the_folder_must_exist(tmp_path: Path) -> None:
    assert only_fault(tmp_path / "ingen").message == "Mappen finns inte."
    assert only_fault(write(tmp_path, {"fil": "x"}) / "fil").message == "Mappen finns inte."


def test_the_folders_name_is_the_id(folder: Path) -> None:
    fault = only_fault(folder.rename(folder.parent / "Mitt Program"))
    assert fault.file == "Mitt Program"
    assert "mitt-program" in fault.mend


def test_the_folder_may_be_named_by_a_dot(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder)
    assert good(Path()).id == "prov"


@pytest.mark.parametrize("name", ["modules/01-lek/02-ut.md", "forms/ut.json", "modules/02-ut"])
def test_a_link_out_of_the_folder_is_refused(folder: Path, name: str) -> None:
    secret = write(folder.parent / "annan", {"hemlig": STEP}) / "hemlig"
    (folder / name).symlink_to(secret if "." in name else secret.parent)
    fault = only_fault(folder)
    assert fault.file == name
    assert "Länken pekar ut" in fault.message


@pytest.mark.parametrize("name", ["program.toml", "modules/01-lek/titel.txt"])
def test_a_needed_file_may_not_be_such_a_link_either(folder: Path, name: str) -> None:
    (folder / name).rename(folder.parent / "fil")
    (folder / name).symlink_to(folder.parent / "fil")
    assert "Länken pekar ut" in only_fault(folder).message


def test_a_link_that_leads_nowhere_is_refused(folder: Path) -> None:
    (folder / "modules/01-lek/02-ring.md").symlink_to("02-ring.md")
    assert only_fault(folder).file == "modules/01-lek/02-ring.md"


def test_a_link_within_the_folder_is_read(folder: Path) -> None:
    (folder / "modules/01-lek/02-igen.md").symlink_to("01-turtagning.md")
    assert good(folder).step("igen") is not None


def test_a_pipe_is_not_waited_for(folder: Path) -> None:
    os.mkfifo(folder / "modules/01-lek/02-pipa.md")
    assert "inte en vanlig fil" in only_fault(folder).message


def test_all_faults_are_told_at_once(folder: Path) -> None:
    write(
        folder,
        {
            "program.toml": TOML.replace("30", "0").replace('"1.0"', "1"),
            STEP_FILE: "x",
            "modules/01-lek/02-a.md": b"\xff",
            "forms/mitt-barn.json": "{",
        },
    )
    _, faults = read_program(folder)
    assert [fault.file for fault in faults] == [
        "program.toml",
        "program.toml",
        STEP_FILE,
        "modules/01-lek/02-a.md",
        "forms/mitt-barn.json",
    ]


def test_faults_are_safe_to_print(folder: Path) -> None:
    write(folder, {"modules/01-lek/02-\x1b[2J.md": STEP, "program.toml": '"\\u001b[2J" = 1\n' + TOML})
    _, faults = read_program(folder)
    assert len(faults) == 2
    assert all((fault.file + fault.message + fault.mend).isprintable() for fault in faults)


@settings(max_examples=50, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(name=st.sampled_from(["program.toml", STEP_FILE, "forms/mitt-barn.json"]), content=st.binary(max_size=200))
def test_no_content_makes_reading_raise(folder: Path, name: str, content: bytes) -> None:
    before = (folder / name).read_bytes()
    program, faults = read_program(write(folder, {name: content}))
    write(folder, {name: before})
    assert (program is None) == bool(faults)
    if program is not None:
        program_to_json(program).encode()


def few(parts: st.SearchStrategy[T]) -> st.SearchStrategy[tuple[T, ...]]:
    """At most three of something."""
    return st.lists(parts, max_size=3).map(tuple)


TEXT = st.text(max_size=20)
SECTIONS = st.builds(Section, id=TEXT, title=TEXT, steps=few(st.builds(Step, TEXT, TEXT, TEXT)))
PROGRAMS = st.builds(
    Program,
    id=TEXT,
    title=TEXT,
    version=TEXT,
    recommended_days=st.integers(),
    contact=st.builds(Contact, TEXT, TEXT, TEXT),
    opens_from_start=few(TEXT),
    modules=few(st.builds(Module, TEXT, TEXT, st.none() | st.integers(), few(SECTIONS))),
    forms=few(st.builds(FormFile, TEXT, TEXT, TEXT)),
    reminders=few(st.integers()),
    end_reasons=few(TEXT),
    requires_training=st.booleans(),
    training_link=TEXT,
)


@settings(max_examples=50, deadline=None, derandomize=True)
@given(PROGRAMS)
def test_json_gives_the_same_program_back(program: Program) -> None:
    text = program_to_json(program)
    assert program_from_json(text) == program
    assert program_to_json(program_from_json(text)) == text


def test_an_older_document_gets_the_defaults(folder: Path) -> None:
    document = json.loads(program_to_json(good(folder)))
    for key in ("forms", "reminders", "end_reasons", "requires_training"):
        del document[key]
    program = program_from_json(json.dumps(document))
    assert (program.forms, program.reminders, program.end_reasons) == ((), (), DEFAULT_END_REASONS)


@pytest.mark.parametrize("text", ["", "[]", "{}", "7", '{"modules": 5}'])
def test_another_document_is_refused(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - a ValueError of either kind is what is promised
        program_from_json(text)


@pytest.mark.parametrize("name", ["komigang-online", "sovhjalpen", "min-vardplan", "nedstamdhet"])
def test_shipped_programs_have_no_faults(name: str) -> None:
    program = good(SHIPPED / name)
    assert program_from_json(program_to_json(program)) == program
    assert program.contact.email.endswith("@example.org")
    assert program.modules[0].title == "Börja här"


@pytest.mark.parametrize("folder", sorted(SHIPPED.iterdir()), ids=lambda path: path.name)
def test_every_shipped_folder_is_readable(folder: Path) -> None:
    good(folder)


def test_komigang_online_is_as_the_guide_says() -> None:
    program = good(SHIPPED / "komigang-online")
    assert (program.title, program.recommended_days, program.reminders) == ("KomIgång online", 90, (14,))
    assert [(module.number, module.title) for module in program.modules] == [
        (None, "Börja här"),
        (1, "Du som förälder är viktig"),
        (2, "Strategier och lek utvecklar barns kommunikation och språk"),
        (3, "Saker, tecken och bilder som stöd"),
        (4, "Vardagen - tips för fungerande rutiner"),
        (5, "Lyssna på samtal med föräldrar och experter"),
        (6, "Fördjupning – filmer, texter, material och utbildning"),
        (7, "Utvärdering"),
    ]
    assert program.opens_from_start == tuple(module.id for module in program.modules)
    assert [(form.id, form.title) for form in program.forms] == [
        ("mitt-barn", "Mitt barn"),
        ("utvardering", "Utvärdering"),
    ]


def test_sovhjalpen_opens_one_module_at_a_time() -> None:
    program = good(SHIPPED / "sovhjalpen")
    assert program.opens_from_start == tuple(module.id for module in program.modules[:2])
    assert [module.number for module in program.modules] == [None, 1, 2, 3, 4, 5, 6]


def test_sovhjalpens_diary_asks_what_its_module_tells_of_and_takes_a_row_without_that() -> None:
    program = good(SHIPPED / "sovhjalpen")
    (diary,) = (form for form in program.forms if form.id == "somndagbok")
    plan = program.plan("somndagbok")
    form = read_questionnaire(diary.questionnaire).questionnaire
    assert form
    assert plan.diary
    assert all(item.short and len(item.short) <= 14 for item in form.items)
    assert {item.link_id for item in form.items if not item.required} >= {"sangs", "tupplur", "utvilad"}
    row = {"dag": "2026-03-02", "lade": "23:00", "somnade": 30, "vaken": 30, "vaknade": "06:00", "upp": "06:30"}
    answers, faults = read_answers(form, row)
    assert not faults
    assert sleep_of(plan.diary, {link: values[0] for link, values in answers.items()})
    answers, faults = read_answers(form, {**row, "sangs": "22:00", "tupplur": 20, "utvilad": "3"})
    assert not faults
    night = sleep_of(plan.diary, {link: values[0] for link, values in answers.items()})
    assert night
    assert night.in_bed_minutes == 510


@pytest.mark.parametrize("path", sorted(SHIPPED.glob("*/forms/*.json")), ids=lambda path: path.stem)
def test_our_own_forms_say_that_they_are_not_validated(path: Path) -> None:
    form = json.loads(path.read_text(encoding="utf-8"))
    assert form["status"] == "active"
    assert form["url"].startswith("urn:sob:questionnaire:")
    assert "inte validerat" in form["description"]


# Pictures and HTML

WORD = "modules/00-borja-har/01-valkommen.md"


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ("![Lugn](images/lugnt.png)", 3, "Bilden images/lugnt.png finns inte."),
        ("Rad\n\n![Lugn](lugn.png)", 5, "Bilden ligger inte i programmet: lugn.png."),
        ("![Lugn](https://example.org/a.png)", 3, "Bilden ligger inte i programmet: https://example.org/a.png."),
        ("![Lugn](images/../program.toml)", 3, "Bilden images/../program.toml finns inte."),
        ("![ ](images/lugn.png)", 3, "Bilden saknar beskrivning."),
        ("![Lugn][1]", 3, "Bilden ligger inte i programmet: (inget namn)."),
        ("a\nb <b>fet</b>", 4, "HTML visas inte: <b>"),
        ('<img src="images/lugn.png">', 3, 'HTML visas inte: <img src="images/lugn.png">'),
        ("<!-- en kommentar -->", 3, "HTML visas inte: <!--"),
        ("slut</div>", 3, "HTML visas inte: </div>"),
    ],
)
def test_a_picture_that_is_not_there_and_html_are_faults_with_their_line(
    folder: Path, text: str, line: int, message: str
) -> None:
    write(folder, {WORD: f"# Välkommen\n\n{text}\n", "images/lugn.png": b"x"})
    _, faults = read_program(folder)
    found = [fault for fault in faults if fault.file == WORD]
    assert (found[0].line, found[0].message) == (line, message)
    assert all(fault.mend for fault in faults)


@pytest.mark.parametrize(
    "text",
    [
        "![Lugn](images/lugn.png)",
        'Text ![Lugn](images/lugn.png "Titel") text',
        "![Lugn](images/lugn.png)\n\n`<b>` och ```\n\n```\n<div>\n![x](y)\n```\n",
        "![Lugn](images/lugn.png) 3 < 4 > 2, <https://1177.se>, <namn@example.org>, a<b, [1]",
    ],
)
def test_a_picture_that_is_there_and_what_only_looks_like_html_are_none(folder: Path, text: str) -> None:
    write(folder, {WORD: f"# Välkommen\n\n{text}\n", "images/lugn.png": b"x"})
    program, faults = read_program(folder)
    assert (faults, program is not None) == ((), True)


def test_a_picture_nobody_sees_and_what_is_none_are_faults(folder: Path) -> None:
    write(folder, {"images/lugn.png": b"x"})
    assert only_fault(folder).message == "Ingen text visar bilden."
    write(folder, {WORD: "# A\n\n![Lugn](images/lugn.png)\n", "images/film.mp4": b"x"})
    assert only_fault(folder).message == "Det här är ingen bild."
    write(folder, {"images/film.mp4": None, "images/lugn.png": b"x" * 1_000_000})
    assert read_program(folder)[1] == ()
    write(folder, {"images/lugn.png": b"x" * 1_000_001})
    assert only_fault(folder).message == "Bilden är större än 1 MB."


def test_a_score_that_does_not_fit_says_how_weights_are_written(folder: Path) -> None:
    score = '[[form]]\nid = "mitt-barn"\n[[form.score]]\ntitle = "P"\nitems = ["1"]\nmaximum = 3\nsource = "egen"\n'
    write(folder, {"program.toml": TOML + score})
    _, faults = read_program(folder)
    assert any("ordinalValue" in fault.mend and "valueDecimal" in fault.mend for fault in faults)
