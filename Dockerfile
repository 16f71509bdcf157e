# The image of the action: the static binary, Debian's gpg with its agent, and nothing that could start
# anything else. `make image` builds it; action.yml names it.
#
#   BASE                 where gpg and the build's tools come from; pin it by digest, or give your own
#   VERSION REVISION     what the labels say; `make image` and the release give them
#   SOURCE               the repository's address, for the label
#   SOURCE_DATE_EPOCH    the time of every file (and, with a newer BuildKit, of the image)
ARG BASE=debian:trixie-slim

# ---- what make needs, installed by make's own script --------------------------------------------
FROM ${BASE} AS tools
WORKDIR /src
COPY tools/install-packages tools/packages.txt tools/
RUN tools/install-packages build && apt-get clean

# ---- the program, and what the image holds --------------------------------------------------------
FROM tools AS build
RUN tools/install-packages image && apt-get clean
COPY Makefile VERSION LICENSE ./
COPY deps deps
COPY tools tools
COPY entrypoint entrypoint
COPY src src
ARG SOURCE_DATE_EPOCH=0
RUN --mount=type=cache,target=/var/cache/cut-release,sharing=locked \
    CUT_RELEASE_CACHE=/var/cache/cut-release make && tools/image-files /image

# ---- for machines without Debian: docker build --target test -t cut-release-test . ----------------
#      docker run --rm --cap-add SYS_ADMIN --security-opt seccomp=unconfined \
#          --security-opt apparmor=unconfined cut-release-test     (`make test`; it makes namespaces)
FROM tools AS test
RUN tools/install-packages test && apt-get clean
COPY . .
RUN --mount=type=cache,target=/var/cache/cut-release,sharing=locked \
    CUT_RELEASE_CACHE=/var/cache/cut-release make all build/sandbox
CMD ["make", "test"]

# ---- what ships -------------------------------------------------------------------------------------
FROM scratch
ARG VERSION=unknown
ARG REVISION=unknown
ARG SOURCE=
LABEL org.opencontainers.image.title="cut-release" \
      org.opencontainers.image.description="Cuts releases: branch, signed tag, draft with notes" \
      org.opencontainers.image.source="${SOURCE}" \
      org.opencontainers.image.revision="${REVISION}" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.licenses="Apache-2.0"
COPY --from=build /image /
ENV PATH=/usr/bin
WORKDIR /github/workspace
ENTRYPOINT ["/usr/bin/cut-release"]
