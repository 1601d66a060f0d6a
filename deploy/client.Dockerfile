# syntax=docker/dockerfile:1
# The client, for machines whose Ollama runs in a container too. From the root of the project:
#   docker build -f deploy/client.Dockerfile -t obt-client .
# On the machine itself `obt-client service install` measures more: docs/deploy.md tells what a container hides.
#   docker run --init --network host --gpus all -v obt-client:/var/lib/obt-client \
#     -e OBT_SERVER_URL=https://obt.example.net -e OBT_ENROL_TOKEN=... obt-client
# AMD: in place of --gpus all, --device /dev/kfd --device /dev/dri --group-add video --group-add render.
# Without the host's network: OBT_OLLAMA_URL=http://ollama:11434 and OBT_ALLOW_REMOTE_OLLAMA=true.
ARG PYTHON=python:3.13-slim-bookworm

FROM ${PYTHON} AS build
WORKDIR /src
COPY . .
RUN python -m dev.wheels
RUN python -m venv --without-pip /opt/obt \
    && .local/uv/bin/uv pip install --quiet --no-cache --python /opt/obt/bin/python \
        --require-hashes --no-deps -r requirements-client.lock \
    && .local/uv/bin/uv pip install --quiet --no-cache --python /opt/obt/bin/python --no-index --no-deps \
        --compile-bytecode backend/obt_server/downloads/wheels/obt_core-*.whl \
        backend/obt_server/downloads/wheels/obt_client-*.whl

FROM ${PYTHON}
ARG VERSION=0.1.0
LABEL org.opencontainers.image.title="OBT client" \
      org.opencontainers.image.description="Measures a machine's Ollama for an OBT server" \
      org.opencontainers.image.licenses="MIT" \
      org.opencontainers.image.version="${VERSION}"
RUN groupadd --gid 10002 obt \
    && useradd --uid 10002 --gid 10002 --no-create-home --home-dir /var/lib/obt-client --shell /usr/sbin/nologin obt \
    && install -d -o obt -g obt -m 0700 /var/lib/obt-client
COPY --from=build /opt/obt /opt/obt
ENV PATH=/opt/obt/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    NVIDIA_VISIBLE_DEVICES=all \
    NVIDIA_DRIVER_CAPABILITIES=utility \
    OBT_CLIENT_DATA_DIR=/var/lib/obt-client
USER 10002:10002
WORKDIR /var/lib/obt-client
VOLUME /var/lib/obt-client
STOPSIGNAL SIGTERM
# It dials out and listens nowhere: the dashboard says whether it is there.
HEALTHCHECK NONE
ENTRYPOINT ["obt-client"]
CMD ["run"]
