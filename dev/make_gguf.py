"""Small llama models with random weights, written as GGUF: something to benchmark where no model can be pulled.

What they say means nothing, but it measures well: every token is a letter or a short word, so that Ollama streams one
chunk a token; the end of the sequence is never chosen, so that every request runs its full length; and after each
word comes another one, whatever the temperature, since Ollama ends a stream that says the same thirty times over.
"""

import argparse
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

import gguf
import numpy as np
from numpy.typing import NDArray

from dev.program import run_main

HEAD_WIDTH = 32
"""The CPU build of Ollama that the demo installs aborts on wider heads."""
CONTEXT_TOKENS = 8192
SPREAD = 0.05
"""Standard deviation of the weights: large enough to be noise, small enough not to overflow F16."""
ANCHOR = 4.0
FORBIDDEN = -20.0
"""Weight between the anchor channel and a token that must never be chosen."""
FOLLOWS = 40.0
"""Weight between a word's own channel and the word that comes after it."""
_SPACE = "\u2581"
"""How the llama tokenizer writes a space."""
_WORDS = (_SPACE, *"abcdefghijklmnopqrstuvwxyz", *(_SPACE + word for word in ("the", "of", "and", "to", "in")))
KEPT = 1 + len(_WORDS)
"""The channels at the start of the residual stream that no layer writes to."""


class Size(StrEnum):
    """How large a model is: `tiny` for tests, `medium` to see a difference between quantizations."""

    TINY = "tiny"
    SMALL = "small"
    MEDIUM = "medium"


class Quant(StrEnum):
    """How its weights are stored."""

    F16 = "f16"
    Q8_0 = "q8_0"


@dataclass(frozen=True)
class Shape:
    """Dimensions of a llama model."""

    layers: int
    heads: int
    feed_forward: int

    @property
    def width(self) -> int:
        """The width of the residual stream."""
        return self.heads * HEAD_WIDTH


SHAPES = {
    Size.TINY: Shape(layers=2, heads=2, feed_forward=128),
    Size.SMALL: Shape(layers=6, heads=8, feed_forward=704),
    Size.MEDIUM: Shape(layers=12, heads=24, feed_forward=2048),
}
_TYPES = {
    Quant.F16: (gguf.GGMLQuantizationType.F16, gguf.LlamaFileType.MOSTLY_F16),
    Quant.Q8_0: (gguf.GGMLQuantizationType.Q8_0, gguf.LlamaFileType.MOSTLY_Q8_0),
}

Weights = NDArray[np.float32]


@dataclass(frozen=True)
class Vocabulary:
    """The tokens with their kinds and scores; `unspeakable` counts those at its start that are never chosen."""

    tokens: list[str]
    kinds: list[gguf.TokenType]
    scores: list[float]
    unspeakable: int


def vocabulary() -> Vocabulary:
    """Return control tokens, one token for each byte (so that any prompt can be read), then letters and short words."""
    control = {"<unk>": gguf.TokenType.UNKNOWN, "<s>": gguf.TokenType.CONTROL, "</s>": gguf.TokenType.CONTROL}
    of_bytes = {f"<0x{byte:02X}>": gguf.TokenType.BYTE for byte in range(256)}
    kinds = {**control, **of_bytes, **dict.fromkeys(_WORDS, gguf.TokenType.NORMAL)}
    unspeakable = len(control) + len(of_bytes)
    scores = [0.0] * unspeakable + [-float(rank) for rank in range(len(_WORDS))]
    return Vocabulary(list(kinds), list(kinds.values()), scores, unspeakable)


def write_gguf(path: Path, size: Size, quant: Quant, *, seed: int = 0) -> None:
    """Write the model to `path`, whole or not at all. The same arguments give the same weights."""
    part = path.with_name(path.name + ".part")
    path.parent.mkdir(parents=True, exist_ok=True)
    writer = gguf.GGUFWriter(part, "llama")
    words = vocabulary()
    _describe(writer, SHAPES[size], words, f"obt-random-{size}", quant)
    for name, weights in _tensors(SHAPES[size], words, np.random.default_rng(seed)):
        _add(writer, name, weights, quant)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    part.replace(path)


