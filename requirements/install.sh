#!/bin/sh
# Makes .venv from a lock file, and what the machine itself must have: `requirements/install.sh demo|dev`.
# The measurements' environment stands beside it: `requirements/install.sh bench .venv-bench`.
set -eu
cd "$(dirname "$0")/.."
kind=$1
venv=${2:-.venv}

fail() { printf '%s\n' "$1" >&2; exit 1; }
say() { printf '  %s\n' "$1"; }

as_root_on_debian() { [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; }

# Debian's packages: installed where that is possible, named where it is not.
debian() {
    if as_root_on_debian; then
        say "Installing from Debian: $*"
        apt-get update -qq >/dev/null 2>&1 || true
        DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@" >/dev/null 2>&1 ||
            fail "Debian's packages could not be installed. Try: apt-get update && apt-get install $*"
    else
        fail "This machine lacks something. As root, install: $*"
    fi
}

python=
for each in python3.13 python3.12 python3.11 python3; do
    if command -v "$each" >/dev/null 2>&1 && "$each" -c "import sys; sys.exit(sys.version_info < (3, 11))" 2>/dev/null; then
        python=$each
        break
    fi
done
[ -n "$python" ] || fail "Python 3.11 or later is needed. On Debian or Ubuntu: apt-get install python3 python3-venv"

if [ ! -x "$venv/bin/python" ]; then
    say "Making $venv with $python"
    "$python" -m venv "$venv" >/dev/null 2>&1 || {
        rm -rf "$venv"
        debian python3-venv
        "$python" -m venv "$venv"
    }
fi

# The lock's hash in a stamp file: nothing is installed again while the lock is the same.
stamp="$venv/installed-$kind"
lock=requirements/$kind.txt
if [ "$(cat "$stamp" 2>/dev/null)" != "$(cksum "$lock" pyproject.toml)" ]; then
    say "Installing the locked packages ($kind)"
    # uv is five times as fast; pip does the same where uv can't be had or can't reach what pip reaches.
    pip="-q --disable-pip-version-check --require-hashes"
    # shellcheck disable=SC2086  # one word an option
    { "$venv/bin/python" -m pip install $pip --only-binary :all: -r requirements/uv.txt &&
        "$venv/bin/uv" pip install -q --python "$venv/bin/python" --require-hashes -r "$lock"; } 2>"$venv/uv.log" ||
        "$venv/bin/python" -m pip install $pip -r "$lock" ||
        fail "The packages of $lock could not be installed."
    "$venv/bin/python" -m pip install -q --disable-pip-version-check --no-deps --no-build-isolation -e . ||
        fail "The portal itself could not be installed into $venv."
    cksum "$lock" pyproject.toml >"$stamp"
fi

# Shared libraries and fonts that no Python package carries.
missing=
"$venv/bin/python" -c 'import ctypes; ctypes.CDLL("libcurl.so.4")' 2>/dev/null || missing="$missing libcurl4"
"$venv/bin/python" -c 'import weasyprint' >/dev/null 2>&1 ||
    missing="$missing libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0"
[ -f /usr/share/fonts/truetype/noto/NotoSans-Regular.ttf ] || missing="$missing fonts-noto-core"
if [ "$kind" = dev ]; then
    command -v pdfinfo >/dev/null 2>&1 || missing="$missing poppler-utils"
    # Without a window a page costs a browser a third: asked for once where Debian may have one, done without elsewhere.
    if as_root_on_debian && ! command -v chromium-headless-shell >/dev/null 2>&1 && [ ! -e "$venv/asked-for-browser" ]; then
        (debian chromium-headless-shell) 2>/dev/null || say "There is none here without a window."
        touch "$venv/asked-for-browser"
    fi
    command -v "${CHROMIUM:-chromium-headless-shell}" >/dev/null 2>&1 || command -v chromium >/dev/null 2>&1 ||
        command -v google-chrome >/dev/null 2>&1 || missing="$missing chromium"
fi
if [ "$kind" = bench ] && as_root_on_debian; then
    ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || missing="$missing postgresql"
fi
# shellcheck disable=SC2086  # one word a package
[ -z "$missing" ] || debian $missing
