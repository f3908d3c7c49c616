# The peers that benchmarks run beside, each with its lock file, outside of the checkout.

PEERS=$CACHE/peers
PEERS_PYTHON=$PEERS/python

# Copied, so that nothing is installed into the checkout; installed when a lock file changed.
peers_install() {
    local source=crates/bench/peers stamp=$PEERS_PYTHON/.installed now
    mkdir -p "$PEERS"
    cp -r "$source/." "$PEERS"
    node_packages "$PEERS/better-auth"
    # Where npm runs no scripts of packages, the newer Node is not put into its place.
    "$PEERS/better-auth/node_modules/node/bin/node" --version >/dev/null ||
        (cd "$PEERS/better-auth/node_modules/node" && node installArchSpecificPackage.js)
    now=$(sha256sum <"$source/django-allauth/requirements.txt")
    [ "$(cat "$stamp" 2>/dev/null)" != "$now" ] || return 0
    python3 -c 'import venv, ensurepip' 2>/dev/null || packages_need python3 python3-venv
    python3 -m venv --clear "$PEERS_PYTHON"
    "$PEERS_PYTHON/bin/python" -m pip install --quiet --disable-pip-version-check --no-deps \
        --requirement "$source/django-allauth/requirements.txt"
    printf '%s\n' "$now" >"$stamp"
}

# sharp alone, which the benchmark of pictures runs beside.
peers_sharp() {
    mkdir -p "$PEERS/sharp"
    cp -r crates/bench/peers/sharp/. "$PEERS/sharp"
    node_packages "$PEERS/sharp"
}