def _describe(writer: gguf.GGUFWriter, shape: Shape, words: Vocabulary, name: str, quant: Quant) -> None:
    writer.add_name(name)
    writer.add_file_type(_TYPES[quant][1])
    writer.add_context_length(CONTEXT_TOKENS)
    writer.add_embedding_length(shape.width)
    writer.add_block_count(shape.layers)
    writer.add_feed_forward_length(shape.feed_forward)
    writer.add_head_count(shape.heads)
    writer.add_head_count_kv(shape.heads)
    writer.add_rope_dimension_count(HEAD_WIDTH)
    writer.add_layer_norm_rms_eps(1e-5)
    writer.add_vocab_size(len(words.tokens))
    writer.add_tokenizer_model("llama")
    writer.add_token_list(words.tokens)
    writer.add_token_types(words.kinds)
    writer.add_token_scores(words.scores)
    writer.add_unk_token_id(words.tokens.index("<unk>"))
    writer.add_bos_token_id(words.tokens.index("<s>"))
    writer.add_eos_token_id(words.tokens.index("</s>"))


def _tensors(shape: Shape, words: Vocabulary, rng: np.random.Generator) -> Iterator[tuple[str, Weights]]:
    yield from _ends(shape, words, rng)
    for layer in range(shape.layers):
        for name, weights in _block(shape, rng):
            yield f"blk.{layer}.{name}.weight", weights


def _ends(shape: Shape, words: Vocabulary, rng: np.random.Generator) -> Iterator[tuple[str, Weights]]:
    """Yield what stands before and after the layers.

    Channel 0 of the residual stream is the anchor: every embedding sets it, no layer writes to it, so it is positive
    at the end, and the tokens that weigh it negatively always score lowest. The next channels are kept in the same
    way, one for each word: it is set by that word, and weighed by the word that follows it, the first after the last.
    """
    embedding, output = _random(rng, len(words.tokens), shape.width), _random(rng, len(words.tokens), shape.width)
    embedding[:, 0] = ANCHOR
    output[:, 0] = 0.0
    output[: words.unspeakable] = 0.0
    output[: words.unspeakable, 0] = FORBIDDEN
    count = len(words.tokens) - words.unspeakable
    said = np.eye(count, dtype=np.float32)
    embedding[:, 1:KEPT] = 0.0
    embedding[words.unspeakable :, 1:KEPT] = ANCHOR * said
    output[:, 1:KEPT] = 0.0
    output[words.unspeakable :, 1:KEPT] = FOLLOWS * np.roll(said, 1, axis=0)
    yield "token_embd.weight", embedding
    yield "output_norm.weight", np.ones(shape.width, np.float32)
    yield "output.weight", output


def _block(shape: Shape, rng: np.random.Generator) -> Iterator[tuple[str, Weights]]:
    width, inner = shape.width, shape.feed_forward
    for norm in ("attn_norm", "ffn_norm"):
        yield norm, np.ones(width, np.float32)
    for name, rows in (("attn_q", width), ("attn_k", width), ("attn_v", width), ("ffn_gate", inner), ("ffn_up", inner)):
        yield name, _random(rng, rows, width)
    for name, columns in (("attn_output", width), ("ffn_down", inner)):
        into_residual = _random(rng, width, columns)
        into_residual[:KEPT] = 0.0  # leaves the anchor and the words' own channels alone
        yield name, into_residual


def _random(rng: np.random.Generator, rows: int, columns: int) -> Weights:
    return rng.standard_normal((rows, columns), dtype=np.float32) * np.float32(SPREAD)


def _add(writer: gguf.GGUFWriter, name: str, weights: Weights, quant: Quant) -> None:
    """Add a tensor: matrices as `quant` has them, vectors in full."""
    if weights.ndim == 1:
        writer.add_tensor(name, weights)
    elif quant is Quant.F16:
        writer.add_tensor(name, weights.astype(np.float16))
    else:
        kind = _TYPES[quant][0]
        writer.add_tensor(name, gguf.quants.quantize(weights, kind), raw_dtype=kind)


def main() -> int:
    """Write one from the command line."""
    parser = argparse.ArgumentParser(
        prog="python -m dev.make_gguf", description=__doc__.splitlines()[0] if __doc__ else ""
    )
    parser.add_argument("path", type=Path)
    parser.add_argument("--size", type=Size, choices=list(Size), default=Size.TINY)
    parser.add_argument("--quant", type=Quant, choices=list(Quant), default=Quant.F16)
    parser.add_argument("--seed", type=int, default=0)
    given = parser.parse_args()
    write_gguf(given.path, given.size, given.quant, seed=given.seed)
    return 0


if __name__ == "__main__":
    run_main(main)
