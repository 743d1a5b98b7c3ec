"""Kept counts against a recount: which moments, conversations and headings say another number than there is."""

from store.foundation.connection import Connection

_OF = "resident_id = m.resident_id AND moment_id = m.id"
_OPEN = f"FROM flag WHERE {_OF} AND handled_at IS NULL"
_WRONG_MOMENTS = (
    "SELECT m.id FROM moment m JOIN resident r ON r.id = m.resident_id WHERE"
    " m.sort_name <> CASE r.protection WHEN '' THEN r.sort_name ELSE '~' END"
    f" OR coalesce(m.last_active_at, 0) <> (SELECT coalesce(max(at), 0) FROM event WHERE {_OF}"
    "   AND actor_kind IN ('invånare', 'ombud'))"
    f" OR m.unread_messages <> (SELECT count(*) FROM message WHERE {_OF} AND sender = 'invanare' AND read_at IS NULL)"
    " OR (m.status = 'avslutat') <> (m.ended_at IS NOT NULL)"
    f" OR (m.status = 'avslutat' AND EXISTS (SELECT 1 FROM notice WHERE {_OF} AND state = 'vantar'"
    "   AND kind IN ('program-startat', 'paminnelse')))"
    f" OR m.drafts <> (SELECT count(*) FROM draft WHERE {_OF})"
    f" OR m.unread_forms <> (SELECT count(*) FROM formanswer WHERE {_OF} AND read_at IS NULL)"
    f" OR m.open_flags <> (SELECT count(*) {_OPEN})"
    f" OR m.priority_flags <> (SELECT count(*) {_OPEN} AND severity = 'prioriterad')"
    " OR m.severity_rank <> (SELECT coalesce(min(CASE severity WHEN 'prioriterad' THEN 0 WHEN 'varning' THEN 1"
    f"   ELSE 2 END), 3) {_OPEN})"
    " OR coalesce(m.oldest_unanswered_at, 0) <> (SELECT coalesce(min(unanswered_at), 0) FROM conversation"
    f"   WHERE {_OF})"
)
_IN = "resident_id = c.resident_id AND moment_id = c.moment_id AND conversation_id = c.id"
_WRONG_CONVERSATIONS = (
    "SELECT DISTINCT c.moment_id FROM conversation c WHERE"
    f" c.unread <> (SELECT count(*) FROM message WHERE {_IN} AND sender = 'invanare' AND read_at IS NULL)"
    f" OR c.latest_at <> (SELECT coalesce(max(sent_at), c.latest_at) FROM message WHERE {_IN})"
    " OR coalesce(c.unanswered_at, 0) <> (SELECT coalesce(min(t.sent_at), 0) FROM message t"
    "   WHERE t.resident_id = c.resident_id AND t.moment_id = c.moment_id AND t.conversation_id = c.id"
    f"  AND t.sender = 'invanare' AND NOT EXISTS (SELECT 1 FROM message s WHERE s.{_IN.replace(' AND ', ' AND s.')}"
    "   AND s.sender <> 'invanare' AND (s.sent_at, s.id) > (t.sent_at, t.id)))"
)
_KEYS = "unit_id, responsible_id, program, status"
_WRONG_HEADINGS = (
    f"SELECT unit_id FROM (SELECT {_KEYS}, number FROM momentcount UNION ALL"
    f" SELECT {_KEYS}, -count(*) AS number FROM moment GROUP BY {_KEYS}) AS counted"
    f" GROUP BY {_KEYS} HAVING sum(number) <> 0"
)


def miscounted_moments(db: Connection) -> list[int]:
    """Return the moments that keep something else than is there, and those with conversations that do, in order."""
    return sorted({*db.values(_WRONG_MOMENTS), *db.values(_WRONG_CONVERSATIONS)})


def miscounted_units(db: Connection) -> list[int]:
    """Return the units with a heading that keeps another number of moments than it has, in order."""
    return sorted(set(db.values(_WRONG_HEADINGS)))
