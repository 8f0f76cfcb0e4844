/* What stands round the map: moving about, layers, legend, the chosen hotspot, the tip. */
(function () {
  "use strict";
  const hotspotMap = window.hotspotMap;

  const NAMES = { hotspot: "hotspot", area: "patrol area", plan: "plan" };
  // Where a plan stands, in the badge's form and in words.
  const PLANS = [["draft", "Plan being written"], ["running", "Plan running"], ["closed", "Plan closed"]];

  // Every text goes in as text, so that a name can never be read as mark-up.
  const make = (tag, className, text) => {
    const element = document.createElement(tag);
    if (className) element.className = className;
    if (text !== undefined) element.textContent = text;
    return element;
  };
  hotspotMap.make = make;

  hotspotMap.corner = corner;
  function corner(map, position, element) {
    const control = new (L.Control.extend({ onAdd: () => element }))({ position });
    L.DomEvent.disableClickPropagation(element);
    L.DomEvent.disableScrollPropagation(element);
    control.addTo(map);
    return element;
  }

  function button(name, sign, action, className) {
    const element = make("button", className, sign);
    element.type = "button";
    element.title = name;
    element.setAttribute("aria-label", name);
    element.addEventListener("click", action);
    return element;
  }

  hotspotMap.addMoves = function (state) {
    const map = state.map;
    const move = (x, y) => () => {
      const size = map.getSize();
      map.panBy([x * size.x * 0.3, y * size.y * 0.3], { animate: !state.still() });
    };
    const box = make("div", "moves");
    box.setAttribute("role", "group");
    box.setAttribute("aria-label", "Move about the map");
    box.append(
      button("Zoom in", "+", () => map.zoomIn(1, { animate: !state.still() }), "zoom-in"),
      button("Zoom out", "−", () => map.zoomOut(1, { animate: !state.still() }), "zoom-out"),
      button("North", "↑", move(0, -1), "north"),
      button("West", "←", move(-1, 0), "west"),
      button("Whole area", "⌂", () => state.fit(!state.still()), "whole"),
      button("East", "→", move(1, 0), "east"),
      button("South", "↓", move(0, 1), "south"),
    );
    corner(map, "topleft", box);
  };

  hotspotMap.addLayers = function (state, names) {
    const box = make("details", "panel layers");
    box.append(make("summary", "", "Layers"));
    const list = make("div", "panel-body");
    state.boxes = {};
    for (const [name, text] of names) {
      const row = make("label", "", "");
      const input = make("input");
      input.type = "checkbox";
      input.checked = state.show[name];
      input.addEventListener("change", () => state.toggle(name, input.checked));
      row.append(input, make("span", "", text));
      list.append(row);
      state.boxes[name] = input;
    }
    box.append(list);
    corner(state.map, "topright", box);
  };

  hotspotMap.addLegend = function (state) {
    const box = make("details", "panel legend");
    const size = state.map.getSize();
    box.open = size.y >= 420 && size.x >= 640;
    box.append(make("summary", "", "Legend"));
    state.legend = make("div", "panel-body");
    box.append(state.legend);
    corner(state.map, "bottomright", box);
  };

  hotspotMap.fillLegend = function (state) {
    const colours = state.colours;
    const rows = [];
    const row = (sign, text) => {
      const line = make("div", "row");
      line.append(sign, make("span", "", text));
      rows.push(line);
    };
    const mark = (source) => {
      const canvas = make("canvas", "mark");
      canvas.setAttribute("aria-hidden", "true");
      canvas.width = canvas.height = 32;
      const context = canvas.getContext("2d");
      context.beginPath();
      hotspotMap.traceShape(context, source, 16, 16, 9);
      context.fillStyle = hotspotMap.sourceColour(colours, source);
      context.fill();
      return canvas;
    };
    const areas = state.numbered.some((outline) => outline.kind === "area");
    if (areas && state.show.areas) row(sign("badge badge-area", "P1"), "Patrol area: where to walk");
    for (const [form, text] of PLANS) {
      const some = state.numbered.filter((outline) => outline.form === form);
      const shape = `badge badge-plan badge-plan-${form}${form === "closed" ? " badge-single" : ""}`;
      if (some.length && state.show.areas) row(sign(shape, String(some[0].number)), text);
    }
    if (state.show.areas && state.numbered.some((outline) => outline.form && outline.sign.endsWith("!"))) {
      row(make("strong", "", "!"), "A review is due or a task overdue");
    }
    if (state.aside.length && state.show.hotspots && state.hotspots.length) {
      row(make("span", "swatch swatch-hotspot"), "Hotspot: where reports gather");
    }
    if (state.show.areas && state.aside.some((outline) => outline.kind === "excluded")) {
      row(make("span", "swatch swatch-excluded"), "Kept out by hand");
    }
    if (state.show.hotspots && state.numbered === state.hotspots && state.hotspots.length) {
      if (state.hotspots.some((hotspot) => !hotspot.single)) {
        row(sign("badge", "1"), "Hotspot, numbered by rank");
      }
      if (state.hotspots.some((hotspot) => hotspot.single)) {
        row(sign("badge badge-single", "2"), "Hotspot at one place");
      }
    }
    if (state.show.reports && state.points && state.points.x.length) {
      const sizes = make("span", "sizes");
      const most = state.points.counts[0] || 1;
      const steps = [1, 10, 50].filter((n) => n === 1 || n <= most);
      for (const count of steps) {
        const dot = make("span", "dot");
        dot.setAttribute("aria-hidden", "true");
        const side = Math.max(3, 2 * hotspotMap.radius(count, state.map.getZoom()));
        dot.style.width = dot.style.height = side + "px";
        sizes.append(dot, make("span", "", String(count)));
      }
      row(sizes, "reports at a point");
      if (state.points.sources.length > 1) state.points.sources.forEach((name, source) => name && row(mark(source), name));
    }
    if (state.show.heat && state.points) {
      const bar = make("span", "bar");
      bar.style.background = `linear-gradient(90deg, ${state.heatColours.join(",")})`;
      row(bar, "fewer → more reports near by");
    }
    if (state.show.wards && state.shade) {
      rows.push(make("div", "title", state.shade.title));
      state.shade.labels.forEach((text, step) => {
        const swatch = make("span", "swatch");
        swatch.style.background = `color-mix(in srgb, ${state.shades[step]} ${100 * state.shadeAlpha}%, ${colours.land})`;
        row(swatch, text);
      });
    }
    if (!state.config.layers.authorities) rows.push(make("div", "note", "No boundaries are loaded here: lines are latitude and longitude."));
    for (const note of state.notes) rows.push(make("div", "note", note));
    state.legend.replaceChildren(...rows);
    // Colours need their key: it opens by itself when a shading begins.
    const keyed = Boolean((state.show.wards && state.shade) || state.show.heat);
    if (keyed && !state.keyed) state.legend.parentElement.open = true;
    state.keyed = keyed;
    state.legend.parentElement.hidden = !rows.length;
  };

  function sign(className, text) {
    const element = make("span", className + " sign");
    element.setAttribute("aria-hidden", "true");
    element.append(make("span", "", text));
    return element;
  }

  /* The chosen outline's facts, in a corner: nothing it covers has to move. */
  hotspotMap.addCard = function (state) {
    const box = make("section", "panel card");
    box.hidden = true;
    box.tabIndex = -1;
    box.setAttribute("aria-label", "Selected hotspot");
    box.addEventListener("keydown", (event) => {
      if (event.key !== "Escape") return;
      event.stopPropagation();
      leave();
    });
    const leave = () => {
      const outline = state.chosen();
      if (outline && outline.path.getElement()) outline.path.getElement().focus({ preventScroll: true });
    };
    state.card = corner(state.map, "bottomleft", box);
    state.closeCard = () => {
      leave();
      state.cardClosed = state.selected;
      hotspotMap.fillCard(state);
    };
  };

  hotspotMap.fillCard = function (state) {
    const outline = state.chosen();
    state.card.hidden = !outline || state.cardClosed === state.selected;
    if (state.card.hidden) return;
    const list = make("dl");
    state.card.setAttribute("aria-label", `Selected ${NAMES[outline.kind]}`);
    for (const [term, value] of outline.facts) list.append(make("dt", "", term), make("dd", "", value));
    const head = make("div", "head");
    head.append(make("strong", "", outline.title), button("Close", "×", state.closeCard, "close"));
    state.card.replaceChildren(head, list);
  };

  hotspotMap.addTip = function (state) {
    const box = make("div", "tip");
    box.hidden = true;
    box.setAttribute("aria-hidden", "true");
    state.map.getContainer().append(box);
    state.tip = {
      show(point, lines) {
        box.replaceChildren(...lines.filter(Boolean).map((text, i) => make(i ? "div" : "strong", "", text)));
        box.hidden = false;
        const size = state.map.getSize();
        const left = point.x + 16 + box.offsetWidth > size.x ? point.x - box.offsetWidth - 12 : point.x + 16;
        const top = point.y + 16 + box.offsetHeight > size.y ? point.y - box.offsetHeight - 12 : point.y + 16;
        box.style.transform = `translate(${Math.max(2, left)}px, ${Math.max(2, top)}px)`;
      },
      hide() {
        box.hidden = true;
      },
    };
  };
})();
