// What is fetched by address, once, and kept while the page lives.

const KEPT = 96;
const RETRY_S = 2;
const SOONEST_S = 1, LATEST_S = 10;
const cache = new Map();

// How often what is still being made is asked for again.
export const TRIES = 30;
export const pause = (seconds) => new Promise((over) => setTimeout(over, seconds * 1000));

// How many seconds from now what is being made can be asked for again; null where it will not come.
export function again({ status, headers }) {
  if (status !== 503) return null;
  return Math.min(Math.max(Number(headers.get("Retry-After")) || RETRY_S, SOONEST_S), LATEST_S);
}

async function made(address) {
  for (let tries = 0; ; tries++) {
    const answer = await fetch(address), seconds = tries < TRIES ? again(answer) : null;
    if (seconds === null) return answer;
    await pause(seconds);
  }
}

export async function fetchJson(address) {
  if (cache.has(address)) return cache.get(address);
  const asked = made(address).then((answer) => {
    if (!answer.ok || !/json/.test(answer.headers.get("content-type") ?? "")) throw new Error(`${address}: ${answer.status}`);
    return answer.json();
  });
  cache.set(address, asked);
  asked.catch(() => cache.delete(address));
  if (cache.size > KEPT) cache.delete(cache.keys().next().value);
  return asked;
}

// A part that several maps of a page share lies in its pool, and `@key` stands for it.
export const pooled = (part, pool) => (typeof part === "string" && part.startsWith("@") ? pool?.[part.slice(1)] : part);

// Features and cards come from an address, or from the spec itself in a page without a server.
export function taken(source, key, value, pool) {
  const from = pooled(source, pool);
  return typeof from === "string" ? fetchJson(from.replace(`{${key}}`, value)) : pooled(from[value], pool);
}
