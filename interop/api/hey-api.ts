// The client of @hey-api/openapi-ts.

import { createClient, createConfig } from "./client/client";
import {
  webhooksDeleteSubscriptionsId,
  webhooksGetDeliveries,
  webhooksGetSubscriptionsId,
  webhooksPatchSubscriptionsId,
  webhooksPostSubscriptions,
} from "./client/sdk.gen";

function check(condition: boolean, what: string, seen: unknown) {
  if (!condition) throw new Error(`${what}: ${JSON.stringify(seen)}`);
}

export async function use(base: string, token: string) {
  const client = createClient(createConfig({ baseUrl: base, headers: { authorization: `Bearer ${token}` } }));
  const made = await webhooksPostSubscriptions({
    client,
    body: { target: "https://example.com/hook", events: ["payment.*"], labels: { made_by: "hey-api" } },
  });
  if (!made.data) throw new Error(JSON.stringify(made.error));
  const path = { id: made.data.id };
  const read = await webhooksGetSubscriptionsId({ client, path });
  check(read.data?.labels?.made_by === "hey-api", "what was made is read", read.error);
  const changed = await webhooksPatchSubscriptionsId({ client, path, body: { description: "new" } });
  check(changed.data?.description === "new", "what was changed is answered", changed.error);
  const list = await webhooksGetDeliveries({ client, query: { limit: 1 } });
  check(Array.isArray(list.data?.data), "a list is a page", list.error);
  const removed = await webhooksDeleteSubscriptionsId({ client, path });
  check(removed.response?.status === 204, "it is removed", removed.error);
  const gone = await webhooksGetSubscriptionsId({ client, path });
  check(gone.response?.status === 404, "then it is not found", gone.data);
}
