"""XML as the platform's researchers read it: Inera's names where public scripts show them, the others ours (§11).

No prefixes, each element without others in it on a line of its own. `data/export/stodochbehandling.xsd` describes it.
"""

import re
from pathlib import Path
from typing import Self
from xml.sax.saxutils import escape

from store.care.export_choice import Identity
from store.export.records import About, Answered, Exported, Who
from store.export.words import NOTES, answers_of, at_text, clinician_name, part_of

NAMESPACE = "urn:riv:infrastructure:export:1"
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
"""Characters that XML 1.0 has no way to write."""
_MARKED = re.compile(f"[&<>\n\r{_FORBIDDEN.pattern[1:]}")
"""Finds what can't stand as it is: most texts can."""
_LINES = {"\n": "&#10;", "\r": "&#13;"}


class XmlFile:
    """An export as one XML file."""

    def __init__(self, path: Path, about: About) -> None:
        """Begin the file."""
        self._file = path.open("w", encoding="utf-8", newline="\n")
        self._about = about

    def __enter__(self) -> Self:
        """Write what stands first."""
        self._file.write('<?xml version="1.0" encoding="UTF-8"?>\n')
        self._file.write(f'<export xmlns="{NAMESPACE}">\n')
        self._file.write(_about(self._about))
        return self

    def __exit__(self, *error: object) -> None:
        """End the file."""
        with self._file:
            self._file.write("</export>\n")

    def write(self, exported: Exported) -> None:
        """Write a moment."""
        self._file.write("".join(("<processes>\n", *_process(self._about, exported), "</processes>\n")))


def _leaf(name: str, value: object) -> str:
    """Return an element that holds a text alone."""
    text = str(value)
    if _MARKED.search(text):
        text = escape(_FORBIDDEN.sub("", text), _LINES)
    return f"<{name}>{text}</{name}>\n"


def _some(name: str, value: object) -> str:
    """Return an element where there is something to say."""
    return "" if value in (None, "") else _leaf(name, value)


def _about(about: About) -> str:
    choice = about.choice
    parts = "".join(_leaf("part", part.value) for part in sorted(choice.parts))
    return (
        f"<about>\n{_leaf('exportedAt', at_text(about.at))}{_leaf('program', choice.program)}"
        f"{_leaf('status', choice.life.value)}{_leaf('identity', choice.identity.value)}"
        f"{_some('startedFrom', choice.first)}{_some('startedTo', choice.last)}{parts}"
        f"{_leaf('recipient', choice.recipient)}{_leaf('purpose', choice.purpose)}"
        f"{_leaf('moments', about.count.moments)}{_leaf('protected', about.count.protected)}"
        f"{_leaf('protectedAreIn', str(choice.reveals).lower())}{_some('note', NOTES[choice.identity])}</about>\n"
    )


def _process(about: About, exported: Exported) -> list[str]:
    row, version, unit = exported.row, about.versions[exported.row.version_id], about.unit
    found = [
        _leaf("number", exported.number),
        f"<treatment>\n{_leaf('program', version.program)}{_leaf('version', version.version)}"
        f"{_leaf('title', version.title)}{_leaf('status', row.status)}{_leaf('startedAt', at_text(row.started_at))}"
        f"{_some('endedAt', at_text(row.ended_at))}{_some('endReason', row.end_reason)}"
        f"{_some('lastActiveAt', at_text(row.last_active_at))}</treatment>\n",
        _resident(about.choice.identity, exported.who),
        f"<clinician>\n{_leaf('hsaId', row.clinician_hsa_id)}{_leaf('name', clinician_name(row))}</clinician>\n",
        f"<unit>\n{_leaf('hsaId', unit.hsa_id)}{_leaf('name', unit.name)}"
        f"{_leaf('careProviderHsaId', unit.provider_hsa_id)}{_leaf('careProviderName', unit.provider_name)}</unit>\n",
    ]
    found += (
        f"<linkedMoment>\n{_leaf('title', one.title)}{_leaf('status', one.status)}"
        f"{_leaf('startedAt', at_text(one.started_at))}{_some('endedAt', at_text(one.ended_at))}</linkedMoment>\n"
        for one in exported.linked
    )
    found += _events(exported)
    found += _plans(exported)
    found += (_form(one) for one in exported.answers)
    return found


def _resident(identity: Identity, who: Who) -> str:
    named = ""
    if identity is not Identity.SEX_AND_AGE:
        number = escape(who.number)
        named = (
            f"{_leaf('firstName', who.first_name)}{_leaf('lastName', who.last_name)}"
            f"<personId><id>{number}</id></personId>\n"
        )
    return (
        f"<resident>\n{named}{_some('sex', who.sex)}{_some('ageAtStart', who.age)}"
        f"{_some('protection', who.protection)}</resident>\n"
    )


def _events(exported: Exported) -> list[str]:
    found = [
        f"<event>\n{_leaf('at', at_text(one.at))}{_leaf('kind', one.kind)}{_leaf('actor', one.actor_kind)}"
        f"{_some('part', part_of(one))}</event>\n"
        for one in exported.events
    ]
    found += (
        f"<message>\n{_leaf('sentAt', at_text(one.sent_at))}{_leaf('sender', one.sender)}"
        f"{_some('readAt', at_text(one.read_at))}</message>\n"
        for one in exported.messages
    )
    found += (
        f"<flag>\n{_leaf('raisedAt', at_text(one.raised_at))}{_leaf('kind', one.kind)}"
        f"{_leaf('severity', one.severity)}{_some('handledAt', at_text(one.handled_at))}</flag>\n"
        for one in exported.flags
    )
    return found


def _plans(exported: Exported) -> list[str]:
    return [
        f"<activityPlan>\n{_leaf('title', plan.title)}{_leaf('madeAt', at_text(plan.made_at))}"
        f"{_some('endedAt', at_text(plan.ended_at))}{_some('followUpOn', plan.follow_up_on)}"
        f"{''.join(_activities(exported, plan.id))}</activityPlan>\n"
        for plan in exported.plans
    ]


def _activities(exported: Exported, plan: int) -> list[str]:
    found = []
    for one in exported.activities:
        if one.plan_id != plan:
            continue
        marks = "".join(
            f"<mark>\n{_leaf('day', mark.day)}{_leaf('done', 'true' if mark.done else 'false')}"
            f"{_some('note', mark.note)}</mark>\n"
            for mark in exported.marks
            if mark.activity_id == one.id
        )
        found.append(
            f"<activity>\n{_leaf('description', one.description)}{_leaf('startsOn', one.starts_on)}"
            f"{_some('at', one.at)}{_some('repeats', one.repeats)}{_some('removedOn', one.removed_on)}"
            f"{marks}</activity>\n"
        )
    return found


def _form(answered: Answered) -> str:
    answers = "".join(
        f"<answer>\n{_leaf('linkId', item.link_id)}{_leaf('question', item.text)}{_leaf('value', text)}"
        f"{_leaf('stored', str(value).lower() if isinstance(value, bool) else value)}</answer>\n"
        for item, value, text in answers_of(answered)
    )
    scores = "".join(
        f"<score>\n{_leaf('title', scale.title)}{_some('value', score.value)}{_leaf('maximum', score.maximum)}"
        f"{_some('band', score.band)}</score>\n"
        for scale, score in answered.scores
    )
    return (
        f"<form>\n{_leaf('group', 'matbatteri' if answered.is_battery else 'ovriga')}"
        f"{_leaf('formId', answered.form.id)}{_leaf('title', answered.form.title)}"
        f"{_leaf('answeredAt', at_text(answered.saved_at))}{answers}{scores}</form>\n"
    )
