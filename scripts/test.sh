#!/usr/bin/env bash
# Everything that proves hol: installs what the tests need (Chromium and a Korean font included), then lint, types, tests.
# Usage: bash scripts/test.sh [pytest arguments]
set -euo pipefail
cd "$(dirname "$0")/.."

browser() { command -v chromium || command -v chromium-browser || command -v google-chrome; }
korean() { command -v fc-list >/dev/null && fc-list :lang=ko | grep -q .; }

if ! browser >/dev/null || ! korean; then
    if ! command -v apt-get >/dev/null; then
        echo "The tests drive a real browser: install Chromium (on the PATH) and a Korean font, then run this again." >&2
        exit 1
    fi
    as_root=""
    [ "$(id -u)" = 0 ] || as_root=sudo
    echo "installing Chromium and a Korean font …"
    $as_root apt-get update -qq
    DEBIAN_FRONTEND=noninteractive $as_root apt-get install -y -qq --no-install-recommends chromium fontconfig fonts-nanum >/dev/null
fi

if [ -z "${VIRTUAL_ENV:-}" ]; then
    [ -d .venv ] || python3 -m venv .venv
    # shellcheck disable=SC1091
    . .venv/bin/activate
fi
python -m pip install --quiet --disable-pip-version-check -e '.[test]' -c constraints.txt

# The tests start hol many hundred times: it should not be compiled each time.
python -m compileall -q hol steps tests

ruff check .
ruff format --check --quiet .
mypy
python -m scripts.catalogue check
# 5: these arguments choose no test of this part.
tests() { python -m pytest "$@" || [ $? = 5 ]; }
# Most of a test is waiting for a server: more of them than processors at once. What is measured by the clock runs by itself.
tests -n 3 --dist worksteal -m "not alone" "$@"
tests -m alone "$@"
