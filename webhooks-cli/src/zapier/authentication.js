// How a person's Zapier account proves whose webhooks it asks for.

const { url, header, prefix } = require("./api");

const authentication = {
  type: "custom",
  fields: [{ key: "token", label: "API key", required: true, type: "password" }],
  // Fails where the key is wrong.
  test: { url: `${url}/events` },
};

const authenticated = (request, z, bundle) => {
  if (bundle.authData && bundle.authData.token) request.headers[header] = `${prefix}${bundle.authData.token}`;
  return request;
};

module.exports = { authentication, authenticated };
