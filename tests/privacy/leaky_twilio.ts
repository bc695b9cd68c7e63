/** A Twilio that answers what it is told to, and puts people's data wherever an answer has room. */
import { type Receiver, startReceiver } from "../support/receiver.ts";

/** How it takes the next message to an address; without one it takes every message. */
export type Taking = (sid: string) => Response;

export interface LeakyTwilio extends AsyncDisposable {
  url: string;
  /** Answers every POST of a message to this address so. */
  answer(to: string, taking: Taking): void;
  /** What it says of files, of its list, and beside everything else. */
  words: string;
}

export function startLeakyTwilio(): LeakyTwilio {
  const answers = new Map<string, Taking>();
  const twilio = { words: "nothing yet" };
  const receiver: Receiver = startReceiver(({ method, url, form }) => {
    const { pathname } = new URL(url);
    if (pathname.startsWith("/media/")) return media(pathname, twilio.words);
    if (method !== "POST") return Response.json({ messages: [listed(twilio.words)] });
    const to = form.get("To") ?? "";
    const sid = `SM${crypto.randomUUID().replaceAll("-", "")}`;
    return answers.get(to)?.(sid) ??
      Response.json({ sid, status: "queued", body: twilio.words, to }, { status: 201 });
  });
  return Object.assign(twilio, {
    url: receiver.url,
    answer: (to: string, taking: Taking) => void answers.set(to, taking),
    [Symbol.asyncDispose]: () => receiver[Symbol.asyncDispose](),
  });
}

/** A file that is not there, one that leads astray, one of no known type, and one that is fine. */
function media(pathname: string, words: string): Response {
  const name = encodeURIComponent(words);
  if (pathname.endsWith("/lost")) return new Response(words, { status: 410 });
  if (pathname.endsWith("/astray")) {
    return new Response(null, { status: 302, headers: { location: `http://127.0.0.1/${name}` } });
  }
  if (pathname.endsWith("/odd")) {
    return new Response(words, { headers: { "content-type": `x-${name}/y` } });
  }
  return new Response(words, { headers: { "content-type": "text/plain" } });
}

function listed(words: string) {
  const date_created = new Date().toUTCString();
  const sid = `SM${crypto.randomUUID().replaceAll("-", "")}`;
  return { sid, body: words, status: words, date_created, error_message: words };
}
