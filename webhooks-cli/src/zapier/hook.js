// What all triggers have in common: a subscription while a Zap is on, and samples while it is made.

const { url } = require("./api");

module.exports = ({ key, event, noun, label, description, hidden, sample }) => ({
  key,
  noun,
  display: { label, description, hidden },
  operation: {
    type: "hook",
    // Each Zap has a URL of its own. The answer holds the id that removes the subscription.
    performSubscribe: async (z, bundle) => {
      const request = { method: "POST", url: `${url}/hooks`, body: { target_url: bundle.targetUrl, event } };
      return (await z.request(request)).data;
    },
    // A subscription that is gone already is as good as removed: after 410 the sender has left it alone.
    performUnsubscribe: async (z, bundle) => {
      const path = `/hooks/${encodeURIComponent(bundle.subscribeData.id)}`;
      const response = await z.request({ method: "DELETE", url: `${url}${path}`, skipThrowForStatus: true });
      if (response.status !== 404) response.throwForStatus();
      return {};
    },
    perform: async (z, bundle) => [bundle.cleanedRequest],
    // The newest messages, exactly as they were sent; before the first one the documented example.
    performList: async (z) => {
      const path = `/events/${encodeURIComponent(event)}/samples`;
      return (await z.request({ url: `${url}${path}` })).data;
    },
    sample,
  },
});
