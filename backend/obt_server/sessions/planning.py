"""Which pairs of model and client can be run, and why the others cannot. Pure."""

import random
from collections.abc import Iterable, Mapping

from obt_core.jobs import JobError
from obt_core.models import InstalledModel
from obt_core.suites import Suite
from obt_server.clients.schemas import ClientView
from obt_server.clients.versions import Release
from obt_server.jobs.handshake import refusal
from obt_server.jobs.schemas import PlannedJob, SkipReason


def plan(
    models: Iterable[str],
    clients: Iterable[ClientView],
    installed: Mapping[tuple[str, str], InstalledModel],
    suite: Suite,
    order_seed: int,
) -> list[PlannedJob]:
    """Return one job for each pair, client by client; a pair named twice is run once.

    On every client the models take turns in an order of its own, shuffled by the seed: what drifts while they are
    measured (heat, other work) does not always meet the same one.
    """
    names = list(dict.fromkeys(models))
    return [
        PlannedJob(
            client_id=client.id,
            turn=turns[name],
            order_seed=order_seed,
            model=name,
            model_digest=model.digest if model else None,
            skip_reason=reason,
            error=error,
        )
        for client in clients
        for turns in [_turns(names, f"{order_seed} {client.id}")]
        for name in names
        for model in [installed.get((client.id, name))]
        for reason, error in [why_impossible(client, model, suite)]
    ]


def _turns(names: Iterable[str], seed: str) -> dict[str, int]:
    shuffled = sorted(names)
    random.Random(seed).shuffle(shuffled)  # noqa: S311 - an order that can be had again, no secret
    return {name: turn for turn, name in enumerate(shuffled)}


def why_impossible(
    client: ClientView, model: InstalledModel | None, suite: Suite
) -> tuple[SkipReason | None, JobError | None]:
    """Return why this model cannot be measured there, None if nothing speaks against it; and a sentence, if it helps.

    An offline client is no reason: its job waits for it.
    """
    if reason := _why_not_measured(client, model):
        return reason, None
    system = client.hardware.os if client.hardware else ""
    release = Release(client.client_version, client.protocol_version, client.server_protocol_min)
    refused = refusal(suite, release, system)
    return (refused.reason, refused.error) if refused else (None, None)


def _why_not_measured(client: ClientView, model: InstalledModel | None) -> SkipReason | None:
    if model is None:
        return SkipReason.NOT_INSTALLED
    if model.cloud:
        return SkipReason.CLOUD_MODEL
    if model.is_embedding_only():
        return SkipReason.EMBEDDINGS_ONLY
    memory_bytes = _memory_bytes(client)
    return SkipReason.DOES_NOT_FIT if memory_bytes is not None and model.size_bytes > memory_bytes else None


def _memory_bytes(client: ClientView) -> int | None:
    """All memory that could hold a model's weights: the machine's and its GPUs' own."""
    if client.hardware is None or client.hardware.memory_bytes is None:
        return None
    return client.hardware.memory_bytes + sum(gpu.memory_bytes or 0 for gpu in client.hardware.gpus)
