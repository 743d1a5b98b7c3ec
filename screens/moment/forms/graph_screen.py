"""The page of a moment's graph, with keys that show a part of its time."""

from __future__ import annotations

from typing import ClassVar

from textual.binding import Binding, BindingType

from screens.moment.document_screen import DocumentScreen
from screens.moment.forms.graph_document import GraphDocument
from screens.queue.walk import Walk
from screens.store_client import StoreClient
from screens.whom import Whom


class GraphScreen(DocumentScreen):
    """A moment's scores, nights and marks over its whole time, or over some weeks of it."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("z", "zoom(1)", "Zooma\xa0in", id="graph.closer", tooltip="Visa hälften av tiden, den senaste först."),
        Binding("Z", "zoom(-1)", "Zooma\xa0ut", id="graph.farther", tooltip="Visa dubbelt så lång tid."),
        Binding("less_than_sign", "turn(-1)", "Tidigare", id="graph.earlier", tooltip="Visa tiden före."),
        Binding("greater_than_sign", "turn(1)", "Senare", id="graph.later", tooltip="Visa tiden efter."),
    ]

    def __init__(
        self, client: StoreClient, moment_id: int, origin: str, *, whom: Whom, walk: Walk | None = None
    ) -> None:
        """Show a moment's graph; `origin` is whose it is, as the way back names it."""
        self.graph = GraphDocument(client, moment_id)
        super().__init__(client, moment_id, self.graph, origin, whom=whom, walk=walk)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer what leads to another part of the time."""
        if action == "zoom":
            return self.graph.can_zoom(int(str(parameters[0])))
        if action == "turn":
            return self.graph.can_turn(int(str(parameters[0])))
        return super().check_action(action, parameters)

    def action_zoom(self, steps: int) -> None:
        """Show half of the time, or twice as much."""
        self.graph.zoom(steps)
        self._shown()

    def action_turn(self, steps: int) -> None:
        """Show the time before or after."""
        self.graph.turn(steps)
        self._shown()

    def _shown(self) -> None:
        self.graph.show()
        self.show_title()
        self.refresh_bindings()
