# One file, a target per service:  docker build --target orders --tag orders .   (buildah and podman alike)
#
# An image of a service is Node and one file, made of the service and all that it imports (docs/adr/0015). That of the tools has
# packages and the source, which Node runs as it is. None has a shell or an installer; they run as a number that is nobody, and write
# nothing outside of /tmp.
#
# Tags here are not digests yet. `make pin-images`, run where the registries can be reached, writes the digests of these
# tags behind them; with ARGS=--check it fails when one is missing, which is for the pipeline that publishes images.
# Node itself, pnpm's packages and ours come from the lockfile, by checksum, whatever the base images have.
ARG BUILD_IMAGE=docker.io/library/node:24-trixie-slim
ARG BASE_IMAGE=gcr.io/distroless/cc-debian13:nonroot

FROM ${BUILD_IMAGE} AS workspace
# The version that scripts/setup.sh installs.
ARG PNPM_VERSION=12.21.0
# The time of every file that is made here, so that the same sources make the same layers.
ARG SOURCE_DATE_EPOCH=0
ENV CI=true SOURCE_DATE_EPOCH=${SOURCE_DATE_EPOCH}
RUN npm install --global --no-audit --no-fund "pnpm@${PNPM_VERSION}"
WORKDIR /comanda
COPY . .

# What every image holds, in a folder of its name: /out/orders, /out/tools, and for all of them /out/node. Files have no time of
# their own, and nobody may write them.
FROM workspace AS files
RUN --mount=type=cache,id=comanda-pnpm,target=/var/cache/pnpm \
    sh images/assemble-services.sh /out \
 && sh images/assemble-tools.sh /out/tools @comanda/database @comanda/seed \
 && chmod -R u=rwX,go=rX /out \
 && find /out -exec touch --no-dereference --date "@$SOURCE_DATE_EPOCH" {} +

# What every image is made of: glibc, certificates, and Node.
FROM ${BASE_IMAGE} AS runtime
ARG VERSION=0.0.0
ARG REVISION=unknown
LABEL org.opencontainers.image.vendor="comanda" \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}"
COPY --from=files /out/node /usr/local/bin/node
# What libs/local-stack/src/fleet/runtime.ts says of memory, and why.
ENV NODE_ENV=production \
    NODE_OPTIONS="--max-semi-space-size=8 --v8-pool-size=1" \
    MALLOC_MMAP_THRESHOLD_=1048576 \
    MALLOC_ARENA_MAX=2
WORKDIR /comanda
# A number, so that Kubernetes sees that it is not root.
USER 10001:10001
ENTRYPOINT ["/usr/local/bin/node"]

FROM runtime AS orders
LABEL org.opencontainers.image.title="comanda orders" \
      org.opencontainers.image.description="The REST API of comanda, and the payment sandbox for development"
COPY --from=files /out/orders /comanda
EXPOSE 3001 3101
CMD ["services/orders/dist/server.mjs"]

FROM runtime AS realtime
LABEL org.opencontainers.image.title="comanda realtime" \
      org.opencontainers.image.description="The sockets of comanda"
COPY --from=files /out/realtime /comanda
EXPOSE 3002 3102
CMD ["services/realtime/dist/server.mjs"]

FROM runtime AS analytics
LABEL org.opencontainers.image.title="comanda analytics" \
      org.opencontainers.image.description="The dashboards of comanda, read from standbys"
COPY --from=files /out/analytics /comanda
EXPOSE 3003 3103
CMD ["services/analytics/dist/server.mjs"]

FROM runtime AS worker
LABEL org.opencontainers.image.title="comanda worker" \
      org.opencontainers.image.description="What happens in comanda without a person"
COPY --from=files /out/worker /comanda
EXPOSE 3004 3104
CMD ["services/worker/dist/server.mjs"]

FROM runtime AS tools
LABEL org.opencontainers.image.title="comanda tools" \
      org.opencontainers.image.description="Migrations and seeds of comanda"
COPY --from=files /out/tools/modules /comanda
COPY --from=files /out/tools/source /comanda
CMD ["libs/database/src/cli/migrate.ts"]

# For compose.yaml and skaffold.yaml alone: every service and tool, with a shell, and source that may be replaced while it
# runs.
FROM workspace AS development
RUN --mount=type=cache,id=comanda-pnpm,target=/var/cache/pnpm \
    pnpm install --prod --frozen-lockfile --store-dir /var/cache/pnpm \
      --filter comanda --filter-prod '{./services/**}...' --filter-prod '@comanda/seed...' \
 && mkdir data \
 && chown -R 10001:10001 /comanda
# Skaffold copies with tar: into the files that are there, because those are what `node --watch` watches.
ENV NODE_ENV=development \
    NODE_OPTIONS="--max-semi-space-size=8 --v8-pool-size=1" \
    MALLOC_MMAP_THRESHOLD_=1048576 \
    MALLOC_ARENA_MAX=2 \
    TAR_OPTIONS=--overwrite \
    PATH=/comanda/node_modules/.bin:$PATH
USER 10001:10001
ENTRYPOINT ["/comanda/node_modules/.bin/node"]
