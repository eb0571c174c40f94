// The only way to the server: JSON over this origin, and the stream of what happens.
export class Failure extends Error {
  constructor(status, error) {
    super(error?.what?.en ?? String(status));
    this.status = status;
    this.error = error;
  }
}

async function ask(method, path, body) {
  const init = { method, credentials: "same-origin", cache: "no-store" };
  if (body !== undefined) Object.assign(init, { body: JSON.stringify(body), headers: { "content-type": "application/json" } });
  const answer = await fetch(path, init);
  const text = await answer.text();
  let found = null;
  try {
    found = JSON.parse(text);
  } catch {
    found = { error: { what: { ko: text, en: text } } };
  }
  if (!answer.ok) throw new Failure(answer.status, found.error);
  return found;
}

export const get = (path, query = {}) => ask("GET", `${path}?${new URLSearchParams(query)}`);
export const post = (path, query = {}, body = {}) => ask("POST", `${path}?${new URLSearchParams(query)}`, body);

/** Listen to what happens; `alive(false)` while the server is away. */
export function listen(hear, alive) {
  const source = new EventSource("/events");
  source.onopen = () => alive(true);
  source.onerror = () => {
    alive(false);
    if (source.readyState === EventSource.CLOSED) setTimeout(() => (stop = listen(hear, alive)), 1500);
  };
  source.onmessage = (message) => hear(JSON.parse(message.data));
  let stop = () => source.close();
  return () => stop();
}
