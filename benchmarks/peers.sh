#!/bin/sh
# Makes .venv-peers/NAME, the environment of what our model NAME is compared with, from
# benchmarks/NAME_peers.txt and, where a compiler is there, benchmarks/NAME_peers_built.txt.
# Where that cannot be done it says so: the benchmark goes without them.
set -u
cd "$(dirname "$0")/.."
wanted="benchmarks/$1_peers.txt"
built="benchmarks/$1_peers_built.txt"
home=".venv-peers/$1"
[ -f "$built" ] || built=/dev/null
if [ -f "$home/.stamp" ] && cat "$wanted" "$built" | cmp -s - "$home/.stamp"; then exit 0; fi
install() { "$home/bin/python" -m pip install --quiet --disable-pip-version-check --no-input "$@"; }
if .venv/bin/python -m venv --clear "$home" && install -r "$wanted"; then
    [ "$built" = /dev/null ] || install --no-deps -r "$built" \
        || echo "no peers from source: they could not be built" >&2
    cat "$wanted" "$built" > "$home/.stamp"
else
    echo "no peers: their packages could not be installed" >&2
    rm -rf "$home"
fi
