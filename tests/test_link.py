"""The link against real brokers: it comes back, keeps its order, sends the same bytes again, and proves both ends by TLS."""

import asyncio
import contextlib
import datetime
import ipaddress
import socket
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from host_help import Amqtt, Mosquitto, until

from gateway.host import link as links
from gateway.host.link import Broker, Link, broker_of


@pytest.fixture(params=["mosquitto", "amqtt"])
def broker(request: pytest.FixtureRequest, tmp_path: Path) -> "Iterator[Mosquitto | Amqtt]":
    peer = Mosquitto(tmp_path) if request.param == "mosquitto" else Amqtt()
    peer.start()
    yield peer
    peer.stop()


@pytest.fixture
def mosquitto(tmp_path: Path) -> "Iterator[Mosquitto]":
    peer = Mosquitto(tmp_path)
    peer.start()
    yield peer
    peer.stop()


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(links, "PAUSE_S", 0.05)
    monkeypatch.setattr(links, "PAUSE_MAX_S", 0.2)


@contextlib.asynccontextmanager
async def running(link: Link) -> "AsyncIterator[Link]":
    task = asyncio.create_task(link.run())
    try:
        await until(lambda: link.connected)
        yield link
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


def client(port: int, name: str, topics: "tuple[str, ...]" = (), **more: Any) -> "tuple[Link, list[tuple[str, bytes]]]":
    heard: "list[tuple[str, bytes]]" = []
    link = Link(Broker("127.0.0.1", port), name, list(topics), lambda t, d: heard.append((t, d)), timeout_s=3, **more)
    return link, heard


async def test_messages_arrive_in_order(broker: "Mosquitto | Amqtt") -> None:
    sender, _ = client(broker.port, "sender")
    reader, heard = client(broker.port, "reader", ("street/#",))
    sent = [("street/a", b"%d" % i) for i in range(60)]
    async with running(reader), running(sender):
        for topic, data in sent:
            sender.publish(topic, data)
        assert await sender.drain(10)
        await until(lambda: len(heard) >= len(sent))
    assert heard == sent


async def test_retained_and_empty_messages(broker: "Mosquitto | Amqtt") -> None:
    sender, _ = client(broker.port, "sender")
    async with running(sender):
        sender.publish("street/terms", b"first", retain=True)
        sender.publish("street/terms", b"second", retain=True)
        assert await sender.drain(5)
        reader, heard = client(broker.port, "reader", ("street/#",))
        async with running(reader):
            await until(lambda: heard == [("street/terms", b"second")])
            sender.publish("street/terms", b"", retain=True)
            await until(lambda: heard[-1] == ("street/terms", b""))


async def test_the_same_act_again_is_not_queued_twice(mosquitto: Mosquitto) -> None:
    sender, _ = client(mosquitto.port, "sender")
    for _ in range(3):
        sender.publish("t", b"order")
    assert sender.waiting == 1


async def test_what_was_published_while_the_broker_was_down_arrives(mosquitto: Mosquitto) -> None:
    went: "list[int]" = []
    sender, _ = client(mosquitto.port, "sender", went=lambda: went.append(1))
    reader, heard = client(mosquitto.port, "reader", ("street/#",))
    async with running(reader), running(sender):
        sender.publish("street/a", b"before")
        await until(lambda: heard)
        mosquitto.stop()
        await until(lambda: went and not reader.connected)
        sent = [("street/a", b"%d" % i) for i in range(25)]
        for topic, data in sent:
            sender.publish(topic, data)
        assert not await sender.drain(0.1)
        mosquitto.start()
        assert await sender.drain(10)
        await until(lambda: len(heard) >= 26)
    assert list(dict.fromkeys(heard)) == [("street/a", b"before"), *sent], "in order, twice at most"


async def test_a_session_persists(mosquitto: Mosquitto) -> None:
    """What came while a gateway was away is there when it is back."""
    sender, _ = client(mosquitto.port, "sender")
    first, _ = client(mosquitto.port, "reader", ("street/award",))
    async with running(first):
        pass
    async with running(sender):
        sender.publish("street/award", b"award")
        assert await sender.drain(5)
        again, heard = client(mosquitto.port, "reader", ("street/award",))
        async with running(again):
            await until(lambda: heard == [("street/award", b"award")])


