// A drawing that is wider than the screen is first shown by its middle.
"use strict";

for (const one of document.querySelectorAll("[data-centre]")) {
  one.scrollLeft = (one.scrollWidth - one.clientWidth) / 2;
}
