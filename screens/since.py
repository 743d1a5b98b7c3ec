"""*Senast du var här*: what the strip says to who comes seldom."""

from screens.shown_keys import keyed
from screens.wording import plural, short_day
from store.views.since import Since


def since_words(since: Since) -> str:
    """Return when that was, what has happened since, and the key to what comes next; it names nobody."""
    counts = (
        (since.answers, "svar", "svar"),
        (since.messages, "meddelande", "meddelanden"),
        (since.flags, "ny flagga", "nya flaggor"),
        (since.moments, "moment nytt hos dig", "moment nya hos dig"),
    )
    told = [plural(count, one, many) for count, one, many in counts if count]
    what = ", ".join(told) or "inget nytt hos dina invånare"
    way = "Tryck {main.todo.1}: Att göra visar vad som väntar nu. {app.strip} stänger raden."
    return keyed(f"Senast du var här: {short_day(since.last)}. Sedan dess: {what}. {way}")
