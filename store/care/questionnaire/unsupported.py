"""What a file may say and we don't do: each is named, with what is done instead (FHIR R4, SDC)."""

from collections.abc import Iterator

from store.care.questionnaire.shape import Item, ItemType, Questionnaire
from store.care.questionnaire.source import Node, Source

_INSTEAD = {
    "calculatedexpression": "Svaret räknas ut av filen (calculatedExpression). Frågan ställs inte; inget räknas ut.",
    "calculatedvalue": "Svaret räknas ut av filen (calculatedValue). Frågan ställs inte; inget räknas ut.",
    "initialexpression": "Ett ifyllt svar (initialExpression) räknas inte ut. Frågan ställs tom.",
    "answerexpression": "Svarsalternativ räknas inte ut (answerExpression). De som står i filen går att välja.",
    "candidateexpression": "Svarsalternativ räknas inte ut (candidateExpression). De som står i filen går att välja.",
    "answeroptionstoggleexpression": "Inga svarsalternativ göms (answerOptionsToggleExpression). Alla går att välja.",
    "subquestionnaire": "Ett delformulär hämtas inte (subQuestionnaire): dess frågor ställs inte. Lägg in dem i filen.",
    "regex": "Mönstret (regex) prövas inte. Alla texter tas emot.",
    "minlength": "Minsta längd (minLength) prövas inte. Kortare texter tas också emot.",
    "maxdecimalplaces": "Antalet decimaler (maxDecimalPlaces) prövas inte. Alla decimaler tas emot.",
    "minquantity": "Minsta mängd (minQuantity) prövas inte. Alla tal tas emot.",
    "maxquantity": "Största mängd (maxQuantity) prövas inte. Alla tal tas emot.",
    "constraint": "En regel (constraint) prövas inte. Svaren tas emot ändå.",
    "targetconstraint": "En regel (targetConstraint) prövas inte. Svaren tas emot ändå.",
    "signaturerequired": "Underskrift (signatureRequired) begärs inte. Svaren tas emot ändå.",
    "usagemode": "Att frågan bara gäller i visst läge (usageMode) prövas inte. Den ställs alltid.",
}
"""By the last word of the extension's address."""
_PREFIXES = ("sdc-questionnaire-", "questionnaire-", "cqf-", "sdc-")
_COMPUTED = ("calculatedexpression", "calculatedvalue")
_RETIRED = ("retired", "unknown", "entered-in-error")


def extension_names(node: Node) -> set[str]:
    """Return what a node's extensions are, by the last word of its address in lower case; not those that are off."""
    extensions = node.get("extension")
    found = set()
    for one in extensions if isinstance(extensions, list) else [extensions]:
        if isinstance(one, dict) and isinstance(url := one.get("url"), str) and one.get("valueBoolean") is not False:
            found.add(_name(url))
    return found


def name_what_is_not_done(source: Source, node: Node, where: str) -> None:
    """Note every extension of a node that changes what it means and is not followed."""
    names = extension_names(node)
    for name in sorted(names & _INSTEAD.keys()):
        source.fault(where, _INSTEAD[name])
    if node.get("modifierExtension"):
        source.fault(where, "modifierExtension kan ändra betydelsen. Formuläret läses som om den inte fanns.")


def name_of_the_whole(source: Source, resource: Node) -> None:
    """Note what the head of a file says that is not followed."""
    name_what_is_not_done(source, resource, "formuläret")
    for key, message in _head(resource):
        source.fault(key, message)


def is_put(source: Source, node: Node, where: str, kind: ItemType) -> bool:
    """Whether an item is put to anybody; where it isn't, why not is noted."""
    names = extension_names(node)
    is_locked = node.get("readOnly") is True and kind is not ItemType.DISPLAY
    kept = " Värdet i filen (initial) sparas." if node.get("initial") else ""
    if is_locked:
        source.fault(where, f"Frågan går inte att ändra (readOnly). Den ställs inte.{kept}")
    elif "hidden" in names:
        source.fault(where, f"Frågan är dold (hidden). Den ställs inte.{kept}")
    return not (is_locked or "hidden" in names or names.intersection(_COMPUTED))


def why_unanswerable(form: Questionnaire) -> str:
    """Return why a form can't be answered, empty where it can: then it must not be put to anybody."""
    put = [item for item in form.items if item.is_question and item.is_put]
    if all(_is_unanswerable(item) for item in put):
        return "Ingen av frågorna går att besvara."
    stuck = [item.link_id for item in put if item.required and _is_unanswerable(item)]
    if stuck:
        more = " med flera" if len(stuck) > 1 else ""
        return f"Fråga {stuck[0]}{more} måste besvaras, men har inget svar som tas emot."
    return ""


def _is_unanswerable(item: Item) -> bool:
    if item.type is ItemType.CHOICE and not item.choices:
        return True
    if isinstance(item.minimum, int | float) and isinstance(item.maximum, int | float) and item.minimum > item.maximum:
        return True
    most = len(item.choices) if item.repeats and item.type is ItemType.CHOICE else None
    most = 1 if not item.repeats else most
    return most is not None and item.least_answers > most


def _head(resource: Node) -> Iterator[tuple[str, str]]:
    status = resource.get("status")
    if status in _RETIRED:
        yield "status", f"Formuläret är märkt {status}: det ska inte längre användas. Det läses ändå."
    for key in ("derivedFrom", "implicitRules"):
        if resource.get(key):
            yield key, f"{key} följs inte: bara det som står i filen läses."
    subjects = resource.get("subjectType")
    if isinstance(subjects, list) and subjects and "Patient" not in subjects:
        yield "subjectType", "Formuläret gäller inte en patient (subjectType). Det läses som om det gjorde det."


def _name(url: str) -> str:
    last = url.lower().rstrip("/").rpartition("/")[2].partition("|")[0]
    for prefix in _PREFIXES:
        last = last.removeprefix(prefix)
    return last
