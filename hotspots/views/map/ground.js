/* What lies under the data: land, green space, water, rail, roads, wards, names. */
(function () {
  "use strict";
  const hotspotMap = window.hotspotMap;

  // What is drawn of the base map, from the bottom up: width in pixels at zoom 12, growth
  // with each zoom, and the least zoom at which it is shown.
  const LINES = [
    { kind: "water", colour: "water", width: 1.6, growth: 1.3, from: 0 },
    { kind: "rail", colour: "rail", width: 1, growth: 1.15, from: 9.5, dash: [5, 3] },
    { kind: "road", class: "street", colour: "street", width: 0.8, growth: 1.5, from: 12 },
    { kind: "road", class: "main", colour: "main", width: 1.8, growth: 1.35, from: 9 },
    { kind: "road", class: "motorway", colour: "motorway", width: 2.6, growth: 1.3, from: 0 },
  ];

  // Radius of the mark of an outline without a badge; places a name may move to, in pixels.
  const MARK = 4.5;
  const SHIFTS = [0, -20, 20, -34, 34];
  // Degrees between the lines of a map without boundaries: the first that stand so many
  // pixels apart.
  const STEPS = [0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10];
  const APART = 110;

  hotspotMap.paintLand = function (context, view, state) {
    const colours = state.colours;
    context.fillStyle = colours.outside;
    if (!state.config.layers.authorities) return paintGraticule(context, view, state);
    context.fillRect(0, 0, view.width, view.height);
    fill(context, view, state.layers.authorities, colours.land);
  };

  /* Ground that no boundary is known of: plain, with lines of latitude and longitude. */
  function paintGraticule(context, view, state) {
    const colours = state.colours;
    context.fillStyle = colours.land;
    context.fillRect(0, 0, view.width, view.height);
    const shown = state.map.getBounds().pad(0.25);
    const step = STEPS.find((degrees) => (degrees / 360) * view.scale >= APART) || STEPS[STEPS.length - 1];
    const decimals = Math.max(0, -Math.floor(Math.log10(step) + 1e-9));
    const said = (degrees, ways) => `${Math.abs(degrees).toFixed(decimals)}° ${degrees < 0 ? ways[1] : ways[0]}`;
    const texts = [];
    context.beginPath();
    for (let n = Math.ceil(shown.getWest() / step); n * step <= shown.getEast(); n++) {
      const x = Math.round(hotspotMap.mercatorX(n * step) * view.scale - view.left) + 0.5;
      context.moveTo(x, 0);
      context.lineTo(x, view.height);
      texts.push([said(n * step, "EW"), x + 4, view.pad.y + 14]);
    }
    for (let n = Math.ceil(shown.getSouth() / step); n * step <= shown.getNorth(); n++) {
      const y = Math.round(hotspotMap.mercatorY(n * step) * view.scale - view.top) + 0.5;
      context.moveTo(0, y);
      context.lineTo(view.width, y);
      texts.push([said(n * step, "NS"), view.width - view.pad.x - 56, y - 5]);
    }
    context.strokeStyle = colours.main;
    context.lineWidth = 1;
    context.stroke();
    context.fillStyle = colours.faint;
    context.font = '11px "Source Sans", "Segoe UI", system-ui, sans-serif';
    for (const [text, x, y] of texts) context.fillText(text, x, y);
  }

  hotspotMap.paintBase = function (context, view, state) {
    const base = state.layers.base || [];
    const colours = state.colours;
    fill(context, view, base.filter((shape) => shape.area && shape.properties.kind === "green"), colours.green);
    fill(context, view, base.filter((shape) => shape.area && shape.properties.kind === "water"), colours.water);
    context.lineJoin = "round";
    context.lineCap = "round";
    for (const style of LINES) {
      if (view.zoom < style.from) continue;
      context.beginPath();
      for (const shape of base) {
        if (shape.area || shape.properties.kind !== style.kind) continue;
        if (style.class && shape.properties.class !== style.class) continue;
        if (hotspotMap.visible(shape, view)) hotspotMap.trace(context, shape, view);
      }
      context.setLineDash(style.dash || []);
      context.strokeStyle = colours[style.colour];
      context.lineWidth = Math.min(14, Math.max(0.6, style.width * Math.pow(style.growth, view.zoom - 12)));
      context.stroke();
    }
    context.setLineDash([]);
  };

  hotspotMap.paintWards = function (context, view, state) {
    const colours = state.colours;
    const shade = state.shade;
    const wards = state.layers.wards || [];
    if (shade) {
      context.globalAlpha = state.shadeAlpha;
      for (const ward of wards) {
        const step = shade.classes[ward.properties.code];
        if (step === undefined || !hotspotMap.visible(ward, view)) continue;
        context.beginPath();
        hotspotMap.trace(context, ward, view);
        context.fillStyle = state.shades[step];
        context.fill("evenodd");
      }
      context.globalAlpha = 1;
    }
    stroke(context, view, wards, colours.ward, view.zoom < 11 ? 0.7 : 1.1, view.zoom < 11 ? [] : [4, 3]);
    stroke(context, view, state.layers.authorities, colours.authority, 1.7, []);
  };

  function fill(context, view, shapes, colour) {
    context.fillStyle = colour;
    for (const shape of shapes || []) {
      if (!hotspotMap.visible(shape, view)) continue;
      context.beginPath();
      hotspotMap.trace(context, shape, view);
      context.fill("evenodd");
    }
  }

  function stroke(context, view, shapes, colour, width, dash) {
    context.beginPath();
    for (const shape of shapes || []) {
      if (hotspotMap.visible(shape, view)) hotspotMap.trace(context, shape, view);
    }
    context.setLineDash(dash);
    context.lineJoin = "round";
    context.strokeStyle = colour;
    context.lineWidth = width;
    context.stroke();
    context.setLineDash([]);
  }

  /* A small mark for each hotspot or area whose badge had no room, in the badge's form. */
  hotspotMap.paintMarks = function (context, view, state) {
    context.strokeStyle = state.colours.halo;
    context.lineWidth = 1.5;
    for (const outline of state.numbered) {
      if (!hotspotMap.seen(state, outline)) continue;
      context.fillStyle = state.colours[outline.kind === "plan" ? "area" : outline.kind];
      const width = (outline.span[2] - outline.span[0]) * view.scale;
      if (outline.badge || width > 2 * MARK + 4) continue;
      const x = ((outline.span[0] + outline.span[2]) / 2) * view.scale - view.left;
      const y = ((outline.span[1] + outline.span[3]) / 2) * view.scale - view.top;
      context.beginPath();
      if (outline.single) {
        context.moveTo(x, y - MARK - 1);
        context.lineTo(x + MARK + 1, y);
        context.lineTo(x, y + MARK + 1);
        context.lineTo(x - MARK - 1, y);
        context.closePath();
      } else if (outline.kind === "area" || outline.form === "draft") {
        context.rect(x - MARK, y - MARK, 2 * MARK, 2 * MARK);
      } else {
        context.arc(x, y, MARK, 0, 2 * Math.PI);
      }
      context.fill();
      context.stroke();
    }
  };

  /* Names, the important first; a name that would touch another, or a badge, waits for a
     closer zoom. Towns are shown first, then wards, then villages. */
  hotspotMap.paintNames = function (context, view, state) {
    const colours = state.colours;
    const taken = state.badgeBoxes.map((box) => box.map((n, i) => n + (i % 2 ? view.pad.y : view.pad.x)));
    const from = { 1: 0, 2: 9.5, 3: 11.5 };
    const names = [];
    for (const place of state.layers.places || []) {
      const size = place.properties.size;
      if (view.zoom < (from[size] === undefined ? 13 : from[size])) continue;
      const em = size === 1 ? 14 : size === 2 ? 13 : 12;
      const weight = size === 1 ? 600 : 400;
      const order = size === 1 ? 0 : size === 2 ? 1 : 3;
      names.push({ text: place.properties.name, x: place.rings[0][0], y: place.rings[0][1], em, weight, order, colour: colours.text });
    }
    const bare = !(state.layers.places || []).length;
    for (const ward of state.layers.wardNames || []) {
      if (view.zoom < (bare ? 10 : 11)) continue;
      if (ward.width * view.scale < 40) continue;
      names.push({ text: ward.name, note: state.shade && state.shade.texts[ward.code], x: ward.x, y: ward.y, em: 12, weight: 400, order: 2, italic: true, colour: colours.faint });
    }
    for (const authority of bare ? state.layers.authorityNames || [] : []) {
      names.push({ text: authority.name, x: authority.x, y: authority.y, em: 14, weight: 600, order: 0, colour: colours.text });
    }
    names.sort((a, b) => a.order - b.order);
    context.textAlign = "center";
    context.textBaseline = "middle";
    context.lineJoin = "round";
    context.strokeStyle = colours.halo;
    for (const name of names) {
      const x = Math.round(name.x * view.scale - view.left);
      const middle = Math.round(name.y * view.scale - view.top);
      if (x < 0 || middle < 0 || x > view.width || middle > view.height) continue;
      context.font = `${name.italic ? "italic " : ""}${name.weight} ${name.em}px "Source Sans", "Segoe UI", system-ui, sans-serif`;
      const text = name.note && view.zoom >= 11 ? `${name.text} · ${name.note}` : name.text;
      const half = context.measureText(text).width / 2 + 4;
      const boxAt = (y) => [x - half, y - name.em * 0.75, x + half, y + name.em * 0.75];
      const free = (y) => !taken.some((other) => hotspotMap.overlap(boxAt(y), other));
      const y = SHIFTS.map((shift) => middle + shift).find(free);
      if (y === undefined) continue;
      taken.push(boxAt(y));
      context.lineWidth = 3;
      context.strokeText(text, x, y);
      context.fillStyle = name.colour;
      context.fillText(text, x, y);
    }
  };

  hotspotMap.overlap = (a, b) => a[0] < b[2] && a[2] > b[0] && a[1] < b[3] && a[3] > b[1];
})();
