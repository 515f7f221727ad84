// Hits under the quick search box. Without this file the box is a plain form that leads to the search page.
"use strict";

(() => {
  const box = document.querySelector("[data-search]");
  const results = document.getElementById("quick-results");
  if (!box || !results) return;

  let isDismissed = false;

  const hits = () => [...results.querySelectorAll("[data-hit]")];

  function show() {
    results.hidden = isDismissed || !results.firstElementChild;
    box.classList.toggle("has-results", !results.hidden);
  }

  function hide() {
    htmx.trigger(box, "htmx:abort");
    results.hidden = true;
    box.classList.remove("has-results");
  }

  // From the box down to the first hit, and from the first hit up to the box.
  function move(step) {
    const all = hits();
    const next = all.indexOf(document.activeElement) + step;
    if (next < 0) box.focus();
    else if (next < all.length) all[next].focus();
  }

  function close() {
    isDismissed = true;
    hide();
    box.focus();
  }

  const within = (event) => event.target === box || results.contains(event.target);

  document.addEventListener("keydown", (event) => {
    if (!within(event) || results.hidden) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && event.isComposing) {
      // The arrow first ends the syllable that is being typed; then it moves.
      box.addEventListener("compositionend", () => setTimeout(() => document.activeElement === box && move(step)), { once: true });
      return;
    }
    if (step) move(step);
    else if (event.key === "Escape") close();
    else return;
    event.preventDefault();
    event.stopImmediatePropagation();
  }, true);

  results.addEventListener("htmx:afterSwap", show);
  box.addEventListener("focus", () => document.activeElement === box && show());
  box.addEventListener("input", () => {
    isDismissed = false;
    if (!box.value.trim()) hide();
  });
  document.addEventListener("focusin", (event) => {
    if (!within(event)) hide();
  });
  document.addEventListener("click", (event) => {
    if (!within(event)) hide();
  });
})();
