"""What makes a request succeed that fits the schema: the right password, a code that was mailed, an id there is.

Each function puts it into a request of the operation it is named after. Values that were made to violate the schema stay
as they are: a text takes the place of a text only, and a parameter or header is replaced only where none was negated.
"""

import base64
import os
import re
import struct
import zlib
from threading import Timer
from urllib.parse import parse_qs, urlsplit

import schemathesis
from hypothesis import strategies
from people import CALLBACK, CONTAINER_REGISTRY, PASSWORDS, PROVIDER, Person, people, totp

# By the operation: the function, and where in the request it puts something.
PREPARE = {}

# As the schema bounds a new password.
NEW_PASSWORD = range(8, 1024 + 1)
REGISTRY = "registry.example.org"


def prepares(place):
    return lambda function: PREPARE.setdefault(function.__name__, (function, place))


def fill(case, bounds=range(1 << 20), **values):
    """Puts the right text in the place of another, but for one whose length the schema forbids."""
    if isinstance(case.body, dict):
        fits = [name for name in values if isinstance(case.body.get(name), str) and len(case.body[name]) in bounds]
        case.body = case.body | {name: values[name] for name in fits}


@prepares("body")
def create_account(case):
    fill(case, NEW_PASSWORD, password=PASSWORDS[0])


@prepares("body")
def sign_in(case):
    fill(case, **people().ada.sign_in)


@prepares("body")
def sign_in_second_factor(case):
    person = people().signs_in_with_two
    if len(person.backup_codes) < 2:
        person = people().signs_in_with_two = Person().with_two_factor()
    fill(case, transaction=person.transaction(), backup_code=person.backup_codes.pop())


@prepares("body")
def change_password(case):
    fill(case, current_password=people().ada.password)
    fill(case, NEW_PASSWORD, new_password=people().ada.other_password())


@prepares("body")
def reset_password(case):
    person = people().forgets
    fill(case, login=person.username, code=person.code_for_a_new_password())
    fill(case, NEW_PASSWORD, new_password=person.other_password())


@prepares("body")
def confirm_email(case):
    fill(case, code=people().moves.code_for_a_new_address())


@prepares("body")
def reauthenticate(case):
    fill(case, password=people().ada.password)


@prepares("body")
def delete_account(case):
    person = people().leaves
    fill(case, username=person.username, password=person.password)


@prepares("body")
def verify_two_factor(case):
    fill(case, code=totp(people().without_two_factor.new_secret()))


@prepares("path")
def confirm_backup_codes(case):
    case.path_parameters["set_id"] = people().with_two_factor.new_backup_codes()


@prepares("body")
def check_backup_code(case):
    fill(case, backup_code=people().with_two_factor.backup_codes[0])


@prepares("path")
def get_session(case):
    sessions = people().ada.ask("GET", "/v1/me/sessions?limit=1").json()
    case.path_parameters["id"] = sessions["items"][0]["id"]


@prepares("path")
def close_session(case):
    case.path_parameters["id"] = people().ada.another_session()


@prepares("path")
def get_avatar(case):
    case.path_parameters["username"] = people().ada.username


@prepares("path")
def get_authorized_keys(case):
    case.path_parameters["username"] = people().ada.username


@prepares("path")
def stream_events(case):
    """The stream says nothing until something happens: somebody signs in."""
    Timer(0.3, people().ada.another_session).start()


@prepares("header")
def update_profile(case):
    if "If-Match" in case.headers:
        case.headers["If-Match"] = people().ada.ask("GET", "/v1/me").headers["ETag"]


@prepares("path")
def reveal_api_key(case):
    people().ada.personal_key()


@prepares("path")
def delete_api_key(case):
    tidy = people().tidy
    tidy.spare_api_key = tidy.spare_api_key or tidy.named_key(["api"])["id"]
    case.path_parameters["id"] = tidy.spare_api_key


@prepares("body")
def add_ssh_key(case):
    fill(case, range(1, 16384 + 1), public_key=ssh_key())


