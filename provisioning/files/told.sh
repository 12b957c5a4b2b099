#!/bin/sh
# What this box says of itself, as JSON; changes nothing. With the argument `doctor` also what is wrong with it.
set -u
cd / || exit # where everybody may look
text() { printf '"%s": "%s", ' "$1" "$(printf '%s' "$2" | tr -d '\\"\000-\037')"; }
whole() { printf '"%s": %s, ' "$1" "${2:-null}"; }
coach=/opt/posecoach/current/bin/posecoach
export POSECOACH_DATA=/var/lib/posecoach POSECOACH_MODELS=/opt/posecoach/current/models # as its unit says
as() { setpriv --reuid=posecoach --regid=posecoach --init-groups env HOME=/nonexistent "$@" 2>/dev/null; }
printf '{'
text version "$(basename "$(readlink /opt/posecoach/current 2>/dev/null)" 2>/dev/null)"
text previous "$(basename "$(readlink /opt/posecoach/previous 2>/dev/null)" 2>/dev/null)"
text service "$(systemctl is-active posecoach.service 2>/dev/null)"
text says "$(systemctl show posecoach.service --property StatusText --value 2>/dev/null)"
whole restarts "$(systemctl show posecoach.service --property NRestarts --value 2>/dev/null)"
whole up_s "$(cut -d. -f1 /proc/uptime)"
whole free_mib "$(df -Pm /var/lib/posecoach /var/lib 2>/dev/null | awk 'NR==2 {print $4}')"
if [ "${1:-}" = doctor ] && [ -x $coach ]; then
  whole doctor "$(as $coach doctor --json)"
  whole last_session "$(as $coach history list --limit 1 --json)"
fi
printf '"release": %s}\n' "$(cat /opt/posecoach/last.json 2>/dev/null || echo null)"
