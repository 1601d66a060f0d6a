"""An installed model as a browser sees it."""

from obt_core.models import InstalledModel
from obt_core.wire import WireModel
from obt_server.clients.presence import Presence


class ModelOnClient(InstalledModel):
    """One model on one client. `loaded`: in memory at the client's last heartbeat."""

    client_id: str
    client_name: str
    presence: Presence
    loaded: bool


class Models(WireModel):
    """Every model on every client that is not archived."""

    models: list[ModelOnClient]
