"""GETs by one of Python's ways; prints status and body of each, a line of JSON."""

import asyncio
import http.client
import json
import socket
import ssl
import sys
import urllib.request
from urllib.parse import urlsplit


def by_urllib(url):
    with urllib.request.urlopen(url) as response:
        return response.status, response.read()


def by_http_client(url):
    parts = urlsplit(url)
    of_scheme = {"http": http.client.HTTPConnection, "https": http.client.HTTPSConnection}
    connection = of_scheme[parts.scheme](parts.hostname)
    connection.request("GET", f"{parts.path}?{parts.query}")
    response = connection.getresponse()
    return response.status, response.read()


def to_request(parts):
    return (
        f"GET {parts.path}?{parts.query} HTTP/1.1\r\nHost: {parts.hostname}\r\nConnection: close\r\n\r\n"
    ).encode()


def to_answer(data):
    head, _, body = data.partition(b"\r\n\r\n")
    return int(head.split()[1]), body


def by_socket(url):
    parts = urlsplit(url)
    sock = socket.socket()
    sock.connect((parts.hostname, 443 if parts.scheme == "https" else 80))
    if parts.scheme == "https":
        sock = ssl.create_default_context().wrap_socket(sock, server_hostname=parts.hostname)
    sock.sendall(to_request(parts))
    return to_answer(sock.makefile("rb").read())


def by_asyncio(url):
    parts = urlsplit(url)

    async def get():
        secure = parts.scheme == "https"
        port = 443 if secure else 80
        reader, writer = await asyncio.open_connection(parts.hostname, port, ssl=secure or None)
        writer.write(to_request(parts))
        return to_answer(await reader.read())

    return asyncio.run(get())


def by_requests(url):
    import requests

    response = requests.get(url)
    return response.status_code, response.content


def by_httpx(url):
    import httpx

    response = httpx.get(url)
    return response.status_code, response.content


def by_aiohttp(url):
    import aiohttp

    async def get():
        async with aiohttp.ClientSession() as session, session.get(url) as response:
            return response.status, await response.read()

    return asyncio.run(get())


way, *urls = sys.argv[1:]
for url in urls:
    status, body = globals()["by_" + way.replace(".", "_")](url)
    print(json.dumps([status, json.loads(body)]))
