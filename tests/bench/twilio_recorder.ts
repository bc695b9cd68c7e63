/** Twilio's API as a clock: takes every message, and knows when it came. */

export interface Recorder extends AsyncDisposable {
  url: string;
  /** Milliseconds since 1970 at which the first message to each address arrived. */
  arrivals: Map<string, number>;
}

/** Starts it on a free port of loopback. */
export function startRecorder(): Recorder {
  const arrivals = new Map<string, number>();
  const server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen: () => {} },
    async (request) => {
      const to = (await request.formData()).get("To");
      if (typeof to !== "string") return Response.json({ messages: [] });
      if (!arrivals.has(to)) arrivals.set(to, performance.timeOrigin + performance.now());
      const sid = `SM${crypto.randomUUID().replaceAll("-", "")}`;
      return Response.json({ sid, status: "queued" }, { status: 201 });
    },
  );
  return {
    url: `http://127.0.0.1:${server.addr.port}`,
    arrivals,
    [Symbol.asyncDispose]: () => server.shutdown(),
  };
}
