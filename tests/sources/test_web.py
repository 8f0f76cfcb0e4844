import select
import socket
import socketserver
import ssl
import subprocess
import threading
from contextlib import contextmanager

import pytest

from hotspots.sources.web import LeakyBucket, NoWayError, Web, WebError
from tests.local_server import Fault, running

PROXIES = ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY")
BUNDLES = ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "SSL_CERT_FILE")
DATA = bytes(range(256)) * 4_000


@pytest.fixture(autouse=True)
def plain_network(monkeypatch):
    for name in (*PROXIES, *BUNDLES):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)


@pytest.fixture
def site():
    with running() as (site, base):
        site.archives["2025-12"] = DATA
        site.latest = "2025-12"
        site.dates = ["2025-11", "2025-12"]
        site.base = base
        site.file = f"{base}/data/archive/latest.zip"
        site.dates_at = f"{base}/api/crimes-street-dates"
        yield site


@pytest.fixture
def waits():
    return []


@pytest.fixture
def web(waits):
    with Web(sleep=waits.append, tries=3, timeouts_s=(2, 1)) as web:
        yield web


def sentence(error):
    said = str(error.value)
    assert said.endswith(".")
    assert "Traceback" not in said
    assert "\n" not in said
    assert "HTTPConnectionPool" not in said
    return said


# ---- JSON


def test_an_answer(site, web, waits):
    body = web.json(site.dates_at)
    assert [one["date"] for one in body.value] == ["2025-12", "2025-11"]
    assert body.data.startswith(b"[{")
    assert waits == []


def asked_again(kind):
    """Waits after two cuts; what is left of a long answer may spoil one question more."""
    return [[1, 2], [1, 1, 2], [1, 2, 1]] if kind == "long" else [[1, 2]]


@pytest.mark.parametrize("kind", ["silent", "cut", "short", "long", "garbage", "hang"])
def test_a_cut_is_asked_again(site, web, waits, kind):
    site.faults.append(Fault("dates", kind, times=2, at=20, pause_s=1.5))
    assert len(web.json(site.dates_at).value) == 2
    assert waits in asked_again(kind)


@pytest.mark.parametrize("kind", ["silent", "cut", "short", "long", "garbage"])
def test_cut_too_often_is_a_sentence(site, web, kind):
    site.faults.append(Fault("dates", kind, times=99, at=20))
    with pytest.raises(WebError) as error:
        web.json(site.dates_at)
    assert "127.0.0.1" in sentence(error)


def test_no_answer_in_time(site, web):
    site.faults.append(Fault("dates", "hang", times=99, pause_s=1.2))
    with pytest.raises(WebError) as error:
        web.json(site.dates_at)
    assert "did not answer in time" in sentence(error)


@pytest.mark.parametrize("status", [429, 500, 502, 503, 504])
def test_a_site_out_of_breath_is_waited_for(site, web, waits, status):
    site.faults.append(Fault("dates", "status", times=2, status=status))
    assert len(web.json(site.dates_at).value) == 2
    assert waits == [1, 2]


def test_the_wait_that_a_site_asks_for_is_kept_within_reason(site, web, waits):
    for given in ("7", "999999", "Wed, 21 Oct 2015 07:28:00 GMT", "soon"):
        site.faults = [Fault("dates", "status", status=429, headers={"Retry-After": given})]
        web.json(site.dates_at)
    assert waits == [7, 120, 0, 1]


def test_503_is_not_waited_for_where_there_is_another_way(site, web, waits):
    site.faults.append(Fault("dates", "status", times=9, status=503))
    with pytest.raises(WebError) as error:
        web.json(site.dates_at, patient=False)
    assert error.value.status == 503
    assert waits == []


