"""What the person at work has to do with *Jag tar den* in this terminal, so that the screen knows what is no news."""


class OwnClaims:
    """Whether flags were taken here, and which were given up here."""

    def __init__(self) -> None:
        """Know of none."""
        self.are_any = False
        """Whether a flag was taken since the sign-in: then they are given up at sign-out."""
        self.given_up: set[int] = set()
        """Flags that were given up here: their colleagues are told, the person knows."""

    def taken(self, flag: int) -> None:
        """Note that a flag was taken."""
        self.are_any = True
        self.given_up.discard(flag)
