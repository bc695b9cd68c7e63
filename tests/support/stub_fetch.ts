/** A stand-in for the network: what is asked is kept, and answered by the test. */

export interface StubbedFetch extends Disposable {
  requests: Request[];
}

/** Answers every `fetch` until it is disposed; what `answer` throws, `fetch` throws. */
export function stubFetch(
  answer: (request: Request, number: number) => Response | Promise<Response>,
): StubbedFetch {
  const [original, requests] = [globalThis.fetch, [] as Request[]];
  globalThis.fetch = async (input, init) => {
    const request = new Request(input, init);
    requests.push(request);
    return await answer(request, requests.length);
  };
  return { requests, [Symbol.dispose]: () => void (globalThis.fetch = original) };
}
