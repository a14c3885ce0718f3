#!/usr/bin/env bash
# Makes what stands in for the two images that the Dockerfile begins with, for `npm run test:container`, so that it needs
# no registry of images: Debian by debootstrap, as the official images are made of it, and the Node that npm brings.
set -euo pipefail
cd "$(dirname "$0")/../.."
if [ "$(id -u)" -ne 0 ]; then
  if ! command -v sudo >/dev/null; then
    echo "This test makes file systems of its own, for which it has to be root: install sudo, or run it as root" >&2
    exit 1
  fi
  exec sudo --preserve-env=npm_execpath "$0"
fi
missing=()
for program in debootstrap podman runc; do command -v "$program" >/dev/null || missing+=("$program"); done
if [ ${#missing[@]} -gt 0 ]; then
  if ! command -v apt-get >/dev/null; then
    echo "There is no ${missing[*]}, which this test needs: install it, or run the test on Debian or Ubuntu" >&2
    exit 1
  fi
  apt-get update -q
  DEBIAN_FRONTEND=noninteractive apt-get install -yq --no-install-recommends debian-archive-keyring "${missing[@]}"
fi

mapfile -t images < <(sed -nE 's/^FROM (--[^ ]+ )?([^ ]+).*/\2/p' Dockerfile)
for image in "${images[@]}"; do scripts/container/podman.sh image exists "$image" || to_make=1; done
[ -n "${to_make:-}" ] || exit 0

# What distroless takes from Debian for its images of Node: https://github.com/GoogleContainerTools/distroless
packages=(base-files ca-certificates gcc-14-base libc6 libgcc-s1 libgomp1 libssl3t64 libstdc++6 libzstd1 media-types
  netbase tzdata)
mkdir -p .data/container
root=$(mktemp -d "$PWD/.data/container/root-XXXXXX")
trap 'rm -rf "$root"' EXIT
debian=$root/debian
debootstrap --variant=minbase --include="$(IFS=,; echo "${packages[*]}")" \
  --keyring=/usr/share/keyrings/debian-archive-keyring.gpg trixie "$debian" http://deb.debian.org/debian
node=$(ls node_modules/node-linux-*/bin/node)

distroless=$root/distroless
mkdir -p "$distroless"/{nodejs/bin,home/nonroot,etc/ssl/certs}
mkdir -m 1777 "$distroless/tmp"
for package in "${packages[@]}"; do dpkg-deb -x "$debian/var/cache/apt/archives/$package"_*.deb "$distroless"; done
cp "$debian/etc/ssl/certs/ca-certificates.crt" "$distroless/etc/ssl/certs/"
printf 'root:x:0:0:root:/root:/sbin/nologin\nnonroot:x:65532:65532:nonroot:/home/nonroot:/sbin/nologin\n' >"$distroless/etc/passwd"
printf 'root:x:0:\nnonroot:x:65532:\n' >"$distroless/etc/group"
chown 65532:65532 "$distroless/home/nonroot"
cp "$node" "$distroless/nodejs/bin/"

# The official image has Node and npm in /usr/local.
cp "$node" "$debian/usr/local/bin/"
cp -r "${npm_execpath%/bin/npm-cli.js}" "$debian/usr/local/lib/npm"
ln -s ../lib/npm/bin/npm-cli.js "$debian/usr/local/bin/npm"
rm -rf "$debian"/var/cache/apt/* "$debian"/var/lib/apt/lists/*

to_image() { # FOLDER IMAGE CHANGES...
  local folder=$1 image=$2 changes=("${@:3}")
  tar -C "$folder" -c . | scripts/container/podman.sh import "${changes[@]/#/--change=}" - "$image"
}
to_image "$debian" "${images[0]}"
to_image "$distroless" "${images[1]}" 'USER 65532' 'WORKDIR /home/nonroot' 'ENTRYPOINT ["/nodejs/bin/node"]' \
  'ENV SSL_CERT_FILE=/etc/ssl/certs/ca-certificates.crt'
