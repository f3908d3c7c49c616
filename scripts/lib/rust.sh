# The Rust toolchain and the cargo tools the checks need.

CARGO_DENY_VERSION=0.20.2
CARGO_NEXTEST_VERSION=0.9.143
CARGO_FUZZ_VERSION=0.13.2

rust_toolchain() {
    command -v cargo >/dev/null || { printf 'Rust 1.95 or later is needed: https://rustup.rs\n' >&2; return 1; }
}

# Programs for other people: no path of this machine is in them, so that a build elsewhere gives the same. The last prefix
# that fits counts, and the target folder may lie in the checkout.
rust_without_paths() {
    local cargo=${CARGO_HOME:-$HOME/.cargo} pair flags=()
    local prefixes=("$ROOT=/latchkey" "$cargo=/cargo" "$CARGO_TARGET_DIR=/target")
    for pair in "${prefixes[@]}"; do
        flags+=("--remap-path-prefix=$pair")
        CFLAGS="${CFLAGS:-} -ffile-prefix-map=$pair"
    done
    CARGO_ENCODED_RUSTFLAGS=$(IFS=$'\x1f'; printf '%s' "${flags[*]}")
    export CARGO_ENCODED_RUSTFLAGS CFLAGS
}

# The app as it is shipped. LLVM's linker, which Rust brings along for this target, keeps one of functions that are the same,
# and Tauri leaves out those of its commands that tauri.conf.json lets nobody call.
rust_app() {
    local -x REMOVE_UNUSED_COMMANDS=$ROOT
    local link=()
    [ "$(rustc -vV | sed -n 's/^host: //p')" != x86_64-unknown-linux-gnu ] || link=(-C link-arg=-Wl,--icf=all)
    cargo rustc --locked --profile app --package latchkey --bin latchkey -- "${link[@]}"
}

rust_components() {
    rust_toolchain
    cargo fmt --version >/dev/null 2>&1 || rustup component add rustfmt
    cargo clippy --version >/dev/null 2>&1 || rustup component add clippy
}

# A version that is already on the machine, whichever, is taken as it is.
rust_nextest() {
    command -v cargo-nextest >/dev/null || rust_install cargo-nextest "$CARGO_NEXTEST_VERSION" \
        --no-default-features --features default-no-update
}

rust_deny() {
    command -v cargo-deny >/dev/null || rust_install cargo-deny "$CARGO_DENY_VERSION"
}

# libFuzzer comes with the crate libfuzzer-sys; its instrumentation of Rust is the nightly compiler's alone.
rust_fuzz() {
    rust_toolchain
    cargo +nightly --version >/dev/null 2>&1 || rustup toolchain install nightly --profile minimal
    command -v cargo-fuzz >/dev/null || rust_install cargo-fuzz "$CARGO_FUZZ_VERSION"
}

# rust_install CRATE VERSION [OPTION...]: built without optimisation, which halves the time and is
# quick enough for tools that run for a second.
rust_install() {
    local crate=$1 version=$2
    shift 2
    printf 'Building %s %s (once)\n' "$crate" "$version"
    CARGO_PROFILE_DEV_DEBUG=false CARGO_INCREMENTAL=0 CARGO_TARGET_DIR=$TOOLS/build \
        cargo install --quiet --locked --debug --root "$TOOLS" --version "$version" "$@" "$crate"
    rm -rf "$TOOLS/build"
}
