// The drawing of a network. Without this file, or where its data cannot be had, the list below says the same.
"use strict";

(() => {
  const place = document.getElementById("network");
  if (!place || typeof cytoscape === "undefined") return;
  const COLOURS = { family: "#0b5394", care: "#8a4b00", contract: "#2b6a3f", other: "#5b6875" };
  const SPACE = 90;

  const look = [
    { selector: "node", style: {
      label: "data(name)", "font-size": 12, "text-valign": "bottom", "text-margin-y": 4, "text-wrap": "ellipsis",
      "text-max-width": 90, width: 30, height: 30, color: "#182433", "background-color": "#dfe9f3",
      "border-width": 1, "border-color": "#7d93aa",
      "text-background-color": "#fff", "text-background-opacity": 0.85, "text-background-padding": 1,
    } },
    { selector: "node[icon = 'building']", style: { shape: "round-rectangle" } },
    { selector: "node[?is_silhouette]", style: {
      "background-color": "#f1f2f4", "border-style": "dashed", "border-color": "#7b8794", color: "#525f6e",
    } },
    { selector: "node[hop = 0]", style: { width: 44, height: 44, "background-color": "#0b4f91", "font-weight": 700 } },
    { selector: "edge", style: {
      width: 1.5, "line-color": (edge) => COLOURS[edge.data("group")], "curve-style": "haystack",
    } },
    { selector: "edge[?is_dashed]", style: { "line-style": "dashed" } },
    { selector: "edge.is-near", style: {
      label: "data(words)", "font-size": 11, color: "#3d4a57", "text-background-color": "#fff",
      "text-background-opacity": 0.9, "text-background-padding": 2, width: 3,
    } },
  ];

  const draw = (found) => {
    place.closest("section").hidden = false;
    const drawing = cytoscape({
      container: place,
      elements: { nodes: found.people.map((data) => ({ data })), edges: found.ties.map((data) => ({ data })) },
      style: look,
      layout: {
        name: "concentric", animate: false, minNodeSpacing: SPACE / 3, padding: 24,
        concentric: (node) => 3 - node.data("hop"), levelWidth: () => 1,
      },
      boxSelectionEnabled: false, minZoom: 0.2, maxZoom: 1.4,  // a few people do not fill the card
    });
    drawing.maxZoom(3);
    // Wheel and finger scroll the page until somebody has clicked into the drawing.
    const move = (isOn) => drawing.userZoomingEnabled(isOn).userPanningEnabled(isOn);
    move(false);
    drawing.on("tap", () => move(true));
    drawing.on("mouseover", "node", (event) => event.target.connectedEdges().addClass("is-near"));
    drawing.on("mouseout", "node", (event) => event.target.connectedEdges().removeClass("is-near"));
    drawing.on("tap", "node", (event) => {
      const url = event.target.data("url");
      if (url) location.assign(url);
    });
    place.dataset.drawn = "yes";
  };

  fetch(place.dataset.url, { headers: { Accept: "application/json" } })
    .then((answer) => (answer.ok ? answer.json() : Promise.reject(new Error(String(answer.status)))))
    .then(draw)
    .catch(() => {
      place.closest("section").hidden = false;
      place.textContent = place.dataset.failed;
      place.className = "card-body";
    });
})();