@pytest.mark.parametrize(
    ("status", "words"),
    [
        (400, "fault"),
        (401, "name and a password"),
        (403, "refuses"),
        (404, "no such page"),
        (407, "proxy"),
        (429, "too many requests"),
        (500, "fault"),
        (503, "out of service"),
    ],
)
def test_what_a_site_refuses_is_a_sentence(site, web, status, words):
    site.faults.append(Fault("dates", "status", times=99, status=status))
    with pytest.raises(WebError) as error:
        web.json(site.dates_at)
    assert words in sentence(error)
    assert error.value.status == status


def test_a_sign_in_page_in_place_of_data(site, web):
    site.faults.append(Fault("", "login", times=99))
    with pytest.raises(WebError) as error:
        web.json(site.dates_at)
    assert "a web page came" in sentence(error)
    with pytest.raises(WebError) as error:
        web.find(site.file)
    assert "a web page came" in sentence(error)


def test_an_answer_larger_than_expected_is_not_read(site, web):
    with pytest.raises(WebError) as error:
        web.json(site.dates_at, limit=10)
    assert "more than it should" in sentence(error)


def test_a_slow_line_is_dropped(site, waits):
    site.faults.append(Fault("dates", "slow", times=99, at=1, pause_s=0.05))
    with (
        Web(sleep=waits.append, tries=2, patience_s=0.3) as web,
        pytest.raises(WebError) as error,
    ):
        web.json(site.dates_at)
    assert "too slowly" in sentence(error)


def test_a_line_that_is_slow_enough_to_wait_for(site):
    site.faults.append(Fault("dates", "slow", at=20, pause_s=0.05))
    with Web(slowest_bytes_per_s=50, patience_s=0.1) as web:
        assert len(web.json(site.dates_at).value) == 2


# ---- parts of files


def test_parts_are_the_bytes_asked_for(site, web):
    remote = web.find(site.file)
    assert (remote.length, remote.ranges, remote.name) == (len(DATA), True, "latest.zip")
    before = site.sent
    assert web.part(remote, 1_000, 3_000) == DATA[1_000:3_000]
    assert web.part(remote, 5, 5) == b""
    assert site.sent - before == 2_000


def test_a_cut_part_goes_on_where_it_ended(site, web):
    remote = web.find(site.file)
    site.faults.append(Fault("/kept/", "cut", times=4, at=300_000))
    before = site.sent
    assert web.part(remote, 0, len(DATA)) == DATA
    assert site.sent - before == len(DATA)
    assert [asked[3] for asked in site.asked if asked[3] and "/kept/" in asked[1]][1:] == [
        f"bytes={at}-{len(DATA) - 1}" for at in (0, 300_000, 600_000, 900_000)
    ]


def test_a_file_changed_meanwhile_is_not_mixed(site, web):
    remote = web.find(site.file)
    site.archives["2025-12"] = DATA[::-1]
    with pytest.raises(WebError) as error:
        web.part(remote, 0, 1_000)
    assert "changed while" in sentence(error)


def test_another_part_than_asked_for_is_refused(site, web):
    remote = web.find(site.file)
    headers = {"Content-Range": f"bytes 7-8/{len(DATA)}"}
    site.faults.append(Fault("/kept/", "status", status=206, headers=headers))
    with pytest.raises(WebError) as error:
        web.part(remote, 0, 1_000)
    assert "another part" in sentence(error)


def test_a_file_that_is_not_there(site, web):
    with pytest.raises(WebError) as error:
        web.find(f"{site.base}/data/archive/1999-01.zip")
    assert error.value.status == 404
    assert "not published" in sentence(error)


# ---- whole files


def test_a_download_goes_on_in_a_later_process(site, web, tmp_path):
    remote, path = web.find(site.file), tmp_path / "latest.zip"
    site.faults.append(Fault("/kept/", "cut", times=1, at=400_000))
    site.faults.append(Fault("/kept/", "silent", times=3))
    with pytest.raises(WebError):
        web.download(remote, path)
    assert not path.exists()
    assert (tmp_path / "latest.zip.part").stat().st_size == 400_000
    site.faults.clear()
    before, told = site.sent, []
    web.download(remote, path, told.append)
    assert path.read_bytes() == DATA
    assert site.sent - before == len(DATA) - 400_000
    assert told[-1] == len(DATA)
    assert [one.name for one in tmp_path.iterdir()] == ["latest.zip"]


