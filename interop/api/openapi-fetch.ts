// The types of openapi-typescript, with the client of the same authors.

import createClient from "openapi-fetch";
import type { paths } from "./document.d.ts";

function check(condition: boolean, what: string, seen: unknown) {
  if (!condition) throw new Error(`${what}: ${JSON.stringify(seen)}`);
}

export async function use(base: string, token: string) {
  const client = createClient<paths>({ baseUrl: base, headers: { authorization: `Bearer ${token}` } });
  const made = await client.POST("/subscriptions", {
    body: { target: "https://example.com/hook", events: ["payment.*"], labels: { made_by: "openapi-typescript" } },
  });
  if (!made.data) throw new Error(JSON.stringify(made.error));
  const id: string = made.data.id;
  const path = { id };
  const read = await client.GET("/subscriptions/{id}", { params: { path } });
  check(read.data?.labels?.made_by === "openapi-typescript", "what was made is read", read.data);
  const tag = read.response.headers.get("etag") ?? "";
  const header = { "If-Match": tag };
  const changed = await client.PATCH("/subscriptions/{id}", { params: { path, header }, body: { description: "new" } });
  check(changed.data?.description === "new", "what was changed is answered", changed.error);
  const late = await client.PATCH("/subscriptions/{id}", { params: { path, header }, body: { description: "late" } });
  check(late.error?.status === 412, "a change that was overtaken is a problem", late.data);
  const list = await client.GET("/deliveries", { params: { query: { limit: 1 } } });
  check(Array.isArray(list.data?.data), "a list is a page", list.error);
  const removed = await client.DELETE("/subscriptions/{id}", { params: { path } });
  check(removed.response.status === 204, "it is removed", removed.error);
  const gone = await client.GET("/subscriptions/{id}", { params: { path } });
  check(gone.error?.type.endsWith("errors/not-found") === true, "then it is not found", gone.data);
}
