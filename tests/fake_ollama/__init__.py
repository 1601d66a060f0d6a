"""A programmable Ollama over a real socket: known times, faults on demand, its own record of what it wrote when.

In a test: `async with FakeOllama([FakeModel("tiny", ttft_ms=50)]) as fake: ... fake.url`.
As a process of its own: `async with FakeOllamaProcess([...]) as fake`, or `python -m tests.fake_ollama --help`.
"""

from tests.fake_ollama.faults import Fault, FaultKind
from tests.fake_ollama.library import Pullable
from tests.fake_ollama.models import FakeModel
from tests.fake_ollama.process import FakeOllamaProcess
from tests.fake_ollama.record import Record, RequestRecord, WrittenChunk
from tests.fake_ollama.server import FakeOllama

__all__ = [
    "FakeModel",
    "FakeOllama",
    "FakeOllamaProcess",
    "Fault",
    "FaultKind",
    "Pullable",
    "Record",
    "RequestRecord",
    "WrittenChunk",
]
