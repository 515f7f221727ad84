// Printing: the line at the foot of every sheet says when it was printed, and the trail learns that it was.
"use strict";

(() => {
  const mark = document.querySelector("#print-mark [data-print-time]");
  const form = document.getElementById("print-note");
  if (!mark || !form) return;

  // The time of Korea, as everywhere else on the pages.
  const written = () => new Date().toLocaleString("sv-SE", { timeZone: "Asia/Seoul" }).slice(0, 16);

  addEventListener("beforeprint", () => {
    mark.textContent = written();
    form.elements.path.value = location.pathname;
    // It goes out while the dialog is open, and also if the page is left meanwhile.
    fetch(form.action, { method: "POST", body: new FormData(form), keepalive: true }).catch(() => null);
  });
})();
