#!/usr/bin/env bash
# Podman for `npm run test:container`, with a store below .data/, and limits that a machine without the right to raise
# them grants.
set -euo pipefail
folder=$(cd "$(dirname "$0")/.." && pwd)/.data/container
[ "$(id -u)" -eq 0 ] && as_root=() || as_root=(sudo)
exec "${as_root[@]}" podman --root "$folder/store" --runroot "$folder/run" --runtime runc \
  --cgroup-manager cgroupfs --events-backend file "$@"
