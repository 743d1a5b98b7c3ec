"""How a sending can fail. A sending that returns was accepted; what became of it after that, nobody tells us."""


class DeliveryFault(Exception):
    """A sending that was not accepted. `reason` is a short Swedish phrase that names nobody and no address."""

    def __init__(self, reason: str) -> None:
        """Take the phrase; it follows a colon, so it has neither capital nor full stop."""
        self.reason = reason
        super().__init__(reason)


class Undeliverable(DeliveryFault):
    """This recipient can't be reached, today or later."""


class TryLater(DeliveryFault):
    """Another attempt may succeed, or nobody knows whether this one did."""


class ChannelDown(DeliveryFault):
    """Nothing gets through this way, whoever it is for: the channel is left alone for the rest of the run."""

    def __init__(self, reason: str, mend: str) -> None:
        """Take the phrase, and a whole sentence on what the operator can do."""
        self.mend = mend
        super().__init__(reason)
