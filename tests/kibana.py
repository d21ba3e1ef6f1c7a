"""A small server that answers as Kibana does, by the contract of its import API: it parses the form, answers 200 also for
refusals, and knows spaces and credentials.

https://www.elastic.co/docs/api/doc/kibana/operation/operation-post-saved-objects-import
"""

import json
import threading
from collections.abc import Iterator
from email import message_from_bytes
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

KEY = "ApiKey c2VjcmV0"


class Kibana(ThreadingHTTPServer):
    """Keeps what is imported, by space."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.spaces: dict[str, dict[str, Any]] = {"default": {}}
        self.ready = True

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"


class Handler(BaseHTTPRequestHandler):
    server: Kibana

    def do_GET(self) -> None:
        name = self.path.removeprefix("/api/spaces/space/")
        self._answer(200 if name in self.server.spaces else 404, {"id": name, "name": name})

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if not self.server.ready:
            self._answer(503, {"message": "Kibana server is not ready yet"})
        elif self.headers["Authorization"] != KEY:
            self._answer(401, {"message": "unable to authenticate"})
        elif self.headers["kbn-xsrf"] is None:
            self._answer(400, {"message": "Request must contain a kbn-xsrf header."})
        elif self.path == "/api/spaces/space":
            self.server.spaces[json.loads(body)["id"]] = {}
            self._answer(200, json.loads(body))
        else:
            self._answer(200, self._imported(body))

    def _imported(self, body: bytes) -> dict[str, Any]:
        assert self.path.endswith("/api/saved_objects/_import?overwrite=true")
        space = self.path.split("/")[2] if self.path.startswith("/s/") else "default"
        form = message_from_bytes(b"Content-Type: " + self.headers["Content-Type"].encode() + b"\r\n\r\n" + body)
        part = next(one for one in form.walk() if one.get_filename())
        file = part.get_payload(decode=True)
        assert isinstance(file, bytes)
        objects = [json.loads(line) for line in file.decode().splitlines()]
        known = {(one["type"], one["id"]) for one in objects}
        errors = []
        for one in objects:
            missing = [it for it in one["references"] if (it["type"], it["id"]) not in known]
            if missing:
                error = {"type": "missing_references", "references": missing}
                errors.append({"type": one["type"], "id": one["id"], "meta": {"title": "a title"}, "error": error})
            else:
                self.server.spaces[space][f"{one['type']}:{one['id']}"] = one
        answer = {"success": not errors, "successCount": len(objects) - len(errors)}
        return answer | ({"errors": errors} if errors else {})

    def _answer(self, status: int, document: dict[str, Any]) -> None:
        body = json.dumps(document).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def kibana() -> Iterator[Kibana]:
    server = Kibana()
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()
