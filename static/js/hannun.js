// Keyboard, dialogs and messages. Every page works without this file; it only saves movements.
"use strict";

(() => {
  const editable = "input, textarea, select, [contenteditable]";
  const dialogOpen = () => document.querySelector("dialog[open]");

  function openDialog(id) {
    const dialog = document.getElementById(id);
    if (dialog && !dialog.open) dialog.showModal();
  }

  function focusSearch() {
    const box = document.querySelector("[data-search]");
    if (!box) return false;
    box.focus();
    box.select();
    return true;
  }

  // Rows: a table with data-rows, whose rows hold a link. The chosen row is marked and scrolled into view.
  const rows = () => [...document.querySelectorAll("table[data-rows] tbody tr")].filter((row) => row.querySelector("a[href]"));
  const chosen = () => document.querySelector("tr[data-row-chosen]");

  function moveRow(step) {
    const all = rows();
    if (!all.length) return false;
    const now = all.indexOf(chosen());
    const next = now < 0 ? (step > 0 ? 0 : all.length - 1) : Math.min(all.length - 1, Math.max(0, now + step));
    if (now >= 0) all[now].removeAttribute("data-row-chosen");
    all[next].setAttribute("data-row-chosen", "");
    all[next].scrollIntoView({ block: "nearest" });
    all[next].querySelector("a[href]").focus({ preventScroll: true });
    return true;
  }

  function openRow() {
    const link = chosen()?.querySelector("a[href]");
    if (link) link.click();
    return Boolean(link);
  }

  const keys = {
    "/": focusSearch,
    "?": () => (openDialog("keyboard-help"), true),
    j: () => moveRow(1),
    k: () => moveRow(-1),
    Enter: openRow,
  };

  function closeMenus(except) {
    document.querySelectorAll("details[data-menu][open]").forEach((menu) => {
      if (menu !== except) menu.open = false;
    });
  }

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (event.key === "Escape") {
      const menu = document.querySelector("details[data-menu][open]");
      closeMenus();
      if (menu) menu.querySelector("summary").focus();
      else if (event.target.matches("[data-search]")) event.target.blur();
      return;
    }
    if (dialogOpen() || event.target.matches(editable)) return;
    if (event.key === "Enter" && event.target.matches("a, button, summary")) return;
    const act = keys[event.key];
    if (act && act()) event.preventDefault();
  });

  document.addEventListener("click", (event) => {
    closeMenus(event.target.closest("details[data-menu]"));
    const opener = event.target.closest("[data-open]");
    if (opener) {
      closeMenus();
      openDialog(opener.dataset.open);
    }
    const dismiss = event.target.closest("[data-dismiss]");
    if (dismiss) {
      dismiss.closest("[data-message]").remove();
      document.getElementById(dismiss.dataset.dismiss)?.focus();
    }
  });

  // The way back to a list keeps its filters and its page: data-back takes the address one came from, if it is one of it.
  function keepWayBack() {
    const from = document.referrer && new URL(document.referrer);
    document.querySelectorAll("a[data-back]").forEach((link) => {
      if (!from || from.origin !== location.origin || from.pathname !== link.pathname) return;
      link.href = from.href;
      link.parentElement.hidden = false;
    });
  }

  // Empty fields of a form with data-tidy stay out of the address, but for those that it names.
  document.addEventListener("formdata", (event) => {
    const kept = event.target.dataset.tidy?.split(" ");
    if (!kept) return;
    for (const [name, value] of [...event.formData]) if (value === "" && !kept.includes(name)) event.formData.delete(name);
  });

  // A whole page in answer to the request for a part is the login page: the session is over. The page asks for it itself.
  // A form with hx-boost asks for whole pages; of those the login page is a success without the frame of all others.
  document.addEventListener("htmx:beforeSwap", (event) => {
    const { boosted, isError, xhr } = event.detail;
    // What a page asks for by itself when it is loaded would fail again and again.
    if (isError && event.detail.elt?.hasAttribute("aria-busy")) return;
    if (!/^\s*<!doctype/i.test(xhr.responseText)) return;
    if (boosted && (xhr.status >= 400 || !xhr.responseText.includes('<body class="plain"'))) return;
    event.detail.shouldSwap = false;
    location.reload();
  });

  keepWayBack();

  // A form with data-confirm is sent only after its dialog was answered with yes.
  document.addEventListener("submit", (event) => {
    const form = event.target;
    const dialog = form.dataset.confirm && document.getElementById(form.dataset.confirm);
    if (!dialog || form.dataset.confirmed) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    const submitter = event.submitter;
    dialog.returnValue = "";
    dialog.addEventListener("close", () => {
      if (dialog.returnValue !== "yes") return;
      form.dataset.confirmed = "yes";
      form.requestSubmit(submitter);
      delete form.dataset.confirmed;
    }, { once: true });
    dialog.showModal();
  }, true);
})();