@prepares("path")
def remove_ssh_key(case):
    tidy = people().tidy
    tidy.spare_ssh_key = tidy.spare_ssh_key or tidy.new_ssh_key(ssh_key())
    case.path_parameters["id"] = tidy.spare_ssh_key


@prepares("body")
def connect_integration(case):
    of_the_provider(case)
    fill(case, range(256), host=PROVIDER.removeprefix("http://"), redirect_uri=CALLBACK)
    if isinstance(case.body, dict):
        if case.body.get("method") == "authorization_code":
            case.body = {"redirect_uri": CALLBACK} | case.body
        # One that there is: none of theirs.
        if is_id(case.body.get("reconnect")):
            case.body = {name: value for name, value in case.body.items() if name != "reconnect"}


@prepares("path")
def poll_connection(case):
    case.path_parameters["id"] = people().ada.attempt()["id"]


@prepares("path")
def cancel_connection(case):
    case.path_parameters["id"] = people().ada.attempt()["id"]


@prepares("path")
def finish_connection(case):
    attempt = people().ada.attempt("authorization_code")
    case.path_parameters["id"] = attempt["id"]
    state = parse_qs(urlsplit(attempt["authorization_url"]).query)["state"][0]
    fill(case, range(512 + 1), state=state, iss=PROVIDER)


def of_a_connection(case):
    people().ada.connected()
    of_the_provider(case)


@prepares("query")
def check_integration(case):
    of_a_connection(case)


@prepares("query")
def list_repositories(case):
    of_a_connection(case)


@prepares("query")
def disconnect_integration(case):
    of_a_connection(case)


@prepares("body")
def get_git_credential(case):
    people().ada.connected()
    people().ada.ask("PUT", "/v1/me/credential-access")
    fill(case, range(1, 255 + 1), host=PROVIDER.removeprefix("http://"), username=people().ada.username)


@prepares("body")
def get_registry_credential(case):
    people().ada.ask("PUT", "/v1/me/credential-access")
    fill(case, range(1, 255 + 1), host=REGISTRY)


@prepares("body")
def authorise_registry(case):
    fill(case, range(1, 255 + 1), host=CONTAINER_REGISTRY["host"], username=CONTAINER_REGISTRY["username"])
    fill(case, password=CONTAINER_REGISTRY["password"])


@prepares("path")
def update_registry(case):
    case.path_parameters["id"] = people().ada.container_registry()
    fill(case, range(1, 255 + 1), username=CONTAINER_REGISTRY["username"])
    fill(case, password=CONTAINER_REGISTRY["password"])


@prepares("path")
def check_registry(case):
    case.path_parameters["id"] = people().ada.container_registry()


@prepares("path")
def remove_registry(case):
    case.path_parameters["id"] = people().tidy.container_registry()


def of_the_provider(case):
    """Of the one that is configured, and of the only connection there."""
    if case.path_parameters["provider"] in ("github", "gitlab"):
        case.path_parameters["provider"] = "gitlab"
    if is_id((case.query or {}).get("id")):
        case.query.pop("id")


def is_id(value):
    return isinstance(value, str) and re.fullmatch("[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}", value)


@prepares("query")
def get_registry_token(case):
    case.query["service"] = REGISTRY


@prepares("body")
def post_registry_token(case):
    fill(case, username=people().ada.username, password=people().ada.registry_key, service=REGISTRY)


def ssh_key():
    """A public key of RSA (RFC 4253 section 6.6): to somebody who does not take it apart any odd number is a modulus."""
    field = lambda data: struct.pack(">I", len(data)) + data
    modulus = b"\0\x80" + os.urandom(382) + b"\1"
    return "ssh-rsa " + base64.b64encode(field(b"ssh-rsa") + field(b"\1\0\1") + field(modulus)).decode()


def png():
    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    pixels = zlib.compress((b"\0" + b"\x20\x60\xa0" * 64) * 64)
    header = struct.pack(">IIBBBBB", 64, 64, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")


# A body of bytes is generated as any bytes: most of them are no picture.
schemathesis.openapi.media_type("image/png", strategies.just(png()))
