// Buttons that copy, times that stay true, a search over events, filters without a reload, a target that is checked while it
// is typed, a log that goes on by itself. The pages are complete without it.
"use strict";

const words = document.getElementById("main").dataset;
enhance(document);
setInterval(() => renewTimes(document), 15000);
refreshUntilTried();
followLog();

function enhance(root) {
  for (const element of root.querySelectorAll("[data-copy]:not(main)")) addCopyButton(element);
  for (const chooser of root.querySelectorAll(".chooser")) addSearch(chooser);
  for (const filter of root.querySelectorAll("form.filter[role='search']")) applyAlong(filter);
  for (const button of root.querySelectorAll("#check")) checkAlong(button);
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
async function refreshUntilTried(tries = 0) {
  if (!document.querySelector("[data-refresh]") || tries > 20) return;
  await new Promise((resolve) => setTimeout(resolve, 1000 + 200 * tries));
  if (!document.hidden) {
    const fresh = (await page(location.href))?.getElementById("main");
    if (!fresh) return;
    const main = document.getElementById("main");
    if (!main.contains(document.activeElement?.closest("input, textarea, select"))) {
      main.replaceChildren(...fresh.childNodes);
      enhance(main);
    }
  }
  refreshUntilTried(tries + 1);
}

// A page as a document; nothing where it could not be had.
async function page(url, options = {}) {
  const answer = await fetch(url, { headers: { accept: "text/html" }, ...options }).catch(() => null);
  return answer?.ok ? new DOMParser().parseFromString(await answer.text(), "text/html") : null;
}

// What the button would say of the target, said when the typing pauses.
function checkAlong(button) {
  const [target, result] = ["target", "target-result"].map((id) => document.getElementById(id));
  let timer, asked = 0;
  button.hidden = true;
  target.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(async () => {
      const turn = (asked += 1);
      if (!target.value.trim()) return result.replaceChildren();
      const found = await page(button.formAction, { method: "POST", body: new URLSearchParams(new FormData(button.form)) });
      const fresh = found?.getElementById("target-result");
      // An answer that was overtaken says nothing any more.
      if (!fresh || turn !== asked) return;
      result.replaceChildren(...fresh.childNodes);
      const isWrong = found.getElementById("target").getAttribute("aria-invalid") === "true";
      if (isWrong) target.setAttribute("aria-invalid", "true");
      else target.removeAttribute("aria-invalid");
    }, 400);
  });
}

// The log looks at its page again when something happened, every two seconds at most, while it can be seen.
function followLog() {
  const link = document.getElementById("follow");
  if (!link || !window.EventSource) return;
  const button = document.createElement("button");
  button.type = "button";
  let source, timer, isOn = false;
  const show = () => {
    button.textContent = isOn ? link.dataset.following : link.dataset.follow;
    button.setAttribute("aria-pressed", String(isOn));
  };
  const look = async () => {
    timer = undefined;
    const log = document.getElementById("log");
    const fresh = (await page(location.href))?.getElementById("log");
    // Where someone is reading or about to choose, nothing moves.
    if (fresh && isOn && !log.contains(document.activeElement)) {
      log.replaceChildren(...fresh.childNodes);
      enhance(log);
    }
  };
  const soon = () => (timer ??= setTimeout(look, 2000));
  const listen = () => {
    source?.close();
    source = undefined;
    if (!isOn || document.hidden) return;
    source = new EventSource(link.dataset.live);
    // Each connection ends after a while: what happened before the next one is on the page.
    for (const kind of ["open", "message", "attempt", "gap"]) source.addEventListener(kind, soon);
    source.addEventListener("error", () => {
      if (source?.readyState !== EventSource.CLOSED) return;
      isOn = false;
      show();
    });
  };
  button.addEventListener("click", () => {
    isOn = !isOn;
    show();
    listen();
    if (isOn) look();
  });
  document.addEventListener("visibilitychange", () => {
    listen();
    if (isOn && !document.hidden) soon();
  });
  addEventListener("pagehide", () => source?.close());
  show();
  link.replaceWith(button);
}
