"""What is free on the disk that holds Ollama's models, for a sentence about why a pull failed."""

from obt_client.config import Settings
from obt_client.daemon import in_daemon
from obt_client.hardware.disk import existing_parent, free_bytes, models_folder
from obt_client.hardware.host import Host
from obt_client.ollama_settings import visible_settings

_GIB = 2**30


async def free_in_words(settings: Settings) -> str | None:
    """Return a sentence with the free room and its folder; None where it cannot be known.

    The folder is what Ollama's own settings name, where they can be seen, else the usual place.
    """
    if settings.ollama_is_remote:
        return None
    told, _ = await visible_settings(settings.ollama_url)
    host = Host()
    host.environ = {**host.environ, **told}
    folder = existing_parent(models_folder(host))
    free = await in_daemon(lambda: free_bytes(folder), "models-disk")
    return None if free is None else f"{free / _GIB:.1f} GiB are free at {folder}."
