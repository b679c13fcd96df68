// Starts Swagger UI on the document that the page names. A file of its own, because the page allows no inline script.
"use strict";

const root = document.getElementById("swagger-ui");
// Without user and password, which a browser keeps in the page's own address: `fetch` refuses an address with them,
// and sends the credentials of the page by itself.
const address = new URL(root.dataset.document, location.origin + location.pathname);

// Swagger UI shows a section for each tag of the document, also where only webhooks have the tag: an empty one.
const withoutEmptyTags = () => ({
  statePlugins: {
    spec: {
      wrapSelectors: {
        taggedOperations:
          (original) =>
          (state, ...more) =>
            original(state, ...more).filter((tag) => tag.get("operations").size > 0),
      },
    },
  },
});

// "Authorize" asks what to send with requests. The security scheme of webhooks says how their receiver knows the sender:
// there is nothing to enter. The headers of a signature are shown as parameters of each webhook.
const withoutSchemesOfWebhooks = () => ({
  statePlugins: {
    spec: {
      wrapActions: {
        updateJsonSpec: (original) => (document) => original(withoutWebhookSecurity(document)),
      },
    },
  },
});

const withoutWebhookSecurity = (document) => {
  if (!document?.webhooks || !document.components?.securitySchemes) return document;
  const changed = structuredClone(document);
  const operations = (items) =>
    Object.values(items ?? {})
      .flatMap((item) => Object.values(item ?? {}))
      .filter((operation) => operation?.responses);
  const named = (requirements) => (requirements ?? []).flatMap((requirement) => Object.keys(requirement));
  const ofRoutes = new Set([changed, ...operations(changed.paths)].flatMap(({ security }) => named(security)));
  for (const operation of operations(changed.webhooks)) {
    for (const scheme of named(operation.security)) {
      if (!ofRoutes.has(scheme)) delete changed.components.securitySchemes[scheme];
    }
    operation.security = [];
  }
  return changed;
};

// Its dark style is a class of the root element.
const dark = window.matchMedia("(prefers-color-scheme: dark)");
const dress = () => document.documentElement.classList.toggle("dark-mode", dark.matches);
dark.addEventListener("change", dress);
dress();

window.ui = SwaggerUIBundle({
  url: address.href,
  domNode: root,
  deepLinking: true,
  // The badge would send the document's address to a validator on another host.
  validatorUrl: null,
  presets: [SwaggerUIBundle.presets.apis],
  plugins: [withoutEmptyTags, withoutSchemesOfWebhooks],
  layout: "BaseLayout",
});
