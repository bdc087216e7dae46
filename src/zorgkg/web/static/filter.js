// Filters a list while the reader types. Without it the form sends `q` and the server filters.
"use strict";
const box = document.querySelector("[data-filter]");
const none = document.querySelector("[data-none]");
const fold = (text) => text.normalize("NFD").replace(/\p{Mark}/gu, "").toLowerCase();
const items = [...document.querySelectorAll("[data-item]")].map((node) => [node, fold(node.textContent + " " + node.dataset.item)]);
box.addEventListener("input", () => {
  const words = fold(box.value).split(/\s+/);
  for (const [node, text] of items) node.hidden = !words.every((word) => text.includes(word));
  for (const group of document.querySelectorAll("[data-group]")) group.hidden = !group.querySelector("[data-item]:not([hidden])");
  none.hidden = items.some(([node]) => !node.hidden);
});
