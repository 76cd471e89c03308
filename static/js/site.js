// Nothing here is needed: every page works without it.

// A form that came back with errors: read the summary first.
document.querySelector("[data-takes-focus]")?.focus();

// A calendar wider than the screen opens at its latest week.
for (const box of document.querySelectorAll(".heatmap")) {
  box.querySelector("[data-latest]")?.scrollIntoView({ block: "nearest", inline: "nearest", behavior: "instant" });
}

for (const button of document.querySelectorAll("[data-prints]")) {
  button.addEventListener("click", () => window.print());
}
