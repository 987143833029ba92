#!/bin/sh
# Installs Debian packages where this may be done without asking: as root or by sudo without a password.
# Ends with 1 and says why where it may not, or where apt fails.
set -eu

refuse() {
    echo "$* cannot be installed here: $why." >&2
    exit 1
}

if ! command -v apt-get >/dev/null 2>&1; then
    why="there is no apt-get"
    refuse "$@"
fi
as_root=
if [ "$(id -u)" != 0 ]; then
    if ! sudo -n true >/dev/null 2>&1; then
        why="neither root nor sudo without a password"
        refuse "$@"
    fi
    as_root="sudo -n"
fi

install() {
    $as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq -o Dpkg::Use-Pty=0 --no-install-recommends "$@" </dev/null >&2
}

echo "Installing $* with apt" >&2
# the lists of a fresh machine are empty, those of an old one out of date
if ! $as_root apt-get update -qq </dev/null >&2; then
    echo "apt-get update failed: trying with the lists that are here" >&2
fi
if ! install "$@"; then
    why="apt-get failed"
    refuse "$@"
fi
