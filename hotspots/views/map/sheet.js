/* Canvas sheets over the map, drawn straight from flat arrays of coordinates.

   Places are kept as Web Mercator fractions (0 to 1), so that a change of zoom is one
   multiplication and not a new projection of every vertex. */
(function () {
  "use strict";
  const hotspotMap = (window.hotspotMap = window.hotspotMap || {});

  hotspotMap.mercatorX = (longitude) => (longitude + 180) / 360;
  hotspotMap.mercatorY = (latitude) => {
    const sine = Math.sin((latitude * Math.PI) / 180);
    return 0.5 - Math.log((1 + sine) / (1 - sine)) / (4 * Math.PI);
  };

  function ring(positions) {
    const flat = new Float64Array(positions.length * 2);
    positions.forEach((position, i) => {
      flat[2 * i] = hotspotMap.mercatorX(position[0]);
      flat[2 * i + 1] = hotspotMap.mercatorY(position[1]);
    });
    return flat;
  }

  function boxOf(rings) {
    const box = [Infinity, Infinity, -Infinity, -Infinity];
    for (const flat of rings) {
      for (let i = 0; i < flat.length; i += 2) {
        box[0] = Math.min(box[0], flat[i]);
        box[1] = Math.min(box[1], flat[i + 1]);
        box[2] = Math.max(box[2], flat[i]);
        box[3] = Math.max(box[3], flat[i + 1]);
      }
    }
    return box;
  }

  /* GeoJSON features → {properties, rings, box, area}; a line or a ring is a flat array. */
  hotspotMap.flatten = function (collection) {
    const shapes = [];
    for (const feature of collection.features || []) {
      const geometry = feature.geometry || {};
      const positions = geometry.coordinates || [];
      const rings = {
        LineString: () => [ring(positions)],
        MultiLineString: () => positions.map(ring),
        Polygon: () => positions.map(ring),
        MultiPolygon: () => positions.flat().map(ring),
        Point: () => [ring([positions])],
      }[geometry.type];
      if (!rings) continue;
      const area = geometry.type.endsWith("Polygon");
      // The lines of a multi-line lie far apart: each is culled by its own box.
      const parts = area ? [rings()] : rings().map((line) => [line]);
      for (const part of parts) {
        shapes.push({ properties: feature.properties || {}, rings: part, box: boxOf(part), area });
      }
    }
    return shapes;
  };

  hotspotMap.contains = function (shape, x, y) {
    const [west, north, east, south] = shape.box;
    if (x < west || x > east || y < north || y > south) return false;
    let inside = false;
    for (const flat of shape.rings) {
      for (let i = 0, j = flat.length - 2; i < flat.length; j = i, i += 2) {
        if (
          flat[i + 1] > y !== flat[j + 1] > y &&
          x < ((flat[j] - flat[i]) * (y - flat[i + 1])) / (flat[j + 1] - flat[i + 1]) + flat[i]
        ) {
          inside = !inside;
        }
      }
    }
    return inside;
  };

  /* Adds a shape's lines to the context's path, dropping vertices nearer than half a pixel. */
  hotspotMap.trace = function (context, shape, view) {
    for (const flat of shape.rings) {
      let lastX = NaN;
      let lastY = NaN;
      for (let i = 0; i < flat.length; i += 2) {
        const x = flat[i] * view.scale - view.left;
        const y = flat[i + 1] * view.scale - view.top;
        if (i === 0) context.moveTo(x, y);
        else if (Math.abs(x - lastX) + Math.abs(y - lastY) < 0.5 && i < flat.length - 2) continue;
        else context.lineTo(x, y);
        lastX = x;
        lastY = y;
      }
      if (shape.area) context.closePath();
    }
  };

  hotspotMap.visible = function (shape, view) {
    const [west, north, east, south] = shape.box;
    return (
      east * view.scale >= view.left &&
      west * view.scale <= view.left + view.width &&
      south * view.scale >= view.top &&
      north * view.scale <= view.top + view.height
    );
  };

  /* A canvas a little larger than the map, so that a short pan shows no empty edge.
     It follows a zoom by a transformation and is painted anew when the map rests. */
  hotspotMap.Sheet = L.Layer.extend({
    options: { padding: 0.2, pane: "overlayPane" },
    initialize(paint, options) {
      this.paint = paint;
      L.setOptions(this, options);
    },
    onAdd(map) {
      this.canvas = L.DomUtil.create("canvas", "sheet leaflet-zoom-animated");
      this.canvas.setAttribute("aria-hidden", "true");
      this.getPane().appendChild(this.canvas);
      this.redraw();
    },
    onRemove() {
      this.canvas.remove();
      this.canvas = null;
    },
    getEvents() {
      return {
        zoom: () => this.follow(this._map.getCenter(), this._map.getZoom()),
        zoomanim: (event) => this.follow(event.center, event.zoom),
      };
    },
    follow(center, zoom) {
      const map = this._map;
      const scale = map.getZoomScale(zoom, this.zoom);
      const half = map.getSize().multiplyBy(0.5 + this.options.padding);
      const corner = half
        .multiplyBy(-scale)
        .add(map.project(this.center, zoom))
        .subtract(map._getNewPixelOrigin(center, zoom));
      L.DomUtil.setTransform(this.canvas, corner, scale);
    },
    redraw() {
      const map = this._map;
      if (!map || !this.canvas) return;
      const size = map.getSize();
      const pad = size.multiplyBy(this.options.padding).round();
      const corner = map.containerPointToLayerPoint([0, 0]).subtract(pad);
      const full = size.add(pad.multiplyBy(2));
      const ratio = window.devicePixelRatio || 1;
      this.center = map.getCenter();
      this.zoom = map.getZoom();
      const canvas = this.canvas;
      canvas.width = full.x * ratio;
      canvas.height = full.y * ratio;
      canvas.style.width = full.x + "px";
      canvas.style.height = full.y + "px";
      L.DomUtil.setPosition(canvas, corner);
      const world = map.getPixelOrigin().add(corner);
      const context = canvas.getContext("2d");
      context.setTransform(ratio, 0, 0, ratio, 0, 0);
      this.paint(context, {
        scale: 256 * Math.pow(2, this.zoom),
        left: world.x,
        top: world.y,
        width: full.x,
        height: full.y,
        zoom: this.zoom,
        pad,
      });
    },
  });

  /* Base64 of little-endian numbers, as written by hotspots.views.maps. */
  hotspotMap.numbers = function (text, Kind) {
    const bytes = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
    return new Kind(bytes.buffer);
  };
})();
