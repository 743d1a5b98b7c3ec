"""A FHIR `QuestionnaireResponse`: what was answered, under which answer, and whose it says that it is."""

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from store.care.questionnaire.shape import Fault, Questionnaire
from store.care.questionnaire.source import values_in
from store.care.questionnaire.values import is_nothing
from store.foundation.text import clean

COUNTED = ("completed", "amended")
"""The statuses of a response that is somebody's finished answer."""


class Given(NamedTuple):
    """One answer as it came. `under` is which of its parent's it stands under, 0 for the first."""

    raw: Any
    under: int = 0


def of_response(response: Mapping[str, Any]) -> dict[str, list[Given]]:
    """Return what a response holds by linkId; a group has one `Given` without a value for each time that it stands.

    Walked without recursion: it may be nested as deep as JSON goes.
    """
    found: dict[str, list[Given]] = {}
    stack = [(item, 0) for item in _objects(response.get("item"))][::-1]
    while stack:
        item, under = stack.pop()
        given = found.setdefault(str(item.get("linkId", "")), [])
        inside: list[tuple[dict[str, Any], int]] = []
        answers = list(_objects(item.get("answer")))
        for answer in answers:
            given += [Given(value, under) for value in values_in(answer) if not is_nothing(value)]
            inside += [(one, max(len(given) - 1, 0)) for one in _objects(answer.get("item"))]
        if not answers:
            given.append(Given(None, under))
        inside += [(one, len(given) - 1) for one in _objects(item.get("item"))]
        stack += inside[::-1]
    return found


def faults_of_the_head(form: Questionnaire, response: Mapping[str, Any]) -> Iterator[Fault]:
    """Yield why a response is not a finished answer to the form, whatever it answers."""
    status = response.get("status")
    if status is not None and status not in COUNTED:
        said = f"Svaren är märkta {_said(status)} (status): de räknas inte."
        yield Fault("status", f"{said} Bara {' och '.join(COUNTED)} tas emot.")
    named = _canonical(response)
    if not named or _is_the_same(form, named):
        return
    if form.address:
        yield Fault("questionnaire", f"Svaren hör till ett annat formulär: {named}. Det här är {form.address}.")
    else:
        mend = "Lägg in url i formulärets fil, så att det går att jämföra."
        yield Fault("questionnaire", f"Svaren hör till {named}, men formuläret säger inte vilket det är. {mend}")


def _is_the_same(form: Questionnaire, named: str) -> bool:
    """Whether a response names the form: by its address, or by its id on the server that both come from."""
    kind, _, id = named.partition("/")
    is_relative = kind == "Questionnaire" and id and "/" not in id
    return named == form.address or bool(is_relative and (id == form.resource_id or form.address.endswith(f"/{named}")))


def subject_of(response: Mapping[str, Any]) -> str | None:
    """Return the identifier of the one that a response is about: empty where it can't be told, None where none is."""
    subject = response.get("subject")
    if not subject:
        return None
    if not isinstance(subject, dict):
        return ""
    identifiers = [subject.get("identifier")]
    if isinstance(reference := subject.get("reference"), str) and reference.startswith("#"):
        identifiers += [
            one
            for resource in _objects(response.get("contained"))
            if resource.get("id") == reference[1:]
            for one in _objects(resource.get("identifier"))
        ]
    values = {str(one["value"]).strip() for one in identifiers if isinstance(one, dict) and one.get("value")}
    return values.pop() if len(values) == 1 else ""


def _canonical(response: Mapping[str, Any]) -> str:
    """Return which questionnaire it names, without version; one that it contains by that one's own address."""
    named = response.get("questionnaire")
    if isinstance(named, dict):  # R3
        named = named.get("reference")
    text = clean(named, multiline=False).strip().partition("|")[0] if isinstance(named, str) else ""
    for resource in _objects(response.get("contained")):
        if text.startswith("#") and resource.get("id") == text[1:] and isinstance(url := resource.get("url"), str):
            return clean(url, multiline=False).strip().partition("|")[0]
    return text


def _said(value: object) -> str:
    return clean(str(value), multiline=False)[:40]


def _objects(value: object) -> Iterator[dict[str, Any]]:
    for one in value if isinstance(value, list) else [value]:
        if isinstance(one, dict):
            yield one
