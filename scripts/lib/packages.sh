# Debian packages, by what they are needed for.

PACKAGES_BUILD=(build-essential file libwebkit2gtk-4.1-dev pkg-config)
PACKAGES_DESKTOP=(at-spi2-core curl dbus desktop-file-utils docker-registry dunst faketime git gnome-keyring libglib2.0-bin
    libimage-exiftool-perl libsecret-tools oathtool openssh-client openssh-server poppler-utils skopeo webkit2gtk-driver
    weston xclip xdotool xvfb zbar-tools)
PACKAGES_RUST=(apache2-utils curl docker-registry faketime git nginx-light oathtool openssh-client openssh-server openssl
    pgbouncer postgresql prometheus python3 skopeo sqlite3 systemd)
PACKAGES_BENCH=(build-essential pkg-config postgresql wrk)
PACKAGES_IMAGES=(build-essential imagemagick libvips-tools pkg-config)
PACKAGES_LINT=(build-essential gpg shellcheck xz-utils)
PACKAGES_PACKAGING=(appstream binutils desktop-file-utils gpg man-db rpm xz-utils)
PACKAGES_WINDOW=(build-essential dbus gnome-keyring libwebkit2gtk-4.1-dev pkg-config webkit2gtk-driver xvfb)

# Services that come with packages of which the tests want the program alone.
declare -A PACKAGES_SERVICES=([docker-registry]=docker-registry.service [nginx-light]=nginx.service
    [openssh-server]='ssh.service ssh.socket' [pgbouncer]=pgbouncer.service [postgresql]=postgresql.service
    [prometheus]=prometheus.service)

# packages_need NAME...: installs those that are missing, as root or through sudo.
packages_need() {
    local name missing=()
    if ! command -v dpkg-query >/dev/null; then
        printf 'This is not a Debian-like system. Needed here are the equivalents of: %s\n' "$*" >&2
        return
    fi
    for name in "$@"; do
        [ "$(dpkg-query -W -f='${db:Status-Status}' "$name" 2>/dev/null)" = installed ] || missing+=("$name")
    done
    [ ${#missing[@]} -gt 0 ] || return 0

    local sudo=()
    if [ "$(id -u)" -ne 0 ]; then
        if ! command -v sudo >/dev/null; then
            printf 'Please install as root: apt-get install %s\n' "${missing[*]}" >&2
            return 1
        fi
        sudo=(sudo)
    fi
    printf 'Installing with apt: %s\n' "${missing[*]}"
    packages_silence "${missing[@]}"
    # A machine that never fetched the package lists, or fetched them long ago, needs them first.
    if ! packages_install "${missing[@]}"; then
        "${sudo[@]}" apt-get -o DPkg::Lock::Timeout=300 -qq update
        packages_install "${missing[@]}"
    fi
}

# Keeps the services of packages that are to come from starting, now and with the machine. `systemctl unmask` lets them.
packages_silence() {
    local name units
    for name in "$@"; do
        units=${PACKAGES_SERVICES[$name]:-}
        if [ -z "$units" ] || [ ! -d /run/systemd/system ]; then continue; fi
        printf 'The service of %s will not run: systemctl unmask %s\n' "$name" "$units"
        # shellcheck disable=SC2086 # several units
        "${sudo[@]}" systemctl --quiet mask $units
    done
}

# Runs apt with the caller's `sudo` array. In runlevel 1 no service of SysV's starts either.
packages_install() {
    "${sudo[@]}" env DEBIAN_FRONTEND=noninteractive RUNLEVEL=1 \
        apt-get -o DPkg::Lock::Timeout=300 -qq -y --no-install-recommends install "$@"
}
