/* The reports themselves: dots sized by count, and a heat layer smoothed over the ground. */
(function () {
  "use strict";
  const hotspotMap = window.hotspotMap;

  const ZOOM_OF_SIZE = 12;
  hotspotMap.radius = (count, zoom) => {
    const growth = Math.min(1.8, Math.max(0.62, Math.pow(1.17, zoom - ZOOM_OF_SIZE)));
    return (1.6 + 1.15 * Math.sqrt(Math.min(count, 400))) * growth;
  };

  hotspotMap.readPoints = function (data) {
    const packed = hotspotMap.numbers(data.places, Int32Array);
    const count = packed.length / 2;
    const x = new Float64Array(count);
    const y = new Float64Array(count);
    for (let i = 0; i < count; i++) {
      x[i] = hotspotMap.mercatorX(packed[2 * i] / 1e6);
      y[i] = hotspotMap.mercatorY(packed[2 * i + 1] / 1e6);
    }
    return {
      x,
      y,
      counts: hotspotMap.numbers(data.counts, Uint32Array),
      street: hotspotMap.numbers(data.street, Uint32Array),
      streets: data.streets,
      source: hotspotMap.numbers(data.source, Uint32Array),
      sources: data.sources,
    };
  };

  /* Each source has a colour and a shape of its own; the first is the dot of a map of one
     source. Shapes of one count have the area of its dot. */
  const SOURCES = 5;
  hotspotMap.sourceColour = (colours, source) =>
    colours[source % SOURCES ? `point ${(source % SOURCES) + 1}` : "point"];
  hotspotMap.traceShape = function (context, source, x, y, radius) {
    const polygon = (corners, turn, reach) => {
      for (let i = 0; i <= corners; i++) {
        const angle = turn + (2 * Math.PI * i) / corners;
        const [px, py] = [x + reach * radius * Math.cos(angle), y + reach * radius * Math.sin(angle)];
        if (i) context.lineTo(px, py);
        else context.moveTo(px, py);
      }
    };
    switch (source % SOURCES) {
      case 1: return polygon(4, Math.PI / 4, 1.25);
      case 2: return polygon(3, -Math.PI / 2, 1.55);
      case 3: return polygon(3, Math.PI / 2, 1.55);
      case 4: return polygon(6, 0, 1.1);
      default:
        context.moveTo(x + radius, y);
        context.arc(x, y, radius, 0, 2 * Math.PI);
    }
  };

  /* Busiest first in the data, so that small dots lie on top of large ones. Dots of one
     size share a path: a county of dots is some forty fills. */
  hotspotMap.paintPoints = function (context, view, state) {
    const points = state.points;
    if (!points) return;
    const colours = state.colours;
    const edge = view.zoom >= 12;
    context.strokeStyle = colours["point edge"];
    context.lineWidth = 1;
    let open = false;
    let last = -1;
    let source = -1;
    const finish = () => {
      if (!open) return;
      context.globalAlpha = edge ? 0.85 : 0.6;
      context.fill();
      context.globalAlpha = 1;
      if (edge) context.stroke();
      open = false;
    };
    for (let i = 0; i < points.x.length; i++) {
      const x = points.x[i] * view.scale - view.left;
      const y = points.y[i] * view.scale - view.top;
      if (x < -30 || y < -30 || x > view.width + 30 || y > view.height + 30) continue;
      if (points.counts[i] !== last || points.source[i] !== source) {
        finish();
        last = points.counts[i];
        source = points.source[i];
        context.fillStyle = hotspotMap.sourceColour(colours, source);
      }
      if (!open) {
        context.beginPath();
        open = true;
      }
      const radius = hotspotMap.radius(points.counts[i], view.zoom);
      hotspotMap.traceShape(context, source, x, y, radius);
    }
    finish();
  };

  hotspotMap.pointAt = function (state, x, y, zoom) {
    const points = state.points;
    if (!points) return -1;
    const scale = 256 * Math.pow(2, zoom);
    let best = -1;
    let nearest = Infinity;
    for (let i = 0; i < points.x.length; i++) {
      const dx = (points.x[i] - x) * scale;
      const dy = (points.y[i] - y) * scale;
      const reach = hotspotMap.radius(points.counts[i], zoom) + 3;
      const distance = dx * dx + dy * dy;
      if (distance < reach * reach && distance <= nearest) {
        best = i;
        nearest = distance;
      }
    }
    return best;
  };

  /* Heat: a Gaussian over the ground, 250 m wide or eight pixels where that is more. It is
     measured against the whole study area, so panning never changes a colour. */
  const METRES = 250;
  const CELLS = 4e6;
  hotspotMap.paintHeat = function (context, view, state) {
    const points = state.points;
    if (!points || !points.x.length) return;
    const latitude = state.latitude * (Math.PI / 180);
    const metre = 1 / (40075016.7 * Math.cos(latitude));
    const band = Math.max(METRES * metre, 8 / view.scale);
    const name = band.toExponential(3) + state.theme;
    if (!state.heat || state.heat.name !== name || state.heat.points !== points) {
      state.heat = { name, points, ...smooth(points, band, state.heatColours) };
    }
    const heat = state.heat;
    context.imageSmoothingEnabled = true;
    context.imageSmoothingQuality = "high";
    context.globalAlpha = 0.85;
    context.drawImage(
      heat.image,
      heat.west * view.scale - view.left,
      heat.north * view.scale - view.top,
      heat.image.width * heat.cell * view.scale,
      heat.image.height * heat.cell * view.scale,
    );
    context.globalAlpha = 1;
  };

  function smooth(points, band, colours) {
    let [west, north, east, south] = [Infinity, Infinity, -Infinity, -Infinity];
    for (let i = 0; i < points.x.length; i++) {
      west = Math.min(west, points.x[i]);
      east = Math.max(east, points.x[i]);
      north = Math.min(north, points.y[i]);
      south = Math.max(south, points.y[i]);
    }
    west -= 4 * band;
    north -= 4 * band;
    east += 4 * band;
    south += 4 * band;
    const cell = Math.max(band / 2.5, Math.sqrt(((east - west) * (south - north)) / CELLS));
    const width = Math.ceil((east - west) / cell) + 1;
    const height = Math.ceil((south - north) / cell) + 1;
    let grid = new Float32Array(width * height);
    for (let i = 0; i < points.x.length; i++) {
      const column = Math.floor((points.x[i] - west) / cell);
      const row = Math.floor((points.y[i] - north) / cell);
      grid[row * width + column] += points.counts[i];
    }
    // Three box means stand for a Gaussian, at a cost that does not depend on its width.
    const reach = Math.max(1, Math.round((band / cell) * 0.98));
    for (let pass = 0; pass < 3; pass++) {
      grid = boxMean(grid, width, height, reach, 1, width);
      grid = boxMean(grid, height, width, reach, width, 1);
    }
    let most = 0;
    for (const value of grid) if (value > most) most = value;
    const ramp = rampOf(colours);
    const image = document.createElement("canvas");
    image.width = width;
    image.height = height;
    const context = image.getContext("2d");
    const pixels = context.createImageData(width, height);
    for (let i = 0; i < grid.length; i++) {
      const step = Math.round(255 * Math.pow(grid[i] / most, 0.5)) * 4;
      for (let j = 0; j < 4; j++) pixels.data[4 * i + j] = ramp[step + j];
    }
    context.putImageData(pixels, 0, 0);
    return { image, west, north, cell };
  }

  function boxMean(grid, length, lines, reach, step, stride) {
    const result = new Float32Array(grid.length);
    for (let line = 0; line < lines; line++) {
      const start = line * stride;
      let sum = 0;
      for (let i = 0; i < Math.min(reach, length); i++) sum += grid[start + i * step];
      for (let i = 0; i < length; i++) {
        if (i + reach < length) sum += grid[start + (i + reach) * step];
        if (i - reach - 1 >= 0) sum -= grid[start + (i - reach - 1) * step];
        result[start + i * step] = Math.max(0, sum);
      }
    }
    return result;
  }

  function rampOf(colours) {
    const canvas = document.createElement("canvas");
    canvas.width = 256;
    canvas.height = 1;
    const context = canvas.getContext("2d");
    const gradient = context.createLinearGradient(0, 0, 256, 0);
    colours.forEach((colour, i) => gradient.addColorStop((i + 1) / colours.length, colour));
    gradient.addColorStop(0, colours[0] + "00");
    context.fillStyle = gradient;
    context.fillRect(0, 0, 256, 1);
    const ramp = context.getImageData(0, 0, 256, 1).data;
    // The least eighth fades out, so that a lone report is not a stain.
    for (let i = 0; i < 256; i++) ramp[4 * i + 3] = Math.min(255, Math.max(0, (i - 24) * 2.6));
    return ramp;
  }
})();
