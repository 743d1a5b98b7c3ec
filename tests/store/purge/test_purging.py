"""A purge: what may be chosen, that it ends whole wherever it is cut off, and that nothing is left but the log."""

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from itertools import count
from pathlib import Path
from typing import Any

import psycopg
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from store.care.endings import end_moment
from store.care.export_choice import Choice, Identity, Life
from store.care.purge_record import purge_standing, purged_moments
from store.care.purge_stops import lift_stop, stop_purge
from store.care.purges import begin_purge, purge_moment, purge_under_way
from store.care.recount import miscounted_units
from store.care.statistics import count_whole_months
from store.export.exporting import Format, export_to
from store.foundation import engine
from store.foundation.access import OPERATOR, Action, Role
from store.foundation.connection import Connection
from store.foundation.errors import DomainError, NeedsConfirmation, NotPermitted, NoUnitSet, Refused
from store.foundation.log_reading import log_rows
from store.foundation.purge_ledger import read_ledger
from store.foundation.store import Store
from store.people.sign_in import StaffActor
from store.purge import purging
from store.purge.certificate import certificate_text, read_certificate, write_certificate
from store.purge.purging import Signer, carry_out_purge
from store.purge.scan import pages_of
from store.upkeep.backing_up import back_up_store
from store.upkeep.restoring import ledger_of, restore_store
from store.views.purge_list import Due, open_purges, purge_list, purgeable
from tests.clinics import ADULT, CHILD, ELSEWHERE, GUARDIAN, HIDDEN, SEALING, Clinic, Clock
from tests.conftest import Stores
from tests.store.care_rows import fill
from tests.store.test_sealed_texts import WORD, Writer

KEY = Ed25519PrivateKey.generate()
PUBLIC = KEY.public_key().public_bytes_raw()


@pytest.fixture
def signer(tmp_path: Path) -> Signer:
    return Signer(KEY, tmp_path / "liggare")


def admin(clinic: Clinic) -> StaffActor:
    return clinic.someone(Role.DATA_ADMIN)


def decide(clinic: Clinic) -> None:
    clinic.run(
        "UPDATE careprovider SET purge_decision = 'Gallras efter två år.', purge_reference = 'RS 1',"
        " purge_decided_on = '2026-01-15', backup_days = 30"
    )


def end(clinic: Clinic, moment: int) -> None:
    with clinic.store.work(clinic.clinician) as work:
        end_moment(work, moment, "Klart", confirmed=True)


def do(clinic: Clinic, operation: Callable[..., Any], *arguments: Any, **options: Any) -> Any:
    with clinic.store.work(admin(clinic)) as work:
        return operation(work, *arguments, **options)


def refusal(clinic: Clinic, *arguments: Any) -> str:
    with pytest.raises(DomainError) as refused:
        do(clinic, *arguments)
    return refused.value.message


def ended(clinic: Clinic, *numbers: str) -> list[int]:
    """Let each resident have an ended moment, long ago."""
    decide(clinic)
    moments = [clinic.start(number, "prov") for number in numbers]
    for moment in moments:
        end(clinic, moment)
    clinic.clock.set(2028, 3, 10)
    return moments


def purge(clinic: Clinic, moments: Sequence[int], signer: Signer, store: Store | None = None) -> str:
    number = do(clinic, begin_purge, moments, len(moments))
    return carry_out_purge(store or clinic.store, admin(clinic), number, signer)


