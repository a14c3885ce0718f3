#!/usr/bin/env bash
# Podman with images and containers of its own below .data/, for `npm run test:container`.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
kept=$(cd "$here/../.." && pwd)/.data/container
# Podman takes no more than 50 characters.
run=/run/readtime-$(cksum <<<"$kept" | cut -d ' ' -f 1)
as_root=()
[ "$(id -u)" -eq 0 ] || as_root=(sudo)
exec "${as_root[@]}" env CONTAINERS_CONF="$here/containers.conf" podman --root "$kept/store" --runroot "$run" "$@"
