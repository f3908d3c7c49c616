#!/usr/bin/env bash
# Installs from an apt repository made by repository.sh, and upgrades from it, in a root of its own: the machine's apt and
# its packages are only read. What is installed are packages named as ours with one file in them, or, where they are named,
# real ones:
#
#   scripts/lib/repository.test.sh [OLD.deb NEW.deb]
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/paths.sh"
. scripts/lib/deb.sh
. scripts/lib/repository.sh

export SOURCE_DATE_EPOCH=1767225600
work=$(mktemp -d)
# The agent of a keyring ends with its folder.
trap 'rm -rf "$work"' EXIT
repository=$work/repository

fail() { printf 'not so: %s\n' "$*" >&2; exit 1; }

# package VERSION: answers the file.
package() {
    local stage=$work/stage-$1
    mkdir -p "$stage/DEBIAN" "$stage/usr/share/doc/latchkey"
    printf '%s\n' "$1" >"$stage/usr/share/doc/latchkey/version"
    printf 'Package: latchkey\nVersion: %s\nArchitecture: %s\nMaintainer: Nobody\nDescription: for a test\n' \
        "$1" "$(dpkg --print-architecture)" >"$stage/DEBIAN/control"
    deb_build "$stage" "$work/latchkey_${1}_$(dpkg --print-architecture).deb" >/dev/null
    printf '%s\n' "$work/latchkey_${1}_$(dpkg --print-architecture).deb"
}

# A root with a copy of the machine's list of packages, so that what ours depend on is there.
make_root() {
    local list
    mkdir -p "$1"/etc/apt/{apt.conf.d,preferences.d,sources.list.d,trusted.gpg.d} "$1"/var/lib/apt/lists/partial \
        "$1"/var/cache/apt/archives/partial "$1"/var/lib/dpkg/{info,updates,triggers} "$1"/var/log/apt "$1"/usr/bin
    cp /var/lib/dpkg/status "$1/var/lib/dpkg/status"
    # Those packages have no files here.
    for list in /var/lib/dpkg/info/*.list; do : >"$1/var/lib/dpkg/info/${list##*/}"; done
    cp "$repository/latchkey.sources" "$1/etc/apt/sources.list.d/"
    cat >"$1/apt.conf" <<END
Dir "$1";
Dir::State::status "$1/var/lib/dpkg/status";
Dir::Bin::dpkg "/usr/bin/dpkg";
Dir::Bin::methods "/usr/lib/apt/methods";
APT::Architecture "$(dpkg --print-architecture)";
APT::Sandbox::User "$(id -un)";
Debug::NoLocking "true";
DPkg::Path "$PATH";
DPkg::Options { "--root=$1"; "--force-not-root"; "--force-script-chrootless"; "--log=$1/var/log/dpkg.log"; };
END
}

# apt ROOT ARGUMENT...: its configuration is read first, so that nothing of the machine's own is.
apt() {
    local root=$1
    shift
    APT_CONFIG=$root/apt.conf apt-get -qq -y "$@"
}

# refused NAME WORDS: a computer that never saw the repository does not take it, and says why.
refused() {
    make_root "$work/$1"
    if apt "$work/$1" update >"$work/said" 2>&1; then fail "$1: it is taken"; fi
    grep -q "$2" "$work/said" || fail "$1: $(cat "$work/said")"
}

installed() { dpkg-query --admindir="$1/var/lib/dpkg" -W -f='${db:Status-Status} ${Version}' latchkey 2>/dev/null; }

old=${1:-$(package 1.0.0)}
new=${2:-$(package 1.0.1)}
version_of() { dpkg-deb --field "$1" Version; }

export GNUPGHOME=$work/gnupg
key=$(repository_throw_away_key "$GNUPGHOME")
repository_add "$repository" "$key" "$old"
before=$(sha256sum /var/lib/dpkg/status)

root=$work/root
make_root "$root"
apt "$root" update
apt "$root" install latchkey >/dev/null
[ "$(installed "$root")" = "installed $(version_of "$old")" ] || fail "the first version is installed: $(installed "$root")"

repository_add "$repository" "$key" "$new"
apt "$root" update
apt "$root" upgrade >/dev/null
[ "$(installed "$root")" = "installed $(version_of "$new")" ] || fail "the second version came: $(installed "$root")"
[ $# -gt 0 ] || [ "$(cat "$root/usr/share/doc/latchkey/version")" = 1.0.1 ] || fail 'its file is there'

# What was tampered with is not taken.
printf '\nPackage: latchkey\nVersion: 9\n' >>"$repository/dists/stable/main/binary-$(dpkg --print-architecture)/Packages"
rm "$repository"/dists/stable/main/binary-*/Packages.?z
refused tampered 'mismatch\|unexpected size'

# Nor is what somebody else signed.
other=$(repository_throw_away_key "$work/other")
GNUPGHOME=$work/other repository_add "$repository" "$other" "$new"
gpg --batch --armor --export "$key" >"$repository/latchkey.asc"
refused signed-by-another 'NO_PUBKEY\|not signed'

[ "$before" = "$(sha256sum /var/lib/dpkg/status)" ] || fail 'the machine stays as it was'
printf 'apt installed %s and upgraded to %s\n' "$(version_of "$old")" "$(version_of "$new")"
