// Entries of the address bar that are kept without a word to the server.

// The address with an entry, or without it where the value is null.
export function withEntry(name, value) {
  const address = new URL(location.href);
  if (value === null) address.searchParams.delete(name);
  else address.searchParams.set(name, value);
  return address.href.replaceAll("%2C", ",").replaceAll("%3A", ":").replaceAll("%3B", ";").replaceAll("%7E", "~");
}

export function keepEntry(name, value) {
  const text = withEntry(name, value);
  if (text !== location.href) history.replaceState(history.state, "", text);
}
