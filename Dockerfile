# syntax=docker/dockerfile:1
# Pin the base by digest where you build for production: docker buildx imagetools inspect node:22-bookworm-slim
ARG NODE_IMAGE=node:22-bookworm-slim

FROM ${NODE_IMAGE} AS build
WORKDIR /src
COPY package.json package-lock.json ./
RUN npm ci --ignore-scripts --no-audit --no-fund
COPY tsconfig.json tsconfig.build.json ./
COPY src ./src
COPY schemas ./schemas
COPY scripts ./scripts
RUN npm run --silent build && npm prune --omit=dev --ignore-scripts --no-audit --no-fund

FROM ${NODE_IMAGE}
# git: muster ci and reconcile.git fetch with it. The newest that the base has, since Debian keeps no older ones.
# hadolint ignore=DL3008
RUN apt-get update \
    && apt-get install --yes --no-install-recommends ca-certificates git \
    && rm -rf /var/lib/apt/lists/* /usr/local/lib/node_modules/npm /opt/yarn* /usr/local/bin/npm /usr/local/bin/npx \
    && install --directory --owner=node --group=node --mode=0700 /state
WORKDIR /app
COPY --from=build /src/package.json ./
COPY --from=build /src/node_modules ./node_modules
COPY --from=build /src/dist ./dist
COPY --from=build /src/schemas ./schemas
COPY LICENSE ./
RUN ln -s /app/dist/cli/main.js /usr/local/bin/muster && chmod 0755 /app/dist/cli/main.js
ENV NODE_ENV=production XDG_STATE_HOME=/state
# The user node, by its number: Kubernetes believes no name where runAsNonRoot is set.
USER 1000:1000
WORKDIR /work
ENTRYPOINT ["muster"]
CMD ["help"]
