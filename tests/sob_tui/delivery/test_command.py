"""`sob avisera`."""

import os
import signal
from collections.abc import Callable
from pathlib import Path
from threading import Event
from typing import Any

import pytest

from sob_tui.commands import notices
from sob_tui.delivery.run import Report
from store.foundation.errors import Refused
from store.opening import create_store
from tests.clinics import Clinic, Clock, enter, populate
from tests.signing_in import let_in
from tests.sob_tui.conftest import ADMIN, CLINICIAN, Sob, start
from tests.sob_tui.delivery.conftest import NUMBERS, SENDER, await_notice, state_of
from tests.sob_tui.delivery.servers import HOST, PASSWORD, USER, Gateway, MailServer

ADDRESSES = ("n2803@example.org", "n2046@example.org", "0701740611")


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the settings file would be."""
    path = tmp_path / "mina.toml"
    monkeypatch.setenv("SOB_SETTINGS", str(path))
    return path


@pytest.fixture
def set_up(settings: Path, server: MailServer, sms_gateway: Gateway, ca_file: Path) -> Path:
    """Both channels set up; returns the file with the passwords."""
    secret = settings.with_name("losen")
    secret.write_text(PASSWORD)
    secret.chmod(0o600)
    with_password = f'user = "{USER}"\npassword_file = "losen"\n'
    smtp = f'host = "{HOST}"\nport = {server.port}\nsender = "{SENDER}"\nca_file = "{ca_file}"\n'
    sms = f'url = "{sms_gateway.url}"\nsender = "Vardprov"\n'
    settings.write_text(f"[smtp]\n{smtp}{with_password}[sms]\n{sms}{with_password}")
    return secret


@pytest.fixture
def waiting(clinic: Clinic) -> list[int]:
    """Notices that wait: two by e-mail, one by sms."""
    by_mail = [await_notice(clinic, number) for number in NUMBERS[:2]]
    return [*by_mail, await_notice(clinic, NUMBERS[2], channel="sms", mobile="0701740611")]


def test_practice_shows_what_would_have_gone(sob: Sob, waiting: list[int]) -> None:
    said = sob("avisera", som=None)
    *lines, last = said.out.splitlines()
    assert (said.code, said.err, last) == (0, "", "Inga aviseringar väntar.")
    assert [line.split(" · ")[:3] for line in lines] == [
        ["program-startat", "e-post", "n2803@example.org"],
        ["program-startat", "e-post", "n2046@example.org"],
        ["program-startat", "sms", "0701740611"],
    ]
    assert all("1177" in line for line in lines)
    assert len(waiting) == len(lines)
    assert sob("avisera", som=None).out == "Ingen avisering skulle ha skickats.\nInga aviseringar väntar.\n"


def test_practice_in_json_and_what_waits(sob: Sob, clinic: Clinic, waiting: list[int]) -> None:
    clinic.run("UPDATE notice SET due_at = 4102444800000 WHERE id = :id", id=waiting[0])
    said = sob("avisera", "--json", som=None)
    assert [(one["id"], one["channel"], one["to"]) for one in said.json["sent"]] == [
        (str(waiting[1]), "epost", "n2046@example.org"),
        (str(waiting[2]), "sms", "0701740611"),
    ]
    assert set(said.json["sent"][0]) == {"id", "kind", "channel", "to", "subject", "text"}
    rest = {key: value for key, value in said.json.items() if key != "sent"}
    assert rest == {"failed": 0, "postponed": 0, "waiting": 1, "next": "2100-01-01T01:00:00+01:00", "problems": []}
    assert sob("avisera", som=None).out.endswith("1 avisering väntar. Nästa går 2100-01-01 01:00.\n")


def test_a_real_store_tells_no_address(
    sob: Sob, real: Clinic, waiting: list[int], set_up: Path, server: MailServer, sms_gateway: Gateway
) -> None:
    said = sob("avisera", som=None)
    first, second, third = waiting
    assert (said.code, said.err) == (0, "")
    assert said.out == f"E-post: 2 skickade ({first}, {second}).\nSms: 1 skickad ({third}).\nInga aviseringar väntar.\n"
    assert (len(server.accepted), len(sms_gateway.asked)) == (2, 1)
    assert state_of(real, first)[0] == "skickad"
    assert set_up.exists()
    assert sob("avisera", som=None).out == "Ingen avisering skickades.\nInga aviseringar väntar.\n"


@pytest.mark.usefixtures("real", "set_up")
def test_a_real_store_in_json_with_what_went_wrong(sob: Sob, waiting: list[int], server: MailServer) -> None:
    server.to_recipient.append("550 5.1.1 n2803@example.org unknown")
    server.to_data.append("451 4.3.0 n2046@example.org later")
    said = sob("avisera", "--json", som=None)
    assert said.code == 0
    assert [(one["id"], one["to"]) for one in said.json["sent"]] == [(str(waiting[2]), None)]
    assert [said.json[key] for key in ("failed", "postponed", "waiting")] == [1, 1, 1]
    assert said.json["problems"] == said.err.splitlines()
    assert [problem.split(" (")[0] for problem in said.json["problems"]] == [f"Avisering {id_}" for id_ in waiting[:2]]
    assert not any(address in said.out + said.err for address in ADDRESSES)


@pytest.mark.usefixtures("set_up")
def test_a_channel_that_is_down_does_not_hold_the_other_up(
    sob: Sob, real: Clinic, waiting: list[int], sms_gateway: Gateway
) -> None:
    sms_gateway.answers.append((402, b""))
    said = sob("avisera", som=None)
    assert (said.code, said.err.count("\n")) == (3, 1)
    assert said.err.startswith("Sms går inte att skicka nu: kontot hos sms-tjänsten saknar pengar. Fyll på kontot.")
    assert "1 avisering väntar, och 1 av dem borde redan ha gått." in said.out
    assert [state_of(real, notice)[0] for notice in waiting] == ["skickad", "skickad", "vantar"]


@pytest.mark.usefixtures("real")
def test_without_the_password_of_a_channel_the_other_is_used(
    sob: Sob, waiting: list[int], set_up: Path, settings: Path, server: MailServer
) -> None:
    other = set_up.with_name("oppen")
    other.write_text(PASSWORD)
    other.chmod(0o644)
    head, sms = settings.read_text().split("[sms]")
    settings.write_text(f"{head}[sms]{sms.replace('losen', 'oppen')}")
    said = sob("avisera", "--json", som=None)
    assert (said.code, len(said.json["sent"]), len(server.accepted)) == (3, 2, 2)
    assert "chmod 600" in said.err
    assert PASSWORD not in said.out + said.err
    assert said.json["waiting"] == 1
    assert len(waiting) == 3


def test_a_real_store_without_channels_claims_nothing(
    sob: Sob, real: Clinic, waiting: list[int], settings: Path
) -> None:
    said = sob("avisera", som=None)
    assert (said.code, said.out, said.err.count("\n")) == (3, "", 1)
    for words in ("3 aviseringar väntar", "[smtp]", "[sms]", str(settings)):
        assert words in said.err
    in_json = sob("avisera", "--json", som=None)
    assert (in_json.code, in_json.json["waiting"], in_json.json["problems"]) == (3, 3, [said.err.strip()])
    assert sob("avisera", "--vakta", som=None).code == 3
    settings.write_text("[smtp]")
    assert "nyckeln host saknas" in sob("avisera", som=None).err
    assert {state_of(real, notice) for notice in waiting} == {("vantar", 0, "")}


def test_a_store_that_was_made_real(
    nowhere: Sob, tmp_path: Path, set_up: Path, server: MailServer, sms_gateway: Gateway
) -> None:
    path = tmp_path / "real.db"
    clock = Clock()
    made = create_store(path, kind="real", clock=clock)
    populate(made)
    clinic = enter(made, clock)
    let_in(made, clinic.clinician)
    notice = await_notice(clinic, NUMBERS[0])
    made.close()
    said = nowhere("avisera", "--store", str(path), som=None)
    assert (said.code, said.out.splitlines()[0]) == (0, f"E-post: 1 skickad ({notice}).")
    assert (len(server.accepted), sms_gateway.asked, set_up.exists()) == (1, [], True)


@pytest.mark.usefixtures("waiting")
def test_only_the_operator_delivers(sob: Sob, clinic: Clinic) -> None:
    for who in (CLINICIAN, ADMIN):
        said = sob("avisera", som=who)
        assert (said.code, said.out) == (4, "")
    assert clinic.value("SELECT count(*) FROM notice WHERE state = 'skickad'") == 0


def test_the_store_must_be_there(nowhere: Sob, tmp_path: Path) -> None:
    for words in (("avisera",), ("avisera", "--vakta")):
        said = nowhere(*words, "--store", str(tmp_path / "ingen.db"), som=None)
        assert (said.code, said.out, said.err.count("\n")) == (5, "", 1)


@pytest.mark.skipif(os.name == "nt", reason="POSIX signals")
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
@pytest.mark.usefixtures("waiting")
def test_watching_ends_clean_when_it_is_asked_to(clinic: Clinic, number: signal.Signals) -> None:
    with start("avisera", "--vakta", "--store", clinic.store.engine.url) as process:
        assert process.stdout
        lines = [process.stdout.readline() for _ in range(4)]
        process.send_signal(number)
        out, err = process.communicate(timeout=60)
    assert (process.returncode, out, err) == (0, "", "")
    assert lines[0].startswith("program-startat · e-post · n2803@example.org")
    assert lines[-1] == "Inga aviseringar väntar.\n"


class Steps(Event):
    """Does something of the test's at every pause, and ends the watch after the last."""

    def __init__(self, *steps: Callable[[], object]) -> None:
        super().__init__()
        self._steps = list(steps)

    def wait(self, _timeout: float | None = None) -> bool:
        if not self._steps:
            self.set()
        else:
            self._steps.pop(0)()
        return self.is_set()


