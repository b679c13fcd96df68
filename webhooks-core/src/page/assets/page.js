// A filter over the webhooks, and buttons that copy code. The page is complete without them.
"use strict";

filter(document.getElementById("index"));
for (const block of document.querySelectorAll("main pre")) addCopyButton(block);

function filter(index) {
  const groups = [...index.querySelectorAll(".group")];
  const wasOpen = new Map(groups.map((group) => [group, group.open]));
  const entries = groups.flatMap((group) =>
    [...group.querySelectorAll("li")].map((item) => {
      const address = item.firstElementChild.getAttribute("href");
      // A section of this page, or the row of a webhook that has a page of its own.
      const link = document.querySelector(`main a[href="${CSS.escape(address)}"]`);
      const section = address.startsWith("#") ? document.getElementById(address.slice(1)) : link?.closest("tr");
      const summary = section?.querySelector(".summary")?.textContent ?? "";
      return { group, item, section, text: `${item.textContent} ${summary}`.toLowerCase() };
    }),
  );
  if (entries.length < 2) return;

  const label = document.createElement("label");
  label.className = "filter";
  label.textContent = "Filter webhooks and routes";
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
    for (const tag of document.querySelectorAll("section.tag, #routes")) {
      tag.hidden = words.length > 0 && tag.querySelector(".event") && !tag.querySelector(".event:not([hidden])");
    }
    status.textContent = words.length > 0 ? `${sections.size} of ${entries.length}` : "";
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
  index.querySelector("summary").after(label, status);
}

function addCopyButton(block) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "copy";
  button.textContent = "Copy";
  const said = document.createElement("span");
  said.className = "said";
  said.setAttribute("role", "status");
  button.addEventListener("click", async () => {
    const done = await copy(block);
    button.textContent = done ? "Copied" : "Press Ctrl+C";
    said.textContent = button.textContent;
    setTimeout(() => {
      button.textContent = "Copy";
      said.textContent = "";
    }, 2000);
  });
  block.parentElement.classList.add("has-copy");
  block.before(button, said);
}

// Without https there is no clipboard: then the text is selected, for the reader to copy.
async function copy(block) {
  try {
    await navigator.clipboard.writeText(block.innerText);
    return true;
  } catch {
    getSelection().selectAllChildren(block);
    return false;
  }
}
