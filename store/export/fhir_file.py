"""FHIR R4 as a file: one Bundle with an entry a line, or NDJSON with a resource a line. Streamed: nothing is kept."""

import json
from pathlib import Path
from typing import Self

from store.export.fhir_resources import Resource, Resources
from store.export.records import About, Exported
from store.export.words import at_text


class NdjsonFile:
    """An export as NDJSON: references are `Patient/id`."""

    def __init__(self, path: Path, about: About) -> None:
        """Begin the file."""
        self._file = path.open("w", encoding="utf-8", newline="\n")
        self._resources = Resources(about, lambda kind, id: f"{kind}/{id}")

    def __enter__(self) -> Self:
        """Write what all moments share."""
        for resource in self._resources.first():
            self._file.write(f"{_text(resource)}\n")
        return self

    def __exit__(self, *error: object) -> None:
        """End the file."""
        self._file.close()

    def write(self, exported: Exported) -> None:
        """Write a moment's resources."""
        self._file.write("".join(f"{_text(resource)}\n" for resource in self._resources.of(exported)))


class BundleFile:
    """An export as one Bundle of the type `collection`: references are the entries' `fullUrl`."""

    def __init__(self, path: Path, about: About) -> None:
        """Begin the file."""
        self._file = path.open("w", encoding="utf-8", newline="\n")
        self._resources = Resources(about, lambda _, id: f"urn:uuid:{id}")
        self._about = about

    def __enter__(self) -> Self:
        """Write what stands first."""
        head = f'{{"resourceType":"Bundle","type":"collection","timestamp":"{at_text(self._about.at)}","entry":[\n'
        self._file.write(head + ",\n".join(map(_entry, self._resources.first())))
        return self

    def __exit__(self, *error: object) -> None:
        """End the file."""
        with self._file:
            self._file.write("\n]}\n")

    def write(self, exported: Exported) -> None:
        """Write a moment's entries."""
        self._file.write("".join(f",\n{_entry(resource)}" for resource in self._resources.of(exported)))


def _entry(resource: Resource) -> str:
    return f'{{"fullUrl":"urn:uuid:{resource["id"]}","resource":{_text(resource)}}}'


def _text(resource: Resource) -> str:
    return json.dumps(resource, ensure_ascii=False, separators=(",", ":"))
