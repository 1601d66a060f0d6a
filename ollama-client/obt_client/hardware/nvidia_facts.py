"""What follows from an NVIDIA GPU's compute capability, which NVML tells while it does not tell of these.

Source: CUDA C++ Programming Guide, "Compute Capabilities": tables of arithmetic instructions and of tensor core types.
"""

import re

_WITHOUT_TENSOR_CORES = re.compile(r"\bGTX 16\d\d\b|\bMX[45]50\b|\bT(400|500|550|600|1000|1200)\b|\bCMP 30HX\b")
"""Turing's TU116 and TU117 have 7.5 and no tensor cores: NVIDIA Turing GPU architecture, and the cards' data sheets."""


def has_tensor_cores(capability: tuple[int, int], name: str) -> bool:
    """Volta (7.0) brought them; see above for the exception."""
    return capability >= (7, 0) and not _WITHOUT_TENSOR_CORES.search(name)


def number_formats(capability: tuple[int, int]) -> tuple[str, ...]:
    """Return the formats with arithmetic in hardware, sorted.

    Half precision from 5.3, dot products of bytes from 6.1 (but 6.2), BF16 from 8.0, FP8 from 8.9, FP4 from 10.0.
    """
    first = {"fp16": (5, 3), "int8": (6, 1), "bf16": (8, 0), "fp8": (8, 9), "fp4": (10, 0)}
    found = {name for name, least in first.items() if capability >= least}
    return tuple(sorted(found - ({"int8"} if capability == (6, 2) else set())))
