"""
A provider of OpenID Connect for tests: the authorisation code flow, as the standard has it.

Discovery, PKCE, a nonce, codes that work once, tokens signed with RS256 and keys to check
them by, and an end of session. People are those the test names; a click signs one in.
"""

import base64
import hashlib
import html
import secrets
import socket
import threading
import time
from contextlib import contextmanager
from urllib.parse import urlencode

import uvicorn
from joserfc import jwt
from joserfc.jwk import RSAKey
from starlette.applications import Starlette
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse
from starlette.routing import Route

CLIENT = "hotspots"
SECRET = "a-secret-of-the-client"


class Provider:
    """
    People who may sign in.

    `claims` by user name; `lasts_s` is how long a sign-in lasts. `spoil` is given each
    token's claims before they are signed, and `key` may be swapped for one nobody published.
    """

    def __init__(self, claims):
        self.claims = claims
        self.lasts_s = 3600
        self.spoil = dict
        self.published = self.key = RSAKey.generate_key(2048, {"kid": "one"})
        self.codes = {}
        self.ended = []
        self.issuer = ""

    def routes(self):
        return [
            Route("/.well-known/openid-configuration", self.discovery),
            Route("/jwks", self.jwks),
            Route("/authorize", self.authorize),
            Route("/token", self.token, methods=["POST"]),
            Route("/end", self.end),
        ]

    async def discovery(self, _request):
        return JSONResponse(
            {
                "issuer": self.issuer,
                "authorization_endpoint": f"{self.issuer}/authorize",
                "token_endpoint": f"{self.issuer}/token",
                "jwks_uri": f"{self.issuer}/jwks",
                "end_session_endpoint": f"{self.issuer}/end",
                "response_types_supported": ["code"],
                "subject_types_supported": ["public"],
                "id_token_signing_alg_values_supported": ["RS256"],
                "code_challenge_methods_supported": ["S256"],
            }
        )

    async def jwks(self, _request):
        return JSONResponse({"keys": [self.published.as_dict(private=False)]})

    async def authorize(self, request):
        asked = request.query_params
        if asked.get("client_id") != CLIENT or "openid" not in asked.get("scope", ""):
            return JSONResponse({"error": "invalid_request"}, 400)
        user = asked.get("user")
        if user is None:
            links = (
                f"<a href='?{html.escape(urlencode([*asked.multi_items(), ('user', name)]))}'>"
                f"{html.escape(name)}</a>"
                for name in self.claims
            )
            return HTMLResponse(f"<title>Who are you?</title>{' '.join(links)}")
        code = secrets.token_urlsafe(16)
        self.codes[code] = (user, dict(asked))
        back = {"code": code, "state": asked["state"]}
        return RedirectResponse(f"{asked['redirect_uri']}?{urlencode(back)}", 302)

    async def token(self, request):
        form = await request.form()
        user, asked = self.codes.pop(form.get("code"), (None, {}))
        proof = hashlib.sha256(str(form.get("code_verifier", "")).encode()).digest()
        challenge = base64.urlsafe_b64encode(proof).decode().rstrip("=")
        given = request.headers.get("authorization", "")
        basic = "Basic " + base64.b64encode(f"{CLIENT}:{SECRET}".encode()).decode()
        if given != basic and form.get("client_secret") != SECRET:
            return JSONResponse({"error": "invalid_client"}, 401)
        if (
            user is None
            or form.get("redirect_uri") != asked["redirect_uri"]
            or challenge != asked.get("code_challenge")
        ):
            return JSONResponse({"error": "invalid_grant"}, 400)
        now = int(time.time())
        claims = {
            "iss": self.issuer,
            "aud": CLIENT,
            "sub": user,
            "iat": now,
            "exp": now + self.lasts_s,
            "nonce": asked.get("nonce"),
            **self.claims[user],
        }
        signed = jwt.encode({"alg": "RS256", "kid": "one"}, self.spoil(claims), self.key)
        return JSONResponse(
            {"access_token": secrets.token_urlsafe(), "token_type": "Bearer", "id_token": signed}
        )

    async def end(self, request):
        self.ended.append(dict(request.query_params))
        return RedirectResponse(request.query_params["post_logout_redirect_uri"], 302)


@contextmanager
def provider(claims):
    """A provider that runs on this machine until the block ends."""
    made = Provider(claims)
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        made.issuer = f"http://localhost:{listener.getsockname()[1]}"
        config = uvicorn.Config(Starlette(routes=made.routes()), log_level="error")
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        try:
            yield made
        finally:
            server.should_exit = True
            thread.join(timeout=20)


def secrets_file(folder, made, port):
    """Streamlit's secrets for a dashboard at a port of this machine."""
    path = folder / "secrets.toml"
    path.write_text(
        f"""[auth]
redirect_uri = "http://localhost:{port}/oauth2callback"
cookie_secret = "{secrets.token_urlsafe(32)}"
client_id = "{CLIENT}"
client_secret = "{SECRET}"
server_metadata_url = "{made.issuer}/.well-known/openid-configuration"
""",
        encoding="utf-8",
    )
    return path
