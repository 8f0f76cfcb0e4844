/* Joins the map to the list: a tap on one marks the other. Without it the list is enough. */
(function () {
  "use strict";
  const boxes = [...document.querySelectorAll("input[name=mark]")];
  const most = Number(document.body.dataset.most);
  const told = document.querySelector("#chosen");
  const shape = (box) => document.getElementById("map-" + box.value);
  const show = () => {
    const chosen = boxes.filter((box) => box.checked);
    for (const box of boxes) {
      box.disabled = chosen.length >= most && !box.checked;
      const drawn = shape(box);
      if (drawn) drawn.classList.toggle("on", box.checked);
    }
    told.textContent = told.dataset.text.replace("#", chosen.length);
  };
  for (const box of boxes) {
    box.addEventListener("change", show);
    const drawn = shape(box);
    if (!drawn) continue;
    drawn.addEventListener("click", () => {
      if (box.disabled) return;
      box.checked = !box.checked;
      show();
    });
  }
  show();
})();
