// Buttons that copy, times that stay true, a search over events, filters without a reload. The pages are complete
// without it.
"use strict";

const words = document.getElementById("main").dataset;
enhance(document);
setInterval(() => renewTimes(document), 15000);
follow();

function enhance(root) {
  for (const element of root.querySelectorAll("[data-copy]:not(main)")) addCopyButton(element);
  for (const chooser of root.querySelectorAll(".chooser")) addSearch(chooser);
  for (const filter of root.querySelectorAll("form.filter[role='search']")) applyAlong(filter);
}

function addCopyButton(element) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "copy";
  button.textContent = words.copy;
  const said = document.createElement("span");
  said.className = "said";
  said.setAttribute("role", "status");
  button.addEventListener("click", async () => {
    button.textContent = (await copy(element)) ? words.copied : words.select;
    said.textContent = button.textContent;
    setTimeout(() => {
      button.textContent = words.copy;
      said.textContent = "";
    }, 2000);
  });
  if (element.matches("pre")) element.parentElement.classList.add("has-copy");
  element.after(button, said);
}

// Without TLS there is no clipboard: then the text is selected, for the reader to copy.
async function copy(element) {
  try {
    await navigator.clipboard.writeText(element.textContent);
    return true;
  } catch {
    getSelection().selectAllChildren(element);
    return false;
  }
}

function addSearch(chooser) {
  const boxes = [...chooser.querySelectorAll(".choice")];
  if (boxes.length < 8) return;
  const input = document.createElement("input");
  input.type = "search";
  input.className = "long";
  input.placeholder = chooser.dataset.search;
  input.setAttribute("aria-label", chooser.dataset.search);
  input.addEventListener("input", () => {
    const wanted = input.value.toLowerCase().split(/\s+/).filter(Boolean);
    for (const box of boxes) box.hidden = !wanted.every((word) => box.textContent.toLowerCase().includes(word));
    for (const group of chooser.querySelectorAll(".group")) group.hidden = !group.querySelector(".choice:not([hidden])");
  });
  // Enter would send the whole form.
  input.addEventListener("keydown", (event) => event.key === "Enter" && event.preventDefault());
  chooser.before(input);
}

// A filter that is chosen applies; one that is typed waits for Enter or the button.
function applyAlong(filter) {
  filter.addEventListener("change", (event) => {
    if (event.target.matches("select, input[type='checkbox']")) filter.requestSubmit();
  });
}

function renewTimes(root) {
  const format = new Intl.RelativeTimeFormat(document.documentElement.lang, { style: "short" });
  for (const time of root.querySelectorAll("time[data-relative]")) {
    const seconds = Math.round((Date.parse(time.dateTime) - Date.now()) / 1000);
    const away = Math.abs(seconds);
    if (away >= 5 && away < 60) time.textContent = format.format(seconds, "second");
    else if (away >= 60 && away < 3600) time.textContent = format.format(Math.trunc(seconds / 60), "minute");
    else if (away >= 3600 && away < 86400) time.textContent = format.format(Math.trunc(seconds / 3600), "hour");
  }
}

// A delivery that is on its way is looked at again, while the page can be seen, until its first attempt has ended.
async function follow(tries = 0) {
  if (!document.querySelector("[data-refresh]") || tries > 20) return;
  await new Promise((resolve) => setTimeout(resolve, 1000 + 200 * tries));
  if (!document.hidden) {
    const answer = await fetch(location.href, { headers: { accept: "text/html" } }).catch(() => null);
    if (!answer?.ok) return;
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById("main");
    const main = document.getElementById("main");
    if (fresh && !main.contains(document.activeElement?.closest("input, textarea, select"))) {
      main.replaceChildren(...fresh.childNodes);
      enhance(main);
    }
  }
  follow(tries + 1);
}
