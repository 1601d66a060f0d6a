"""The written models are valid GGUF with the shapes that llama asks for, and never end their text early."""

from pathlib import Path

import gguf
import numpy as np
import pytest

from dev.make_gguf import KEPT, SHAPES, Quant, Size, vocabulary, write_gguf


@pytest.mark.parametrize(
    ("quant", "stored_as"),
    [(Quant.F16, gguf.GGMLQuantizationType.F16), (Quant.Q8_0, gguf.GGMLQuantizationType.Q8_0)],
)
def test_a_model_reads_back_with_all_its_tensors(tmp_path: Path, quant: Quant, stored_as: int) -> None:
    path = tmp_path / "tiny.gguf"
    write_gguf(path, Size.TINY, quant)
    reader = gguf.GGUFReader(path)
    shape = SHAPES[Size.TINY]
    tensors = {tensor.name: tensor for tensor in reader.tensors}
    assert len(tensors) == 3 + 9 * shape.layers
    assert tensors["blk.1.ffn_down.weight"].shape.tolist() == [shape.feed_forward, shape.width]
    assert tensors["output.weight"].tensor_type == stored_as
    architecture = reader.get_field("general.architecture")
    assert architecture is not None
    assert architecture.contents() == "llama"


def test_the_same_seed_gives_the_same_file_and_another_does_not(tmp_path: Path) -> None:
    paths = [tmp_path / name for name in ("a", "b", "c")]
    for path, seed in zip(paths, (1, 1, 2), strict=True):
        write_gguf(path, Size.TINY, Quant.F16, seed=seed)
    a, b, c = (path.read_bytes() for path in paths)
    assert a == b
    assert a != c


def test_no_layer_can_lift_the_end_of_the_sequence_above_a_letter(tmp_path: Path) -> None:
    write_gguf(tmp_path / "m", Size.TINY, Quant.F16)
    tensors = {t.name: np.asarray(t.data, np.float32) for t in gguf.GGUFReader(tmp_path / "m").tensors}
    anchor, words = 0, vocabulary()
    assert (tensors["token_embd.weight"][:, anchor] > 0).all()
    for name, weights in tensors.items():
        if name.endswith(("attn_output.weight", "ffn_down.weight")):
            assert not weights[anchor].any(), f"{name} writes to the anchor"
    output = tensors["output.weight"]
    assert (output[: words.unspeakable, anchor] < 0).all()
    assert not output[words.unspeakable :, anchor].any()


def test_every_word_is_followed_by_another_whatever_the_layers_say(tmp_path: Path) -> None:
    write_gguf(tmp_path / "m", Size.TINY, Quant.F16)
    tensors = {t.name: np.asarray(t.data, np.float32) for t in gguf.GGUFReader(tmp_path / "m").tensors}
    for name, weights in tensors.items():
        if name.endswith(("attn_output.weight", "ffn_down.weight")):
            assert not weights[:KEPT].any(), f"{name} writes to a word's channel"
    first = vocabulary().unspeakable
    said, weighed = tensors["token_embd.weight"][first:, :KEPT], tensors["output.weight"][first:, :KEPT]
    following = (weighed @ said.T).argmax(axis=0)
    assert sorted(following) == list(range(len(said)))
    assert not (following == np.arange(len(said))).any()


def test_a_cut_attempt_leaves_no_file_that_looks_whole(tmp_path: Path) -> None:
    path = tmp_path / "m.gguf"
    with pytest.raises(KeyError):
        write_gguf(path, Size.TINY, "q9")  # pyright: ignore[reportArgumentType]
    assert not path.exists()
