# RPM packages: the last touch to Tauri's.

# rpm_finish RPM OUT: builds Tauri's package again with rpmbuild, which takes time and machine out of it and finds the
# libraries that the program really needs.
rpm_finish() {
    local rpm=$1 out work
    out=$(realpath "$2")
    work=$(mktemp -d)
    mkdir "$work/tree"
    rpm2archive - <"$rpm" | tar -xz -C "$work/tree"
    find "$work/tree" -exec touch --no-dereference --date="@$SOURCE_DATE_EPOCH" {} +
    rpm_spec "$rpm" "$work/tree" >"$work/latchkey.spec"
    rpmbuild -bb --quiet --target "$(rpm_of "$rpm" ARCH)" \
        --define "_topdir $work/build" --define "_rpmdir $out" --define '_rpmfilename %%{NAME}-%%{VERSION}-%%{RELEASE}.%%{ARCH}.rpm' \
        --define '_binary_payload w19.zstdio' --define '_build_id_links none' --define 'debug_package %{nil}' \
        --define '__os_install_post %{nil}' --define '_buildhost localhost' \
        --define 'use_source_date_epoch_as_buildtime 1' --define 'clamp_mtime_to_source_date_epoch 1' \
        "$work/latchkey.spec"
    rm -rf "$work"
}

# rpm_of RPM TAG
rpm_of() {
    rpm --query --package --queryformat "%{$2}" "$1"
}

# rpm_spec RPM TREE: what rpmbuild goes by.
rpm_spec() {
    local rpm=$1 tree=$2
    cat <<END
Name: $(rpm_of "$rpm" NAME)
Version: $(rpm_of "$rpm" VERSION)
Release: $(rpm_of "$rpm" RELEASE)
Summary: $(rpm_of "$rpm" SUMMARY)
License: $(rpm_of "$rpm" LICENSE)
Recommends: gnome-keyring
%description
$(rpm_of "$rpm" DESCRIPTION)
%install
cp -a $tree/. %{buildroot}
%files
%defattr(-,root,root)
END
    # Folders that are the program's own go with it.
    (cd "$tree" && find . -type d -name latchkey | LC_ALL=C sort | sed -e 's,^\.,%dir ,')
    (cd "$tree" && find . -type f | LC_ALL=C sort | sed -e 's/^\.//' -e 's,^/usr/share/doc/,%doc &,' -e 's,^/usr/share/licenses/,%license &,')
}

# rpm_check RPM: installs it into an empty root, where nothing it needs is, runs its program, and takes it out again.
rpm_check() {
    local root left
    root=$(mktemp -d)
    rpm_there() { rpm --root "$root" "$@" --nodeps 2> >(grep -v -e 'use Alien' -e 'know what you are doing' >&2); }
    rpm --root "$root" --initdb
    rpm_there --install "$1"
    rpm_there --verify "$(rpm_of "$1" NAME)"
    [ "$("$root/usr/bin/latchkey" --version)" = "latchkey $(rpm_of "$1" VERSION)" ] ||
        { printf 'The program in %s does not say its version\n' "$1" >&2; return 1; }
    rpm_there --erase "$(rpm_of "$1" NAME)"
    left=$(find "$root" -name '*latchkey*' -not -path '*/lib/rpm/*')
    [ -z "$left" ] || { printf '%s leaves behind:\n%s\n' "$1" "$left" >&2; return 1; }
    rm -rf "$root"
}
