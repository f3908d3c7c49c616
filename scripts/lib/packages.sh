# Debian packages, by what they are needed for.

PACKAGES_BUILD=(build-essential file libwebkit2gtk-4.1-dev pkg-config)
PACKAGES_DESKTOP=(curl dbus dunst faketime gnome-keyring libimage-exiftool-perl libsecret-tools oathtool
    openssh-client openssh-server poppler-utils webkit2gtk-driver xclip xdotool xvfb zbar-tools)
PACKAGES_RUST=(curl openssh-client)
PACKAGES_LINT=(shellcheck)
PACKAGES_PACKAGING=(appstream desktop-file-utils man-db)

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
    # A machine that never fetched the package lists, or fetched them long ago, needs them first.
    if ! packages_install "${missing[@]}"; then
        "${sudo[@]}" apt-get -o DPkg::Lock::Timeout=300 -qq update
        packages_install "${missing[@]}"
    fi
}

# Runs apt with the caller's `sudo` array.
packages_install() {
    "${sudo[@]}" env DEBIAN_FRONTEND=noninteractive \
        apt-get -o DPkg::Lock::Timeout=300 -qq -y --no-install-recommends install "$@"
}
