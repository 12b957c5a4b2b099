#!/bin/sh
# One box: install posecoach from a bundle, by hand or from a USB stick. provisioning/README.md says how.
#
#   sudo ./install.sh [BUNDLE.tar] [--signers FILE] [--check] [--gate-s S] [--unstarted] [--json]
#   sudo ./install.sh --uninstall [--purge-data] [--json]
#
# Nothing of a bundle is run before its signature is good. Exit codes: 65 bad bundle, 66 none, 69 the gate failed and the
# old release is back, 74 no space or not root, 78 not for this box.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
installed=/opt/posecoach/bin/posecoach-release
known=/etc/posecoach/allowed_signers
bundle='' signers='' action=install json='' pass=''

refuse() {
    if [ -n "$json" ]; then
        printf '{"changed": false, "previous": null, "reason": "%s", "rolled_back": false, "version": null}\n' \
            "$(printf '%s' "$2" | tr -d '"')"
    fi
    echo "refused: $2" >&2
    exit "$1"
}

while [ $# -gt 0 ]; do
    case $1 in
        --signers) signers=${2:?--signers wants a file}; shift ;;
        --check) action=check ;;
        --uninstall) action=uninstall ;;
        --purge-data | --unstarted) pass="$pass $1" ;;
        --gate-s) pass="$pass $1 ${2:?--gate-s wants seconds}"; shift ;;
        --json) json=--json ;;
        -h | --help) sed -n '2,8s/^# \{0,1\}//p' "$0"; exit 0 ;;
        -*) echo "install.sh: there is no option $1; --help lists them" >&2; exit 2 ;;
        *) bundle=$1 ;;
    esac
    shift
done

[ "$(id -u)" = 0 ] || [ "$action" = check ] || refuse 74 "only root can install: sudo $0"

if [ "$action" = uninstall ]; then
    [ -e "$installed" ] || { [ -n "$json" ] && echo '{"changed": false, "previous": null, "reason": null, "rolled_back": false, "version": null}'; \
        echo "posecoach is not installed" >&2; exit 0; }
    # A copy: it removes itself.
    work=$(mktemp -d)
    trap 'rm -rf "$work"' EXIT
    cp "$installed" "$work/posecoach-release"
    # shellcheck disable=SC2086 # options without blanks
    python3 "$work/posecoach-release" uninstall $pass $json
    exit
fi

command -v dpkg >/dev/null || refuse 78 "this is no Debian and no Raspberry Pi OS"
for tool in tar sha256sum ssh-keygen python3; do
    command -v "$tool" >/dev/null || refuse 78 "$tool is missing: apt install tar coreutils openssh-client python3"
done
python3 -c 'import sys; sys.exit(sys.version_info < (3, 11))' ||
    refuse 78 "this system is too old: its Python is $(python3 -V 2>&1 | cut -d' ' -f2), 3.11 is needed: install Debian or Raspberry Pi OS 12 or 13, 64 bit"

if [ -z "$bundle" ]; then
    # shellcheck disable=SC1091 # of the box
    suite=$(. /etc/os-release && echo "${VERSION_CODENAME:-}")
    arch=$(dpkg --print-architecture)
    bundle=$(printf '%s\n' "$here"/posecoach-*-"$suite-$arch".tar | sort -V | tail -n 1)
    [ -e "$bundle" ] || bundle=''
    [ -n "$bundle" ] || refuse 66 "there is no bundle for $suite on $arch beside $0"
fi
[ -f "$bundle" ] || refuse 66 "there is no bundle $bundle"
if [ -z "$signers" ]; then
    if [ -e "$known" ]; then trusted=$known
    elif [ -e "$here/allowed_signers" ]; then trusted=$here/allowed_signers; signers=$trusted
    else refuse 65 "nobody's bundles are taken yet: put allowed_signers beside $0, or name it with --signers"; fi
else trusted=$signers; fi
[ -f "$trusted" ] || refuse 66 "there is no file $trusted"

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
tar -xf "$bundle" -C "$work" --occurrence=1 manifest.json manifest.json.sig posecoach-release 2>/dev/null ||
    refuse 65 "$bundle is no bundle, or its copy is incomplete: copy it again"
ssh-keygen -Y verify -n posecoach-bundle -I posecoach -f "$trusted" -s "$work/manifest.json.sig" \
    <"$work/manifest.json" >/dev/null 2>&1 ||
    refuse 65 "$(basename "$bundle") is not signed by anybody in $trusted: take it from whoever makes your bundles"
python3 - "$work" <<'PYTHON' || refuse 65 "$(basename "$bundle"): posecoach-release is damaged: copy the bundle again"
import hashlib, json, sys
files = {each["path"]: each["sha256"] for each in json.load(open(f"{sys.argv[1]}/manifest.json"))["files"]}
content = open(f"{sys.argv[1]}/posecoach-release", "rb").read()
sys.exit(files.get("posecoach-release") != hashlib.sha256(content).hexdigest())
PYTHON

set -- "$action" "$bundle"
[ -z "$signers" ] || set -- "$@" --signers "$signers"
# shellcheck disable=SC2086 # options without blanks
python3 "$work/posecoach-release" "$@" $pass $json
