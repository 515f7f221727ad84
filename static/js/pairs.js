// Keys of the page of a pair. They press the buttons that stand there; the page works without this file.
"use strict";

(() => {
  const editable = "input, textarea, select, [contenteditable]";
  let isSent = false;

  // What the keyboard walks through: the items that are compared, then the answers.
  const stops = () => [...document.querySelectorAll("[data-stop]")].filter((stop) => stop.offsetParent);

  function walk(step) {
    const all = stops();
    if (!all.length) return;
    const now = all.indexOf(document.activeElement);
    const next = now < 0 ? (step > 0 ? 0 : all.length - 1) : Math.min(all.length - 1, Math.max(0, now + step));
    all[next].focus();
  }

  // The summary of what takes more to answer opens, and its first field waits.
  function press(target) {
    target.click();
    if (target.matches("summary") && target.parentElement.open) target.parentElement.querySelector("select, input").focus();
  }

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || event.repeat) return;
    if (document.querySelector("dialog[open]") || event.target.matches(editable)) return;
    const key = event.key.toLowerCase();
    const isStop = event.target.matches("[data-stop]");
    const step = { j: 1, k: -1 }[key] || (isStop && { arrowdown: 1, arrowup: -1 }[key]);
    const target = document.querySelector(`[data-key="${CSS.escape(key)}"]`);
    if (step) walk(step);
    else if (target) press(target);
    else return;
    event.preventDefault();
  });

  // One press answers once, however often it is pressed until the next pair is there. This comes before htmx.
  document.addEventListener("submit", (event) => {
    if (!event.target.closest("main")) return;
    if (isSent) {
      event.preventDefault();
      event.stopImmediatePropagation();
      return;
    }
    isSent = true;
    event.target.setAttribute("aria-busy", "true");
  }, true);

  function free() {
    isSent = false;
    document.querySelectorAll("form[aria-busy]").forEach((form) => form.removeAttribute("aria-busy"));
  }

  // The next pair takes the place of this one: whoever reads by ear or by keyboard begins at its top.
  document.addEventListener("htmx:afterSettle", (event) => {
    if (event.detail.boosted) document.getElementById("main").focus({ preventScroll: true });
  });
  document.addEventListener("htmx:afterRequest", (event) => event.detail.boosted && free());

  // What went wrong is a page too: an answer that came too late, one that is forbidden, a fault.
  document.addEventListener("htmx:beforeSwap", (event) => {
    if (event.detail.boosted && event.detail.xhr.status >= 400) Object.assign(event.detail, { shouldSwap: true, isError: false });
  });
  document.addEventListener("htmx:sendError", (event) => event.detail.boosted && location.reload());

  // A page that the browser takes back from its memory must be usable again.
  window.addEventListener("pageshow", free);
})();
