#!/usr/bin/env bash
# Set up what a make target needs, and say in a line what is installed and why.
#   setup.sh python            .venv with the pinned packages and the command line .venv/bin/edge
#   setup.sh broker-optional   Mosquitto, or a line that says what happens without it
#   setup.sh broker            Mosquitto, or failure
#   setup.sh font-optional     the font that receipts are drawn with, or a line that says so
#   setup.sh font              the font, or failure
#   setup.sh fuzzer            atheris, for `make fuzz`, or failure
#   setup.sh umockdev          what stands in for USB plugs in the tests, or failure
# PYTHON names the interpreter to use. Mirrors are those that apt and pip are set up with.
set -euo pipefail
cd "$(dirname "$0")/.."

log=build/setup.log
mkdir -p build

say() { echo "setup: $*"; }
fail() {
    echo "setup: $*" >&2
    exit 1
}

# Run with root's rights; without a way to them, name the command that is missing.
as_root() {
    if [ "$(id -u)" = 0 ]; then
        "$@"
    elif command -v sudo >/dev/null; then
        sudo "$@"
    else
        echo "setup: this needs root, and there is no sudo; run as root: $*" >&2
        return 1
    fi
}

# Install Debian packages; the package lists are fetched only when those at hand don't do.
apt_install() {
    command -v apt-get >/dev/null || {
        echo "setup: no apt-get here; install by hand what Debian calls: $*" >&2
        return 1
    }
    local apt=(env DEBIAN_FRONTEND=noninteractive apt-get -y
        -o Acquire::Retries=1 -o Acquire::http::Timeout=20 -o Acquire::https::Timeout=20
        -o DPkg::Lock::Timeout=60)
    if [ "$(id -u)" != 0 ] && ! command -v sudo >/dev/null; then
        as_root apt-get install "$@" || return # having said what to do
    fi
    as_root "${apt[@]}" install --no-install-recommends "$@" >"$log" 2>&1 && return
    as_root "${apt[@]}" update >>"$log" 2>&1 &&
        as_root "${apt[@]}" install --no-install-recommends "$@" >>"$log" 2>&1 && return
    tail -n 5 "$log" >&2
    return 1
}

fits() { "$1" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' 2>/dev/null; }

# The first Python from 3.11 to 3.13.
find_python() {
    local candidate
    for candidate in ${PYTHON:-python3.11 python3.12 python3.13 python3}; do
        if fits "$candidate"; then
            command -v "$candidate"
            return
        fi
    done
    return 1
}

choose_python() {
    python=$(find_python) && return
    [ -z "${PYTHON:-}" ] || fail "PYTHON=$PYTHON is no Python from 3.11 to 3.13"
    command -v python3 >/dev/null &&
        fail "needs Python 3.11, 3.12 or 3.13, and found $(python3 --version); name one with PYTHON="
    say "installing python3-venv from Debian: the till is written in Python"
    apt_install python3-venv || fail "can't install Python"
    python=$(find_python) || fail "Debian's $(python3 --version) is none from 3.11 to 3.13"
}

make_venv() {
    if [ -x .venv/bin/python ] && fits .venv/bin/python &&
        .venv/bin/python -m pip --version >/dev/null 2>&1; then
        return
    fi
    choose_python
    if ! "$python" -c 'import ensurepip, venv' 2>/dev/null; then
        local version
        version=$("$python" -c 'import sys; print("%d.%d" % sys.version_info[:2])')
        say "installing python$version-venv from Debian: its Python can't make .venv without it"
        apt_install "python$version-venv" || fail "can't install python$version-venv"
    fi
    say "making .venv with $("$python" --version) ($python): nothing is installed beside it"
    "$python" -m venv --clear .venv
}

set_up_python() {
    # The folder is part of it, for the scripts in .venv/bin name the interpreter by its path.
    local wanted done
    wanted="$PWD: $(cat pyproject.toml requirements.lock | sha256sum)"
    done=$(cat .venv/set-up 2>/dev/null || true)
    if [ "$done" = "$wanted" ] && [ -x .venv/bin/edge ] && fits .venv/bin/python; then
        return
    fi
    [ -z "$done" ] || [ "${done%%:*}" = "$PWD" ] || rm -r .venv # moved here from elsewhere
    make_venv
    say "installing $(grep -c == requirements.lock) pinned Python packages into .venv:" \
        "what the till, its tests and its tools are built on"
    local pip=(.venv/bin/python -m pip --disable-pip-version-check install --quiet)
    if ! { "${pip[@]}" --require-hashes -r requirements.lock &&
        "${pip[@]}" --no-deps --no-build-isolation --editable .; } >"$log" 2>&1; then
        grep -v "^WARNING: Location" "$log" | tail -n 15 >&2
        fail "pip could not install them (all it said is in $log)"
    fi
    echo "$wanted" >.venv/set-up
}

# Mosquitto, as a program alone: Debian starts a broker with it, and nobody asked for that one.
set_up_broker() {
    PATH=$PATH:/usr/sbin:/sbin
    command -v mosquitto >/dev/null && return
    say "installing mosquitto from Debian: the MQTT broker between the till and headquarters"
    apt_install mosquitto || return
    say "stopping the broker that Debian starts with it: the till starts one of its own, when needed"
    {
        as_root service mosquitto stop || true
        as_root update-rc.d mosquitto disable || true
    } >>"$log" 2>&1
    command -v mosquitto >/dev/null
}

# Where edge/drivers/printers/receipt_picture.py looks.
font=/usr/share/fonts/opentype/unifont/unifont.otf

set_up_font() {
    [ -f "$font" ] && return
    say "installing fonts-unifont from Debian: receipts are drawn with it, Chinese and English"
    apt_install fonts-unifont || return
    [ -f "$font" ]
}

# It makes a /sys and a udev of their own for the processes of a test. The till never needs it.
set_up_umockdev() {
    command -v umockdev-wrapper >/dev/null && return
    say "installing umockdev from Debian: tests plug USB devices in with it, where there is no USB"
    apt_install umockdev || return
    command -v umockdev-wrapper >/dev/null
}

# Beside .venv, not in it: it has wheels for x86-64 alone, and nothing but `make fuzz` asks for it.
fuzzer=build/fuzz/lib

set_up_fuzzer() {
    [ -d "$fuzzer/atheris" ] && return
    say "installing atheris into $fuzzer: it feeds the parsers of device bytes by coverage"
    .venv/bin/python -m pip --disable-pip-version-check install --quiet --only-binary :all: \
        --target "$fuzzer" "atheris>=3,<4" >"$log" 2>&1
}

case ${1:-} in
    python) set_up_python ;;
    broker) set_up_broker || fail "Mosquitto is missing, and the tests need a real broker" ;;
    broker-optional) set_up_broker || say "no Mosquitto to be had: the till sells offline" ;;
    font) set_up_font || fail "fonts-unifont is missing, and the tests draw receipts" ;;
    font-optional) set_up_font || say "no font to be had: the day's receipts are text alone" ;;
    umockdev) set_up_umockdev || fail "umockdev is missing, and the tests plug devices in with it" ;;
    fuzzer) set_up_fuzzer || fail "no atheris for this machine (all pip said is in $log)" ;;
    *) fail "usage: $0 python | broker[-optional] | font[-optional] | umockdev | fuzzer" ;;
esac
