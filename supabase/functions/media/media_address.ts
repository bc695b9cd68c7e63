/**
 * Which addresses may be asked for media. The first is Twilio's own API; from there its redirects
 * may lead to any public host over https, and to nothing inside a network.
 */

/** Twilio's API, in its own region or another: `api.ie1.twilio.com`, `api.dublin.ie1.twilio.com`. */
const TWILIO_HOST = /^api(\.[a-z0-9-]+){0,2}\.twilio\.com$/;

/** Names that only mean something inside a network, and the many ways to write an address. */
const INSIDE_NAME = /(^|\.)(localhost|local|internal|intranet|lan|home|arpa|test|invalid|onion)$/;
const IP_ADDRESS = /^\[|^[0-9.]+$/;

/**
 * Whether this is Twilio's API, which is shown our credentials: the configured one (locally its
 * simulator), and when that is Twilio's, the same in every region.
 */
export function isTwilioApi(url: URL, twilioApiUrl: string): boolean {
  const own = new URL(twilioApiUrl);
  if (hasCredentials(url)) return false;
  return url.origin === own.origin || (isTwilioHost(own) && isTwilioHost(url));
}

/** Whether a redirect of Twilio may lead here: a public name, over https, on its usual port. */
export function isPublicAddress(url: URL): boolean {
  const { protocol, port } = url;
  // A name may end in a dot, and means the same.
  const hostname = url.hostname.replace(/\.$/, "");
  const isName = hostname.includes(".") && !IP_ADDRESS.test(hostname);
  return protocol === "https:" && port === "" && !hasCredentials(url) && isName &&
    !INSIDE_NAME.test(hostname);
}

function isTwilioHost({ protocol, port, hostname }: URL): boolean {
  return protocol === "https:" && port === "" && TWILIO_HOST.test(hostname);
}

function hasCredentials({ username, password }: URL): boolean {
  return username !== "" || password !== "";
}
