#!/bin/sh
# Makes an empty virtual environment in the folder named, with the first Python found that is new enough.
#
# PYTHON names another Python. Debian packs venv apart: it is installed with apt where that may be.
set -eu

new_enough() {
    command -v "$1" >/dev/null 2>&1 && "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null
}

find_python() {
    for python in "${PYTHON:-python3}" python3.14 python3.13 python3.12 python3.11 python; do
        if new_enough "$python"; then
            echo "$python"
            return
        fi
    done
    echo "A Python from 3.11 on is needed; none was found on PATH. PYTHON=/path/to/python names one." >&2
    return 1
}

python=$(find_python)
if ! "$python" -c 'import ensurepip' 2>/dev/null; then
    version=$("$python" -c 'import sys; print("python%d.%d-venv" % sys.version_info[:2])')
    "$(dirname "$0")/debian.sh" "$version" || {
        echo "$python cannot make virtual environments here: ensurepip is missing (Debian: apt-get install $version)." >&2
        exit 1
    }
fi
"$python" -m venv --clear "$1"