def test_a_download_of_another_edition_begins_again(site, web, tmp_path):
    remote, path = web.find(site.file), tmp_path / "latest.zip"
    site.faults.append(Fault("/kept/", "cut", at=400_000))
    site.faults.append(Fault("/kept/", "silent", times=3))
    with pytest.raises(WebError):
        web.download(remote, path)
    site.faults.clear()
    site.archives["2025-12"] = DATA[::-1]
    web.download(web.find(site.file), path)
    assert path.read_bytes() == DATA[::-1]


def test_a_site_without_parts_gives_the_whole(site, web, tmp_path):
    site.ranges = False
    remote, path = web.find(site.file), tmp_path / "latest.zip"
    assert not remote.ranges
    site.faults.append(Fault("/kept/", "cut", at=400_000))
    web.download(remote, path)
    assert path.read_bytes() == DATA


# ---- the network


def test_no_such_site(web):
    with pytest.raises(NoWayError) as error:
        web.json("http://no-such-site.invalid/api")
    assert "there is no network here" in sentence(error)


def test_refused(web):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
    with pytest.raises(NoWayError) as error:
        web.json(f"http://127.0.0.1:{port}/")
    assert "refuses the connection" in sentence(error)


def test_a_firewall_that_drops_everything(waits):
    with socket.socket() as full, socket.socket() as first, socket.socket() as second:
        full.bind(("127.0.0.1", 0))
        full.listen(0)  # one may wait, and nobody is ever let in
        for client in (first, second):
            client.setblocking(False)
            client.connect_ex(full.getsockname())
        url = f"http://127.0.0.1:{full.getsockname()[1]}/"
        with (
            Web(sleep=waits.append, timeouts_s=(0.3, 1)) as web,
            pytest.raises(NoWayError) as error,
        ):
            web.json(url)
    assert "nothing answers at all" in sentence(error)
    assert waits == []


def test_an_address_that_is_none(web):
    for url in ("nonsense", "ftp://127.0.0.1/", "http://[::1"):
        with pytest.raises(WebError) as error:
            web.json(url)
        assert "check the address" in sentence(error)


def test_a_proxy_of_the_system_is_used(site, web, monkeypatch):
    monkeypatch.setenv("HTTP_PROXY", site.base)
    site.faults.append(Fault("/somewhere", "status", times=9, status=407))
    with pytest.raises(WebError) as error:
        web.json("http://data.example.invalid/somewhere")
    assert "the proxy asks for a name and a password" in sentence(error)
    assert site.paths("somewhere")
    monkeypatch.setenv("NO_PROXY", "data.example.invalid")
    with pytest.raises(NoWayError) as error:
        web.json("http://data.example.invalid/somewhere")
    assert "cannot be found" in sentence(error)


def test_a_proxy_that_asks_who_it_is(site, web, monkeypatch):
    monkeypatch.setenv("HTTPS_PROXY", site.base.replace("//", "//clerk:secret@"))
    with pytest.raises(NoWayError) as error:
        web.json("https://data.example.invalid/api")
    assert "(407)" in sentence(error)
    assert "secret" not in sentence(error)


def test_a_proxy_that_is_not_there(web, monkeypatch):
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:9")
    with pytest.raises(NoWayError) as error:
        web.json("https://data.example.invalid/api")
    assert "the proxy (127.0.0.1:9)" in sentence(error)


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    folder = tmp_path_factory.mktemp("certificate")
    key, pem = folder / "key.pem", folder / "cert.pem"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1",
         "-nodes", "-keyout", key, "-out", pem, "-days", "2", "-subj", "/CN=127.0.0.1",
         "-addext", "subjectAltName=IP:127.0.0.1",
         "-addext", "keyUsage=digitalSignature,keyCertSign"],
        check=True, capture_output=True,
    )  # fmt: skip
    return key, pem


