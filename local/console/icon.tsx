/** The few signs of the phone, drawn here: a machine without an emoji font shows them too. */
import type { Child } from "hono/jsx";

const PATHS = {
  image: "M4 5h16v14H4zM4 16l5-5 4 4 3-3 4 4M15.5 9.5h.01",
  voice: "M12 4a3 3 0 0 1 3 3v4a3 3 0 0 1-6 0V7a3 3 0 0 1 3-3zM6 11a6 6 0 0 0 12 0M12 17v3",
  document: "M7 3h7l4 4v14H7zM14 3v4h4M10 12h5M10 16h5",
  location: "M12 21c-4-5-6-8-6-11a6 6 0 0 1 12 0c0 3-2 6-6 11zM12 12a2 2 0 1 0 0-4 2 2 0 0 0 0 4z",
  contact: "M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM5 20c1-4 4-5 7-5s6 1 7 5",
  send: "M4 12 20 5l-5 15-4-6z",
};
export type IconName = keyof typeof PATHS;

/** Said by the words beside it, so hidden from who listens. */
export function Icon({ name }: { name: IconName }): Child {
  return (
    <svg class="icon" viewBox="0 0 24 24" width="18" height="18" aria-hidden="true">
      <path d={PATHS[name]} />
    </svg>
  );
}
