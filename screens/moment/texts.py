"""What stands behind every `ⓘ`, and the explanation of *HANTERA HÄNDELSER*. The words are ours (domain.md §4)."""

from store.people.channels import CHANNELS

LAST_ACTIVE = (
    "Senast aktiv är dagen då invånaren, eller ett ombud för invånaren, senast gjorde något i programmet: läste ett "
    "steg, besvarade ett formulär, skrev ett meddelande eller markerade en aktivitet. Det som du och andra behandlare "
    "gör räknas inte.\n\n"
    "Ingen aktivitet betyder att inget är gjort ännu. Det kan bero på att invånaren inte har loggat in."
)
_WAYS = ", ".join(f"som {channel.word}" for channel in CHANNELS.values())
MOBILE = (
    "Mobilnumret kommer från invånarens egna inställningar i 1177, och det är där invånaren ändrar det. Är invånaren "
    "manuellt angiven skrevs numret in när momentet startades.\n\n"
    f"Invånaren väljer själv i 1177 om aviseringar ska komma {_WAYS} eller inte alls. Här står det när "
    "ingen avisering når fram. En avisering säger bara att det finns något att läsa, aldrig vad det handlar om."
)
HANDLING = (
    "Här står det som väntar på dig i momentet.\n\n"
    "Öppna ett formulär med {forms.open} för att se varje svar. När du som ansvarig behandlare har öppnat det är det "
    "hanterat och försvinner härifrån. Det finns kvar i historiken: gå till Tidslinje och filtrera på Formulär. Det "
    "som kön leder vidare till är oläst tills du markerar eller hanterar det.\n\n"
    "Markera som läst ({forms.read}) hanterar formuläret utan att öppna det. Oläst igen ({forms.unread}) ångrar. Läst "
    "gäller momentet, inte dig: det en kollega har läst åt dig är läst.\n\n"
    "Ett oläst eller obesvarat meddelande öppnas med {messages.open} och besvaras på fliken Meddelanden, där det nya "
    "är märkt med ●.\n\n"
    "En prioriterad flagga försvinner aldrig av att ett formulär öppnas. Den hanteras för sig, med en anteckning om "
    "vad som har gjorts."
)
