#!/bin/sh
# Sees to it that the browser tests have Chromium, where that can be had.
#
# Without it they are skipped, and both this and the tests' last lines say so; with CI set they fail instead.
set -eu

if [ -n "${CHROMIUM_PATH:-}" ]; then
    exit 0
fi
for name in chromium chromium-browser google-chrome; do
    if command -v "$name" >/dev/null 2>&1; then
        exit 0
    fi
done
if ! "$(dirname "$0")/debian.sh" chromium; then
    echo "The browser tests will not run: there is no Chromium. Install it, or name one with CHROMIUM_PATH." >&2
fi
