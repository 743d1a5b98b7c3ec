"""What a list tells its owner. Handlers are named after the list, as `on_paged_list_opened`."""

from __future__ import annotations

from collections.abc import Hashable
from typing import TYPE_CHECKING, Any

from textual.message import Message

if TYPE_CHECKING:
    from screens.widgets.list_pane import ListPane


class ListMessage(Message, namespace="paged_list"):
    """Something happened in a list."""

    def __init__(self, paged_list: ListPane[Any]) -> None:
        """Say which list."""
        super().__init__()
        self.paged_list = paged_list

    @property
    def control(self) -> ListPane[Any]:
        """The list, for `@on` with a selector."""
        return self.paged_list


class Opened(ListMessage, namespace="paged_list"):
    """A row was opened by Enter or the mouse."""

    def __init__(self, paged_list: ListPane[Any], row_id: Hashable) -> None:
        """Say which row."""
        super().__init__(paged_list)
        self.row_id = row_id


class Highlighted(ListMessage, namespace="paged_list"):
    """The cursor stands on another row; `None`: on none, or on one that is still being read."""

    def __init__(self, paged_list: ListPane[Any], row_id: Hashable | None) -> None:
        """Say which row."""
        super().__init__(paged_list)
        self.row_id = row_id


class HeadingAction(ListMessage, namespace="paged_list"):
    """A heading's action was chosen; `section` is the key of the section with that heading."""

    def __init__(self, paged_list: ListPane[Any], section: Hashable) -> None:
        """Say which section."""
        super().__init__(paged_list)
        self.section = section


class Failed(ListMessage, namespace="paged_list"):
    """Rows could not be read; those that were read before stay."""

    def __init__(self, paged_list: ListPane[Any], error: Exception) -> None:
        """Say why."""
        super().__init__(paged_list)
        self.error = error


class Loaded(ListMessage, namespace="paged_list"):
    """The sections were read, for the first time or again."""
