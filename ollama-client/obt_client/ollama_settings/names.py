"""Which variables are settings of Ollama's, and which are nobody's business. Pure."""

import re
from collections.abc import Mapping
from urllib.parse import urlsplit

from obt_client.address import url_of_host
from obt_client.hardware.facts import fact

SETTINGS_MAX = 100
"""As many as `obt_core.environment.Environment` holds."""
_PREFIXES = ("OLLAMA_", "GGML_", "LLAMA_ARG_", "HSA_OVERRIDE_GFX_VERSION")
_NAMES = frozenset({"CUDA_VISIBLE_DEVICES", "ROCR_VISIBLE_DEVICES", "HIP_VISIBLE_DEVICES", "GPU_DEVICE_ORDINAL"})
"""Of the GPU libraries below Ollama: its documentation of hardware support."""
_SECRET = re.compile(r"KEY|TOKEN|SECRET|PASSW|AUTH|CREDENTIAL|PROXY", re.IGNORECASE)
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,99}")
_SIGNED_IN = re.compile(r"(?<=://)[^/\s@]*@")
KNOWN = (
    "OLLAMA_CONTEXT_LENGTH",
    "OLLAMA_DEBUG",
    "OLLAMA_FLASH_ATTENTION",
    "OLLAMA_GPU_OVERHEAD",
    "OLLAMA_HOST",
    "OLLAMA_KEEP_ALIVE",
    "OLLAMA_KV_CACHE_TYPE",
    "OLLAMA_LLM_LIBRARY",
    "OLLAMA_LOAD_TIMEOUT",
    "OLLAMA_MAX_LOADED_MODELS",
    "OLLAMA_MAX_QUEUE",
    "OLLAMA_MODELS",
    "OLLAMA_MULTIUSER_CACHE",
    "OLLAMA_NEW_ENGINE",
    "OLLAMA_NUM_PARALLEL",
    "OLLAMA_SCHED_SPREAD",
)
"""Names of Ollama's `envconfig` that can change a number, for a system that must be asked for each by name."""


def settings_in(environ: Mapping[str, str]) -> dict[str, str]:
    """Return what of an environment is a setting of Ollama's, by name, in the order of names.

    What may hold a secret is left out by its name; a name and a password in an address are cut out of the value.
    """
    found = {name: fact(_SIGNED_IN.sub("", value)) for name, value in sorted(environ.items()) if _is_setting(name)}
    return dict(list(found.items())[:SETTINGS_MAX])


def _is_setting(name: str) -> bool:
    is_wanted = name in _NAMES or name.startswith(_PREFIXES)
    return is_wanted and not _SECRET.search(name) and _NAME.fullmatch(name) is not None


def host_port(environ: Mapping[str, str]) -> int | None:
    """Return the port that an Ollama with this environment listens at, as its own `OLLAMA_HOST` is read."""
    return urlsplit(url_of_host(environ.get("OLLAMA_HOST", ""))).port
