/* Outlines that keyboard and screen reader reach, with numbered badges: hotspots, or, on a
   page about patrol areas, those; hotspots then lie faint beneath them, without numbers. */
(function () {
  "use strict";
  const hotspotMap = window.hotspotMap;
  const BADGE = 25;
  const BADGE_SELECTED = 32;

  const MANY = { hotspot: "hotspots", area: "patrol areas", plan: "plans" };
  // The layer that each kind is switched on and off with.
  const LAYER = { hotspot: "hotspots", area: "areas", plan: "areas", excluded: "areas" };
  const hatch = (kind) => `url(#hatch-${kind})`;

  hotspotMap.seen = (state, outline) => state.show[LAYER[outline.kind]] !== false;

  /* Hatching for areas and for ground kept out: a pattern, so that colour is never alone. */
  hotspotMap.addHatching = function (svg) {
    const make = (name, attributes, parent) => {
      const element = document.createElementNS(svg.namespaceURI, name);
      for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
      return parent.appendChild(element);
    };
    const defs = make("defs", {}, svg);
    for (const kind of ["area", "excluded"]) {
      const side = kind === "area" ? 7 : 6;
      const turned = { width: side, height: side, patternUnits: "userSpaceOnUse", patternTransform: "rotate(45)" };
      const pattern = make("pattern", { id: `hatch-${kind}`, ...turned }, defs);
      make("line", { x1: 0, y1: 0, x2: 0, y2: side, class: `hatch-${kind}` }, pattern);
      if (kind === "excluded") make("line", { x1: 0, y1: 0, x2: side, y2: 0, class: `hatch-${kind}` }, pattern);
    }
  };

  hotspotMap.readOutlines = function (data) {
    if (!data) return [];
    const places = hotspotMap.numbers(data.places, Int32Array);
    const lengths = hotspotMap.numbers(data.rings, Uint32Array);
    let vertex = 0;
    let ring = 0;
    return data.items.map((item) => {
      const rings = [];
      for (let i = 0; i < item.rings; i++, ring++) {
        const line = [];
        for (let j = 0; j < lengths[ring]; j++, vertex++) {
          line.push([places[2 * vertex + 1] / 1e6, places[2 * vertex] / 1e6]);
        }
        rings.push(line);
      }
      const bounds = L.latLngBounds(rings[0]);
      const span = [
        hotspotMap.mercatorX(bounds.getWest()),
        hotspotMap.mercatorY(bounds.getNorth()),
        hotspotMap.mercatorX(bounds.getEast()),
        hotspotMap.mercatorY(bounds.getSouth()),
      ];
      return { ...item, latlngs: rings, bounds, span };
    });
  };

  hotspotMap.drawOutlines = function (state, data) {
    const focused = state.focused;
    for (const outline of [...state.aside, ...state.numbered]) remove(outline);
    const hotspots = hotspotMap.readOutlines(data.hotspots);
    const areas = hotspotMap.readOutlines(data.areas);
    state.hotspots = hotspots;
    state.numbered = data.areas ? areas : hotspots;
    state.aside = data.areas ? [...hotspotMap.readOutlines(data.excluded), ...hotspots] : [];
    state.focused = null;
    for (const outline of state.aside) addAside(state, outline);
    for (const outline of state.numbered) add(state, outline);
    const svg = state.renderer._container;
    svg.setAttribute("role", "group");
    const many = MANY[state.numbered.length ? state.numbered[0].kind : data.areas ? "area" : "hotspot"];
    svg.setAttribute(
      "aria-label",
      `${state.numbered.length} ${many}. Arrow keys go from one to the next, Enter selects.`,
    );
    const again = state.numbered.find((outline) => focused && outline.key === focused.key);
    rove(state, again || state.numbered[0]);
    if (again) again.path.getElement().focus({ preventScroll: true });
  };

  function remove(outline) {
    for (const layer of [outline.path, outline.halo, outline.badge]) if (layer) layer.remove();
  }

  /* What is drawn beside the page's own outlines: to be seen, and not to be chosen. */
  function addAside(state, outline) {
    outline.path = L.polygon(outline.latlngs, {
      renderer: state.renderer,
      smoothFactor: 0.5,
      interactive: false,
      className: outline.kind === "hotspot" ? "hotspot-faint" : "excluded",
      fillColor: outline.kind === "hotspot" ? undefined : hatch("excluded"),
    });
    if (hotspotMap.seen(state, outline)) outline.path.addTo(state.map);
  }

  function add(state, outline) {
    const shape = { renderer: state.renderer, smoothFactor: 0.5 };
    outline.halo = L.polygon(outline.latlngs, {
      ...shape,
      interactive: false,
      fill: false,
      className: "outline-halo",
    });
    outline.path = L.polygon(outline.latlngs, {
      ...shape,
      bubblingMouseEvents: false,
      className: outline.kind + (outline.form ? ` plan-${outline.form}` : outline.single ? " hotspot-single" : ""),
      fillColor: outline.kind === "area" ? hatch("area") : undefined,
    });
    if (hotspotMap.seen(state, outline)) {
      outline.halo.addTo(state.map);
      outline.path.addTo(state.map);
    }
    outline.path.on("add", () => label(state, outline));
    if (outline.path.getElement()) label(state, outline);
    outline.path.on("click", () => hotspotMap.choose(state, outline, false));
    outline.path.on("mouseover", (event) => state.tip.show(event.containerPoint, tipOf(outline)));
    outline.path.on("mouseout", () => state.tip.hide());
  }

  hotspotMap.toggleOutlines = function (state) {
    for (const outline of [...state.aside, ...state.numbered]) {
      for (const layer of [outline.halo, outline.path]) {
        if (!layer) continue;
        if (!hotspotMap.seen(state, outline)) layer.remove();
        else if (!state.map.hasLayer(layer)) layer.addTo(state.map);
      }
    }
    for (const outline of [...state.aside].reverse()) if (outline.path.getElement()) outline.path.bringToBack();
  };

  const tipOf = (outline) => [outline.title, outline.summary];

  function label(state, outline) {
    const element = outline.path.getElement();
    element.setAttribute("role", "button");
    element.setAttribute("aria-label", outline.label);
    element.setAttribute(`data-${outline.kind}`, outline.number);
    element.setAttribute("tabindex", state.roving === outline ? "0" : "-1");
    element.addEventListener("keydown", (event) => onKey(state, outline, event));
    element.addEventListener("focus", () => onFocus(state, outline));
    element.addEventListener("blur", () => {
      state.focused = null;
      state.tip.hide();
      hotspotMap.placeBadges(state);
    });
    restyle(state, outline);
  }

  function onFocus(state, outline) {
    state.focused = outline;
    rove(state, outline);
    state.map.getContainer().scrollTop = 0;
    state.map.getContainer().scrollLeft = 0;
    const element = outline.path.getElement();
    if (!element.matches(":focus-visible")) return;
    if (!state.map.getBounds().contains(outline.bounds.getCenter())) {
      state.map.panTo(outline.bounds.getCenter(), { animate: !state.still() });
    }
    state.tip.show(state.map.latLngToContainerPoint(outline.bounds.getCenter()), tipOf(outline));
    hotspotMap.placeBadges(state);
  }

  function onKey(state, outline, event) {
    const list = state.numbered;
    const here = list.indexOf(outline);
    const there = {
      ArrowRight: here + 1,
      ArrowDown: here + 1,
      ArrowLeft: here - 1,
      ArrowUp: here - 1,
      Home: 0,
      End: list.length - 1,
    }[event.key];
    if (there !== undefined) {
      const next = list[(there + list.length) % list.length];
      rove(state, next);
      next.path.getElement().focus({ preventScroll: true });
    } else if (event.key === "Enter" || event.key === " ") {
      hotspotMap.choose(state, outline, true);
    } else if (event.key === "Escape") {
      state.map.getContainer().focus({ preventScroll: true });
    } else {
      return;
    }
    event.preventDefault();
    event.stopPropagation();
  }

  function rove(state, outline) {
    if (state.roving && state.roving.path.getElement()) {
      state.roving.path.getElement().setAttribute("tabindex", "-1");
    }
    state.roving = outline || null;
    if (outline && outline.path.getElement()) outline.path.getElement().setAttribute("tabindex", "0");
  }

  function restyle(state, outline) {
    const chosen = state.selected === outline.number;
    for (const layer of [outline.path, outline.halo]) {
      const element = layer.getElement();
      if (!element) continue;
      element.classList.toggle("is-selected", chosen);
      if (layer === outline.path) element.setAttribute("aria-pressed", String(chosen));
    }
    if (chosen && outline.path.getElement()) {
      outline.halo.bringToFront();
      outline.path.bringToFront();
    }
  }

  hotspotMap.restyleOutlines = function (state) {
    // Moving an element within the drawing takes the focus from it: give it back.
    const focused = state.focused;
    for (const outline of state.numbered) restyle(state, outline);
    if (focused && document.activeElement !== focused.path.getElement()) {
      focused.path.getElement().focus({ preventScroll: true });
    }
    hotspotMap.placeBadges(state);
  };

  /* Badges by rank, the selected one first; one that would touch another waits for a
     closer zoom. Over a wide outline the badge sits on its top edge, to leave it in view. */
  hotspotMap.placeBadges = function (state) {
    const map = state.map;
    const size = map.getSize();
    const boxes = [];
    const first = (outline) => outline.number === state.selected || outline === state.focused;
    const order = [...state.numbered].sort((a, b) => first(b) - first(a));
    for (const outline of order) {
      const chosen = outline.number === state.selected;
      const place = badgePlace(map, outline);
      const at = map.latLngToContainerPoint(place);
      const side = chosen ? BADGE_SELECTED : BADGE;
      const wide = side / 2 + (outline.sign.length > 2 ? 4 : 0);
      const box = [at.x - wide, at.y - side / 2, at.x + wide, at.y + side / 2];
      const seen =
        hotspotMap.seen(state, outline) && at.x > -side && at.y > -side && at.x < size.x + side && at.y < size.y + side;
      if (!seen || boxes.some((other) => hotspotMap.overlap(box, other))) {
        if (outline.badge) outline.badge.remove();
        outline.badge = null;
        continue;
      }
      boxes.push(box);
      const look = [chosen, outline === state.focused].join();
      if (outline.badge && outline.look === look) {
        outline.badge.setLatLng(place);
        continue;
      }
      if (outline.badge) outline.badge.remove();
      outline.look = look;
      outline.badge = badge(state, outline, place, wide * 2, side, chosen);
    }
    state.badgeBoxes = boxes;
  };

  function badgePlace(map, outline) {
    const center = L.latLng(outline.at[1], outline.at[0]);
    if (outline.single) return center;
    const top = outline.latlngs[0].reduce((best, place) => (place[0] > best[0] ? place : best));
    const tall = map.latLngToContainerPoint(outline.bounds.getSouthWest()).y - map.latLngToContainerPoint(top).y;
    return tall > 44 ? L.latLng(top) : center;
  }

  function badge(state, outline, place, width, height, chosen) {
    const face = document.createElement("span");
    face.textContent = outline.sign;
    const names = ["badge"];
    if (outline.kind === "area") names.push("badge-area");
    if (outline.form) names.push("badge-plan", `badge-plan-${outline.form}`);
    if (outline.single) names.push("badge-single");
    if (chosen) names.push("is-selected");
    if (outline === state.focused) names.push("is-focused");
    const icon = L.divIcon({ html: face, className: names.join(" "), iconSize: [width, height] });
    const marker = L.marker(place, {
      icon,
      pane: "badges",
      keyboard: false,
      bubblingMouseEvents: false,
      zIndexOffset: chosen ? 2000 : 1000 - outline.number,
    });
    marker.on("click", () => hotspotMap.choose(state, outline, false));
    marker.on("mouseover", (event) => state.tip.show(event.containerPoint, tipOf(outline)));
    marker.on("mouseout", () => state.tip.hide());
    marker.addTo(state.map);
    marker.getElement().setAttribute("aria-hidden", "true");
    return marker;
  }
})();
