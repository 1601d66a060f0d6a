"""Which pairs of model and client can be run, and why the others cannot. Pure."""

import random
from collections.abc import Iterable, Mapping

from obt_core.models import InstalledModel
from obt_server.clients.schemas import ClientView
from obt_server.jobs.schemas import PlannedJob, SkipReason


def plan(
    models: Iterable[str],
    clients: Iterable[ClientView],
    installed: Mapping[tuple[str, str], InstalledModel],
    order_seed: int,
) -> list[PlannedJob]:
    """Return one job for each pair, client by client; a pair named twice is run once.

    On every client the models take turns in an order of its own, shuffled by the seed: what drifts while they are
    measured (heat, other work) does not always meet the same one.
    """
    names = list(dict.fromkeys(models))
    return [
        _plan_pair(client, model, installed.get((client.id, model)), turns[model], order_seed)
        for client in clients
        for turns in [_turns(names, f"{order_seed} {client.id}")]
        for model in names
    ]


def _turns(names: Iterable[str], seed: str) -> dict[str, int]:
    shuffled = sorted(names)
    random.Random(seed).shuffle(shuffled)  # noqa: S311 - an order that can be had again, no secret
    return {name: turn for turn, name in enumerate(shuffled)}


def _plan_pair(client: ClientView, name: str, model: InstalledModel | None, turn: int, order_seed: int) -> PlannedJob:
    return PlannedJob(
        client_id=client.id,
        turn=turn,
        order_seed=order_seed,
        model=name,
        model_digest=model.digest if model else None,
        skip_reason=why_impossible(client, model),
    )


def why_impossible(client: ClientView, model: InstalledModel | None) -> SkipReason | None:
    """Return why this model cannot be measured there, None if nothing speaks against it.

    An offline client is no reason: its job waits for it.
    """
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
