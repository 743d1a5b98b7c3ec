"""An export from beginning to end: counted, noted, logged resident by resident, written, and then given its name."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from enum import StrEnum
from pathlib import Path
from typing import NamedTuple, Protocol

from store.care.export_choice import Choice, Count, count_export
from store.care.exports import begin_export, export_moments, finish_export
from store.export.csv_files import CsvFiles
from store.export.fhir_file import BundleFile, NdjsonFile
from store.export.pseudonyms import Pseudonyms
from store.export.reading import read_export
from store.export.records import About, Exported
from store.export.target import beside
from store.export.xml_file import XmlFile
from store.foundation.access import Actor
from store.foundation.clock import Instant, local
from store.foundation.garbage import garbage_left
from store.foundation.progress import Progress, untold
from store.foundation.store import Store


class Format(StrEnum):
    """What a file is; the value is the option's."""

    XML = "xml"
    CSV = "csv"
    FHIR = "fhir"
    NDJSON = "fhir-ndjson"


class _Writer(Protocol):
    def write(self, exported: Exported) -> None:
        """Write a moment."""


_WRITERS: dict[Format, tuple[str, Callable[[Path, About], AbstractContextManager[_Writer]]]] = {
    Format.XML: (".xml", XmlFile),
    Format.CSV: ("", CsvFiles),
    Format.FHIR: (".json", BundleFile),
    Format.NDJSON: (".ndjson", NdjsonFile),
}
"""The end of the name, and what writes it."""


class Done(NamedTuple):
    """A finished export."""

    place: Path
    export: int
    moments: int
    counted: Count


def export_to(
    store: Store,
    actor: Actor,
    choice: Choice,
    form: Format,
    folder: Path,
    pseudonyms: Pseudonyms | None = None,
    progress: Progress = untold,
) -> Done:
    """Export to a new file in a folder, for CSV to a new folder there; nothing is left of what fails.

    Memory holds some hundred moments at a time, read from one snapshot.

    Args:
        store: the store.
        actor: who exports.
        choice: what, to whom and why.
        form: the format.
        folder: where.
        pseudonyms: where the identity is one.
        progress: called with the moments that are written and how many they are.

    Raises:
        DomainError: it may not be done, there is nothing to export, or the folder can't be written to.
    """
    with store.read(actor) as work:
        count = count_export(work, choice)
        name = file_name(work.now, form)
        with beside(folder, name) as half:
            key = "" if pseudonyms is None else pseudonyms.key_id
            with store.work(actor) as noting:
                export = begin_export(noting, choice, form.value, name, key)
            reading = read_export(work, export, choice, count, pseudonyms)
            with garbage_left(), _WRITERS[form][1](half / name, reading.about) as file:
                moments = 0
                progress(0, count.moments)
                for one in _logged(store, actor, export, reading.portions):
                    file.write(one)
                    moments += 1
                    if not moments % _TOLD:
                        progress(moments, count.moments)
            with store.work(actor) as noting:
                finish_export(noting, export, moments)
    return Done(folder / name, export, moments, count)


_TOLD = 100
"""Moments between two words of how far it has come."""


def file_name(at: Instant, form: Format) -> str:
    """Return the file's name: day, the letter T, and the time in Stockholm to the second."""
    return f"StodOchBehandling__{local(at):%Y%m%dT%H%M%S}{_WRITERS[form][0]}"


def _logged(store: Store, actor: Actor, export: int, portions: Iterator[list[Exported]]) -> Iterator[Exported]:
    """Yield the moments, once the log says that they are exported."""
    for portion in portions:
        with store.work(actor) as noting:
            export_moments(noting, export, [one.row.id for one in portion])
        yield from portion
