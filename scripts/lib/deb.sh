# Debian packages: the last touch to Tauri's, and latchkey-server's own.

# deb_finish DEB BINARY OUT: packs Tauri's package again, with the dependencies the program really has, the timestamps of
# the sources and Debian's own compression, which makes it a quarter smaller.
deb_finish() {
    local deb=$1 binary=$2 out=$3 work depends
    work=$(mktemp -d)
    dpkg-deb --raw-extract "$deb" "$work"
    depends=$(deb_library_packages "$work/$binary")
    sed -i "s/^Depends: .*/Depends: $depends/" "$work/DEBIAN/control"
    deb_build "$work" "$out/$(basename "$deb")"
    rm -rf "$work"
}

# deb_build STAGE FILE: what `dpkg-deb -Zxz` does, with the filter of xz for the processor's code, which makes a program a
# fourteenth smaller. dpkg and apt leave unpacking to liblzma, which reads in the file what was done.
deb_build() {
    local stage=$1 file work filter=()
    file=$(realpath --canonicalize-missing "$2")
    work=$(mktemp -d)
    [ "$(dpkg --print-architecture)" != amd64 ] || filter=(--x86)
    find "$stage" -exec touch --no-dereference --date="@$SOURCE_DATE_EPOCH" {} +
    chmod 755 "$stage"
    dpkg-deb --root-owner-group --uniform-compression -Znone --build "$stage" "$work/plain.deb"
    mkdir -p "$(dirname "$file")"
    rm -f "$file"
    (
        cd "$work"
        ar x plain.deb
        xz "${filter[@]}" --lzma2=preset=9e,lc=4 control.tar data.tar
        # D: without times and people.
        ar rcD "$file" debian-binary control.tar.xz data.tar.xz
    )
    rm -rf "$work"
}

# The package of latchkey-server, from its binary, packaging/server and what scripts/package put into target/packaging.

# deb_server BINARY STAGE OUT
deb_server() {
    local binary=$1 stage=$2 out=$3 version architecture depends
    version=$(sed -n '/^\[workspace.package\]/,/^\[/s/^version = "\(.*\)"/\1/p' Cargo.toml)
    architecture=$(dpkg --print-architecture)

    rm -rf "$stage"
    install -Dm755 "$binary" "$stage/usr/bin/latchkey-server"
    install -Dm644 packaging/server/latchkey-server.service "$stage/usr/lib/systemd/system/latchkey-server.service"
    install -Dm644 packaging/server/sysusers.conf "$stage/usr/lib/sysusers.d/latchkey-server.conf"
    install -Dm644 packaging/server/server.toml "$stage/etc/latchkey/server.toml"
    install -Dm644 target/packaging/latchkey-server.8.gz "$stage/usr/share/man/man8/latchkey-server.8.gz"
    install -Dm644 target/packaging/completions.bash "$stage/usr/share/bash-completion/completions/latchkey-server"
    install -Dm644 target/packaging/completions.fish "$stage/usr/share/fish/vendor_completions.d/latchkey-server.fish"
    install -Dm644 target/packaging/completions.zsh "$stage/usr/share/zsh/vendor-completions/_latchkey-server"
    install -Dm644 packaging/copyright "$stage/usr/share/doc/latchkey-server/copyright"
    install -Dm644 target/packaging/CHANGELOG.md.gz "$stage/usr/share/doc/latchkey-server/CHANGELOG.md.gz"
    install -Dm644 target/packaging/THIRD-PARTY-LICENSES.md.gz \
        "$stage/usr/share/doc/latchkey-server/THIRD-PARTY-LICENSES.md.gz"
    install -Dm755 -t "$stage/DEBIAN" packaging/server/{postinst,prerm,postrm}
    printf '/etc/latchkey/server.toml\n' >"$stage/DEBIAN/conffiles"

    depends=$(deb_library_packages "$stage/usr/bin/latchkey-server")
    cat >"$stage/DEBIAN/control" <<END
Package: latchkey-server
Version: $version
Architecture: $architecture
Maintainer: The Latchkey authors
Section: net
Priority: optional
Installed-Size: $(du --summarize --apparent-size --block-size=1024 --exclude=DEBIAN "$stage" | cut -f1)
Depends: $depends, passwd
Recommends: systemd
Description: account service of Latchkey
 Keeps the accounts of a company or a household: profiles with pictures,
 sign-in and sessions, over a REST API that describes itself. The desktop
 app is in the package latchkey.
END
    (cd "$stage" && find etc usr -type f -print0 | sort -z | xargs -0 md5sum >DEBIAN/md5sums)
    deb_build "$stage" "$out/latchkey-server_${version}_$architecture.deb"
}

# The packages of the libraries that a program is linked with, as a Depends field.
deb_library_packages() {
    local binary work
    binary=$(realpath "$1")
    work=$(mktemp -d)
    mkdir "$work/debian"
    : >"$work/debian/control"
    (cd "$work" && dpkg-shlibdeps -O "$binary") | sed -n 's/^shlibs:Depends=//p'
    rm -rf "$work"
}
