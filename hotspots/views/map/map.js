/* The map: `start` once for a study area, `draw` after every change of what is asked. */
(function () {
  "use strict";
  const hotspotMap = window.hotspotMap;
  const TILE_ERRORS = 4;
  const STREETS_FROM = 12;

  hotspotMap.start = function (map, config) {
    const state = {
      map,
      config,
      layers: {},
      hotspots: [],
      numbered: [],
      aside: [],
      points: null,
      shade: null,
      selected: null,
      notes: [],
      warning: "",
      badgeBoxes: [],
      latitude: (config.bounds[0][0] + config.bounds[1][0]) / 2,
      show: { ...config.show, ...remembered("layers") },
      still: () => window.matchMedia("(prefers-reduced-motion: reduce)").matches,
      chosen: () => state.numbered.find((outline) => outline.number === state.selected),
    };
    hotspotMap.state = state;
    describe(state, config.label);
    theme(state);
    panes(map);
    sheets(state);
    state.renderer = L.svg({ pane: "hotspots", padding: 0.3 });
    state.renderer.addTo(map);
    hotspotMap.addHatching(state.renderer._container);
    hotspotMap.addMoves(state);
    hotspotMap.addLayers(state, layerNames(config));
    L.control.scale({ position: "bottomleft", maxWidth: 110 }).addTo(map);
    L.control.attribution({ position: "bottomright", prefix: false }).addTo(map);
    map.attributionControl.addAttribution(escaped(config.attribution));
    hotspotMap.addLegend(state);
    hotspotMap.addCard(state);
    hotspotMap.addTip(state);
    state.toggle = (name, on) => {
      state.show[name] = on;
      remember("layers", { ...remembered("layers"), [name]: on });
      apply(state, name);
    };
    tiles(state);
    view(state);
    pointer(state);
    load(state, ["authorities", "wards", "base", "places"]);
    map.on("moveend", () => {
      // A view of the whole area is fitted anew next time: the room for it may be another.
      const at = state.whole() ? [] : [map.getCenter().lat, map.getCenter().lng, map.getZoom()];
      remember("view " + config.area, at);
      if (map.getZoom() >= STREETS_FROM && !state.streets) {
        state.streets = true;
        load(state, ["streets"]);
      }
      refresh(state);
    });
    refresh(state);
  };

  hotspotMap.draw = function (data) {
    const state = hotspotMap.state;
    const last = state.data || {};
    state.data = data;
    const fresh = !same(last.points, data.points);
    if (fresh) state.points = hotspotMap.readPoints(data.points);
    if (fresh || !same(last.months, data.months)) hotspotMap.setMonths(state, data.months);
    state.shade = data.shade;
    state.notes = data.notes;
    const before = state.asked;
    state.asked = data.selected;
    state.selected = data.selected;
    for (const [name, on] of Object.entries(data.show)) {
      if (last.show && last.show[name] !== on) state.show[name] = on;
      if (!last.show && remembered("layers")[name] === undefined) state.show[name] = on;
      if (state.boxes[name]) state.boxes[name].checked = state.show[name];
    }
    const box = state.boxes.areas.closest("label");
    box.hidden = !data.areas;
    const plans = data.areas && data.areas.items.some((item) => item.kind === "plan");
    box.querySelector("span").textContent = plans ? "Plans" : "Patrol areas";
    // A map of shaded areas alone has nothing else to switch on.
    for (const name of ["hotspots", "reports", "heat"]) state.boxes[name].closest("label").hidden = data.plain;
    if (last.label !== data.label) describe(state, data.label);
    if (["hotspots", "areas", "excluded"].some((kind) => !same(last[kind], data[kind]))) {
      hotspotMap.drawOutlines(state, data);
      if (data.fit && state.numbered.length) goAround(state);
    }
    hotspotMap.restyleOutlines(state);
    hotspotMap.setDrawing(state, data.drawing);
    const chosen = state.chosen();
    const key = chosen ? chosen.key : null;
    if (key !== state.selectedKey) state.cardClosed = null;
    // The map goes to an outline that was chosen elsewhere; it stays where it is for one that
    // was clicked on it, for one that merely got another number, and when it has just begun.
    if (chosen && before !== undefined && key !== state.selectedKey) goTo(state, chosen);
    state.selectedKey = key;
    refresh(state);
    hotspotMap.fillCard(state);
    const container = state.map.getContainer();
    container.dataset.drawn = String(Number(container.dataset.drawn || 0) + 1);
  };

  const same = (a, b) => JSON.stringify(a) === JSON.stringify(b);

  hotspotMap.choose = function (state, outline, byKeyboard) {
    state.tip.hide();
    state.selected = outline.number;
    state.selectedKey = outline.key;
    state.cardClosed = null;
    hotspotMap.restyleOutlines(state);
    for (const name of ["names", "marks"]) redraw(state, name);
    hotspotMap.fillCard(state);
    if (byKeyboard) state.card.focus({ preventScroll: true });
    window.Streamlit.setComponentValue({ [outline.kind]: outline.number, key: outline.key, at: Date.now() });
  };

  /* All the areas of the map, and not the county round them. */
  function goAround(state) {
    const bounds = L.latLngBounds([]);
    for (const outline of state.numbered) bounds.extend(outline.bounds);
    state.around = bounds.pad(0.25);
    if (state.map.getSize().x > 0) state.map.fitBounds(state.around, { maxZoom: 15, animate: false });
  }

  function goTo(state, outline) {
    const map = state.map;
    const room = map.getBounds().pad(-0.15);
    if (map.getZoom() >= 13 && room.contains(outline.bounds)) return;
    map.flyToBounds(outline.bounds.pad(1), {
      maxZoom: Math.max(15, map.getZoom()),
      duration: 0.8,
      animate: !state.still(),
    });
  }

  function describe(state, label) {
    const container = state.map.getContainer();
    const title = label.split(/[.,]/)[0];
    document.title = title;
    if (window.frameElement) window.frameElement.title = `${title}; the table on this page lists the same`;
    container.setAttribute("role", "region");
    container.setAttribute("aria-label", label);
    // The map's own library asks for a page that cannot be enlarged: readers may need to.
    for (const meta of document.querySelectorAll("meta[name=viewport]")) {
      meta.setAttribute("content", "width=device-width, initial-scale=1");
    }
  }

  const PANES = { land: 110, base: 150, tiles: 200, wards: 300, heat: 350, reports: 400, names: 420, marks: 430, hotspots: 450, badges: 600 };
  function panes(map) {
    for (const [name, order] of Object.entries(PANES)) {
      const pane = map.createPane(name);
      pane.style.zIndex = order;
      if (!["hotspots", "badges"].includes(name)) pane.style.pointerEvents = "none";
    }
  }

  function sheets(state) {
    const sheet = (name, paint) =>
      new hotspotMap.Sheet((context, view) => state.show[name] !== false && paint(context, view, state), {
        pane: name,
      }).addTo(state.map);
    state.sheets = {
      land: sheet("land", hotspotMap.paintLand),
      base: sheet("base", hotspotMap.paintBase),
      wards: sheet("wards", hotspotMap.paintWards),
      heat: sheet("heat", hotspotMap.paintHeat),
      reports: sheet("reports", hotspotMap.paintPoints),
      names: sheet("names", hotspotMap.paintNames),
      marks: sheet("marks", hotspotMap.paintMarks),
    };
  }

  const redraw = (state, name) => state.sheets[name].redraw();

  function refresh(state) {
    hotspotMap.placeBadges(state);
    for (const name of Object.keys(state.sheets)) redraw(state, name);
    hotspotMap.fillLegend(state);
  }

  function apply(state, name) {
    if (name === "hotspots" || name === "areas") hotspotMap.toggleOutlines(state);
    if (name === "tiles" && state.tiles) {
      if (state.show.tiles) state.tiles.addTo(state.map);
      else state.tiles.remove();
    }
    refresh(state);
  }

  function layerNames(config) {
    const names = [
      ["areas", "Patrol areas"],
      ["hotspots", "Hotspots"],
      ["reports", "Reports"],
      ["heat", "Heat"],
      ["wards", "Wards"],
      ["names", "Names"],
    ];
    if (config.layers.base) names.push(["base", "Roads, water, green"]);
    if (config.tiles) names.push(["tiles", config.tiles.name]);
    return names;
  }

  async function load(state, names) {
    await Promise.all(
      names.filter((name) => state.config.layers[name]).map(async (name) => {
        const answer = await fetch(state.config.layers[name]);
        if (!answer.ok) return;
        const shapes = hotspotMap.flatten(await answer.json());
        if (name === "streets") state.layers.base = [...(state.layers.base || []), ...shapes];
        else state.layers[name] = name === "base" ? [...shapes, ...(state.layers.base || [])] : shapes;
        if (name === "wards") state.layers.wardNames = shapes.map(named);
        if (name === "authorities") state.layers.authorityNames = shapes.map(named);
      }),
    );
    refresh(state);
    if (names.includes("wards")) state.map.getContainer().dataset.loaded = "yes";
  }

  const named = (shape) => ({
    code: shape.properties.code,
    name: shape.properties.name,
    x: hotspotMap.mercatorX(shape.properties.at[0]),
    y: hotspotMap.mercatorY(shape.properties.at[1]),
    width: shape.box[2] - shape.box[0],
  });

  function view(state) {
    const { map, config } = state;
    const margin = L.point(10, 10);
    state.fit = (animate) => map.fitBounds(config.bounds, { padding: margin, animate });
    // Whether the map stands as `fit` leaves it, in the room that it had when that was asked.
    state.whole = () => {
      const zoom = map.getBoundsZoom(config.bounds, false, margin.multiplyBy(2));
      const [low, high] = config.bounds.map((corner) => map.project(corner, zoom));
      const off = map.project(map.getCenter(), zoom).subtract(low.add(high).divideBy(2));
      return map.getZoom() === zoom && Math.hypot(off.x, off.y) < 2;
    };
    state.limits = L.latLngBounds(config.bounds).pad(0.7);
    const saved = remembered("view " + config.area);
    const begin = () => {
      if (state.around) map.fitBounds(state.around, { maxZoom: 15, animate: false });
      else if (saved.length === 3) map.setView([saved[0], saved[1]], saved[2], { animate: false });
      else state.fit(false);
      const least = map.getBoundsZoom(config.bounds);
      map.setMinZoom(Math.floor(least) - 1);
      map.setMaxBounds(state.limits);
    };
    // A frame that has no height yet holds no view: whatever is fitted to it is nonsense.
    const seen = () => Math.min(map.getSize().x, map.getSize().y) > 2 * margin.y;
    let begun = seen();
    if (begun) begin();
    let whole = false;
    new ResizeObserver(() => {
      if (begun && seen()) whole = state.whole();
      // Bounds would begin to pan a view that is about to be fitted anew.
      map.setMaxBounds(null);
      map.invalidateSize({ animate: false });
      if (seen() && !begun) begin();
      else if (seen() && whole) state.fit(false);
      begun ||= seen();
      map.setMaxBounds(state.limits);
    }).observe(map.getContainer());
  }

  function pointer(state) {
    const map = state.map;
    const seek = (event) => {
      if (event.originalEvent.target.closest(".hotspot, .area, .plan, .badge, .leaflet-control")) return;
      const x = hotspotMap.mercatorX(event.latlng.lng);
      const y = hotspotMap.mercatorY(event.latlng.lat);
      const point = state.show.reports ? hotspotMap.pointAt(state, x, y, map.getZoom()) : -1;
      if (point >= 0) {
        const count = state.points.counts[point];
        const street = state.points.streets[state.points.street[point]];
        const whose = state.points.sources.length > 1 ? ` (${state.points.sources[state.points.source[point]]})` : "";
        state.tip.show(event.containerPoint, [street, `${count.toLocaleString("en-GB")} report${count === 1 ? "" : "s"}${whose}`]);
        return;
      }
      const ward = state.show.wards && (state.layers.wards || []).find((shape) => hotspotMap.contains(shape, x, y));
      if (!ward) return state.tip.hide();
      const text = state.shade && state.shade.texts[ward.properties.code];
      state.tip.show(event.containerPoint, [ward.properties.title || `${ward.properties.name} ward`, text ? `${state.shade.title}: ${text}` : ward.properties.authority]);
    };
    map.on("mousemove", seek);
    map.on("click", seek);
    map.on("mouseout movestart zoomstart", () => state.tip.hide());
  }

  function tiles(state) {
    const options = state.config.tiles;
    if (!options) return;
    let errors = 0;
    let loaded = false;
    state.tiles = L.tileLayer(options.url, {
      pane: "tiles",
      minZoom: 0,
      maxZoom: 19,
      minNativeZoom: options.minzoom,
      maxNativeZoom: options.maxzoom,
      bounds: options.bounds || undefined,
      className: "tiles",
    });
    state.tiles.on("tileload", () => (loaded = true));
    state.tiles.on("tileerror", () => {
      errors += 1;
      if (loaded || errors < TILE_ERRORS) return;
      state.tiles.remove();
      state.tiles = null;
      state.boxes.tiles.closest("label").remove();
      state.map.attributionControl.removeAttribution(escaped(options.attribution));
      state.warning = "Background tiles could not be loaded; the map shows its own base layer.";
      warn(state);
    });
    state.map.attributionControl.addAttribution(escaped(options.attribution));
    if (state.show.tiles) state.tiles.addTo(state.map);
  }
  function warn(state) {
    const box = hotspotMap.make("div", "warning", state.warning);
    box.setAttribute("role", "status");
    state.map.getContainer().append(box);
  }

  function theme(state) {
    const wear = (ground) => {
      const dark = luminance(ground) < 0.4;
      state.theme = dark ? "dark" : "light";
      state.colours = dark ? state.config.dark : state.config.light;
      state.shades = dark ? state.config.shadesDark : state.config.shadesLight;
      state.shadeAlpha = dark ? 0.6 : 0.66;
      state.heatColours = state.config.heat;
      document.documentElement.dataset.theme = state.theme;
      for (const [name, colour] of Object.entries(state.colours)) {
        document.documentElement.style.setProperty("--map-" + name.replace(/ /g, "-"), colour);
      }
    };
    wear(getComputedStyle(document.documentElement).getPropertyValue("--background-color"));
    let worn = state.theme;
    window.Streamlit.events.addEventListener("streamlit:render", (event) => {
      const ground = event.detail.theme && event.detail.theme.backgroundColor;
      if (!ground) return;
      wear(ground);
      if (worn !== state.theme) refresh(state);
      worn = state.theme;
    });
  }

  function luminance(colour) {
    const canvas = document.createElement("canvas").getContext("2d");
    canvas.fillStyle = "#ffffff";
    canvas.fillStyle = String(colour).trim() || "#ffffff";
    canvas.fillRect(0, 0, 1, 1);
    const [red, green, blue] = canvas.getImageData(0, 0, 1, 1).data;
    return (0.2126 * red + 0.7152 * green + 0.0722 * blue) / 255;
  }

  function escaped(text) {
    const element = document.createElement("span");
    element.textContent = text || "";
    return element.innerHTML;
  }

  // The view and the layers switched on outlive a page change, within this browser tab.
  function remembered(name) {
    try {
      return JSON.parse(sessionStorage.getItem("hotspots " + name)) || {};
    } catch {
      return {};
    }
  }
  function remember(name, value) {
    try {
      sessionStorage.setItem("hotspots " + name, JSON.stringify(value));
    } catch {
      // Storage is switched off: the view begins anew on each page.
    }
  }
})();
