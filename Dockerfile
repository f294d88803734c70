# Build: npm ci && npm pack, as for a release, and an installation of the packed package.
FROM node:22-slim AS build
WORKDIR /build
COPY package.json package-lock.json ./
RUN npm ci --ignore-scripts --no-audit --no-fund
COPY . .
RUN npm pack --pack-destination /build
WORKDIR /app
RUN npm install --omit=dev --ignore-scripts --no-audit --no-fund /build/freshsales-graphql-*.tgz
# The change feed is the only thing that is written.
RUN mkdir -p /state && chown 1000:1000 /state

FROM node:22-slim
ENV NODE_ENV=production HOST=0.0.0.0 PORT=4000 STATE_DIR=/state AUDIT_LOG=stdout
WORKDIR /app
COPY --from=build /app /app
COPY --from=build --chown=1000:1000 /state /state
USER 1000:1000
VOLUME ["/state"]
EXPOSE 4000
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=15s --timeout=5s --start-period=20s \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT}${(process.env.BASE_PATH ?? '').replace(/[/]$/, '')}/health/live`).then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "node_modules/freshsales-graphql/dist/cli.js", "serve"]
