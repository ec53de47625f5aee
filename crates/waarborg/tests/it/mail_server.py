"""A real SMTP server (Debian's aiosmtpd) that tells on standard output what reaches it.

Who is written to decides what happens: weg@ is refused, later@ is put off once, hangt@ waits at RCPT until the file
named by --go is there. Each line that it prints is one JSON object.
"""

import argparse
import asyncio
import json
import os
import ssl
import sys

from aiosmtpd.smtp import SMTP, AuthResult


def tell(**event):
    print(json.dumps(event), flush=True)


class Handler:
    def __init__(self, options):
        self.options = options
        self.put_off = set()

    async def handle_RCPT(self, server, session, envelope, address, rcpt_options):
        name = address.split("@")[0]
        tell(event="rcpt", to=address)
        if name == "weg":
            return "550 5.1.1 no such mailbox: " + address
        if name == "later" and address not in self.put_off:
            self.put_off.add(address)
            return "451 4.7.1 try again later: " + address
        if name == "hangt":
            while not os.path.exists(self.options.go):
                await asyncio.sleep(0.02)
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        await asyncio.sleep(self.options.delay)
        tell(
            event="mail",
            to=envelope.rcpt_tos,
            sender=envelope.mail_from,
            tls=session.ssl is not None or server.transport.get_extra_info("ssl_object") is not None,
            user=session.auth_data.login.decode() if session.auth_data else None,
            content=envelope.content.decode("utf-8", "replace"),
        )
        return "250 OK"


def knows(options):
    def authenticate(server, session, envelope, mechanism, data):
        good = data.login.decode() == options.user and data.password.decode() == options.password
        return AuthResult(success=good, handled=False, auth_data=data if good else None)

    return authenticate


async def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--tls", choices=["none", "starttls", "at-once"], default="none")
    parser.add_argument("--certificate")
    parser.add_argument("--key")
    parser.add_argument("--user")
    parser.add_argument("--password")
    parser.add_argument("--delay", type=float, default=0)
    parser.add_argument("--go", default="")
    options = parser.parse_args()

    context = None
    if options.tls != "none":
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(options.certificate, options.key)
    handler = Handler(options)

    def protocol():
        return SMTP(
            handler,
            hostname="mail.example",
            tls_context=context if options.tls == "starttls" else None,
            require_starttls=options.tls == "starttls",
            auth_required=options.user is not None,
            auth_require_tls=options.tls == "starttls",
            authenticator=knows(options) if options.user else None,
        )

    server = await asyncio.get_running_loop().create_server(
        protocol, "127.0.0.1", options.port, ssl=context if options.tls == "at-once" else None
    )
    tell(event="listening", port=server.sockets[0].getsockname()[1])
    await server.serve_forever()


if __name__ == "__main__":
    try:
        asyncio.run(main())
    except KeyboardInterrupt:
        sys.exit(0)
