"""The frame of the stand-ins for web services: a server on the loopback, faults, a log of what was asked.

    fake.py SERVICE [--port N] [--port-file F] [--state F] [--rtt MS] [--tls FILE] [--option NAME=VALUE ...]

SERVICE names a module beside this file, which has `def start(state, options)` that returns a Service. It prints nothing; the port
is written to --port-file once the server listens. Its time is that of the last `POST /_fake/clock {"now": seconds}`, else 2024-06-01T12:00Z, and
goes on from there only by such calls. With --tls, a certificate and its key in one file, the same port also speaks TLS to whoever begins with it.

    GET  /_fake/log      every request: method, path, query, form or json, status, effect (whether it changed something), ua
    GET  /_fake/state    what the service holds
    POST /_fake/reset    forgets the log
    POST /_fake/fault    {"match": "GET /me/tracks", "skip": 0, "times": 1, "do": ..., ...}: the first fault whose `match` begins "METHOD PATH?QUERY" and is
                         neither skipped nor used up is what happens:
         status  answers `status` with `headers` and `body`, without effect      lie    the same, with the effect
         drop    cuts the connection, without effect                              lose   the same, with the effect
         meanwhile  somebody else does `method` `target` `json` first, with the same token
         slow    waits `ms` and answers as always                                 cut    answers as always, cut off in the middle of the body
"""
import argparse
import importlib
import json
import os
import re
import socket
import ssl
import sys
import threading
import time
import urllib.parse
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

START = 1717243200  # 2024-06-01T12:00:00Z


class Reply(Exception):
    """An answer; raised or returned by a route. `body` is bytes, or what json.dumps takes."""

    def __init__(self, status, body=None, headers=None):
        super().__init__(status)
        self.status, self.body, self.headers = status, body, dict(headers or {})


class Request:
    """`query` and `form` are lists of pairs in the order sent; `arg(name)` is the first of either, or None."""

    def __init__(self, method, target, headers, body):
        self.method, self.target, self.headers, self.body = method, target, headers, body
        path, _, query = target.partition("?")
        self.path = urllib.parse.unquote(path)
        self.query = urllib.parse.parse_qsl(query, keep_blank_values=True)
        kind = headers.get("content-type", "").split(";")[0]
        self.form = urllib.parse.parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True) if kind == "application/x-www-form-urlencoded" else []
        self.json = None
        if kind == "application/json" and body:
            try:
                self.json = json.loads(body)
            except ValueError:
                pass
        self.match = ()
        self.effect = False

    def arg(self, name, default=None):
        for key, value in self.query + self.form:
            if key == name:
                return value
        return default

    def number(self, name, default, low=None, high=None):
        """A whole number of the query; None when it is none or out of bounds."""
        value = self.arg(name)
        if value is None:
            return default
        if not re.fullmatch(r"-?\d+", value):
            return None
        value = int(value)
        return None if (low is not None and value < low) or (high is not None and value > high) else value

    @property
    def token(self):
        return self.headers.get("authorization", "").partition(" ")[2]


class Service:
    """`state` is what it holds, plain JSON. Routes are tried in order; a route that changes something sets request.effect."""

    def __init__(self, state):
        self.state, self.routes, self.now, self.port = state, [], START, 0

    def route(self, method, pattern):
        def add(function):
            self.routes.append((method, re.compile(pattern), function))
            return function

        return add

    def before(self, request):
        """Called for each request first: tokens, rates. May raise Reply."""

    def unknown(self, request):
        return Reply(404, {"error": {"status": 404, "message": "Service not found"}})

    def answer(self, request):
        try:
            self.before(request)
            for method, pattern, function in self.routes:
                match = pattern.fullmatch(request.path)
                if match and method == request.method:
                    request.match = match.groups()
                    return function(request)
            return self.unknown(request)
        except Reply as reply:
            return reply


