"""What the doctor says: a topic, how it stands, and what to do where it does not stand well."""

from dataclasses import dataclass
from enum import StrEnum


class Level(StrEnum):
    """How a topic stands. A problem keeps something from working; a warning makes results less than they could be."""

    OK = "ok"
    WARNING = "warning"
    PROBLEM = "problem"


class Topic(StrEnum):
    """What is looked at, in the order in which it is told. Programs may rely on these names."""

    OLLAMA = "ollama"
    MODELS = "models"
    OLLAMA_SETTINGS = "ollama_settings"
    ENROLMENT = "enrolment"
    SERVER = "server"
    KEY = "key"
    SERVER_CLOCK = "server_clock"
    SERVICE = "service"
    CLOCK = "clock"
    STAMPS = "stamps"
    DATA = "data"
    PRIVACY = "privacy"
    ROOM = "room"
    OUTBOX = "outbox"
    DEAD_LETTERS = "dead_letters"
    HARDWARE = "hardware"
    GPU = "gpu"
    POWER = "power"
    LOAD = "load"
    MEMORY = "memory"
    TELEMETRY = "telemetry"
    ENERGY = "energy"


TITLES = {
    Topic.OLLAMA: "Ollama",
    Topic.MODELS: "Models",
    Topic.OLLAMA_SETTINGS: "Its settings",
    Topic.ENROLMENT: "Enrolment",
    Topic.SERVER: "Server",
    Topic.KEY: "Key",
    Topic.SERVER_CLOCK: "Server's clock",
    Topic.SERVICE: "Service",
    Topic.CLOCK: "Clock",
    Topic.STAMPS: "Time stamps",
    Topic.DATA: "Data folder",
    Topic.PRIVACY: "Permissions",
    Topic.ROOM: "Disk",
    Topic.OUTBOX: "Outbox",
    Topic.DEAD_LETTERS: "Dead letters",
    Topic.HARDWARE: "Hardware",
    Topic.GPU: "GPU",
    Topic.POWER: "Power",
    Topic.LOAD: "Other load",
    Topic.MEMORY: "Memory",
    Topic.TELEMETRY: "Telemetry",
    Topic.ENERGY: "Energy",
}
"""How a person reads a topic."""


@dataclass(frozen=True, slots=True)
class Finding:
    """What was found, in one sentence, and in another what to do; the second is empty where all is well."""

    topic: Topic
    level: Level
    told: str
    todo: str = ""


def ok(topic: Topic, told: str) -> Finding:
    """All is well, or nothing can be done about it."""
    return Finding(topic, Level.OK, told)


def warning(topic: Topic, told: str, todo: str) -> Finding:
    """Results are less than they could be."""
    return Finding(topic, Level.WARNING, told, todo)


def problem(topic: Topic, told: str, todo: str) -> Finding:
    """Something does not work."""
    return Finding(topic, Level.PROBLEM, told, todo)
