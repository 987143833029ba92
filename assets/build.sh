#!/bin/sh
# Builds the style sheets and page scripts into hub/static/built/ unless they are up to date.
#
# Node comes from the system where it is new enough; otherwise from the PyPI wheel that carries it,
# installed with its hashes into .node/. HUB_NODE=wheel asks for the wheel whatever the system has.
set -eu
cd "$(dirname "$0")/.."

manifest=hub/static/built/manifest.json
installed=node_modules/.package-lock.json

changed_since() {
    [ ! -e "$1" ] || [ -n "$(find package.json package-lock.json .npmrc requirements-node.lock assets -newer "$1" -print)" ]
}

new_enough() {
    command -v npm >/dev/null 2>&1 && command -v node >/dev/null 2>&1 &&
        node -e 'const [a, b] = process.versions.node.split(".").map(Number); process.exit(a > 20 || (a === 20 && b >= 19) ? 0 : 1)'
}

a_python() {
    for python in .venv/bin/python python3 python; do
        if command -v "$python" >/dev/null 2>&1; then
            echo "$python"
            return
        fi
    done
    echo "assets: neither node 20.19 with npm nor a Python to install it with was found" >&2
    exit 1
}

take_the_wheel() {
    if [ ! -e .node/ready ] || [ requirements-node.lock -nt .node/ready ]; then
        "$(a_python)" -m venv .node
        .node/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-node.lock
        touch .node/ready
    fi
    PATH="$PWD/.node/bin:$PATH"
    export PATH
}

if [ -e "$installed" ] && ! changed_since "$manifest"; then
    exit 0
fi

if [ "${HUB_NODE:-}" = wheel ] || ! new_enough; then
    take_the_wheel
fi
if [ ! -e "$installed" ] || [ package-lock.json -nt "$installed" ]; then
    npm ci --no-progress --loglevel=error
fi
node assets/build.mjs
