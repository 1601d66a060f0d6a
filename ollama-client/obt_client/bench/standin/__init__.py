"""A server with known times, which tells afterwards what it wrote when: what OBT's own error is measured against.

`python -m obt_client.bench.standin --help` runs it by hand; `StandIn` of `process.py` runs it beside a measurement.
Nothing here generates text: tokens are bytes prepared before, handed to the kernel by a schedule. It speaks Ollama's
own API and the OpenAI-compatible one as far as load generators need them, and knows no faults.
"""
