#!/bin/sh
# Makes .venv-peers, the environment of the recommenders that ours is compared with. Where that
# cannot be done it says so: the benchmark then goes without them.
set -u
cd "$(dirname "$0")/.."
wanted=benchmarks/recommender_peers.txt
stamp=.venv-peers/.stamp
if [ -f "$stamp" ] && cmp -s "$wanted" "$stamp"; then exit 0; fi
.venv/bin/python -m venv --clear .venv-peers \
    && .venv-peers/bin/python -m pip install --quiet --disable-pip-version-check --no-input -r "$wanted" \
    && cp "$wanted" "$stamp" \
    || { echo "no peers: their packages could not be installed" >&2; rm -rf .venv-peers; }
