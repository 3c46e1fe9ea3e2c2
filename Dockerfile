# One file, a target per service:  docker build --target orders --tag orders .   (buildah and podman alike)
#
# Tags here are not digests yet. `make pin-images`, run where the registries can be reached, writes the digests of these
# tags behind them; with `--check` it fails when one is missing, which is for the pipeline that publishes images.
# Node itself, pnpm and every package come from the lockfile, by checksum, whatever these images have.
ARG BUILD_IMAGE=docker.io/library/node:24-trixie-slim
ARG BASE_IMAGE=gcr.io/distroless/cc-debian13:nonroot

FROM ${BUILD_IMAGE} AS workspace
ARG PNPM_VERSION=12.21.0
# Of every file that is made here, so that the same sources make the same layers.
ARG SOURCE_DATE_EPOCH=0
ENV CI=true SOURCE_DATE_EPOCH=${SOURCE_DATE_EPOCH}
RUN npm install --global --no-audit --no-fund "pnpm@${PNPM_VERSION}"
WORKDIR /comanda
COPY . .
RUN --mount=type=cache,id=comanda-pnpm,target=/var/cache/pnpm \
    pnpm install --prod --frozen-lockfile --store-dir /var/cache/pnpm --filter comanda \
 && install -D --mode 0755 node_modules/.pnpm/node-linux-*/node_modules/node-linux-*/bin/node /out/node \
 && touch --date "@${SOURCE_DATE_EPOCH}" /out/node

# What every image is made of: glibc, certificates, and Node.
FROM ${BASE_IMAGE} AS runtime
ARG VERSION=0.0.0
ARG REVISION=unknown
LABEL org.opencontainers.image.vendor="comanda" \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}"
COPY --from=workspace /out/node /usr/local/bin/node
ENV NODE_ENV=production
WORKDIR /comanda
# A number, so that Kubernetes sees that it is not root.
USER 10001:10001
ENTRYPOINT ["/usr/local/bin/node"]

FROM workspace AS orders-files
RUN --mount=type=cache,id=comanda-pnpm,target=/var/cache/pnpm sh images/assemble.sh /out @comanda/orders
FROM runtime AS orders
LABEL org.opencontainers.image.title="comanda orders" \
      org.opencontainers.image.description="The REST API of comanda, and the payment sandbox for development"
COPY --from=orders-files /out/modules /comanda
COPY --from=orders-files /out/source /comanda
EXPOSE 3001 3101
CMD ["services/orders/src/server.ts"]

FROM workspace AS realtime-files
RUN --mount=type=cache,id=comanda-pnpm,target=/var/cache/pnpm sh images/assemble.sh /out @comanda/realtime
FROM runtime AS realtime
LABEL org.opencontainers.image.title="comanda realtime" \
      org.opencontainers.image.description="The sockets of comanda"
COPY --from=realtime-files /out/modules /comanda
COPY --from=realtime-files /out/source /comanda
EXPOSE 3002 3102
CMD ["services/realtime/src/server.ts"]

FROM workspace AS worker-files
RUN --mount=type=cache,id=comanda-pnpm,target=/var/cache/pnpm sh images/assemble.sh /out @comanda/worker
FROM runtime AS worker
LABEL org.opencontainers.image.title="comanda worker" \
      org.opencontainers.image.description="What happens in comanda without a person"
COPY --from=worker-files /out/modules /comanda
COPY --from=worker-files /out/source /comanda
EXPOSE 3004 3104
CMD ["services/worker/src/server.ts"]

FROM workspace AS tools-files
RUN --mount=type=cache,id=comanda-pnpm,target=/var/cache/pnpm sh images/assemble.sh /out @comanda/database @comanda/seed
FROM runtime AS tools
LABEL org.opencontainers.image.title="comanda tools" \
      org.opencontainers.image.description="Migrations and seeds of comanda"
COPY --from=tools-files /out/modules /comanda
COPY --from=tools-files /out/source /comanda
CMD ["libs/database/src/cli/migrate.ts"]

# For compose.yaml and skaffold.yaml alone: every service, with a shell, and source that may be replaced while it runs.
FROM workspace AS development
RUN --mount=type=cache,id=comanda-pnpm,target=/var/cache/pnpm \
    pnpm install --prod --frozen-lockfile --store-dir /var/cache/pnpm \
      --filter comanda --filter-prod '{./services/**}...' --filter-prod '@comanda/seed...' \
 && mkdir data \
 && chown -R 10001:10001 /comanda
ENV PATH=/comanda/node_modules/.bin:$PATH
USER 10001:10001
ENTRYPOINT ["/comanda/node_modules/.bin/node"]
