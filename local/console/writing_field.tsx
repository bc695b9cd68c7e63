/** Where somebody writes, and the button that sends it. */
import type { Child } from "hono/jsx";
import { Icon } from "./icon.tsx";

export interface WritingFieldOptions {
  id: string;
  /** Said of the field to who cannot see it. */
  label: string;
  placeholder: string;
  rows: number;
  /** Said of the button. */
  send: string;
}

/** Enter sends. Its text is the form's `text`. */
export function WritingField(
  { id, label, placeholder, rows, send }: WritingFieldOptions,
): Child {
  return (
    <>
      <label class="hidden" for={id}>{label}</label>
      <textarea
        {...{ id, rows, placeholder }}
        name="text"
        required
        dir="auto"
        data-enter-sends
      >
      </textarea>
      <button type="submit" class="send" aria-label={send}>
        <Icon name="send" />
      </button>
    </>
  );
}
