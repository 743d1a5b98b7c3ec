"""Why a practice environment can't be opened or made where it was asked for."""

from store.foundation.errors import Refused


class NotPractice(Refused):
    """The store is a real one."""

    def __init__(self) -> None:
        super().__init__("Databasen är ingen övningsmiljö. Ange en annan plats för övningsmiljön.", field="store")


class StoreExists(Refused):
    """There is a practice store already."""

    def __init__(self) -> None:
        super().__init__("Det finns redan en övningsmiljö där. Nollställ den om den ska göras om.", field="store")