def test_what_is_due_with_what_stops_it_and_who_has_to_end_what_runs(clinic: Clinic) -> None:
    gone, held = ended(clinic, ADULT, HIDDEN)
    running = clinic.start(GUARDIAN, "prov")
    clinic.run("UPDATE moment SET purge_by = '2028-03-10' WHERE id = :id", id=running)
    late, later = clinic.start(ELSEWHERE, "prov", confirmed=True), clinic.start(CHILD, "prov")
    clinic.run("UPDATE moment SET purge_by = '2028-06-08' WHERE id = :id", id=late)  # ninety days
    clinic.run("UPDATE moment SET purge_by = '2028-06-09' WHERE id = :id", id=later)
    do(clinic, stop_purge, held, "Ärende hos IVO", date(2028, 3, 10))
    with clinic.store.read(admin(clinic)) as work:
        open_purges(work)
        found = purge_list(work)
        assert purgeable(work, date(2028, 3, 1)) == []
        assert purgeable(work, date(2028, 3, 2)) == [gone]
    assert (found.total, found.decision, found.unfinished) == (4, "RS 1", None)
    assert [(one.id, one.due, one.can_be_purged) for one in found.lines] == [
        (gone, Due.OVERDUE, True),
        (held, Due.OVERDUE, False),
        (running, Due.DUE, False),
        (late, Due.SOON, False),
    ]
    assert (found.lines[1].name, found.lines[1].personnummer) == ("Skyddade personuppgifter", "")
    assert found.lines[1][8:11] == ("Ärende hos IVO", "2028-03-10", admin(clinic).name)
    assert (found.lines[2].name, found.lines[2].clinician) == ("Berg, Ulla", clinic.clinician.name)
    with clinic.store.lend() as db:
        standing = purge_standing(db, clinic.here, date(2028, 3, 10))
        served = {row.personnummer for row in log_rows(db, None) if row.operation in ("open_purges", "purge_list")}
    assert (standing, served) == ((None, 1, "2028-03-10"), {None, ADULT, HIDDEN, GUARDIAN, ELSEWHERE})
    clinic.clock.set(2028, 3, 11)  # the stop's last day has been
    with clinic.store.read(admin(clinic)) as work:
        assert purgeable(work, date(2028, 3, 11)) == [gone, held]


def test_each_thing_that_stands_against_it_has_a_sentence_and_nothing_is_begun(clinic: Clinic) -> None:
    running = clinic.start(program="prov")
    assert refusal(clinic, begin_purge, [running], 1).startswith("Vårdgivaren har inget gallringsbeslut")
    gone, held = ended(clinic, GUARDIAN, CHILD)
    do(clinic, stop_purge, held, "Tvist", date(2029, 1, 1))
    there = clinic.start(ADULT, by=clinic.stranger, confirmed=True)
    for moments, typed, sentence in (
        ([], 0, "Inget är valt."),
        ([running], 1, f"Momentet {running} är inte avslutat."),
        ([gone, held], 2, f"Momentet {held} har gallringsstopp"),
        ([there], 1, f"Momentet {there} finns inte på enheten."),
        ([gone, 4711], 2, "Momentet 4711 finns inte på enheten."),
        ([gone], 2, "Antalet 2 stämmer inte: 1 moment är valda. Ingenting är gallrat."),
    ):
        assert refusal(clinic, begin_purge, moments, typed).startswith(sentence)
    assert refusal(clinic, stop_purge, gone, " ", date(2029, 1, 1)).startswith("Ange grunden")
    assert "har redan varit" in refusal(clinic, stop_purge, gone, "Tvist", date(2028, 3, 9))
    assert refusal(clinic, lift_stop, gone) == "Momentet har inget gallringsstopp som gäller."
    assert refusal(clinic, purge_moment, gone, 1) == NotPermitted.SENTENCE  # no purge has chosen it
    assert clinic.rows("SELECT 1 FROM purge UNION ALL SELECT 1 FROM purgedmoment") == []
    other = clinic.start(CHILD, "prov")
    end(clinic, other)
    with pytest.raises(NeedsConfirmation, match="1 moment avslutades den här månaden"):
        do(clinic, begin_purge, [gone, other], 2)
    first = do(clinic, begin_purge, [gone], 1)
    assert refusal(clinic, begin_purge, [gone], 1).startswith("En gallring på enheten är inte klar: 1 av 1 återstår")
    with clinic.store.read(admin(clinic)) as work:
        assert purge_under_way(work) == (first, [gone])
    assert clinic.value("SELECT count(*) FROM moment WHERE id = :id", id=gone) == 1


