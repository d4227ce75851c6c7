#!/bin/sh
# Installs one lock file into .venv, making .venv first where needed:  tools/venv.sh LOCK STAMP
# Called by make when the stamp is missing or older than the lock. Safe to interrupt and to repeat.
set -eu

lock=$1
stamp=$2

venv=.venv
unfinished=$venv/.unfinished # there from the first write to the last; a half-installed package looks whole to pip

die() {
    printf 'set-up: %s\n' "$@" >&2
    exit 1
}

say() { printf 'set-up: %s\n' "$1"; }

can_apt() { [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; }

apt_install() {
    say "installing $* with apt-get"
    apt-get update -qq >/dev/null || true
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@" >/dev/null
}

new_enough() { "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; }

find_python() {
    if [ -n "${PYTHON:-}" ]; then
        command -v "$PYTHON" >/dev/null 2>&1 || die "PYTHON=$PYTHON: there is no such interpreter"
        new_enough "$PYTHON" || die "PYTHON=$PYTHON is $("$PYTHON" -V 2>&1); Python 3.11 or newer is needed"
        return
    fi
    for PYTHON in python3 python3.13 python3.12 python3.11; do
        if new_enough "$PYTHON"; then return; fi
    done
    die "Python 3.11 or newer is needed; found: $(python3 -V 2>&1 || echo none)" \
        "install it, or name an interpreter: make PYTHON=/path/to/python3.12 run"
}

need_ensurepip() {
    "$PYTHON" -c 'import ensurepip, venv' >/dev/null 2>&1 && return
    version=$("$PYTHON" -c 'import sys; print("%d.%d" % sys.version_info[:2])')
    if can_apt; then
        apt_install "python$version-venv" || apt_install python3-venv || true
        "$PYTHON" -c 'import ensurepip, venv' >/dev/null 2>&1 && return
    fi
    die "$PYTHON cannot make virtual environments: its venv module is packaged apart" \
        "install it (Debian, Ubuntu: sudo apt install python$version-venv) and run make again"
}

# The wheel of rasterio links the system's libexpat, which the slimmest container images lack.
need_libexpat() {
    [ "$(uname -s)" = Linux ] || return 0
    "$venv/bin/python" -c 'import ctypes; ctypes.CDLL("libexpat.so.1")' >/dev/null 2>&1 && return
    if can_apt; then apt_install libexpat1 && return; fi
    die "the system library libexpat is missing (Debian, Ubuntu: sudo apt install libexpat1)"
}

healthy() {
    [ ! -e "$unfinished" ] && new_enough "$venv/bin/python" && "$venv/bin/python" -m pip --version >/dev/null 2>&1
}

if ! healthy; then
    find_python
    need_ensurepip
    say "making $venv with $("$PYTHON" -V 2>&1)"
    rm -rf "$venv"
    mkdir "$venv"
    : >"$unfinished"
    "$PYTHON" -m venv "$venv"
fi
need_libexpat

say "installing the packages of $lock (some minutes the first time on a slow line)"
: >"$unfinished"
"$venv/bin/python" -m pip install --quiet --disable-pip-version-check \
    --require-hashes --only-binary :all: -r "$lock"
touch "$stamp"
rm -f "$unfinished"
