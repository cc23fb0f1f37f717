#!/usr/bin/env bash
# Pin every dependency with the hashes of its files: requirements.lock is everything, and
# requirements-box.lock is what the box carries. No index is named: each machine brings its own.
set -euo pipefail
cd "$(dirname "$0")/.."

tools=build/lock
empty=$PWD/$tools/empty
mkdir -p "$empty"

# The lowest Python that the till runs on: what is pinned here must still exist for it.
python=${PYTHON:-python3.11}
if [ "$("$python" -c 'import sys; print("%d.%d" % sys.version_info[:2])')" != 3.11 ]; then
    echo "lock: $python is not Python 3.11, the lowest one that the till runs on" >&2
    exit 1
fi
[ -x "$tools/bin/pip-compile" ] || "$python" -m venv "$tools"
"$tools/bin/python" -m pip install --quiet --disable-pip-version-check "pip-tools==7.6.2"

# Wheels that a machine keeps beside its index may be built anew and have other hashes.
export PIP_FIND_LINKS=$empty PIP_EXTRA_INDEX_URL=file://$empty
export CUSTOM_COMPILE_COMMAND="make lock"

compile() { # extra, file
    "$tools/bin/pip-compile" --quiet --no-config --no-emit-options --annotation-style=line \
        --generate-hashes --strip-extras --no-allow-unsafe --unsafe-package=edge-till \
        --extra="$1" --output-file="$2" "${upgrade[@]}" pyproject.toml 2>"$tools/log" ||
        { cat "$tools/log" >&2; exit 1; }
    # What is left to say at the end is that edge-till is not pinned in its own lock.
    sed -i -e '/^# WARNING: The following packages were not pinned/,$d' "$2"
    sed -i -e '${/^$/d}' "$2"
    echo "lock: $2 pins $(grep -c == "$2") packages"
}

upgrade=()
[ "${1:-}" = --upgrade ] && upgrade=(--upgrade)
compile dev requirements.lock
compile device requirements-box.lock
