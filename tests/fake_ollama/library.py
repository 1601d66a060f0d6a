"""What can be pulled: a registry beside the fake, whose layers come as fast as it is told."""

import asyncio
import hashlib
import json
from collections.abc import AsyncGenerator, Mapping
from dataclasses import dataclass, field
from typing import cast

from tests.fake_ollama.faults import Fault, FaultKind
from tests.fake_ollama.generation import StreamEndError
from tests.fake_ollama.models import FakeModel, full_name

TICK_S = 0.02
Line = dict[str, object]


@dataclass(frozen=True, slots=True)
class Pullable:
    """A model of the registry: the sizes of its layers in bytes, and how many bytes come a second."""

    model: FakeModel = field(default_factory=FakeModel)
    layers: tuple[int, ...] = (1_000_000, 500)
    bytes_per_s: float = 1e9

    @classmethod
    def from_json(cls, plain: Mapping[str, object]) -> "Pullable":
        """Read one from JSON. Raises TypeError for a field that it does not know."""
        model = FakeModel.from_json(cast("Mapping[str, object]", plain.get("model", {})))
        layers = tuple(cast("list[int]", plain.get("layers", [1_000_000, 500])))
        return cls(model, layers, float(cast("float", plain.get("bytes_per_s", 1e9))))

    def as_json(self) -> Line:
        """All fields, for `/_fake/pullable`."""
        return {"model": self.model.as_json(), "layers": list(self.layers), "bytes_per_s": self.bytes_per_s}


class Library:
    """The registry by name, and what of each layer is here already: a pull that was cut goes on from there."""

    def __init__(self) -> None:
        self._models: dict[str, Pullable] = {}
        self.here: dict[str, int] = {}

    def put(self, pullable: Pullable) -> None:
        """Offer a model."""
        self._models[pullable.model.name] = pullable

    def find(self, name: str) -> Pullable | None:
        """Look a model up, with or without its tag."""
        return self._models.get(full_name(name))

    async def lines(self, name: str) -> AsyncGenerator[Line]:
        """The lines of a pull, as Ollama writes them; the last one tells an error or success."""
        yield {"status": "pulling manifest"}
        if (pullable := self.find(name)) is None:
            yield {"error": "pull model manifest: file does not exist"}
            return
        for number, size in enumerate(pullable.layers):
            async for line in self._layer(pullable, number, size):
                yield line
        for status in ("verifying sha256 digest", "writing manifest", "success"):
            yield {"status": status}

    async def _layer(self, pullable: Pullable, number: int, size: int) -> AsyncGenerator[Line]:
        digest = f"sha256:{hashlib.sha256(f'{pullable.model.name} {number}'.encode()).hexdigest()}"
        done = float(self.here.get(digest, 0))
        line: Line = {"status": f"pulling {digest[7:19]}", "digest": digest, "total": size}
        yield {**line, "completed": int(done)} if done else line  # Go leaves a zero out
        while done < size:
            await asyncio.sleep(TICK_S)
            done = min(float(size), done + pullable.bytes_per_s * TICK_S)
            self.here[digest] = int(done)
            yield {**line, "completed": int(done)}


async def with_fault(lines: AsyncGenerator[Line], fault: Fault | None) -> AsyncGenerator[bytes]:
    """Write the lines, until a fault has its turn. Raises StreamEndError where the connection ends with it."""
    count = 0
    async for line in lines:
        if fault is not None and count >= fault.after_chunks:
            match fault.kind:
                case FaultKind.ERROR_LINE:
                    yield _written({"error": fault.message})
                    return
                case FaultKind.CUT:
                    raise StreamEndError("reset", "cut")
                case FaultKind.CLOSE:
                    raise StreamEndError("close", "cut")
                case FaultKind.HANG_MID_STREAM:
                    await asyncio.Event().wait()
                case FaultKind.NO_DONE:
                    return
                case _:
                    pass
        count += 1
        yield _written(line)


def _written(line: Line) -> bytes:
    return json.dumps(line, separators=(",", ":")).encode() + b"\n"
