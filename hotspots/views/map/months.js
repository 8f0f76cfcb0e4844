/* Months on the map: a slider and a play button that change the dots, and nothing else. */
(function () {
  "use strict";
  const hotspotMap = window.hotspotMap;
  const STEP_MS = 700;

  hotspotMap.setMonths = function (state, data) {
    stop(state);
    if (state.monthBar) state.monthBar.remove();
    state.monthBar = state.months = null;
    state.every = state.points;
    // The bar stands below the map and covers none of it; the map gives up the height.
    document.body.classList.toggle("with-months", Boolean(data));
    if (!data) return;
    const months = {
      labels: data.labels,
      views: new Array(data.labels.length),
      point: hotspotMap.numbers(data.point, Uint32Array),
      start: hotspotMap.numbers(data.start, Uint32Array),
      count: hotspotMap.numbers(data.count, Uint32Array),
      at: -1,
    };
    state.months = months;
    bar(state);
  };

  /* Points of one month, busiest first; made once for each month, then kept. */
  function view(state, at) {
    const months = state.months;
    if (at < 0) return state.every;
    if (months.views[at]) return months.views[at];
    const every = state.every;
    const size = months.start[at + 1] - months.start[at];
    const made = {
      x: new Float64Array(size),
      y: new Float64Array(size),
      counts: new Uint32Array(size),
      street: new Uint32Array(size),
      streets: every.streets,
      source: new Uint32Array(size),
      sources: every.sources,
    };
    for (let i = 0; i < size; i++) {
      const point = months.point[months.start[at] + i];
      made.x[i] = every.x[point];
      made.y[i] = every.y[point];
      made.street[i] = every.street[point];
      made.source[i] = every.source[point];
      made.counts[i] = months.count[months.start[at] + i];
    }
    months.views[at] = made;
    return made;
  }

  function show(state, at) {
    const months = state.months;
    months.at = at;
    state.points = view(state, at);
    months.slider.value = String(at + 1);
    const label = at < 0 ? "All months" : months.labels[at];
    months.slider.setAttribute("aria-valuetext", label);
    months.text.textContent = label;
    state.tip.hide();
    state.sheets.reports.redraw();
    if (state.show.heat) state.sheets.heat.redraw();
    state.map.getContainer().dataset.month = String(at);
  }

  function play(state) {
    const months = state.months;
    if (months.timer) return stop(state);
    if (months.at >= months.labels.length - 1) show(state, -1);
    const step = () => {
      show(state, months.at + 1);
      if (months.at >= months.labels.length - 1) stop(state);
    };
    months.timer = window.setInterval(step, STEP_MS);
    name(months, "Pause", "❚❚");
    step();
  }

  function stop(state) {
    const months = state.months;
    if (!months || !months.timer) return;
    window.clearInterval(months.timer);
    months.timer = null;
    name(months, "Play month by month", "▶");
  }

  function name(months, text, sign) {
    months.button.textContent = sign;
    months.button.title = text;
    months.button.setAttribute("aria-label", text);
  }

  function bar(state) {
    const make = hotspotMap.make;
    const months = state.months;
    const box = make("div", "panel months");
    box.setAttribute("role", "group");
    box.setAttribute("aria-label", "Month shown");
    months.button = make("button", "play");
    months.button.type = "button";
    months.button.addEventListener("click", () => play(state));
    name(months, "Play month by month", "▶");
    months.slider = make("input");
    months.slider.type = "range";
    months.slider.min = "0";
    months.slider.max = String(months.labels.length);
    months.slider.step = "1";
    months.slider.setAttribute("aria-label", "Month");
    months.slider.addEventListener("input", () => {
      stop(state);
      show(state, Number(months.slider.value) - 1);
    });
    months.text = make("span", "month");
    box.append(months.button, months.slider, months.text);
    state.map.getContainer().after(box);
    state.monthBar = box;
    show(state, -1);
  }
})();