def test_watching_goes_on_when_the_store_is_lost_and_says_so_once(
    sob: Sob, clinic: Clinic, waiting: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    path = Path(clinic.store.engine.url.removeprefix("sqlite:///"))
    away = path.with_name("borta.sqlite")
    late = [NUMBERS[3]]
    steps = Steps(
        lambda: path.rename(away),
        lambda: None,
        lambda: away.rename(path),
        lambda: None,
        lambda: await_notice(clinic, late.pop()),
    )
    monkeypatch.setattr(notices, "Event", lambda: steps)
    said = sob("avisera", "--vakta", som=None)
    assert (said.code, late) == (0, [])
    assert said.err == "Ingen kontakt med databasen. Nya försök görs tills den svarar.\n"
    assert [line[:3] for line in said.out.splitlines()] == ["pro", "pro", "pro", "Ing", "pro", "Ing"]
    assert len(waiting) == 3


@pytest.mark.usefixtures("real", "set_up", "waiting")
def test_watching_says_once_that_a_channel_is_down(
    sob: Sob, sms_gateway: Gateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    sms_gateway.answers.extend([(402, b"")] * 2)
    monkeypatch.setattr(notices, "Event", lambda: Steps(lambda: None, lambda: None))
    said = sob("avisera", "--vakta", som=None)
    assert (said.code, said.err.count("saknar pengar"), len(sms_gateway.asked)) == (0, 1, 3)
    assert [line.split(" ")[0] for line in said.out.splitlines()] == ["E-post:", "1", "Sms:", "Inga"]


@pytest.mark.usefixtures("waiting")
def test_watching_survives_a_fault_and_settings_that_are_broken_on_the_way(
    sob: Sob, clinic: Clinic, monkeypatch: pytest.MonkeyPatch
) -> None:
    from sob_tui.delivery import run

    deliver = run.deliver
    faults: list[Exception] = [KeyError("asa@example.org"), KeyError("asa@example.org"), Refused("Fel i filen.")]

    def fail(*arguments: Any) -> Report:
        if faults:
            raise faults.pop(0)
        return deliver(*arguments)

    monkeypatch.setattr(run, "deliver", fail)
    monkeypatch.setattr(notices, "Event", lambda: Steps(*[lambda: None] * 4))
    said = sob("avisera", "--vakta", som=None)
    assert (said.code, said.err.count("felkod")) == (0, 2)
    assert said.err.splitlines()[-1] == "Fel i filen. Nya försök görs tills det är rättat."
    assert "asa@" not in said.err
    assert clinic.value("SELECT count(*) FROM notice WHERE state = 'skickad'") == 3


@pytest.mark.usefixtures("real", "set_up", "waiting")
def test_notices_that_are_late_are_told(sob: Sob, clinic: Clinic, settings: Path) -> None:
    clinic.run("UPDATE notice SET due_at = 0 WHERE state = 'vantar'")
    head, _ = settings.read_text().split("[sms]")
    settings.write_text(head)
    said = sob("avisera", som=None)
    assert said.err == (
        "1 avisering har försökts eller borde ha gått i över en timme. Se till att e-post och sms går att skicka.\n"
    )


def test_the_days_run_names_addresses_that_cannot_be_used(sob: Sob, clinic: Clinic) -> None:
    notice = await_notice(clinic, NUMBERS[0])
    moment = clinic.value("SELECT moment_id FROM notice WHERE id = :id", id=notice)
    clinic.run("UPDATE resident SET email = 'a@[' WHERE personnummer = :number", number=NUMBERS[0])
    clinic.run("UPDATE staff SET email = 'a@[' WHERE hsa_id = :hsa_id", hsa_id=CLINICIAN)
    said = sob("dygn", som=None)
    assert (said.code, said.err.splitlines()) == (
        0,
        [
            f"{CLINICIAN}: e-postadressen går inte att använda. Rätta den med sob personal importera.",
            f"Moment {moment}: mottagarens e-postadress går inte att använda. Rätta den med sob invanare ratta.",
        ],
    )
