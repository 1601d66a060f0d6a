"""Installed models as a browser gets them: what is the same on many clients is told once."""

from obt_core.wire import WireModel


class ModelHolder(WireModel):
    """A client that is not archived. Whether it is there, and what is in its memory, the live socket tells."""

    id: str
    name: str


class ModelOnClients(WireModel):
    """A model as one or more clients have it: the same name, digest and details (`obt_core.models.InstalledModel`).

    `clients` holds places in `Models.clients`. Beside each stands in `modified_at_s` when its file was last changed,
    in whole seconds since 1970; None where it was not told.
    """

    name: str
    digest: str
    size_bytes: int
    family: str | None
    parameter_size: str | None
    parameter_count: int | None
    quantization: str | None
    context_length: int | None
    capabilities: list[str]
    cloud: bool
    clients: list[int]
    modified_at_s: list[int | None]


class Models(WireModel):
    """Every model on every client that is not archived: models by name, clients by name."""

    clients: list[ModelHolder]
    models: list[ModelOnClients]
