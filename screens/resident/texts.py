"""What the resident's side says, in plain Swedish."""

from store.care.moments import MomentStatus

LOOKING = "Så här ser invånaren sidan. Här går inget att ändra, och att du tittar loggas."
NOTHING_NEW = "Inget nytt just nu."
NO_PROGRAM = "Du har inget program just nu. När din behandlare startar ett program syns det här."
GONE = "Sidan går inte längre att visa. {resident.back} går tillbaka."
SIGNED_OUT = "Du är utloggad: personnumret finns inte längre i övningsmiljön. Stäng med {app.quit} och öppna igen."

STATUS = {
    MomentStatus.RUNNING: "",
    MomentStatus.MAINTENANCE: (
        "Programmet är i vidmakthållande läge. Du kan läsa allt igen, men inte svara på formulär, skriva meddelanden, "
        "markera aktiviteter eller ändra säkerhetsplanen."
    ),
    MomentStatus.ENDED: (
        "Programmet är avslutat. Du kan läsa meddelanden, aktiviteter och säkerhetsplan, men inte modulerna, och inget "
        "går att fylla i eller skriva."
    ),
}
"""What can no longer be done."""

DANGER = "Svaren läses av din behandlare, men inte genast. Är det akut fara för liv: ring 112."
WRITTEN = "Meddelandet är skickat."
HANDED_IN = "Formuläret är skickat. Tack!"
KEPT = "Det du har skrivit är kvar här tills du stänger appen, men det är inte skickat."
PLAN_SAVED = "Säkerhetsplanen är sparad."
MARKED = "Det är sparat."

HELP = (
    "Frågar du om innehållet i programmet? Skriv ett meddelande till din behandlare.",
    "Får du ingen hjälp här? Ring 0770 - 72 00 00, alla dagar 06.00–22.00, eller gå till 1177.se och välj Support "
    "e-tjänster.",
    "Här läses meddelanden inte genast. Ring 1177 för råd om vård, och 112 om det är fara för liv.",
)
"""On the help of every page (domain.md §10)."""
