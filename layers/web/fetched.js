// What is fetched by address, once, and kept while the page lives.

const KEPT = 96;
const cache = new Map();

export async function fetchJson(address) {
  if (cache.has(address)) return cache.get(address);
  const asked = fetch(address).then((answer) => {
    if (!answer.ok || !/json/.test(answer.headers.get("content-type") ?? "")) throw new Error(`${address}: ${answer.status}`);
    return answer.json();
  });
  cache.set(address, asked);
  asked.catch(() => cache.delete(address));
  if (cache.size > KEPT) cache.delete(cache.keys().next().value);
  return asked;
}

// Features and cards come from an address, or from the spec itself in a page without a server.
export const taken = (source, key, value) => (typeof source === "string" ? fetchJson(source.replace(`{${key}}`, value)) : source[value]);