async def test_the_will_is_made_anew_and_sent_only_when_the_client_dies(mosquitto: Mosquitto) -> None:
    made: "list[bytes]" = []

    def will() -> "tuple[str, bytes]":
        made.append(b"offline %d" % len(made))
        return "street/status", made[-1]

    reader, heard = client(mosquitto.port, "reader", ("street/status",))
    async with running(reader):
        mortal, _ = client(mosquitto.port, "mortal", will=will)
        async with running(mortal):
            thief = await _take_over(mosquitto.port, "mortal")
            await until(lambda: ("street/status", b"offline 0") in heard)
            await until(lambda: len(made) >= 2 and mortal.connected)
            thief.close()
        await asyncio.sleep(0.1)
    assert heard.count(("street/status", made[-1])) == 0, "an orderly end sends no will"


async def _take_over(port: int, name: str) -> socket.socket:
    """Connect with another's client id: the broker throws that one out."""
    s = socket.create_connection(("127.0.0.1", port))
    body = b"\x00\x04MQTT\x04\x02\x00\x3c" + len(name).to_bytes(2, "big") + name.encode()
    s.sendall(bytes([0x10, len(body)]) + body)
    return s


class Forgetful:
    """Between client and broker: cuts the connection after a PUBLISH went through, before its PUBACK comes back."""

    def __init__(self, port: int, cuts: int) -> None:
        self.port, self.cuts = port, cuts

    async def serve(self) -> asyncio.Server:
        return await asyncio.start_server(self._one, "127.0.0.1", 0)

    async def _one(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        up_reader, up_writer = await asyncio.open_connection("127.0.0.1", self.port)

        async def up() -> None:
            while data := await reader.read(4096):
                up_writer.write(data)

        async def down() -> None:
            while data := await up_reader.read(4096):
                if data[0] == 0x40 and self.cuts:
                    self.cuts -= 1
                    return
                writer.write(data)

        tasks = [asyncio.create_task(up()), asyncio.create_task(down())]
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        for w in (writer, up_writer):
            w.close()


async def test_an_unacknowledged_publish_is_sent_again_with_the_same_bytes(mosquitto: Mosquitto) -> None:
    reader, heard = client(mosquitto.port, "reader", ("street/#",))
    between = Forgetful(mosquitto.port, cuts=2)
    server = await between.serve()
    sender, _ = client(server.sockets[0].getsockname()[1], "sender")
    async with server, running(reader), running(sender):
        for i in range(3):
            sender.publish("street/order", b"order %d" % i)
        assert await sender.drain(10)
        await until(lambda: len(heard) >= 4)
    assert between.cuts == 0
    assert heard.count(("street/order", b"order 0")) >= 2
    assert list(dict.fromkeys(data for _, data in heard)) == [b"order 0", b"order 1", b"order 2"]


async def test_no_broker_is_said_once_and_does_not_end(caplog: pytest.LogCaptureFixture) -> None:
    link, _ = client(1, "lonely")
    task = asyncio.create_task(link.run())
    await asyncio.sleep(0.6)
    assert not task.done()
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    assert caplog.text.count("no broker at") == 1


@pytest.mark.parametrize(
    ("url", "host", "port", "loopback"),
    [
        ("mqtt://127.0.0.1", "127.0.0.1", 1883, True),
        ("mqtt://localhost:9", "localhost", 9, True),
        ("mqtt://[::1]:7", "::1", 7, True),
        ("mqtts://broker.street.example", "broker.street.example", 8883, False),
        ("mqtts://10.0.0.7:99", "10.0.0.7", 99, False),
    ],
)
def test_broker_urls(url: str, host: str, port: int, loopback: bool) -> None:
    broker = broker_of(url)
    assert (broker.host, broker.port, broker.on_loopback) == (host, port, loopback)


@pytest.mark.parametrize("url", ["", "127.0.0.1:1883", "http://x", "mqtt://", "mqtt://u:p@127.0.0.1", "mqtt://127.0.0.1/x", "mqtt://a:99999"])
def test_what_is_no_broker_url(url: str) -> None:
    with pytest.raises(ValueError):
        broker_of(url)


# -- TLS that proves both ends


class Authority:
    """A certificate authority for one test."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.key = folder, ec.generate_private_key(ec.SECP256R1())
        self.name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, folder.name)])
        self.cert = self._signed(self.name, self.key.public_key(), lambda b: b.add_extension(x509.BasicConstraints(True, 0), True))
        self._write("ca.pem", self.cert.public_bytes(serialization.Encoding.PEM))

    def issue(self, name: str) -> "tuple[Path, Path]":
        key = ec.generate_private_key(ec.SECP256R1())
        address = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))])
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
        cert = self._signed(subject, key.public_key(), lambda b: b.add_extension(address, False))
        pem = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        return self._write(name + ".pem", cert.public_bytes(serialization.Encoding.PEM)), self._write(name + ".key", pem)

    def _signed(self, subject: x509.Name, public: Any, more: "Callable[[Any], Any]") -> x509.Certificate:
        now = datetime.datetime.now(datetime.UTC)
        builder = x509.CertificateBuilder().subject_name(subject).issuer_name(self.name).public_key(public)
        builder = builder.serial_number(x509.random_serial_number()).not_valid_before(now - datetime.timedelta(days=1))
        return more(builder.not_valid_after(now + datetime.timedelta(days=1))).sign(self.key, hashes.SHA256())

    def _write(self, name: str, data: bytes) -> Path:
        path = self.folder / name
        path.write_bytes(data)
        path.chmod(0o600)
        return path


def authority(folder: Path) -> Authority:
    folder.mkdir()
    return Authority(folder)


@pytest.fixture
def secure(tmp_path: Path) -> "Iterator[tuple[Mosquitto, Authority]]":
    ours = authority(tmp_path / "ours")
    cert, key = ours.issue("broker")
    files = (f"cafile {ours.folder / 'ca.pem'}", f"certfile {cert}", f"keyfile {key}")
    peer = Mosquitto(tmp_path, (*files, "require_certificate true", "use_identity_as_username true", "allow_anonymous false"))
    peer.start()
    yield peer, ours
    peer.stop()


async def test_mutual_tls(secure: "tuple[Mosquitto, Authority]") -> None:
    peer, ours = secure
    cert, key = ours.issue("home-1")
    heard: "list[bytes]" = []
    broker = Broker("127.0.0.1", peer.port, ours.folder / "ca.pem", cert, key)
    link = Link(broker, "home-1", ["t"], lambda t, d: heard.append(d))
    async with running(link):
        link.publish("t", b"over TLS")
        await until(lambda: heard == [b"over TLS"])


@pytest.mark.parametrize("who", ["stranger's certificate", "stranger's broker", "no TLS"])
async def test_tls_without_proof_is_no_connection(secure: "tuple[Mosquitto, Authority]", tmp_path: Path, who: str) -> None:
    peer, ours = secure
    other = authority(tmp_path / "other")
    cert, key = (other if who == "stranger's certificate" else ours).issue("home-1")
    ca = (other if who == "stranger's broker" else ours).folder / "ca.pem"
    broker = Broker("127.0.0.1", peer.port) if who == "no TLS" else Broker("127.0.0.1", peer.port, ca, cert, key)
    link = Link(broker, "home-1", [], lambda t, d: None, timeout_s=0.5)
    task = asyncio.create_task(link.run())
    await asyncio.sleep(1.0)
    assert not link.connected and not task.done()
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


async def test_a_cancel_that_was_swallowed_is_given_again() -> None:
    async def deaf() -> None:
        with contextlib.suppress(asyncio.CancelledError):
            await asyncio.sleep(100)
        await asyncio.sleep(100)

    task = asyncio.create_task(deaf())
    await asyncio.sleep(0)
    await asyncio.wait_for(links.end(task, patience_s=0.01), 2)
    assert task.cancelled()


async def test_it_listens_to_what_it_is_told_and_to_that_alone(broker: "Mosquitto | Amqtt") -> None:
    sender, _ = client(broker.port, "sender")
    reader, heard = client(broker.port, "reader", ("street/terms",))
    async with running(sender), running(reader):
        sender.publish("street/slot/1/book", b"one", retain=True)
        sender.publish("street/slot/2/book", b"two", retain=True)
        assert await sender.drain(5)
        reader.listen(("street/slot/1/#",))
        await until(lambda: heard == [("street/slot/1/book", b"one")])
        reader.listen(("street/slot/2/#",))
        await until(lambda: heard[-1] == ("street/slot/2/book", b"two"))
        sender.publish("street/slot/1/clear", b"not ours any more")
        sender.publish("street/slot/2/clear", b"ours")
        assert await sender.drain(5)
        await until(lambda: heard[-1] == ("street/slot/2/clear", b"ours"))
    if isinstance(broker, Mosquitto):  # amqtt goes on sending what was unsubscribed; a home passes it over
        assert ("street/slot/1/clear", b"not ours any more") not in heard


async def test_after_a_reconnect_it_listens_to_the_same(broker: "Mosquitto | Amqtt") -> None:
    sender, _ = client(broker.port, "sender")
    reader, heard = client(broker.port, "reader")
    async with running(reader):
        reader.listen(("street/slot/1/#",))
        broker.stop()
        await until(lambda: not reader.connected)
        broker.start()
        await until(lambda: reader.connected)
        async with running(sender):
            sender.publish("street/slot/1/clear", b"still heard")
            assert await sender.drain(5)
            await until(lambda: heard == [("street/slot/1/clear", b"still heard")])
