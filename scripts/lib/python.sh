# Python packages for the tests, in an environment of their own: real counterparts that exist in Python alone.

PYTHON=$CACHE/python
# aiosmtpd: an SMTP server with STARTTLS and AUTH.
PYTHON_PACKAGES=(aiosmtpd==1.4.6 atpublic==7.0.0 attrs==25.4.0)

# Made anew when the list changes.
python_packages() {
    local stamp=$PYTHON/.installed now=${PYTHON_PACKAGES[*]}
    [ "$(cat "$stamp" 2>/dev/null)" != "$now" ] || return 0
    # Debian keeps what `venv` needs in a package of its own.
    python3 -c 'import venv, ensurepip' 2>/dev/null || packages_need python3 python3-venv
    printf 'Installing with pip: %s\n' "$now"
    python3 -m venv --clear "$PYTHON"
    "$PYTHON/bin/python" -m pip install --quiet --disable-pip-version-check --no-deps "${PYTHON_PACKAGES[@]}"
    printf '%s\n' "$now" >"$stamp"
}
