"""Who the requests of schemathesis come from.

`run` starts the program and makes one administrator, who asks for almost everything. Whoever asks
for something that ends a session or an account gets an account of their own first, so that the
requests after that one are not all answered 401.
"""

import base64
import hashlib
import hmac
import itertools
import os
import threading
import time
from urllib.parse import urlsplit

import requests
import schemathesis
from requests.auth import AuthBase

BASE = os.environ["FUZZ_URL"]
USERNAME = os.environ["FUZZ_USERNAME"]
PASSWORD = os.environ["FUZZ_PASSWORD"]

# What ends sessions or accounts.
ENDING = {
    ("POST", "/api/v1/users/sign-out"),
    ("POST", "/auth/logout"),
    ("DELETE", "/api/v1/users/me"),
    ("PUT", "/api/v1/users/me/password"),
    ("DELETE", "/api/v1/users/me/sessions"),
    ("DELETE", "/api/v1/users/me/sessions/{session_id}"),
}
# What programs ask for, with a signature (docs/SIGNING.md).
SERVICES = "^/api/(v1/)?services"

numbers = itertools.count(1)


def ask(method, path, token=None, **body):
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    answer = requests.request(method, BASE + path, json=body or None, headers=headers, timeout=60)
    answer.raise_for_status()
    return answer.json()


def sign_in(username):
    return ask("POST", "/api/v1/users/sign-in", username=username, password=PASSWORD)["access_token"]


def somebody_new():
    username = f"temp{next(numbers)}"
    ask("POST", "/api/v1/users/sign-up", username=username, password=PASSWORD)
    return sign_in(username)


class Administrator:
    """The administrator's token, and a program's key of theirs; both made anew should they end."""

    def __init__(self):
        self.lock = threading.Lock()
        self.token = None
        self.key = None

    def current(self):
        with self.lock:
            if self.token is None or not self.is_good():
                self.token = sign_in(USERNAME)
            return self.token

    def is_good(self):
        headers = {"Authorization": f"Bearer {self.token}"}
        return requests.get(BASE + "/api/v1/users/me", headers=headers, timeout=60).status_code == 200

    def program(self):
        """Name and secret of a key. It is another account's: nothing that is asked for revokes it."""
        with self.lock:
            if self.key is None:
                made = ask("POST", "/api/v1/users/apikeys", token=somebody_new(), user_memo="fuzzing")
                self.key = made["access_key"], made["secret_key"]
            return self.key


administrator = Administrator()


@schemathesis.auth(refresh_interval=None).skip_for(path_regex=SERVICES)
class Bearer:
    def get(self, case, context):
        if (case.method.upper(), case.operation.path) in ENDING:
            return somebody_new()
        return administrator.current()

    def set(self, case, data, context):
        case.headers = case.headers or {}
        case.headers["Authorization"] = f"Bearer {data}"


class Signature(AuthBase):
    """Signs a request in the newer form, when it is whole."""

    def __call__(self, request):
        access, secret = administrator.program()
        url = urlsplit(request.url)
        body = request.body or b""
        if isinstance(body, str):
            body = body.encode()
        timestamp, nonce = str(int(time.time())), f"n{next(numbers)}"
        text = "\n".join([
            "v2", request.method, url.path, url.query, hashlib.sha256(body).hexdigest(), timestamp, nonce,
        ])
        digest = hmac.new(secret.encode(), text.encode(), hashlib.sha256).digest()
        request.headers["Ensemble-Key"] = access
        request.headers["Ensemble-Timestamp"] = timestamp
        request.headers["Ensemble-Nonce"] = nonce
        request.headers["Ensemble-Signature"] = base64.b64encode(digest).decode()
        return request


schemathesis.auth.set_from_requests(Signature()).apply_to(path_regex=SERVICES)
