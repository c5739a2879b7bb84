#!/bin/sh
# Makes .venv with Python 3.10 and the pinned, hashed requirements; does nothing when they are
# unchanged. Usage: deploy/environment.sh [dev]
set -eu
cd "$(dirname "$0")/.."

venv=.venv
log=var/logs/environment.log
mkdir -p var/logs 2>/dev/null || { echo "usher: cannot write var; check its permissions or free some space" >&2; exit 1; }

fail() { echo "usher: $1" >&2; exit 1; }

checksum() { cat "$@" | { sha256sum 2>/dev/null || shasum -a 256; } | cut -d' ' -f1; }

is_310() { "$1" -c 'import sys; sys.exit(sys.version_info[:2] != (3, 10))' >/dev/null 2>&1; }

free_megabytes() { df -Pm . | tail -n 1 | sed 's/  */ /g' | cut -d' ' -f4; }

need_megabytes() {
    free=$(free_megabytes)
    [ "$free" -ge "$1" ] || fail "the disk is full: $1 MB are needed here and $free MB are free; free some space and run it again"
}

# uv may be a pyenv shim that refuses to run here, so it is tried, not only looked for.
find_uv() {
    for candidate in uv "$HOME/.local/bin/uv" "$HOME/.cargo/bin/uv"; do
        if "$candidate" --version >/dev/null 2>&1; then echo "$candidate"; return; fi
    done
}

find_python() {
    for candidate in python3.10 python3 python "${PYENV_ROOT:-$HOME/.pyenv}"/versions/3.10*/bin/python; do
        if is_310 "$candidate"; then "$candidate" -c 'import sys; print(sys.executable)'; return; fi
    done
    if [ -n "$uv" ]; then "$uv" python find 3.10 2>/dev/null || true; fi
}

explain_failure() {
    if grep -qi 'no space left' "$log" || [ "$(free_megabytes)" -lt 1 ]; then
        fail "the disk is full; free some space and run it again"
    elif grep -qiE 'name or service not known|temporary failure in name resolution|connection (refused|reset|error)|network is unreachable|failed to establish|dns error|error sending request|timed out' "$log"; then
        fail "cannot download the packages: no network; connect and run it again (log: $log)"
    elif grep -qiE 'hash(es)? (mismatch|do not match)' "$log"; then
        fail "a downloaded package does not match its pinned hash; refusing it (log: $log)"
    fi
    fail "$1: $(tail -n 1 "$log") (log: $log)"
}

install() {
    if [ -n "$uv" ]; then
        "$uv" pip install --quiet --python "$venv/bin/python" --require-hashes -r "$1" >"$log" 2>&1
    else
        "$venv/bin/python" -m pip install --quiet --disable-pip-version-check --no-input \
            --require-hashes -r "$1" >"$log" 2>&1
    fi || explain_failure "the packages could not be installed"
}

uv=$(find_uv)

ensure() { # a file of requirements, the name of its stamp
    stamp="$venv/.stamp-$2"
    wanted=$(checksum .python-version "$1")
    [ "$(cat "$stamp" 2>/dev/null || true)" = "$wanted" ] && return
    began=$(date +%s)
    echo "  › installing $1 …"
    install "$1"
    echo "$wanted" >"$stamp"
    echo "  ✓ $1 ($(($(date +%s) - began)) s)"
}

if ! is_310 "$venv/bin/python"; then
    need_megabytes 3000
    python=$(find_python)
    if [ -n "$python" ]; then
        "$python" -m venv --clear "$venv" >"$log" 2>&1 || {
            [ -n "$uv" ] && "$uv" venv --quiet --clear --python "$python" "$venv" >"$log" 2>&1
        } || explain_failure "cannot make $venv"
    elif [ -n "$uv" ]; then
        "$uv" venv --quiet --clear --python 3.10 "$venv" >"$log" 2>&1 \
            || explain_failure "Python 3.10 is missing and uv could not get it"
    else
        fail "Python 3.10 is missing; install it (pyenv install 3.10) or install uv, and run it again"
    fi
    echo "  ✓ $venv ($("$venv/bin/python" --version))"
fi

ensure requirements.txt run
[ "${1:-}" = dev ] && ensure requirements-dev.txt dev
exit 0
