# An apt repository in a folder: any web server may hand it out, and apt also reads it from a disk.
#
#   pool/main/NAME.deb                        every package that was ever put there
#   dists/stable/{InRelease,Release,…}        what there is, signed
#   latchkey.asc, latchkey.sources            what a computer needs to trust it

# repository_add FOLDER KEY DEB...: puts packages into a repository, which is made where it is missing, and signs what there
# is by then with a key of the caller's keyring (GNUPGHOME).
repository_add() {
    local folder=$1 key=$2 suite=stable architecture
    shift 2
    architecture=$(dpkg --print-architecture)
    mkdir -p "$folder/pool/main"
    cp "$@" "$folder/pool/main"
    (
        cd "$folder"
        # One at a time: what is served meanwhile is the one before, or the one that comes.
        local new=dists/.$suite
        rm -rf "$new"
        mkdir -p "$new/main/binary-$architecture"
        dpkg-scanpackages --multiversion --arch "$architecture" pool >"$new/main/binary-$architecture/Packages" 2>/dev/null
        gzip -9n <"$new/main/binary-$architecture/Packages" >"$new/main/binary-$architecture/Packages.gz"
        xz -9e <"$new/main/binary-$architecture/Packages" >"$new/main/binary-$architecture/Packages.xz"
        repository_release "$new" "$suite" "$architecture" >"$new/Release.unsigned"
        mv "$new/Release.unsigned" "$new/Release"
        gpg --batch --yes --quiet --local-user "$key" --armor --detach-sign --output "$new/Release.gpg" "$new/Release"
        gpg --batch --yes --quiet --local-user "$key" --clearsign --output "$new/InRelease" "$new/Release"
        gpg --batch --armor --export "$key" >latchkey.asc
        rm -rf "dists/$suite"
        mv "$new" "dists/$suite"
    )
    repository_sources "$folder" "$suite" "$architecture" >"$folder/latchkey.sources"
}

# repository_release DISTS SUITE ARCHITECTURE: the list of lists, with their sizes and sums.
repository_release() {
    local dists=$1 suite=$2 architecture=$3 file
    cat <<END
Origin: Latchkey
Label: Latchkey
Suite: $suite
Codename: $suite
Date: $(LC_ALL=C date --utc --date="@$SOURCE_DATE_EPOCH" '+%a, %d %b %Y %H:%M:%S UTC')
Architectures: $architecture
Components: main
Description: Latchkey, the account app and its service
SHA256:
END
    (
        cd "$dists"
        find main -type f | LC_ALL=C sort | while read -r file; do
            printf ' %s %d %s\n' "$(sha256sum <"$file" | cut -d' ' -f1)" "$(stat -c %s "$file")" "$file"
        done
    )
}

# repository_sources FOLDER SUITE ARCHITECTURE: the file for /etc/apt/sources.list.d of computers that read it from this disk.
repository_sources() {
    cat <<END
Types: deb
URIs: file:$(realpath "$1")
Suites: $2
Components: main
Architectures: $3
Signed-By: $(realpath "$1")/latchkey.asc
END
}

# repository_throw_away_key FOLDER: makes a key that is good for a day, for tests, in a keyring of its own, and answers its
# fingerprint.
repository_throw_away_key() {
    mkdir -p -m 700 "$1"
    GNUPGHOME=$1 gpg --batch --quiet --passphrase '' --quick-generate-key 'Latchkey, for tests alone' ed25519 sign 1d 2>/dev/null
    GNUPGHOME=$1 gpg --batch --with-colons --list-keys 2>/dev/null | sed -n '/^fpr/{s/^fpr:*//;s/:.*//p;q}'
}
