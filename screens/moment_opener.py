"""What an app offers in which the page of a moment can be opened from anywhere."""

from __future__ import annotations

from abc import abstractmethod
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from screens.store_client import StoreClient


class OpensMoments:
    """An app with a way to the store, in which the page of a moment can be opened over any other."""

    client: StoreClient

    @abstractmethod
    def open_moment(self, moment: int) -> object:
        """Open the resident's page over what is on screen."""


class ShowsMoment:
    """A screen that is the page of a moment."""

    @property
    @abstractmethod
    def moment_shown(self) -> int:
        """Which one."""
