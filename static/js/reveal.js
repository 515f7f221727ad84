// A masked value is opened in a dialog, and gone when its time is over, the tab is left or the page is printed. Without
// this file the same is asked on a page of its own, which leads back by itself.
"use strict";

(() => {
  const dialog = document.getElementById("reveal");
  const body = document.getElementById("reveal-body");
  const shown = () => document.querySelector("[data-reveal-seconds]");
  let opener = null;
  let timer = 0;

  function forget() {
    clearInterval(timer);
    const value = shown();
    if (!value) return;
    const back = value.dataset.revealBack;
    value.remove();
    if (dialog?.open) dialog.close();
    else if (back) location.replace(back);
  }

  function count() {
    clearInterval(timer);
    const value = shown();
    if (!value) return;
    const ends = Date.now() + Number(value.dataset.revealSeconds) * 1000;
    const left = value.querySelector("[data-reveal-left]");
    timer = setInterval(() => {
      const seconds = Math.ceil((ends - Date.now()) / 1000);
      if (left) left.textContent = String(Math.max(0, seconds));
      if (seconds <= 0) forget();
    }, 250);
  }

  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-reveal-close]")) {
      event.preventDefault();
      if (shown()) forget();
      else dialog?.close();
      return;
    }
    const link = event.target.closest("a[data-reveal]");
    if (!link || !dialog || !window.htmx || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    opener = link;
    htmx.ajax("GET", link.href, { target: "#reveal-body", swap: "innerHTML" }).then(() => {
      if (!body.childElementCount) location.assign(link.href);
      else if (!dialog.open) dialog.showModal();
    });
  });

  dialog?.addEventListener("close", () => {
    clearInterval(timer);
    body.replaceChildren();
    opener?.focus();
  });
  document.addEventListener("htmx:afterSwap", (event) => event.detail.target === body && count());
  document.addEventListener("visibilitychange", () => document.hidden && forget());
  window.addEventListener("beforeprint", forget);
  window.addEventListener("pagehide", () => shown()?.remove());
  count();
})();
