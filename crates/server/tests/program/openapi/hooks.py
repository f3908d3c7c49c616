"""What schemathesis cannot know: who asks, what makes a request succeed, and what no schema can say.

Without it nearly every request that fits the schema would be refused for a wrong password or an old tag, and what the
document says of success would never be looked at. LATCHKEY_WITH says whether people ask with their session or a key.
"""

import atexit
import base64
import json
import os
from collections import Counter, defaultdict

import schemathesis
from following import FOLLOWS
from people import people
from preparing import PREPARE
from schemathesis.openapi.checks import RejectedPositiveData

WITH_KEY = {"session": False, "key": True}[os.environ["LATCHKEY_WITH"]]
ISSUED = set()
# Answers by operation and status, for who started this.
ANSWERS = defaultdict(Counter)


@atexit.register
def tell():
    with open(os.environ["LATCHKEY_ANSWERS"], "w") as file:
        json.dump(ANSWERS, file)


def operation_of(case):
    return case.operation.definition.raw["operationId"]


def schemes_of(case):
    return [name for requirement in case.operation.definition.raw["security"] for name in requirement]


def authorization(case):
    """With a key everything is tried that asks for a session, too."""
    ada, person = people().ada, people().of(operation_of(case))
    if "registry_key" in schemes_of(case):
        pair = f"{ada.username}:{ada.registry_key}".encode()
        return f"Basic {base64.b64encode(pair).decode()}"
    return f"Bearer {ada.api_key if WITH_KEY else person.token}"


@schemathesis.auth(refresh_interval=None)
class Authorization:
    def get(self, case, context):
        return authorization(case) if schemes_of(case) else None

    def set(self, case, data, context):
        ISSUED.add(data)
        case.headers["Authorization"] = data


def was_negated(case, place):
    return case.meta is not None and any(
        location.value == place and component.mode.is_negative for location, component in case.meta.components.items()
    )


@schemathesis.hook
def before_call(context, case, kwargs):
    # Requests are made in batches, and the session they were made with may have ended meanwhile.
    if case.headers.get("Authorization") in ISSUED:
        case.headers["Authorization"] = authorization(case)
    prepare, place = PREPARE.get(operation_of(case), (None, None))
    wanted = prepare and not (WITH_KEY and schemes_of(case) == ["session"])
    if wanted and (place == "body" or not was_negated(case, place)):
        prepare(case)


@schemathesis.hook
def after_call(context, case, response):
    operation = operation_of(case)
    ANSWERS[operation][response.status_code] += 1
    person = people().of(operation)
    if response.status_code == 401 and response.request.headers.get("Authorization") == f"Bearer {person.session}":
        person.session = None
    if response.status_code in (200, 201, 204) and operation in FOLLOWS:
        FOLLOWS[operation](case, response)


@schemathesis.check
def a_key_opens_no_other_door(ctx, response, case):
    """Where the document names the session alone, a key is refused, whatever else is right or wrong."""
    if WITH_KEY and schemes_of(case) == ["session"]:
        assert response.status_code in (401, 403, 405), f"a key was answered {response.status_code}"


# What is wrong with a value, and no schema says: it depends on what is stored, on policy, or on a dictionary.
BEYOND_A_SCHEMA = {"incorrect", "taken", "reserved", "unchanged", "common", "like_identity", "too_weak"}
# Policy may ask for more characters than any schema can say, and for an end of keys; lengths are counted in bytes;
# whether a text is a key that is taken is found out by reading it; and a browser brings back a code or an error.
BEYOND_BY_FIELD = {
    "/password": {"too_short", "too_long"},
    "/new_password": {"too_short", "too_long"},
    "/email": {"too_long"},
    "/expires_at": {"invalid"},
    "/public_key": {"invalid", "blank"},
    "/code": {"missing"},
}


@schemathesis.hook
def filter_failure(context, failure, case, response):
    """A request that fits the schema may be refused for a reason no schema can say, and for no other."""
    if not isinstance(failure, RejectedPositiveData):
        return True
    problem = response.json()
    if problem["code"] == "invalid_field":
        found = [(error["pointer"], error["code"]) for error in problem["errors"]]
        return not all(code in BEYOND_A_SCHEMA | BEYOND_BY_FIELD.get(pointer, set()) for pointer, code in found)
    return problem["code"] != "invalid_image"


for kind, magic in {"image/png": b"\x89PNG", "image/jpeg": b"\xff\xd8\xff", "image/webp": b"RIFF"}.items():

    @schemathesis.deserializer(kind)
    def picture(context, response, magic=magic):
        assert response.content.startswith(magic), f"{response.content[:8]} is no {context}"
        return response.content.hex()
