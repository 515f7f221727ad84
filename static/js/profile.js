// The page of a customer comes in two answers; htmx asks for the second. Here is what must not suffer from that: places
// in the page that are asked for before they have come, printing, the way back, and an answer that fails.
"use strict";

(() => {
  const place = () => document.getElementById("below");
  const isWaiting = () => place()?.hasAttribute("aria-busy");
  let hasMoved = false;
  let isToPrint = false;

  function show(isFailed) {
    const below = place();
    below.setAttribute("aria-busy", String(!isFailed));
    below.querySelector("[data-below-waiting]").hidden = isFailed;
    below.querySelector("[data-below-error]").hidden = !isFailed;
    if (isFailed) isToPrint = false;
  }

  const ofBelow = (event) => event.target === place() && isWaiting();
  document.addEventListener("htmx:beforeRequest", (event) => ofBelow(event) && show(false));
  for (const name of ["responseError", "sendError", "timeout", "swapError"]) {
    document.addEventListener(`htmx:${name}`, (event) => ofBelow(event) && show(true));
  }
  // A refusal is said here, for a page that answered it by loading itself anew would do so for ever.
  document.addEventListener("htmx:beforeSwap", (event) => ofBelow(event) && event.detail.isError && event.stopPropagation(), true);

  // The letters of the rest may bring fonts that change the height of what is above.
  function goBackTo(top) {
    const go = () => hasMoved || scrollTo({ top, behavior: "instant" });
    go();
    document.fonts.ready.then(() => requestAnimationFrame(go));
  }

  function goTo() {
    const id = decodeURIComponent(location.hash.slice(1));
    const wanted = id ? document.getElementById(id) : null;
    if (wanted?.closest(".below")) location.replace(location.hash);
    else if (!id && history.state?.top) goBackTo(history.state.top);
  }

  document.addEventListener("htmx:afterSettle", (event) => {
    if (event.target.id !== "below") return;
    if (!hasMoved) goTo();
    if (isToPrint) print();
    isToPrint = false;
  });

  // Whoever has scrolled on by themselves stays where they are; whoever then follows a link of the index goes there.
  for (const name of ["wheel", "touchmove"]) addEventListener(name, () => (hasMoved = true), { passive: true });
  addEventListener("hashchange", () => (hasMoved = false));
  addEventListener("pagehide", () => history.replaceState({ ...history.state, top: Math.round(scrollY) }, ""));

  // On paper everything is wanted: the dialog opens when it has come.
  addEventListener("keydown", (event) => {
    if (!(event.ctrlKey || event.metaKey) || event.key.toLowerCase() !== "p" || !isWaiting()) return;
    event.preventDefault();
    isToPrint = true;
    if (place().getAttribute("aria-busy") === "false") place().querySelector("button").click();
  });
})();
