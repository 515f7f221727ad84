// Forms of the feed pages: one press sends once, and the mappings follow the source. All works without this file.
"use strict";

(() => {
  document.addEventListener("submit", (event) => {
    if (event.defaultPrevented || !event.target.matches("form[data-once]")) return;
    const button = event.submitter;
    if (!button) return;
    button.setAttribute("aria-busy", "true");
    // After the form has been read: a disabled button would be left out of it.
    setTimeout(() => { button.disabled = true; });
  });

  // A page that the browser takes back from its memory must be usable again.
  window.addEventListener("pageshow", () => {
    document.querySelectorAll("button[aria-busy]").forEach((button) => {
      button.removeAttribute("aria-busy");
      button.disabled = false;
    });
  });
})();
