// Whether a page shows every webhook of a document.
//
// The contract with a page is small: each webhook has an `article`, `section` or `details` that opens with its event
// name and shows its method and the fields of its payload, each field as the whole text of some element (or as the
// last part of a path, `customer.email`). Fields of nested objects may be anywhere on the page.

import { fields, payloads, webhooks } from "./document.mjs";

/** Runs in the page: the text that can be seen, of the page and of each of its sections. */
export function survey() {
  const visible = (element) => element.checkVisibility({ opacityProperty: true, visibilityProperty: true });
  const text = (element) => (visible(element) ? element.innerText : "");
  const names = (root) => {
    const short = [...root.querySelectorAll("*")].filter((element) => element.textContent.length <= 400 && visible(element));
    return [...new Set(short.map((element) => element.innerText?.trim()).filter(Boolean))];
  };
  const sections = [...window.document.querySelectorAll("article, section, details")].filter(visible);
  return {
    text: text(window.document.body),
    names: names(window.document.body),
    sections: sections.map((section) => ({ text: text(section), names: names(section) })),
  };
}

/** What a reader of the page misses, in sentences. `closed` and `open` are surveys of the same page. */
export function missing(document, { closed, open }) {
  const events = Object.keys(document.webhooks);
  return webhooks(document).flatMap(({ event, method, operation }) => {
    const webhook = `webhook ${event} (${method.toUpperCase()})`;
    if (position(closed.text, event) < 0) return [`${webhook}: the event name is not visible as the page opens`];
    const own = open.sections.filter((section) => opensWith(section.text, event, events));
    if (own.length === 0) return [`${webhook}: no article, section or details opens with the event name`];
    const withMethod = own.filter((section) => position(section.text.toUpperCase(), method.toUpperCase()) >= 0);
    if (withMethod.length === 0) return [`${webhook}: its section does not show the method`];
    return payloads(document, operation).flatMap(({ schema }) => {
      const expected = fields(document, schema);
      return [
        ...absent(expected.own, withMethod.map((section) => section.names)).map((name) => `${webhook}: its section does not show the payload field \`${name}\``),
        ...absent(expected.nested, [open.names]).map((name) => `${webhook}: the page does not show the nested field \`${name}\``),
      ];
    });
  });
}

/** The names missing from the list that misses least. */
function absent(expected, lists) {
  const misses = lists.map((names) => {
    const shown = new Set(names.flatMap((name) => [name, name.split(".").at(-1).replace("[]", "")]));
    return [...expected].filter((name) => !shown.has(name));
  });
  return misses.reduce((least, list) => (list.length < least.length ? list : least));
}

function opensWith(text, event, events) {
  const at = position(text, event);
  return at >= 0 && events.every((other) => other === event || position(text, other) < 0 || position(text, other) > at);
}

/** Where a name is a whole word: `payment` is not in `payment.created`. */
function position(text, name) {
  const escaped = name.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
  const match = new RegExp(`(?<![\\w.-])${escaped}(?![\\w-]|\\.\\w)`).exec(text);
  return match ? match.index : -1;
}