@pytest.fixture
def safe_site(certificate):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate[1], certificate[0])
    with running(context) as (site, base):
        site.dates = ["2025-12"]
        yield f"{base}/api/crimes-street-dates"


def test_a_certificate_that_nobody_vouches_for(safe_site, web):
    with pytest.raises(NoWayError) as error:
        web.json(safe_site)
    assert "REQUESTS_CA_BUNDLE or SSL_CERT_FILE" in sentence(error)


@pytest.mark.parametrize("name", ["REQUESTS_CA_BUNDLE", "SSL_CERT_FILE"])
def test_a_network_s_own_certificates(safe_site, certificate, name, monkeypatch):
    monkeypatch.setenv(name, str(certificate[1]))
    with Web() as web:
        assert web.json(safe_site).value[0]["date"] == "2025-12"


@contextmanager
def tunnel():
    """A proxy that lets safe connections through (CONNECT), and what it was asked for."""
    asked = []

    class Through(socketserver.StreamRequestHandler):
        def handle(self):
            asked.append(self.rfile.readline().split()[1].decode())
            while self.rfile.readline().strip():
                pass
            host, port = asked[-1].rsplit(":", 1)
            with socket.create_connection((host, int(port)), timeout=10) as there:
                self.wfile.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
                both = {self.connection: there, there: self.connection}
                while True:
                    for ready in select.select([*both], [], [], 10)[0]:
                        piece = ready.recv(1 << 16)
                        if not piece:
                            return
                        both[ready].sendall(piece)

    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Through) as server:
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}", asked
        server.shutdown()


def test_through_a_proxy_to_a_site_of_the_networks_own_certificates(
    safe_site, certificate, web, monkeypatch
):
    with tunnel() as (proxy, asked):
        monkeypatch.setenv("HTTPS_PROXY", proxy)
        with pytest.raises(NoWayError) as error:
            web.json(safe_site)
        assert "a certificate that this machine does not trust" in sentence(error)
        monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(certificate[1]))
        with Web() as own:
            assert own.json(safe_site).value == [{"date": "2025-12", "stop-and-search": []}]
        assert set(asked) == {safe_site.split("/")[2]}


def test_a_safe_site_does_not_lead_to_an_unsafe_one(site, certificate, monkeypatch):
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate[1]))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate[1], certificate[0])
    with running(context) as (safe, base), Web() as web:
        safe.faults.append(Fault("x", "status", status=302, headers={"Location": site.dates_at}))
        with pytest.raises(WebError) as error:
            web.json(f"{base}/x")
    assert "not safe" in sentence(error)


def test_certificates_that_are_not_there(safe_site, monkeypatch):
    monkeypatch.setenv("SSL_CERT_FILE", "/nowhere.pem")
    with Web() as web, pytest.raises(NoWayError) as error:
        web.json(safe_site)
    assert "There is no file of certificates at /nowhere.pem; mend SSL_CERT_FILE." in str(
        error.value
    )


# ---- the limit


def test_the_bucket_lets_a_burst_through_and_then_the_rate():
    now, slept = [0.0], []

    def sleep(seconds):
        slept.append(seconds)
        now[0] += seconds

    bucket = LeakyBucket(15, 30, clock=lambda: now[0], sleep=sleep)
    for _ in range(30):
        bucket.take()
    assert slept == []
    for _ in range(150):
        bucket.take()
    assert now[0] == pytest.approx(10)
    now[0] += 60  # after a rest, a burst again
    before = len(slept)
    for _ in range(30):
        bucket.take()
    assert len(slept) == before


def test_a_site_with_a_limit_is_never_overrun(site):
    site.limit = (150, 30)
    with Web(bucket=LeakyBucket(140, 29)) as web:
        for _ in range(80):
            web.json(site.dates_at)
    assert len(site.asked) == 80