class Fake:
    def __init__(self, service, rtt):
        self.service, self.rtt, self.lock = service, rtt, threading.Lock()
        self.log, self.faults = [], []

    def fault_of(self, request):
        line = request.method + " " + request.target
        for fault in self.faults:
            if not line.startswith(fault["match"]) or fault.get("times", 1) <= 0:
                continue
            if fault.get("skip", 0) > 0:
                fault["skip"] -= 1
                continue
            fault["times"] = fault.get("times", 1) - 1
            return fault
        return None

    def control(self, request):
        if request.path == "/_fake/log":
            return Reply(200, self.log)
        if request.path == "/_fake/state":
            return Reply(200, self.service.state)
        if request.path == "/_fake/reset":
            self.log.clear()
        elif request.path == "/_fake/fault":
            self.faults.append(json.loads(request.body))
        elif request.path == "/_fake/clock":
            self.service.now = json.loads(request.body)["now"]
        else:
            return Reply(404)
        return Reply(204)

    def serve(self, request):
        """The reply, and what the connection does with it."""
        with self.lock:
            if request.path.startswith("/_fake/"):
                return self.control(request), None
            fault = self.fault_of(request)
            what = fault["do"] if fault else None
            reply = Reply(0)
            if what == "meanwhile":
                headers = {**request.headers, "content-type": "application/json"}
                self.service.answer(Request(fault["method"], fault["target"], headers, json.dumps(fault.get("json")).encode()))
            if what not in ("status", "drop"):
                reply = self.service.answer(request)
            if what in ("status", "lie"):
                reply = Reply(fault["status"], fault.get("body"), fault.get("headers"))
            entry = {"method": request.method, "path": request.path, "query": dict(request.query), "status": reply.status, "effect": request.effect}
            entry["ua"] = request.headers.get("user-agent", "")
            if request.form:
                entry["form"] = dict(request.form)
            if request.json is not None:
                entry["json"] = request.json
            if what:
                entry["fault"] = what
            self.log.append(entry)
        time.sleep((self.rtt + (fault.get("ms", 0) if what == "slow" else 0)) / 1000)
        return reply, what


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1

    def log_message(self, *_):
        pass

    def handle_any(self):
        length = int(self.headers.get("content-length") or 0)
        body = self.rfile.read(length)
        request = Request(self.command, self.path, {k.lower(): v for k, v in self.headers.items()}, body)
        reply, what = self.server.fake.serve(request)
        if what in ("drop", "lose"):
            self.close_connection = True
            self.connection.shutdown(socket.SHUT_RDWR)
            return
        body = reply.body
        if body is None:
            body = b""
        elif not isinstance(body, bytes):
            body = json.dumps(body, ensure_ascii=False).encode()
            reply.headers.setdefault("Content-Type", "application/json; charset=utf-8")
        self.send_response_only(reply.status)
        for name, value in reply.headers.items():
            self.send_header(name, str(value))
        if reply.status != 204:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if what == "cut":
            self.wfile.write(body[: len(body) // 2])
            self.wfile.flush()
            self.close_connection = True
            self.connection.shutdown(socket.SHUT_RDWR)
            return
        self.wfile.write(body)

    do_GET = do_POST = do_PUT = do_DELETE = handle_any


class Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128
    tls = None

    def finish_request(self, request, client_address):
        # The first byte of a TLS record that begins a handshake; no method of HTTP begins so.
        if self.tls and request.recv(1, socket.MSG_PEEK) == b"\x16":
            try:
                request = self.tls.wrap_socket(request, server_side=True)
            except OSError:  # the client does not trust the certificate
                return
            with request:
                super().finish_request(request, client_address)
            return
        super().finish_request(request, client_address)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("service")
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--port-file")
    parser.add_argument("--state")
    parser.add_argument("--rtt", type=float, default=0)
    parser.add_argument("--tls")
    parser.add_argument("--option", action="append", default=[])
    given = parser.parse_args()
    state = {}
    if given.state:
        with open(given.state, encoding="utf-8") as file:
            state = json.load(file)
    options = dict(option.split("=", 1) for option in given.option)
    service = importlib.import_module(given.service).start(state, options)
    server = Server(("127.0.0.1", given.port), Handler)
    service.port = server.server_address[1]
    if given.tls:
        server.tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        server.tls.load_cert_chain(given.tls)
    server.fake = Fake(service, given.rtt)
    if given.port_file:
        with open(given.port_file + ".new", "w") as file:
            file.write(f"{service.port}\n")
        os.rename(given.port_file + ".new", given.port_file)
    server.serve_forever()


if __name__ == "__main__":
    sys.modules.setdefault("fake", sys.modules["__main__"])
    sys.dont_write_bytecode = True
    main()
