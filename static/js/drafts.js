// Keeps what was begun to write in a form while its writer is signed out, in this tab alone, and puts it back after the
// same person has logged in again. Never kept: passwords, files, hidden fields, what is marked with data-no-draft, and
// whatever reads as a resident number.
"use strict";

(() => {
  const prefix = "hannun-draft ";
  const session = document.getElementById("session");
  const skipped = "[type=password], [type=file], [type=hidden], [type=submit], [type=button], [data-no-draft]";
  const residentNumber = /\d{6}\D?[0-9]\d{6}(?!\d)/;
  let store;
  try { store = sessionStorage; } catch { return; }

  const keys = () => Object.keys(store).filter((key) => key.startsWith(prefix));
  const read = (key) => { try { return JSON.parse(store.getItem(key)); } catch { return null; } };
  const forget = (key) => store.removeItem(key);

  // A page of the login: whoever was here is signed out, and what they wrote waits for them.
  if (!session) {
    for (const key of keys()) {
      const draft = read(key);
      if (draft) store.setItem(key, JSON.stringify({ ...draft, waits: true }));
    }
    return;
  }

  const own = `${prefix}${session.dataset.staff} `;
  const here = `${own}${location.pathname}${location.search}`;

  const forms = () => [...document.forms].filter((form) => form.method === "post" && !form.matches("[data-no-draft]") && form.id !== "session-idle");
  const fields = (form) => [...form.elements].filter((field) => field.name && field.matches("input, textarea, select") && !field.matches(skipped));
  const nameOf = (form) => `${form.getAttribute("action") || ""}#${forms().filter((one) => one.getAttribute("action") === form.getAttribute("action")).indexOf(form)}`;
  const isTicked = (field) => field.type === "checkbox" || field.type === "radio";
  const valueOf = (field) => {
    if (isTicked(field)) return field.checked;
    return field.multiple ? [...field.selectedOptions].map((option) => option.value) : field.value;
  };
  const placeOf = (field) => (isTicked(field) ? `${field.name}=${field.value}` : field.name);
  const first = new Map();

  function remember(form) {
    if (!first.has(form)) first.set(form, Object.fromEntries(fields(form).map((field) => [placeOf(field), valueOf(field)])));
  }

  function keep(form) {
    const draft = read(here) || { forms: {} };
    const written = {};
    for (const field of fields(form)) {
      const before = first.get(form)?.[placeOf(field)];
      const now = valueOf(field);
      if (JSON.stringify(now) !== JSON.stringify(before) && !residentNumber.test(now)) written[placeOf(field)] = now;
    }
    draft.forms[nameOf(form)] = written;
    draft.waits = false;
    try { store.setItem(here, JSON.stringify(draft)); } catch { /* full: the page works without */ }
  }

  function put(field, value) {
    if (isTicked(field)) field.checked = value;
    else if (field.multiple) for (const option of field.options) option.selected = value.includes(option.value);
    else field.value = value;
    field.dispatchEvent(new Event("input", { bubbles: true }));
    field.dispatchEvent(new Event("change", { bubbles: true }));
  }

  function putBack(values) {
    let count = 0;
    for (const form of forms()) {
      const written = values[nameOf(form)] || {};
      for (const field of fields(form)) {
        if (!(placeOf(field) in written)) continue;
        put(field, written[placeOf(field)]);
        count += 1;
      }
    }
    return count;
  }

  function tell() {
    const notice = document.getElementById("draft-restored");
    notice.querySelector("button").addEventListener("click", () => {
      for (const form of forms()) {
        const before = first.get(form) || {};
        for (const field of fields(form)) if (placeOf(field) in before) put(field, before[placeOf(field)]);
      }
      forget(here);
      notice.remove();
      document.getElementById("main").focus();
    });
    document.getElementById("messages").append(notice);
  }

  // What waits for somebody else is nobody's; what does not wait was left behind on another page, or arrived.
  for (const key of keys()) {
    const draft = read(key);
    if (!key.startsWith(own) || !draft?.waits) forget(key);
  }
  forms().forEach(remember);
  const waiting = read(here);
  if (waiting && putBack(waiting.forms)) tell();
  else forget(here);

  document.addEventListener("focusin", (event) => event.target.form && remember(event.target.form));
  for (const kind of ["input", "change"]) {
    document.addEventListener(kind, (event) => {
      const form = event.target.form;
      if (form && forms().includes(form)) keep(form);
    });
  }
  // Logging out by one's own hand takes everything along.
  document.addEventListener("submit", (event) => {
    if (event.target.getAttribute("action") === session.dataset.logout) keys().forEach(forget);
  }, true);
})();
