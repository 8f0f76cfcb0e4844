"""Sessions of the dashboard without a browser: every byte that a server sends to each."""

import re
from dataclasses import dataclass, field

import httpx
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.sync.client import connect

from hotspots.app.signing import ASKED_WHY

_FILES = re.compile(rb"/?((?:media|layers)/[\w./-]+)")
_DONE = ForwardMsg.ScriptFinishedStatus.Value("FINISHED_SUCCESSFULLY")
_WAIT_S = 120


@dataclass
class Reader:
    """Somebody with cookies; `received` is all they were ever sent."""

    server: str
    cookies: dict = field(default_factory=dict)
    received: bytearray = field(default_factory=bytearray)
    files: set = field(default_factory=set)

    def ask(self, query):
        """One session from its link to the page drawn, with every file it names."""
        token = self.cookies.get("_streamlit_xsrf", "none")
        cookies = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        sent = bytearray()
        with connect(
            f"{self.server.replace('http', 'ws', 1)}/_stcore/stream",
            origin=self.server,
            subprotocols=["streamlit", token],
            additional_headers={"Cookie": cookies} if cookies else {},
            max_size=None,
        ) as socket:
            message = BackMsg()
            message.rerun_script.query_string = query
            socket.send(message.SerializeToString())
            drawn, asked = _drawn(socket)
            sent += drawn
            if asked:  # why it looks at what is not open: the first reason will do
                widget = message.rerun_script.widget_states.widgets.add()
                widget.id, widget.string_value = asked
                socket.send(message.SerializeToString())
                sent += _drawn(socket)[0]
            named = {match.group(1).decode() for match in _FILES.finditer(bytes(sent))}
            with httpx.Client(base_url=self.server, cookies=self.cookies) as client:
                for name in sorted(named - self.files):
                    sent += client.get(f"/{name}").content
            self.files |= named
        self.received += sent
        return bytes(sent)


def _drawn(socket):
    """Bytes of a run to its end, and the question it asks before it shows anything, if one."""
    sent, asked = bytearray(), None
    while True:
        frame = socket.recv(timeout=_WAIT_S)
        sent += frame
        said = ForwardMsg.FromString(frame)
        box = said.delta.new_element.selectbox
        if ASKED_WHY in box.id:
            asked = (box.id, box.options[0])
        if said.WhichOneof("type") == "script_finished" and said.script_finished == _DONE:
            return sent, asked
