#!/bin/sh
# Debian packages that the tests use (Chromium, PostgreSQL, npm): installed when missing and when this
# user may; otherwise the tests that need them are skipped and say so.
set -eu
missing=
command -v chromium >/dev/null 2>&1 || command -v google-chrome >/dev/null 2>&1 || missing="$missing chromium"
ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || missing="$missing postgresql"
fc-list :lang=zh 2>/dev/null | grep -q . || missing="$missing fonts-noto-cjk"
command -v npm >/dev/null 2>&1 || missing="$missing nodejs npm"
[ -z "$missing" ] && exit 0

if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
    echo "  › installing Debian packages:$missing …"
    mkdir -p var/logs
    log=var/logs/system.log
    if { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq \
        --no-install-recommends $missing; } >"$log" 2>&1; then
        echo "  ✓ Debian packages"
    else
        echo "  ! could not install$missing (log: $log); the tests that need them are skipped"
    fi
else
    echo "  ! missing:$missing; the tests that need them are skipped"
fi
