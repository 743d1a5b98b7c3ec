"""The access log for another log system: what is written is FHIR, has the elements that are listed, and is whole."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fhir.resources.R4B.auditevent import AuditEvent

from store.care.look_up import look_up_resident
from store.export.audit_events import between, export_log, lines_of
from store.foundation.access import OPERATOR
from store.foundation.checkpoint import Checkpoint
from store.foundation.clock import Instant, iso_local
from store.foundation.errors import NotPermitted, Refused
from store.foundation.log_chain import Head, log_positions
from store.views.lists import Tab, list_page
from store.views.moment import open_moment
from tests.clinics import ADULT, CHILD, MONDAY, Clinic

LIST = Path(__file__).parents[3] / "docs" / "audit-event.md"


def elements(found: Any, before: str = "") -> Iterator[str]:
    """Yield the paths of all values in a resource."""
    if isinstance(found, dict):
        for name, value in found.items():
            yield from elements(value, f"{before}.{name}" if before else name)
    elif isinstance(found, list):
        for one in found:
            yield from elements(one, before)
    else:
        yield before


def checkpoint(clinic: Clinic, at: Instant) -> Checkpoint:
    with clinic.store.lend() as db:
        return Checkpoint("db", at, tuple((one.chain, Head(one.number, one.mac)) for one in log_positions(db)))


def test_all_rows_from_a_checkpoint_on_are_written_with_the_listed_elements_alone(sealed: Clinic) -> None:
    first = checkpoint(sealed, Instant(MONDAY - 1000))
    moment = sealed.start(program="prov")
    with sealed.store.read(sealed.admin) as work:
        list_page(work, Tab.ALL, "prov", "pagaende")
        look_up_resident(work, CHILD)
    with pytest.raises(NotPermitted), sealed.store.read(sealed.stranger) as work:
        open_moment(work, moment)
    second = checkpoint(sealed, MONDAY)
    rows = between((first, second), iso_local(first.at))
    with sealed.store.read(OPERATOR) as work:
        export_log(work, rows, "x.ndjson")
        found = [json.loads(line) for line in lines_of(work, rows)]
        everything = [json.loads(line) for line in lines_of(work, between((first, second), None))]
    assert len(found) == sum(head.number for _, head in second.chains) - sum(head.number for _, head in first.chains)
    assert everything[-len(found) :] == found
    assert len({one["id"] for one in everything}) == len(everything) == sum(head.number for _, head in second.chains)
    for one in everything:
        AuditEvent.model_validate(one)
    listed = {
        name for row in re.findall(r"^\| (`[^|]+) \|", LIST.read_text(), re.M) for name in re.findall("`(.+?)`", row)
    }
    assert {path for one in everything for path in elements(one)} - {"resourceType"} == listed
    refused = [one for one in found if one["outcome"] == "4"]
    assert [one["outcomeDesc"] for one in refused] == ["behörighet"]
    of_adult = [one for one in found if one["entity"][0]["what"].get("identifier", {}).get("value") == ADULT]
    assert {one["entity"][0]["name"] for one in of_adult} == {"Berg, Åsa"}
    with pytest.raises(Refused, match="Ingen kontrollpunkt är skriven igår"):
        between((first, second), "igår")
    with pytest.raises(Refused, match="ingen kontrollpunkt än"):
        between((), None)
