"""The accounts that schemathesis's requests are made with, and what they need: codes of an app, codes out of mails."""

import base64
import hashlib
import hmac
import json
import mailbox
import os
import re
import struct
import time
from functools import cache, cached_property
from itertools import count

import requests

SERVICE = os.environ["LATCHKEY"]
# A provider of source code, whose people are played over its `/control`, and a container registry.
PROVIDER = os.environ["PROVIDER"]
CONTAINER_REGISTRY = json.loads(os.environ["CONTAINER_REGISTRY"])
CALLBACK = "http://127.0.0.1:7777/callback"
PASSWORDS = ["korrektes Pferd Batterie Klammer", "sieben kleine Otter tanzen heute"]
NUMBERS = count(1)


def call(method, path, expected=(200, 201, 204), **more):
    answer = requests.request(method, SERVICE + path, timeout=20, **more)
    assert answer.status_code in expected, f"{method} {path}: {answer.status_code} {answer.text}"
    return answer


def totp(secret):
    """RFC 6238 as the service has it: SHA-1, six digits, 30 seconds."""
    digest = hmac.new(base64.b32decode(secret), struct.pack(">Q", int(time.time()) // 30), hashlib.sha1).digest()
    offset = digest[-1] & 15
    return f"{(struct.unpack('>I', digest[offset : offset + 4])[0] & 0x7FFFFFFF) % 1_000_000:06}"


def mailed_code(address):
    """The code in the mail to an address; whatever else was mailed is thrown away."""
    inbox, ends = mailbox.Maildir(os.environ["MAIL"]), time.monotonic() + 20
    while time.monotonic() < ends:
        for key, message in inbox.items():
            text = next(part for part in message.walk() if part.get_content_type() == "text/plain")
            found = re.search(r"^    (\w{4,5}-\w{4,5})\s*$", text.get_payload(decode=True).decode(), re.MULTILINE)
            inbox.discard(key)
            if found and message["To"] == address:
                return found[1]
        time.sleep(0.02)
    raise AssertionError(f"no code was mailed to {address}")


class Person:
    def __init__(self):
        self.username, self.password, self.session = f"person{next(NUMBERS)}", PASSWORDS[0], None
        self.email, self.backup_codes, self.pending = f"{self.username}@example.org", [], {}
        self.spare_api_key = self.spare_ssh_key = None
        account = {"username": self.username, "email": self.email, "name": "Person", "password": self.password}
        call("POST", "/v1/accounts", json=account)

    @property
    def sign_in(self):
        return {"login": self.username, "password": self.password}

    @property
    def token(self):
        if self.session is None and self.backup_codes:
            body = {"transaction": self.transaction(), "backup_code": self.backup_codes.pop()}
            self.session = call("POST", "/v1/sessions/second-factor", json=body).json()["token"]
        elif self.session is None:
            self.session = call("POST", "/v1/sessions", json=self.sign_in).json()["token"]
        return self.session

    def ask(self, method, path, headers=None, **more):
        """Asks as this person, who proves once more who they are where the last proof is too old by now."""
        authorized = lambda: (headers or {}) | {"Authorization": f"Bearer {self.token}"}
        answer = call(method, path, expected=(200, 201, 204, 401), headers=authorized(), **more)
        if answer.status_code == 401:
            proof = {"password": self.password}
            if self.backup_codes:
                proof["backup_code"] = self.backup_codes.pop()
            call("POST", "/v1/me/reauthentication", headers=authorized(), json=proof)
            answer = call(method, path, headers=authorized(), **more)
        return answer

    def another_session(self):
        return call("POST", "/v1/sessions", json=self.sign_in).json()["session"]["id"]

    def new_secret(self):
        return self.ask("POST", "/v1/me/two-factor").json()["secret"]

    def with_two_factor(self):
        code = {"code": totp(self.new_secret())}
        self.backup_codes = self.ask("POST", "/v1/me/two-factor/verify", json=code).json()["backup_codes"]
        return self

    def new_backup_codes(self):
        made = self.ask("POST", "/v1/me/backup-codes").json()
        self.pending[made["set_id"]] = made["backup_codes"]
        return made["set_id"]

    def confirmed(self, set_id):
        self.backup_codes = self.pending.pop(set_id, self.backup_codes)

    def personal_key(self):
        return self.ask("POST", "/v1/me/api-key").json()["api_key"]

    def named_key(self, scopes):
        return self.ask("POST", "/v1/me/api-keys", json={"name": "Key", "scopes": scopes}).json()

    def new_ssh_key(self, text):
        return self.ask("POST", "/v1/me/ssh-keys", json={"name": "Key", "public_key": text}).json()["id"]

    @cached_property
    def api_key(self):
        return self.named_key(["api"])["token"]

    @cached_property
    def registry_key(self):
        return self.named_key(["registry"])["token"]

    def attempt(self, method="device"):
        how = {"method": method} | ({"redirect_uri": CALLBACK} if method == "authorization_code" else {})
        return self.ask("POST", "/v1/me/integrations/gitlab", json=how).json()

    def connected(self):
        """Has a connection, by the flow with a device where there was none."""
        if any(one["connected"] for one in self.ask("GET", "/v1/me/integrations").json()["items"]):
            return
        attempt, ends = self.attempt(), time.monotonic() + 30
        asked = {"url": attempt["verification_uri_complete"], "login": self.username, "agrees": True}
        assert requests.post(f"{PROVIDER}/control/decide", json=asked, timeout=20).ok
        while time.monotonic() < ends:
            state = self.ask("POST", f"/v1/me/integration-attempts/{attempt['id']}/poll").json()
            if state["status"] != "pending":
                assert state["status"] == "connected", state
                return
            time.sleep(state["interval"])
        raise AssertionError("no connection in time")

    def container_registry(self):
        kept = self.ask("GET", "/v1/me/container-registries").json()["items"]
        return (kept or [self.ask("POST", "/v1/me/container-registries", json=CONTAINER_REGISTRY).json()])[0]["id"]

    def transaction(self):
        return call("POST", "/v1/sessions", json=self.sign_in, expected=(401,)).json()["transaction"]

    def other_password(self):
        return next(password for password in PASSWORDS if password != self.password)

    def code_for_a_new_password(self):
        call("POST", "/v1/password-resets", json={"login": self.username})
        return mailed_code(self.email)

    def code_for_a_new_address(self):
        address = f"{self.username}.{next(NUMBERS)}@example.org"
        self.ask("PATCH", "/v1/me", headers={"If-Match": "*"}, json={"email": address})
        return mailed_code(address)


class People:
    """Each stands for what may happen to an account, and is replaced by another once it has happened."""

    def __init__(self):
        self.ada, self.forgets, self.leaves, self.moves, self.tidy, self.collects = (Person() for _ in range(6))
        self.without_two_factor = Person()
        self.with_two_factor = Person().with_two_factor()
        self.signs_in_with_two = Person().with_two_factor()

    def of(self, operation):
        special = {
            "delete_account": self.leaves,
            "delete_api_key": self.tidy,
            "remove_ssh_key": self.tidy,
            "remove_registry": self.tidy,
            "refuse_credentials": self.tidy,
            "authorise_registry": self.collects,
            "confirm_email": self.moves,
            "cancel_email_change": self.moves,
            "start_two_factor": self.without_two_factor,
            "verify_two_factor": self.without_two_factor,
            "disable_two_factor": self.with_two_factor,
            "generate_backup_codes": self.with_two_factor,
            "confirm_backup_codes": self.with_two_factor,
            "check_backup_code": self.with_two_factor,
        }
        return special.get(operation, self.ada)


@cache
def people():
    return People()
