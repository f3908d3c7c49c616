"""An SMTP server for the tests: aiosmtpd, with TLS and a user who has to sign in.

Prints its port on one line, then one line of JSON for each message it takes. What it says of a message comes from the
standard library's parser, which shares nothing with the program that wrote it.
"""

import argparse
import asyncio
import email
import email.policy
import json
import ssl

from aiosmtpd.handlers import Mailbox
from aiosmtpd.smtp import SMTP, AuthResult, LoginPassword


class Keeper(Mailbox):
    """Keeps messages in a Maildir, as they came."""

    async def handle_DATA(self, server, session, envelope):
        answer = await super().handle_DATA(server, session, envelope)
        message = email.message_from_bytes(envelope.original_content, policy=email.policy.default)
        told = {
            "tls": session.ssl is not None or server.transport.get_extra_info("sslcontext") is not None,
            "authenticated": bool(session.authenticated),
            "envelope_from": envelope.mail_from,
            "envelope_to": envelope.rcpt_tos,
            "headers": [[name, str(value)] for name, value in message.items()],
            "type": message.get_content_type(),
            "parts": [part.get_content_type() for part in message.iter_parts()],
            "text": message.get_body(("plain",)).get_content(),
            "html": message.get_body(("html",)).get_content(),
            "defects": [str(defect) for part in message.walk() for defect in part.defects],
        }
        print(json.dumps(told), flush=True)
        return answer or "250 OK"

    async def handle_RCPT(self, server, session, envelope, address, options):
        if address.startswith("nobody@"):
            return f"550 5.1.1 {address} does not live here"
        envelope.rcpt_tos.append(address)
        return "250 OK"


async def main():
    arguments = argparse.ArgumentParser()
    for name in ("certificate", "key", "maildir", "user", "password"):
        arguments.add_argument(f"--{name}", required=True)
    arguments.add_argument("--port", type=int, default=0)
    arguments.add_argument("--implicit-tls", action="store_true")
    given = arguments.parse_args()

    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(given.certificate, given.key)

    def authenticate(server, session, envelope, mechanism, data):
        expected = LoginPassword(given.user.encode(), given.password.encode())
        return AuthResult(success=data == expected, handled=data == expected, auth_data=given.user)

    keeper = Keeper(given.maildir)

    def connection():
        common = {"hostname": "localhost", "auth_required": True, "authenticator": authenticate, "enable_SMTPUTF8": True}
        if given.implicit_tls:
            # TLS is below it; it does not see that.
            return SMTP(keeper, auth_require_tls=False, **common)
        return SMTP(keeper, tls_context=context, require_starttls=True, **common)

    loop = asyncio.get_running_loop()
    tls = context if given.implicit_tls else None
    server = await loop.create_server(connection, "127.0.0.1", given.port, ssl=tls)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


asyncio.run(main())
