"""Loopback GitHub and GitLab that hold to the documented rules: lines outside the diff, pages, rate limits, tokens."""

from __future__ import annotations

import json
import re
import threading
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

HEAD = "a" * 40
PAGE = 2


@dataclass
class ForgeServer:
    """``lines`` are the (path, side, line) that may be commented on; ``limited`` answers that many requests with 429."""

    kind: str
    lines: set[tuple[str, str, int]]
    token: str = "token-for-tests"
    limited: int = 0
    foreign_summary: bool = False
    no_ranges: bool = False
    comments: list[dict[str, Any]] = field(default_factory=list)
    notes: list[dict[str, Any]] = field(default_factory=list)
    drafts: list[dict[str, Any]] = field(default_factory=list)
    log: list[tuple[str, str]] = field(default_factory=list)

    def __enter__(self) -> ForgeServer:
        owner = self

        class Handler(_Handler):
            forge = owner

        self._httpd = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._thread = threading.Thread(target=self._httpd.serve_forever, args=(0.01,), daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *exc: object) -> None:
        self._httpd.shutdown()
        self._httpd.server_close()
        self._thread.join()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._httpd.server_address[1]}"

    def accepts(self, comment: dict[str, Any]) -> bool:
        if self.kind == "github":
            side = {"RIGHT": "new", "LEFT": "old"}[comment["side"]]
            return (comment["path"], side, comment["line"]) in self.lines
        place = comment["position"]
        ends = place.get("line_range", {}).values()
        if (self.no_ranges and ends) or any(set(end) != {"line_code", "type"} for end in ends):
            return False
        side = "old" if "old_line" in place else "new"
        path = place["old_path"] if side == "old" else place["new_path"]
        return place["head_sha"] == HEAD and (path, side, place[f"{side}_line"]) in self.lines


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    forge: ForgeServer

    def log_message(self, *args: object) -> None:
        """Say nothing."""

    def do_GET(self) -> None:
        self._answer(None)

    def do_POST(self) -> None:
        self._answer(self.rfile.read(int(self.headers.get("content-length") or 0)))

    do_PATCH = do_PUT = do_POST

    def _answer(self, body: bytes | None) -> None:
        forge, url = self.forge, urlsplit(self.path)
        forge.log.append((self.command, url.path))
        told = self.headers.get("authorization", "").removeprefix("Bearer ") or self.headers.get(
            "private-token"
        )
        if told != forge.token:
            self._send(401, {"message": "Bad credentials"})
        elif forge.limited:
            forge.limited -= 1
            self._send(429, {"message": "slow down"}, {"retry-after": "0"})
        else:
            route = self._github if forge.kind == "github" else self._gitlab
            route(self.command, url.path, parse_qs(url.query), json.loads(body) if body else None)

    def _github(self, method: str, path: str, query: dict[str, list[str]], data: Any) -> None:
        forge, pull = self.forge, "/repos/ada/sample/pulls"
        if (method, path) == ("GET", pull):
            self._send(200, [{"number": 7}] if query["head"] == ["ada:topic"] else [])
        elif (method, path) == ("GET", f"{pull}/7"):
            self._send(200, {"head": {"sha": HEAD}})
        elif (method, path) == ("GET", f"{pull}/7/comments"):
            self._page(forge.comments, path, query)
        elif (method, path) == ("POST", f"{pull}/7/reviews"):
            assert data["event"] == "COMMENT" and data["commit_id"] == HEAD
            if all(forge.accepts(c) for c in data["comments"]):
                forge.comments += data["comments"]
                self._send(200, {"id": 1})
            else:
                self._send(422, {"message": "Unprocessable Entity", "errors": ["Line could not be resolved"]})
        elif (method, path) == ("POST", f"{pull}/7/comments"):
            if forge.accepts(data):
                forge.comments.append(data)
            self._send(201 if forge.accepts(data) else 422, {})
        else:
            self._summaries(
                method,
                path,
                query,
                data,
                "/repos/ada/sample/issues/7/comments",
                r"/repos/ada/sample/issues/comments/(\d+)",
                "PATCH",
            )

    def _gitlab(self, method: str, path: str, query: dict[str, list[str]], data: Any) -> None:
        forge, root = self.forge, "/projects/42/merge_requests/7"
        if (method, path) == ("GET", root):
            refs = {"base_sha": "b" * 40, "start_sha": "c" * 40, "head_sha": HEAD}
            self._send(200, {"iid": 7, "diff_refs": refs})
        elif (method, path) == ("GET", "/projects/42/merge_requests"):
            self._send(200, [{"iid": 7}] if query["source_branch"] == ["topic"] else [])
        elif (method, path) == ("POST", f"{root}/draft_notes"):
            if forge.accepts(data):
                forge.drafts.append(data)
            self._send(201 if forge.accepts(data) else 400, {})
        elif (method, path) == ("POST", f"{root}/draft_notes/bulk_publish"):
            forge.comments += forge.drafts
            forge.notes += [{"id": 100 + i, "body": d["note"]} for i, d in enumerate(forge.drafts)]
            forge.drafts.clear()
            self._send(204, None)
        else:
            self._summaries(method, path, query, data, f"{root}/notes", rf"{root}/notes/(\d+)", "PUT")

    def _summaries(
        self, method: str, path: str, query: dict[str, list[str]], data: Any, listed: str, one: str, verb: str
    ) -> None:
        forge = self.forge
        if (method, path) == ("GET", listed):
            self._page(forge.notes, path, query)
        elif (method, path) == ("POST", listed):
            forge.notes.append({"id": len(forge.notes) + 1, "body": data["body"]})
            self._send(201, {})
        elif method == verb and (found := re.fullmatch(one, path)):
            note = next(n for n in forge.notes if n["id"] == int(found[1]))
            if note.get("foreign"):
                self._send(403, {"message": "not yours"})
                return
            note["body"] = data["body"]
            self._send(200, {})
        else:
            self._send(404, {"message": "Not Found"})

    def _page(self, items: list[dict[str, Any]], path: str, query: dict[str, list[str]]) -> None:
        page = int(query.get("page", ["1"])[0])
        shown = items[(page - 1) * PAGE : page * PAGE]
        more = page * PAGE < len(items)
        link = {"link": f'<{self.forge.url}{path}?page={page + 1}&per_page=100>; rel="next"'} if more else {}
        self._send(200, shown, link)

    def _send(self, code: int, data: Any, headers: dict[str, str] | None = None) -> None:
        body = b"" if data is None else json.dumps(data).encode()
        self.send_response(code)
        for name, value in {"content-length": str(len(body)), **(headers or {})}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)
