"""What the app asks of its screens, and a screen of its tabs: classes to inherit from, so that mypy sees who has what.

The methods are abstract. A screen that declares one of these classes and misspells its method fails mypy where it is
made, or where it is marked `@final`. (`Protocol` and `ABC` bring a metaclass of their own: Textual's widgets have one.)
"""

from __future__ import annotations

from abc import abstractmethod


class FollowsChanges:
    """A screen or tab that shows what others on the unit may change."""

    @abstractmethod
    async def changed(self) -> None:
        """Read again: something on the unit has changed, or the database is gone, or back."""


class KeepsDrafts:
    """A screen on which something is written that is to outlive it."""

    @abstractmethod
    async def keep_drafts(self) -> bool:
        """Save what is written; returns whether it is safe."""


class HidesNumbers:
    """A screen that shows personnummer."""

    @abstractmethod
    async def masking_changed(self, hidden: bool) -> None:
        """Hide the personnummer, or show them again."""


class NamesResident:
    """A box that names a resident over whatever it was opened from; it goes when that may no longer be seen."""

    @property
    @abstractmethod
    def moment_named(self) -> int | None:
        """The moment that it is about, None where it is about none."""

    @property
    @abstractmethod
    def is_busy(self) -> bool:
        """Whether something is being carried out, whose outcome would not be seen."""


class HoldsUnsaved:
    """A screen or tab with fields that only its own saving keeps."""

    @property
    @abstractmethod
    def is_typed_in(self) -> bool:
        """Whether something stands written that is not saved."""


class ShowsResidentsSide(FollowsChanges):
    """A page of the resident's side. Who looks at it over a moment's page still works on the moment."""

    @property
    @abstractmethod
    def about(self) -> str:
        """What the help says of the page; a key stands in it as its command's id in braces."""


class TabContent(FollowsChanges):
    """What a tab of the top level holds."""

    @abstractmethod
    def enter(self) -> None:
        """Take the focus."""


class OpensAnew(TabContent):
    """A tab whose every opening is logged by itself."""

    @abstractmethod
    def opened_again(self) -> None:
        """Read anew: somebody has come back to the tab."""


class ShowsAll:
    """A tab that may show all that waits, or a part of it."""

    @property
    @abstractmethod
    def shows_all(self) -> bool:
        """Whether nothing that waits is left out."""


class AwaitsPerson:
    """A screen that stands until somebody has said who is there: of the app's commands only closing it works."""


class CoversAll(AwaitsPerson):
    """The lock: no notification shows on it either."""

    @abstractmethod
    def ask(self, question: str) -> None:
        """Show a question that names nobody, where a notification would have."""


class ClosesFreely:
    """A box that waits for no answer, as the help: whatever leads elsewhere may close it."""


class HasOwnHelp:
    """A part that explains itself: while it has the focus, the keys of the help and of the commands are its own."""
