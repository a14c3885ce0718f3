# The bundled command and Node, nothing else: no shell, no package manager. docs/install.md says how to pin by digest.
FROM --platform=$BUILDPLATFORM node:24.21.0-trixie-slim AS build
WORKDIR /src
COPY package.json package-lock.json .npmrc ./
RUN npm ci
COPY . .
RUN npm run build && mkdir /data

# Kept up by its makers within Node 24; it has no tags of single versions.
FROM gcr.io/distroless/nodejs24-debian13:nonroot
LABEL org.opencontainers.image.title="Read-time tagger" \
      org.opencontainers.image.description="Tags the unread items of a reading list by how long they take to read" \
      org.opencontainers.image.source="https://github.com/readtime-tagger/readtime-tagger" \
      org.opencontainers.image.documentation="https://github.com/readtime-tagger/readtime-tagger/blob/main/docs/install.md" \
      org.opencontainers.image.licenses="MIT"
COPY --from=build /src/package.json /src/LICENSE /app/
COPY --from=build /src/dist /app/dist
# Its owner is that of a new volume.
COPY --from=build --chown=65532:65532 /data /data
# By number, so that Kubernetes sees that it is not root.
USER 65532:65532
ENV XDG_STATE_HOME=/data
WORKDIR /data
VOLUME /data
STOPSIGNAL SIGTERM
# The first run is over the whole list, and may take an hour.
HEALTHCHECK --interval=5m --timeout=30s --start-period=65m \
  CMD ["/nodejs/bin/node", "--", "/app/dist/readtime.cjs", "watch", "--healthy"]
# `--`: Node takes an --env-file after its script for itself otherwise, and ends where there is no such file.
ENTRYPOINT ["/nodejs/bin/node", "--", "/app/dist/readtime.cjs"]
CMD ["watch", "--every", "1h"]
