# Node packages of a folder, installed when its lock file or Node itself changed since the last time.

# node_packages FOLDER
node_packages() {
    local folder=$1 stamp=$1/node_modules/.installed-from now
    command -v npm >/dev/null || { printf 'Node.js 20.19 or later with npm is needed: https://nodejs.org\n' >&2; return 1; }
    now="$(node --version) $(sha256sum <"$folder/package-lock.json")"
    if [ "$(cat "$stamp" 2>/dev/null)" != "$now" ]; then
        # Not `npm ci`: it refuses a lock file without the binaries of every other platform, which npm leaves out
        # when the registry at hand does not carry them. This installs the same versions and changes neither file.
        npm --prefix "$folder" install --no-save --no-audit --no-fund
        printf '%s\n' "$now" >"$stamp"
    fi
}
