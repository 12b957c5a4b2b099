#!/bin/sh
# What this box is, as JSON; looks only, and needs neither Python nor root. Arguments: names of Debian packages.
set -u
one() { printf '"%s": "%s", ' "$1" "$(printf '%s' "$2" | tr -d '\\"\000-\037')"; }
free() { # MiB free in the file system of a folder, or of the nearest one above that is there
  place=$1
  while [ ! -d "$place" ]; do place=$(dirname "$place"); done
  df -Pm "$place" | awk 'NR==2 {print $4}'
}
# shellcheck source=/dev/null
. /etc/os-release
printf '{'
one os "${ID:-}"
one release "${VERSION_CODENAME:-}"
one name "${PRETTY_NAME:-}"
one arch "$(dpkg --print-architecture 2>/dev/null)"
one machine "$(uname -m)"
one model "$( (tr -d '\000' </proc/device-tree/model) 2>/dev/null)"
one init "$(cat /proc/1/comm)"
one python "$(/usr/bin/python3 -c 'import sys; print("%d.%d" % sys.version_info[:2])' 2>/dev/null)"
one root_type "$(awk '$2 == "/" {kind = $3} END {print kind}' /proc/mounts)"
one overlay "$(awk '$2 == "/media/root-ro" {print "on"; exit}' /proc/mounts)"
one hostname "$(cat /etc/hostname 2>/dev/null)"
one home "$HOME"
one user "$(id -un)"
one sudo "$(sudo -n true 2>/dev/null && echo yes)"
one keys "$(grep -cE '^[^#]' "$HOME/.ssh/authorized_keys" 2>/dev/null)"
one current "$(basename "$(readlink /opt/posecoach/current 2>/dev/null)" 2>/dev/null)"
one boot "$(for each in /boot/firmware /boot; do [ -f "$each/config.txt" ] && echo "$each" && break; done)"
one sftp "$(awk '$1 == "Subsystem" && $2 == "sftp" {print "yes"; exit}' /etc/ssh/sshd_config 2>/dev/null)"
here=$(echo "${SSH_CONNECTION:-}" | cut -d' ' -f3)
over=$(ip -o addr 2>/dev/null | awk -v here="$here" 'here != "" && index($4, here "/") == 1 {print $2; exit}')
one wireless "$([ -n "$over" ] && [ -d "/sys/class/net/$over/wireless" ] && echo "$over")"
missing=
for package in "$@"; do
  dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null | grep -qx installed || missing="$missing $package"
done
one missing "${missing# }"
printf '"free_mib": {"opt": %s, "var": %s, "home": %s}}\n' "$(free /opt/posecoach)" "$(free /var/lib)" "$(free "$HOME")"