def test_a_stop_holds_for_the_residents_other_moments_where_that_is_said(clinic: Clinic) -> None:
    (first,) = ended(clinic, ADULT)
    second = clinic.start(ADULT, "prov")
    end(clinic, second)
    do(clinic, stop_purge, second, "Tvist", date(2029, 1, 1), of_resident=True)
    assert refusal(clinic, begin_purge, [first], 1).startswith(f"Momentet {first} har gallringsstopp")
    do(clinic, stop_purge, first, "Bara detta", date(2029, 1, 1))  # it takes the other's place
    assert refusal(clinic, begin_purge, [first], 1).startswith(f"Momentet {first} har gallringsstopp")
    do(clinic, lift_stop, first)
    assert do(clinic, begin_purge, [first, second], 2, confirmed=True)


def test_who_purges_leaves_the_other_units_and_the_others_alone(
    clinic: Clinic, signer: Signer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(purging, "count_whole_months", lambda *_: 0)  # what `fill` writes means nothing to statistics
    gone, child = ended(clinic, ADULT, CHILD)
    there = clinic.start(ADULT, by=clinic.stranger, confirmed=True)
    fill(clinic, gone)
    fill(clinic, there)
    before = rows_about(clinic, [there])
    number = do(clinic, begin_purge, [gone, child], 2)
    do(clinic, stop_purge, child, "Kom emellan", date(2029, 1, 1))
    certificate = read_certificate(carry_out_purge(clinic.store, admin(clinic), number, signer), PUBLIC)
    assert (certificate["moments"], certificate["left"], certificate["residents"]) == (1, 1, 0)
    assert clinic.rows("SELECT id FROM moment ORDER BY id") == [(child,), (there,)]
    assert clinic.value("SELECT count(*) FROM resident WHERE personnummer = :number", number=ADULT) == 1
    assert rows_about(clinic, [there]) == before
    with clinic.store.lend() as db:
        assert miscounted_units(db) == []
        assert list(purged_moments(db, [gone, child])) == [gone]
    do(clinic, lift_stop, child)
    assert "Ur registret:       2 invånare" in purge(clinic, [child], signer)  # and a guardian whom nobody needs
    assert clinic.value("SELECT count(*) FROM resident WHERE personnummer IN (:a, :b)", a=CHILD, b=GUARDIAN) == 0
    assert clinic.value("SELECT count(*) FROM guardian WHERE child_id <> guardian_id") == 0


class Killed(BaseException):
    """What a kill is to the code: nothing after it is done."""


def test_wherever_it_is_cut_off_each_moment_is_whole_or_gone_and_it_goes_on(
    filed: Clinic, signer: Signer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(purging, "count_whole_months", lambda *_: 0)  # as above
    moments = ended(filed, ADULT, CHILD, GUARDIAN, HIDDEN)
    for moment in moments:
        fill(filed, moment)
    whole = rows_about(filed, moments)
    alone = filed.value("SELECT id FROM resident WHERE personnummer = :number", number=ELSEWHERE)
    number = do(filed, begin_purge, moments, len(moments) + 1, [alone])
    run = Connection.run

    def killed(limit: int) -> Callable[..., int]:
        done = count()

        def step(self: Connection, sql: str, /, **parameters: object) -> int:
            if next(done) == limit:
                raise Killed
            return run(self, sql, **parameters)

        return step

    kills = 0
    for limit in count():
        monkeypatch.setattr(Connection, "run", killed(limit))
        try:
            content = carry_out_purge(filed.store, admin(filed), number, signer)
        except Killed:
            kills += 1
        else:
            break
        finally:
            monkeypatch.setattr(Connection, "run", run)
        now = rows_about(filed, moments)
        assert all(now[moment] in (whole[moment], 0) for moment in moments)
        assert (register_rows(filed, alone), state_of(filed, alone)) in (((1, 3), "vald"), ((0, 0), "gallrad"))
    assert kills >= 20
    assert read_certificate(content, PUBLIC)["moments"] == 4
    assert set(rows_about(filed, moments).values()) == {0}
    assert len(set(read_ledger(Path(signer.ledger or "").read_text().splitlines(), PUBLIC))) == 5
    with filed.store.lend() as db:
        assert miscounted_units(db) == []


def register_rows(clinic: Clinic, resident: int) -> tuple[int, int]:
    """Return how many rows the register has of a resident, and how many parts of the name."""
    tables = (("resident", "id"), ("residentpart", "resident_id"))
    first, second = (
        clinic.value(f"SELECT count(*) FROM {table} WHERE {column} = :id", id=resident) for table, column in tables
    )
    return first, second


def state_of(clinic: Clinic, resident: int) -> str:
    return str(clinic.value("SELECT state FROM purgedresident WHERE resident_id = :id", id=resident))


def rows_about(clinic: Clinic, moments: Sequence[int]) -> dict[int, int]:
    """Return how many rows there are about each moment, its own among them."""
    from store.fence.erasing import TABLES

    return {
        moment: sum(clinic.value(f"SELECT count(*) FROM {table} WHERE moment_id = {moment}") for table in TABLES)
        + clinic.value("SELECT count(*) FROM moment WHERE id = :id", id=moment)
        for moment in moments
    }


def bytes_of(clinic: Clinic) -> Iterator[bytes]:
    """Yield all that the database's files hold, opened where they are encrypted."""
    address = clinic.store.engine.url
    if address.startswith("sqlite"):
        path = Path(address.removeprefix("sqlite:///"))
        yield b"".join(pages_of(path, SEALING.cipher))
        wal = Path(f"{path}-wal").read_bytes()[32:]
        frames = [wal[start + 24 : start + 24 + 4096] for start in range(0, len(wal), 24 + 4096)]
        Path(f"{path}.frames").write_bytes(bytes(4096) + b"".join(frames))  # none of them is a file's first page
        yield b"".join(list(pages_of(Path(f"{path}.frames"), SEALING.cipher))[1:])
        return
    with psycopg.connect(address.replace("+psycopg", ""), autocommit=True) as raw:
        raw.execute("SELECT pg_switch_wal()")
        raw.execute("CHECKPOINT")
        ((folder, database),) = raw.execute(
            "SELECT current_setting('data_directory'), oid FROM pg_database WHERE datname = current_database()"
        ).fetchall()
        kept = raw.execute(  # the tests' own copies of the rows
            "SELECT pg_relation_filenode(c.oid)::text FROM pg_class c WHERE relnamespace = 'kept'::regnamespace"
        ).fetchall()
    for file in Path(folder, "base", str(database)).iterdir():
        if (file.name,) not in kept:
            yield file.read_bytes()


def traces(clinic: Clinic, *words: str) -> set[str]:
    return {word for content in bytes_of(clinic) for word in words if word.encode() in content}


def test_no_file_of_the_store_knows_who_it_was_or_a_word_of_theirs(
    sealed: Clinic, signer: Signer, tmp_path: Path
) -> None:
    decide(sealed)
    sealed.run("UPDATE resident SET family_name = 'Ringblomqvist' WHERE id = :id", id=sealed.adult)
    writer, moment = Writer(sealed), sealed.start(program="prov")
    writer.of_the_resident(moment)
    writer.messages(moment)
    writer.flags(moment)
    writer.plans(moment)
    choice = Choice("prov", Life.RUNNING, Identity.FULL, "Forskargruppen", "Utvärdering")
    done = export_to(sealed.store, admin(sealed), choice, Format.XML, tmp_path)
    end(sealed, moment)
    words = ("Ringblomqvist", ADULT, *((WORD,) if "sqlite" in sealed.store.engine.url else ()))
    assert traces(sealed, *words) == set(words)
    backup = tmp_path / "kopia"
    header = back_up_store(sealed.store, backup, OPERATOR)
    sealed.clock.set(2028, 3, 10)
    content = purge(sealed, [moment], signer)
    assert traces(sealed, *words, WORD) == set()
    assert sealed.value("SELECT count(*) FROM monthfigure") > 0  # no past month changes by a purge
    found = read_certificate(content, PUBLIC)
    assert found["exports"][0][3:] == ["Forskargruppen", "Utvärdering", done.place.name, 1]
    assert (found["scan"][2:], found["residents"], found["backups"]) == ([0, 0], 1, "2028-04-09")
    assert not {"Ringblomqvist", ADULT} & set(content.replace(",", " ").split())
    rows = [row for row in log_of(sealed) if row[0] == Action.PURGED and row[1]]
    assert rows == [(Action.PURGED, ADULT, "Ringblomqvist, Åsa")]  # the log stays
    lines = list(read_ledger(Path(signer.ledger or "").read_text().splitlines(), PUBLIC))
    uuid = sealed.value("SELECT uuid FROM store_info")
    place = tmp_path / "ater" / "vard.db"
    restored = restore_store(backup, place, SEALING, ledger_of(uuid, header.at, lines), clock=Clock(sealed.clock.now))
    assert restored.purged == 1
    pages = b"".join(pages_of(place, SEALING.cipher))
    assert not any(word.encode() in pages for word in ("Ringblomqvist", ADULT, WORD))


def log_of(clinic: Clinic) -> list[tuple[str, str | None, str | None]]:
    with clinic.store.lend() as db:
        return [(row.action, row.personnummer, row.resident_name) for row in log_rows(db, clinic.store.keys)]


def test_who_reads_the_store_as_it_was_is_waited_for_and_named(
    filed: Clinic, signer: Signer, monkeypatch: pytest.MonkeyPatch
) -> None:
    (gone,) = ended(filed, ADULT)
    monkeypatch.setattr(engine, "BUSY_SECONDS", 0.1)
    number = do(filed, begin_purge, [gone], 1)
    reader = filed.store.engine.connect()
    filed.store.engine.begin(reader, write=False)
    reader.value("SELECT count(*) FROM moment")
    with pytest.raises(Refused, match="läser fortfarande databasen som den var före gallringen"):
        carry_out_purge(filed.store, admin(filed), number, signer)
    with filed.store.read(admin(filed)) as work:
        assert purge_under_way(work) == (number, [])  # not finished: the bytes are there
    reader.close()
    assert "Gallrade moment:    1" in carry_out_purge(filed.store, admin(filed), number, signer)


def test_behind_the_fence_it_goes_by_the_databases_own_functions(stores: Stores, clock: Clock, signer: Signer) -> None:
    with stores.clinic("fenced", "sealed", clock) as clinic:
        gone, child = ended(clinic, ADULT, CHILD)
        there = clinic.start(ADULT, by=clinic.stranger, confirmed=True)
        runtime = clinic.store.runtime  # type: ignore[attr-defined]
        refused = f"Statistiken för 2026-03 är inte räknad än, och moment {gone} avslutades då"
        with pytest.raises(Refused, match=refused), runtime.work(admin(clinic)) as work:
            begin_purge(work, [gone, child], 2)
        assert count_whole_months(clinic.store, OPERATOR) == 1
        content = purge(clinic, [gone, child], signer, runtime)
        assert "Ur registret:       2 invånare" in content
        assert "som den roll som äger dem" in content  # the role that purges owns no table
        assert clinic.rows("SELECT id FROM moment") == [(there,)]
        assert clinic.value("SELECT count(*) FROM resident_key WHERE resident_id = :id", id=clinic.adult) == 1
        with pytest.raises(NoUnitSet), runtime.work(admin(clinic)) as work:
            work.db.value("SELECT sob_purge(:moment)", moment=there)
        with runtime.work(admin(clinic)) as work:
            assert work.db.values("SELECT sob_forget(:resident)", resident=clinic.adult) == []


def test_a_certificate_is_checked_by_the_public_key_alone_and_what_was_changed_is_seen(
    filed: Clinic, signer: Signer
) -> None:
    content = purge(filed, ended(filed, ADULT), signer)
    fields = read_certificate(content, PUBLIC)
    assert read_certificate(content.replace("\n", "\r\n")) == fields  # by the key that it says itself
    assert content.startswith(certificate_text(fields))
    other = Ed25519PrivateKey.generate()
    for broken, sentence in (
        (content.replace("Gallrade moment:    1", "Gallrade moment:    7"), "Intygets text stämmer inte"),
        (content.replace('"moments":1', '"moments":7'), "Intygets underskrift stämmer inte"),
        (write_certificate({**fields, "moments": 7}, other), "Intygets underskrift stämmer inte"),
        (content.partition("---")[0], "Filen är inget gallringsintyg."),
        ("", "Filen är inget gallringsintyg."),
    ):
        with pytest.raises(Refused, match=sentence):
            read_certificate(broken, PUBLIC)
