// Suggests things as the reader types in a search box: a combobox with a list box (WAI-ARIA Authoring Practices).
// Without it the form leads to the page of results, as does Enter while no suggestion is chosen.
"use strict";
const PAUSE = 100;

for (const form of document.querySelectorAll("form[data-suggest]")) suggest(form);

function suggest(form) {
  const input = form.querySelector("input[type=search]");
  const kind = form.querySelector("select[name=type]");
  const list = document.createElement("ul");
  const status = document.createElement("span");
  let chosen = -1;
  let asked = null;
  let waiting = 0;

  list.id = `${input.id}-suggestions`;
  list.hidden = true;
  list.className = "suggestions";
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", form.dataset.suggestions);
  status.className = "unseen";
  status.setAttribute("role", "status");
  input.setAttribute("role", "combobox");
  input.setAttribute("aria-autocomplete", "list");
  input.setAttribute("aria-expanded", "false");
  input.setAttribute("aria-controls", list.id);
  input.after(list);
  form.append(status);

  input.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(ask, PAUSE);
  });
  input.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    const last = list.children.length - 1;
    if (event.key === "ArrowDown" && list.hidden && input.value.trim()) ask();
    else if (event.key === "ArrowDown" && !list.hidden) choose(chosen < last ? chosen + 1 : -1);
    else if (event.key === "ArrowUp" && !list.hidden) choose(chosen < 0 ? last : chosen - 1);
    else if (event.key === "Escape" && !list.hidden) close();
    else if (event.key === "Enter" && !list.hidden && chosen >= 0) location.assign(list.children[chosen].dataset.href);
    else {
      if (event.key === "Tab") close();
      return;
    }
    event.preventDefault();
  });
  form.addEventListener("focusout", (event) => {
    if (!form.contains(event.relatedTarget)) close();
  });
  form.addEventListener("submit", close);
  // The box keeps the focus while an entry is pressed.
  list.addEventListener("pointerdown", (event) => event.preventDefault());
  list.addEventListener("click", (event) => {
    const entry = event.target.closest("[role=option]");
    if (entry) location.assign(entry.dataset.href);
  });

  async function ask() {
    asked?.abort();
    const text = input.value.trim();
    if (!text) return close();
    const mine = (asked = new AbortController());
    const where = new URL(form.dataset.suggest, location.href);
    where.searchParams.set("q", text);
    if (kind?.value) where.searchParams.set("type", kind.value);
    try {
      const answer = await fetch(where, { signal: mine.signal, headers: { Accept: "application/json" } });
      if (!answer.ok) return close();
      const found = await answer.json();
      if (mine === asked && document.activeElement === input) show(found);
    } catch {
      // Another letter was typed meanwhile, or the server cannot be reached: the form still works.
    }
  }

  function show(found) {
    list.replaceChildren(...found.map(entry));
    list.hidden = found.length === 0;
    input.setAttribute("aria-expanded", String(!list.hidden));
    choose(-1);
    status.textContent = found.length ? form.dataset.some.replace("{n}", found.length) : form.dataset.none;
  }

  function entry(one, place) {
    const item = document.createElement("li");
    const label = document.createElement("span");
    const note = document.createElement("span");
    item.id = `${list.id}-${place}`;
    item.setAttribute("role", "option");
    item.setAttribute("aria-selected", "false");
    // Without its host: behind a proxy that does not pass that on, the page still leads to this site.
    const { pathname, search } = new URL(one.href, location.href);
    item.dataset.href = pathname + search;
    label.textContent = one.label;
    if (one.labelLang) label.lang = one.labelLang;
    note.className = "note";
    note.textContent = [one.typeLabel, one.alternative].filter(Boolean).join(" · ");
    item.append(label, " ", note);
    return item;
  }

  function choose(place) {
    list.children[chosen]?.setAttribute("aria-selected", "false");
    chosen = place;
    const item = list.children[place];
    if (!item) return input.removeAttribute("aria-activedescendant");
    item.setAttribute("aria-selected", "true");
    item.scrollIntoView({ block: "nearest" });
    input.setAttribute("aria-activedescendant", item.id);
  }

  function close() {
    clearTimeout(waiting);
    asked?.abort();
    asked = null;
    list.hidden = true;
    list.replaceChildren();
    status.textContent = "";
    input.setAttribute("aria-expanded", "false");
    choose(-1);
  }
}
