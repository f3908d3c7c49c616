"""What schemathesis cannot know: whose accounts there are, and what makes a request succeed that fits the schema.

Without it nearly every request that fits the schema would be refused for a wrong password or an old tag, and what the
document says of success would never be looked at. Values that were made to violate the schema are left as they are.
"""

import struct
import zlib
from threading import Timer

import schemathesis
from hypothesis import strategies
from people import PASSWORDS, People, Person, call, totp
from schemathesis.openapi.checks import RejectedPositiveData

PEOPLE = None
ISSUED = set()


def people():
    global PEOPLE
    if PEOPLE is None:
        PEOPLE = People()
    return PEOPLE


def operation_of(case):
    return case.operation.definition.raw["operationId"]


@schemathesis.auth(refresh_interval=None)
class Session:
    def get(self, case, context):
        return people().of(operation_of(case)).token

    def set(self, case, data, context):
        ISSUED.add(f"Bearer {data}")
        case.headers["Authorization"] = f"Bearer {data}"


def fill(case, bounds=range(1 << 20), **values):
    """Puts the right text in the place of another, but for one whose length the schema forbids."""
    if isinstance(case.body, dict):
        fits = [name for name in values if isinstance(case.body.get(name), str) and len(case.body[name]) in bounds]
        case.body = case.body | {name: values[name] for name in fits}


# As the schema bounds a new password.
NEW_PASSWORD = range(8, 1024 + 1)


def create_account(case):
    fill(case, NEW_PASSWORD, password=PASSWORDS[0])


def sign_in(case):
    fill(case, **people().ada.sign_in)


def sign_in_second_factor(case):
    person = people().signs_in_with_two
    if len(person.backup_codes) < 2:
        person = people().signs_in_with_two = Person().with_two_factor()
    fill(case, transaction=person.transaction(), backup_code=person.backup_codes.pop())


def change_password(case):
    fill(case, current_password=people().ada.password)
    fill(case, NEW_PASSWORD, new_password=people().ada.other_password())


def reset_password(case):
    person = people().forgets
    fill(case, login=person.username, code=person.code_for_a_new_password())
    fill(case, NEW_PASSWORD, new_password=person.other_password())


def confirm_email(case):
    fill(case, code=people().moves.code_for_a_new_address())


def reauthenticate(case):
    fill(case, password=people().ada.password)


def delete_account(case):
    person = people().leaves
    fill(case, username=person.username, password=person.password)


def verify_two_factor(case):
    fill(case, code=totp(people().without_two_factor.new_secret()))


def confirm_backup_codes(case):
    case.path_parameters["set_id"] = people().with_two_factor.new_backup_codes()


def get_session(case):
    case.path_parameters["id"] = people().one_session


def close_session(case):
    case.path_parameters["id"] = people().ada.another_session()


def get_avatar(case):
    case.path_parameters["username"] = people().ada.username


def stream_events(case):
    """The stream says nothing until something happens: somebody signs in."""
    Timer(0.3, people().ada.another_session).start()


def update_profile(case):
    if "If-Match" in case.headers:
        case.headers["If-Match"] = call("GET", "/v1/me", people().ada.token).headers["ETag"]


def png():
    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    pixels = zlib.compress((b"\0" + b"\x20\x60\xa0" * 64) * 64)
    header = struct.pack(">IIBBBBB", 64, 64, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")


# A body of bytes is generated as any bytes: most of them are no picture.
schemathesis.openapi.media_type("image/png", strategies.just(png()))

# By the operation, and where what is put in its place stands in the request.
PREPARE = {
    "create_account": (create_account, "body"),
    "sign_in": (sign_in, "body"),
    "sign_in_second_factor": (sign_in_second_factor, "body"),
    "change_password": (change_password, "body"),
    "reset_password": (reset_password, "body"),
    "confirm_email": (confirm_email, "body"),
    "reauthenticate": (reauthenticate, "body"),
    "delete_account": (delete_account, "body"),
    "verify_two_factor": (verify_two_factor, "body"),
    "confirm_backup_codes": (confirm_backup_codes, "path"),
    "get_session": (get_session, "path"),
    "close_session": (close_session, "path"),
    "get_avatar": (get_avatar, "path"),
    "stream_events": (stream_events, "path"),
    "update_profile": (update_profile, "header"),
}


def was_negated(case, place):
    return case.meta is not None and any(
        location.value == place and component.mode.is_negative for location, component in case.meta.components.items()
    )


@schemathesis.hook
def before_call(context, case, kwargs):
    operation = operation_of(case)
    # Requests are made in batches, and the session they were made with may have ended meanwhile.
    if case.headers.get("Authorization") in ISSUED:
        case.headers["Authorization"] = f"Bearer {people().of(operation).token}"
    prepare, place = PREPARE.get(operation, (None, None))
    if prepare and (place == "body" or not was_negated(case, place)):
        prepare(case)


@schemathesis.hook
def after_call(context, case, response):
    """Replaces who has been used up."""
    operation, everybody = operation_of(case), people()
    person = everybody.of(operation)
    if response.status_code == 401 and response.request.headers.get("Authorization") == f"Bearer {person.session}":
        person.session = None
    if response.status_code not in (200, 201, 204):
        return
    if operation == "change_password":
        everybody.ada.password = case.body["new_password"]
    elif operation == "reset_password":
        everybody.forgets.password = case.body["new_password"]
    elif operation == "delete_account":
        everybody.leaves = Person()
    elif operation == "verify_two_factor":
        everybody.without_two_factor = Person()
    elif operation == "generate_backup_codes":
        made = response.json()
        everybody.with_two_factor.pending[made["set_id"]] = made["backup_codes"]
    elif operation == "confirm_backup_codes":
        everybody.with_two_factor.confirmed(case.path_parameters["set_id"])
    elif operation == "disable_two_factor":
        everybody.with_two_factor = Person().with_two_factor()


# What is wrong with a value, and no schema says: it depends on what is stored, on policy, or on a dictionary.
BEYOND_A_SCHEMA = {"incorrect", "taken", "reserved", "unchanged", "common", "like_identity", "too_weak"}


def is_beyond(error):
    """Policy may ask for more characters of a password than any schema can say, and lengths are counted in bytes."""
    by_length = {"/password": {"too_short", "too_long"}, "/new_password": {"too_short", "too_long"}, "/email": {"too_long"}}
    return error["code"] in BEYOND_A_SCHEMA | by_length.get(error["pointer"], set())


@schemathesis.hook
def filter_failure(context, failure, case, response):
    """A request that fits the schema may be refused for a reason no schema can say, and for no other."""
    if not isinstance(failure, RejectedPositiveData):
        return True
    problem = response.json()
    if problem["code"] == "invalid_field":
        return not all(is_beyond(error) for error in problem["errors"])
    return problem["code"] != "invalid_image"


for kind, magic in {"image/png": b"\x89PNG", "image/jpeg": b"\xff\xd8\xff", "image/webp": b"RIFF"}.items():

    @schemathesis.deserializer(kind)
    def picture(context, response, magic=magic):
        assert response.content.startswith(magic), f"{response.content[:8]} is no {context}"
        return response.content.hex()
