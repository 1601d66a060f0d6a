#!/bin/sh
# Runs a command where a real user's manager of systemd answers: unshare -m sh with_systemd.sh COMMAND...
# The folder /run is this process's own, so that the manager believes that the machine was booted with systemd.
set -e
mount -t tmpfs tmpfs /run
mkdir -p /run/systemd/system "$XDG_RUNTIME_DIR"
"$SYSTEMD" --user --log-target=null &
manager=$!
tries=0
until systemctl --user show --property=Version >/dev/null 2>&1; do
    tries=$((tries + 1))
    if [ "$tries" -gt 200 ]; then
        echo "systemd --user does not answer here" >&2
        exit 77
    fi
    sleep 0.1
done
status=0
"$@" || status=$?
kill "$manager"
wait "$manager" || true
exit "$status"
