/* An outline that the reader draws: a corner at each click, corners that can be moved, the
   same by keyboard at the middle of the map. Told to the page when it is closed or changed. */
(function () {
  "use strict";
  const hotspotMap = window.hotspotMap;
  const LEAST = 3;
  const MOST = 200;

  hotspotMap.setDrawing = function (state, drawing) {
    if (!drawing) return;
    if (!state.drawing) begin(state);
    const now = state.drawing;
    const told = JSON.stringify(drawing.corners);
    // What the page says again of what was drawn here changes nothing.
    if (now.told === told) return;
    now.told = told;
    now.corners = drawing.corners.map(([lat, lng]) => L.latLng(lat, lng));
    now.closed = now.corners.length >= LEAST;
    paint(state);
    if (now.closed) state.map.fitBounds(L.latLngBounds(now.corners).pad(0.5), { animate: false });
  };

  function begin(state) {
    const { map } = state;
    const now = { corners: [], closed: false, marks: [], told: "[]" };
    state.drawing = now;
    now.line = L.polyline([], { renderer: state.renderer, interactive: false, className: "drawn" }).addTo(map);
    const box = hotspotMap.make("div", "draw");
    box.setAttribute("role", "group");
    box.setAttribute("aria-label", "Draw the outline");
    const button = (text, act) => {
      const made = hotspotMap.make("button", "", text);
      made.type = "button";
      made.addEventListener("click", act);
      box.append(made);
      return made;
    };
    now.here = button("Corner at the middle", () => corner(state, map.getCenter()));
    now.close = button("Close the outline", () => close(state));
    now.back = button("Take back", () => back(state));
    now.again = button("Begin again", () => again(state));
    now.said = hotspotMap.make("span", "said");
    now.said.setAttribute("role", "status");
    box.append(now.said);
    hotspotMap.corner(map, "topleft", box);
    map.getContainer().classList.add("drawing");
    map.on("click", (event) => {
      if (event.originalEvent.target.closest(".leaflet-control, .corner, .badge")) return;
      corner(state, event.latlng);
    });
    map.doubleClickZoom.disable();
    paint(state);
  }

  function corner(state, at) {
    const now = state.drawing;
    if (now.closed || now.corners.length >= MOST) return;
    const last = now.corners[now.corners.length - 1];
    // The second click of a double click is no other corner: it closes.
    if (last && state.map.latLngToContainerPoint(last).distanceTo(state.map.latLngToContainerPoint(at)) < 4) {
      return close(state);
    }
    now.corners.push(at);
    paint(state);
  }

  function close(state) {
    const now = state.drawing;
    if (now.closed || now.corners.length < LEAST) return;
    now.closed = true;
    paint(state);
    tell(state);
  }

  function back(state) {
    const now = state.drawing;
    if (!now.closed) now.corners.pop();
    const told = now.closed;
    now.closed = false;
    paint(state);
    if (told) tell(state);
  }

  function again(state) {
    const now = state.drawing;
    const told = now.closed;
    now.corners = [];
    now.closed = false;
    paint(state);
    if (told) tell(state);
  }

  function tell(state) {
    const now = state.drawing;
    const corners = now.closed ? now.corners.map(({ lat, lng }) => [round(lat), round(lng)]) : [];
    now.told = JSON.stringify(corners);
    window.Streamlit.setComponentValue({ drawn: corners, at: Date.now() });
  }

  const round = (degrees) => Math.round(degrees * 1e7) / 1e7;

  function paint(state) {
    const now = state.drawing;
    for (const mark of now.marks) mark.remove();
    now.line.setLatLngs(now.closed ? [...now.corners, now.corners[0]] : now.corners);
    now.marks = now.corners.map((at, number) => {
      const mark = L.marker(at, {
        draggable: true,
        keyboard: false,
        pane: "badges",
        icon: L.divIcon({ className: "corner", iconSize: [24, 24] }),
      }).addTo(state.map);
      mark.on("drag", () => {
        now.corners[number] = mark.getLatLng();
        now.line.setLatLngs(now.closed ? [...now.corners, now.corners[0]] : now.corners);
      });
      mark.on("dragend", () => now.closed && tell(state));
      mark.on("click", () => number === 0 && close(state));
      return mark;
    });
    now.here.hidden = now.closed;
    now.close.hidden = now.closed;
    now.close.disabled = now.corners.length < LEAST;
    now.back.disabled = now.again.disabled = !now.corners.length;
    const many = now.corners.length;
    now.said.textContent = now.closed
      ? `${many} corners; drag one to move it.`
      : many
        ? `${many} ${many === 1 ? "corner" : "corners"}.`
        : "Click the corners, one after another.";
  }
})();
