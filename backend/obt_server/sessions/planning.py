"""Which pairs of model and client can be run, and why the others cannot. Pure."""

import random
from collections.abc import Iterable, Mapping, Sequence

from obt_core.jobs import JobError
from obt_core.models import InstalledModel
from obt_core.operations import Allowed
from obt_core.suites import Suite
from obt_server.clients.schemas import ClientView
from obt_server.clients.versions import Release
from obt_server.jobs.handshake import refusal
from obt_server.jobs.schemas import PlannedJob, SkipReason
from obt_server.sessions.fitting import is_too_large, memory_of

Pair = tuple[str, str]
"""A client's ID, and the name of a model."""


def plan(
    wanted: Mapping[str, Sequence[str]],
    clients: Iterable[ClientView],
    installed: Mapping[Pair, InstalledModel],
    suite: Suite,
    order_seed: int,
) -> list[PlannedJob]:
    """Return one job for each pair, client by client; `wanted` names the models of each client, by its ID.

    On every client the models take turns in an order of its own, shuffled by the seed: what drifts while they are
    measured (heat, other work) does not always meet the same one.
    """
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
        for names in [list(dict.fromkeys(wanted.get(client.id, ())))]
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
    if reason := _why_not_there(client) or _why_not_measured(client, model):
        return reason, None
    system = client.machine.os if client.machine else ""
    release = Release(client.client_version, client.protocol_version, client.server_protocol_min)
    refused = refusal(suite, release, system)
    return (refused.reason, refused.error) if refused else (None, None)


def _why_not_there(client: ClientView) -> SkipReason | None:
    """What its owner, or whoever drained it, does not want."""
    if client.allows is Allowed.NOTHING:
        return SkipReason.NOT_ALLOWED
    return SkipReason.DRAINED if client.drained_at is not None else None


def _why_not_measured(client: ClientView, model: InstalledModel | None) -> SkipReason | None:
    if model is None:
        return SkipReason.NOT_INSTALLED
    if model.cloud:
        return SkipReason.CLOUD_MODEL
    if model.is_embedding_only():
        return SkipReason.EMBEDDINGS_ONLY
    return SkipReason.DOES_NOT_FIT if is_too_large(model, memory_of(client)) else None
