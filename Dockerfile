# syntax=docker/dockerfile:1
# One image for every process of ours: api, worker, codec-server, migrate. The command says which.

ARG PYTHON=3.13

# The storefront, built on the TypeScript client.
FROM node:24-bookworm-slim AS web
WORKDIR /src
COPY clients/typescript clients/typescript
RUN npm ci --prefix clients/typescript --ignore-scripts && npm run build --prefix clients/typescript
COPY web/package.json web/package-lock.json web/
RUN npm ci --prefix web --ignore-scripts
COPY web web
RUN npm run build --prefix web

FROM python:${PYTHON}-slim-bookworm AS build
RUN pip install --no-cache-dir uv==0.13.8
ENV UV_LINK_MODE=copy UV_COMPILE_BYTECODE=1 UV_PYTHON_DOWNLOADS=never UV_PROJECT_ENVIRONMENT=/opt/steadymint
WORKDIR /src
# Dependencies first: they change less often than the code, and their layer is kept.
COPY pyproject.toml uv.lock ./
RUN uv sync --frozen --no-dev --no-install-project
COPY README.md LICENSE ./
COPY steadymint steadymint
COPY api api
COPY workflows workflows
COPY activities activities
COPY workers workers
COPY migrations migrations
COPY contracts contracts
COPY clients/python/src clients/python/src
COPY --from=web /src/api/storefront/dist api/storefront/dist
RUN uv sync --frozen --no-dev --no-editable

FROM python:${PYTHON}-slim-bookworm
# SVGs are drawn with the fonts that there are; much of on-chain art is text.
RUN apt-get update && apt-get install -y --no-install-recommends fonts-dejavu-core && rm -rf /var/lib/apt/lists/*
RUN useradd --system --uid 10001 --home-dir /nonexistent --shell /usr/sbin/nologin steadymint
COPY --from=build /opt/steadymint /opt/steadymint
# A volume that is mounted here takes over its owner.
RUN install -d -o 10001 -g 10001 /media
ENV PATH=/opt/steadymint/bin:$PATH PYTHONUNBUFFERED=1
WORKDIR /tmp
USER 10001
EXPOSE 8080
ENTRYPOINT ["steadymint"]
CMD ["api"]
