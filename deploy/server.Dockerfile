# syntax=docker/dockerfile:1
# The server, with the dashboard built inside. From the root of the project:
#   docker build -f deploy/server.Dockerfile -t obt-server .
# The base is pinned by its tag; docs/deploy.md tells how to pin it by its digest.
ARG PYTHON=python:3.13-slim-bookworm

FROM ${PYTHON} AS build
WORKDIR /src
COPY . .
# What make uses, from the same hashed locks: Node and pnpm, uv, pip's wheel for machines that become clients.
RUN python -m dev.dashboard && python -m dev.wheels
RUN .local/uv/bin/uv build --quiet --wheel --package obt-core --out-dir /src/dist \
    && .local/uv/bin/uv build --quiet --wheel --package obt-server --out-dir /src/dist
RUN python -m venv --without-pip /opt/obt \
    && .local/uv/bin/uv pip install --quiet --no-cache --python /opt/obt/bin/python \
        --require-hashes --no-deps -r requirements-server.lock \
    && .local/uv/bin/uv pip install --quiet --no-cache --python /opt/obt/bin/python \
        --no-index --no-deps --compile-bytecode /src/dist/obt_core-*.whl /src/dist/obt_server-*.whl

FROM ${PYTHON}
ARG VERSION=0.1.0
LABEL org.opencontainers.image.title="OBT server" \
      org.opencontainers.image.description="Benchmarks every Ollama of yours, and shows what came out" \
      org.opencontainers.image.licenses="MIT" \
      org.opencontainers.image.version="${VERSION}"
RUN groupadd --gid 10001 obt \
    && useradd --uid 10001 --gid 10001 --no-create-home --home-dir /var/lib/obt --shell /usr/sbin/nologin obt \
    && install -d -o obt -g obt -m 0700 /var/lib/obt
COPY --from=build /opt/obt /opt/obt
ENV PATH=/opt/obt/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    OBT_HOST=0.0.0.0 \
    OBT_DATA_DIR=/var/lib/obt
USER 10001:10001
WORKDIR /var/lib/obt
VOLUME /var/lib/obt
EXPOSE 8881
# It is the first process: it takes SIGTERM itself, and has no children to wait for.
STOPSIGNAL SIGTERM
# Whether it lives, not whether it is ready: what restarts unhealthy containers must not do so for a lost database.
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s --retries=3 \
    CMD ["python", "-c", "import os, urllib.request as r; r.urlopen('http://127.0.0.1:%s/healthz' % os.environ.get('OBT_PORT', '8881'), timeout=4)"]
ENTRYPOINT ["obt-server"]
CMD ["serve"]
