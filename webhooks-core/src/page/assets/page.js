// A filter over the index and the sections of the webhooks. The page is complete without it.
"use strict";

const index = document.getElementById("index");
const groups = [...index.querySelectorAll(".group")];
const wasOpen = new Map(groups.map((group) => [group, group.open]));
const entries = groups.flatMap((group) =>
  [...group.querySelectorAll("li")].map((item) => {
    const name = item.textContent;
    const section = document.getElementById(item.firstElementChild.getAttribute("href").slice(1));
    const summary = section?.querySelector(".summary")?.textContent ?? "";
    return { group, item, section, text: `${name} ${summary}`.toLowerCase() };
  }),
);

const label = document.createElement("label");
label.className = "filter";
label.textContent = "Filter webhooks";
const input = document.createElement("input");
input.type = "search";
input.autocomplete = "off";
const status = document.createElement("p");
status.setAttribute("role", "status");
label.append(input);

function apply() {
  const words = input.value.toLowerCase().split(/\s+/).filter(Boolean);
  const matching = new Set(entries.filter(({ text }) => words.every((word) => text.includes(word))));
  const sections = new Set([...matching].map(({ section }) => section));
  for (const entry of entries) {
    entry.item.hidden = !matching.has(entry);
    if (entry.section) entry.section.hidden = !sections.has(entry.section);
  }
  for (const group of groups) {
    group.hidden = ![...matching].some((entry) => entry.group === group);
    group.open = words.length > 0 || wasOpen.get(group);
  }
  for (const tag of document.querySelectorAll("section.tag")) {
    tag.hidden = words.length > 0 && !tag.querySelector("article:not([hidden])");
  }
  status.textContent = words.length > 0 ? `${sections.size} of ${document.querySelectorAll(".event").length} webhooks` : "";
}

input.addEventListener("input", apply);
input.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && input.value) {
    input.value = "";
    apply();
    event.preventDefault();
  }
});
// Hidden sections cannot be jumped to: following a link to one ends the filter.
window.addEventListener("hashchange", () => {
  const target = document.getElementById(location.hash.slice(1));
  if (target?.closest("[hidden]")) {
    input.value = "";
    apply();
    target.scrollIntoView();
  }
});
if (entries.length > 1) index.querySelector("summary").after(label, status);
