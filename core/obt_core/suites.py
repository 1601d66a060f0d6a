"""A suite: what to measure. Versioned by the hash of its content."""

import hashlib
import json
import tomllib
from functools import cache
from importlib import resources
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from obt_core.wire import Label, Message, Slug, WireModel


class TextPrompt(WireModel):
    """A prompt as a person would write it. A nonce is put before it, so that no cache serves it."""

    kind: Literal["text"] = "text"
    text: str = Field(min_length=1, max_length=200_000, pattern=r"^[^\x00]*$")


class SyntheticPrompt(WireModel):
    """A prompt of about so many tokens for the model at hand, made of common words after a nonce."""

    kind: Literal["synthetic"] = "synthetic"
    tokens: int = Field(ge=8, le=1_000_000)


Prompt = Annotated[TextPrompt | SyntheticPrompt, Field(discriminator="kind")]


class Workload(WireModel):
    """One kind of request: what is asked, how much is generated, how many at once, how often.

    `cold` unloads the model before every sample, so that its load is measured. Sampling ends after `samples`
    requests, or after `budget_s` seconds if that comes first.
    """

    name: Slug
    purpose: Message = ""
    prompt: Prompt
    generate_tokens: int = Field(ge=1, le=65_536)
    endpoint: Literal["chat", "generate"] = "chat"
    concurrency: int = Field(default=1, ge=1, le=64)
    cold: bool = False
    samples: int = Field(ge=1, le=10_000)
    budget_s: float = Field(ge=1, le=86_400)

    @model_validator(mode="after")
    def _cold_means_alone(self) -> Self:
        if self.cold and self.concurrency > 1:
            raise ValueError("a cold workload has a concurrency of 1: a model is loaded by one request")
        return self


class ModelOptions(WireModel):
    """Options of Ollama that are always set, since its defaults change with memory and version."""

    num_ctx: int = Field(default=2048, ge=64, le=4_194_304)
    temperature: float = Field(default=0.0, ge=0, le=5)
    seed: int = Field(default=1, ge=0, le=2**31 - 1)
    think: bool = False
    keep_alive_s: int = Field(default=300, ge=1, le=86_400)


class Suite(WireModel):
    """Workloads with the options they share. `warmup_max` bounds the requests before the first sample."""

    name: Slug
    title: Label
    description: Message = ""
    workloads: tuple[Workload, ...] = Field(min_length=1, max_length=50)
    options: ModelOptions = ModelOptions()
    warmup_max: int = Field(default=5, ge=1, le=50)
    request_timeout_s: float = Field(default=300, ge=1, le=86_400)

    @model_validator(mode="after")
    def _workload_names_differ(self) -> Self:
        names = [workload.name for workload in self.workloads]
        if repeated := sorted({name for name in names if names.count(name) > 1}):
            raise ValueError(f"workload names must differ; repeated: {', '.join(repeated)}")
        return self

    def hash(self) -> str:
        """SHA-256 of all that changes a measurement; titles and explanations do not.

        Defaults are left out, so that a field added later (its default: today's behaviour) keeps the hash of every
        suite that does not use it. A default is therefore never changed.
        """
        content = self.model_dump(
            mode="json",
            exclude_defaults=True,
            exclude={"title": True, "description": True, "workloads": {"__all__": {"purpose"}}},
        )
        return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()

    def samples_planned(self) -> int:
        """How many measured requests the suite makes of one model when no budget cuts it short."""
        return sum(workload.samples for workload in self.workloads)

    def budget_s(self) -> float:
        """The longest time that sampling one model may take, in seconds, without warm-up and loading."""
        return sum(workload.budget_s for workload in self.workloads)


def parse_suite(text: str) -> Suite:
    """Read a suite from TOML. Raises tomllib.TOMLDecodeError or pydantic.ValidationError, which name the place."""
    return Suite.model_validate(tomllib.loads(text))


@cache
def shipped_suites() -> tuple[Suite, ...]:
    """Return the suites that come with OBT, by name."""
    folder = resources.files("obt_core") / "shipped_suites"
    files = sorted((file for file in folder.iterdir() if file.name.endswith(".toml")), key=lambda file: file.name)
    return tuple(parse_suite(file.read_text("utf-8")) for file in files)
