#!/usr/bin/env bash
# Installs Debian's Chromium, where there is none, for `npm run test:browser` and `npm run pictures`; with a font
# for the Japanese and Chinese titles of the sample.
set -euo pipefail
command -v chromium >/dev/null && exit 0
[ "$(id -u)" -eq 0 ] || exec sudo "$0"
apt-get update -q
DEBIAN_FRONTEND=noninteractive apt-get install -yq --no-install-recommends chromium fonts-wqy-microhei
