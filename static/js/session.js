// Signs out who has gone: counts from the last thing that a person did, in whichever tab; warns; ends the session.
"use strict";

(() => {
  const session = document.getElementById("session");
  const dialog = document.getElementById("session-warning");
  if (!session || !dialog) return;

  const idle = Number(session.dataset.idle) * 1000;
  const warning = Math.min(Number(session.dataset.warning) * 1000, idle / 2);
  const tellEvery = Math.min(idle / 20, 30000);
  const shared = "hannun-told-at";
  const token = () => document.querySelector("#session-idle [name=csrfmiddlewaretoken]").value;
  let isLeaving = false;

  // The instant at which the server last learned of an act, told to all tabs; theirs may be later than ours.
  let toldAt = Date.now();
  function toldNow() {
    toldAt = Date.now();
    try { localStorage.setItem(shared, `${session.dataset.staff} ${toldAt}`); } catch { /* this tab counts alone */ }
  }
  function newestAct() {
    try {
      const [staff, at] = (localStorage.getItem(shared) || "").split(" ");
      if (staff === session.dataset.staff && Number(at) <= Date.now()) return Math.max(toldAt, Number(at));
    } catch { /* this tab counts alone */ }
    return toldAt;
  }

  async function tell() {
    toldNow();
    const answer = await fetch(session.dataset.stay, {
      method: "POST",
      headers: { "X-CSRFToken": token(), "X-Requested-With": "XMLHttpRequest" },
      redirect: "manual",
    }).catch(() => null);
    if (answer && answer.status !== 204 && !isLeaving) leave();
  }

  function leave() {
    if (isLeaving) return;
    isLeaving = true;
    const form = document.getElementById("session-idle");
    form.elements.next.value = location.pathname + location.search;
    form.submit();
  }

  function acted() {
    if (!dialog.open && !isLeaving && Date.now() - newestAct() >= tellEvery) tell();
  }
  for (const kind of ["keydown", "pointerdown", "wheel"]) document.addEventListener(kind, acted, { passive: true, capture: true });

  dialog.addEventListener("close", () => {
    if (dialog.returnValue === "over" || isLeaving) return;
    if (dialog.returnValue === "leave") document.querySelector(`form[action="${session.dataset.logout}"]`).requestSubmit();
    else tell();
  });

  function check() {
    const left = idle - (Date.now() - newestAct());
    if (left <= 0) return leave();
    if (left > warning) {
      if (dialog.open) dialog.close("over");
      return;
    }
    document.getElementById("session-left").textContent = Math.ceil(left / 1000);
    if (dialog.open || isLeaving) return;
    dialog.returnValue = "";
    document.querySelectorAll("dialog[open]").forEach((other) => other.close());
    dialog.showModal();
  }

  toldNow();
  setInterval(check, 500);
  document.addEventListener("visibilitychange", () => document.hidden || check());

  // What a page asks by itself, such as how far a run is, is no act of a person.
  document.addEventListener("htmx:configRequest", (event) => {
    const cause = event.detail.triggeringEvent;
    if (!cause || cause.type === "load") event.detail.headers["X-Hannun-Background"] = "1";
    else toldNow();
  });

  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-print]")) print();
  });
})();
