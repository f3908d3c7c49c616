# Python packages for the tests, in an environment of their own: real counterparts that exist in Python alone.

PYTHON=$CACHE/python
# aiosmtpd: an SMTP server with STARTTLS and AUTH.
PYTHON_PACKAGES=(aiosmtpd==1.4.6 atpublic==7.0.0 attrs==25.4.0)
# schemathesis: makes requests out of the OpenAPI document, and holds the answers against it. The rest is what it needs.
PYTHON_PACKAGES+=(schemathesis==4.32.5
    anyio==4.16.0 certifi==2026.10.19.post1 charset-normalizer==3.5.3 click==8.5.1 graphql-core==3.3.2 harfile==0.6.0
    hypothesis==6.170.17 hypothesis-graphql==0.13.5 idna==3.20 iniconfig==2.3.1 jsonschema_rs==0.60.3
    markdown-it-py==4.3.0 MarkupSafe==3.0.4 mdurl==0.1.2 packaging==26.4 pluggy==1.7.0 Pygments==2.21.0
    pyrate-limiter==4.5.1 pytest==9.2.0 PyYAML==6.0.4 requests==2.34.2 rich==15.0.0 sortedcontainers==2.4.0
    typing_extensions==4.16.0 urllib3==2.8.0 Werkzeug==3.1.9)

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
