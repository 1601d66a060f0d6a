"""The instruction sets that matter to llama.cpp, under one name whatever the system calls them.

Which ones matter: the backends of ggml's CPU code choose their kernels by these (ggml/src/ggml-cpu of llama.cpp).
Linux names: Documentation/arch/x86/cpuinfo.rst and Documentation/arch/arm64/elf_hwcaps.rst of the kernel.
macOS names: `sysctl hw.optional`, "Determining Instruction Set Characteristics" of Apple's developer documentation.
"""

from collections.abc import Iterable, Mapping

_SAME = {
    "sse3", "ssse3", "sse4_1", "sse4_2", "avx", "avx2", "avx_vnni", "avx_vnni_int8", "f16c", "fma", "bmi2",
    "avx512f", "avx512cd", "avx512bw", "avx512dq", "avx512vl", "avx512ifma", "avx512_vbmi2", "avx512_vnni",
    "avx512_bf16", "avx512_fp16", "amx_tile", "amx_int8", "amx_bf16", "amx_fp16",
    "neon", "sve", "sve2", "sme", "sme2", "i8mm", "bf16", "fp16", "dotprod", "vsx", "lsx", "lasx",
}  # fmt: skip
_ALIASES = {
    "pni": "sse3",
    "sse4.1": "sse4_1",
    "sse4.2": "sse4_2",
    "avx1.0": "avx",
    "avx512vbmi": "avx512_vbmi",
    "avx512_vbmi": "avx512_vbmi",
    "avx512vnni": "avx512_vnni",
    "avx512vbmi2": "avx512_vbmi2",
    "avx512_vnni": "avx512_vnni",
    "asimd": "neon",
    "asimddp": "dotprod",
    "asimdhp": "fp16",
    "fphp": "fp16",
    "advsimd": "neon",
    "feat_dotprod": "dotprod",
    "feat_i8mm": "i8mm",
    "feat_bf16": "bf16",
    "feat_fp16": "fp16",
    "feat_sme": "sme",
    "feat_sme2": "sme2",
    "neon_fp16": "fp16",
    "avx2_0": "avx2",
    "avx1_0": "avx",
    "zve64x": "rvv",
}


def features(words: Iterable[str]) -> tuple[str, ...]:
    """Return the known instruction sets among a processor's flags, sorted, each once."""
    lower = {word.strip().lower() for word in words}
    return tuple(sorted({word for word in lower if word in _SAME} | {_ALIASES[w] for w in lower if w in _ALIASES}))


def features_of_sysctl(told: Mapping[str, str]) -> tuple[str, ...]:
    """Return those that `sysctl hw.optional` and `machdep.cpu` name: a switch a set, or lists of flags."""
    words = [
        key.removeprefix("hw.optional.").removeprefix("arm.")
        for key, value in told.items()
        if key.startswith("hw.optional.") and value == "1"
    ]
    for key in ("machdep.cpu.features", "machdep.cpu.leaf7_features"):
        words += told.get(key, "").split()
    return features(words)
