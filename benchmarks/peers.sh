#!/bin/sh
# Makes .venv-peers/NAME, the environment of what our model NAME is compared with, from
# benchmarks/NAME_peers.txt. Where that cannot be done it says so: the benchmark goes without them.
set -u
cd "$(dirname "$0")/.."
wanted="benchmarks/$1_peers.txt"
home=".venv-peers/$1"
if [ -f "$home/.stamp" ] && cmp -s "$wanted" "$home/.stamp"; then exit 0; fi
.venv/bin/python -m venv --clear "$home" \
    && "$home/bin/python" -m pip install --quiet --disable-pip-version-check --no-input -r "$wanted" \
    && cp "$wanted" "$home/.stamp" \
    || { echo "no peers: their packages could not be installed" >&2; rm -rf "$home"; }
