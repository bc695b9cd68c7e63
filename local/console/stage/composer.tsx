/** What a customer can do with their phone. */
import type { Child } from "hono/jsx";
import { ActButton, ActForm } from "../layout.tsx";
import { Icon } from "../icon.tsx";
import { WritingField } from "../writing_field.tsx";
import type { Customer } from "./customers.ts";
import { QUICK_REPLIES } from "./samples.ts";

const ATTACHMENTS = [
  ["image", "Picture"],
  ["voice", "Voice note"],
  ["document", "Document"],
  ["location", "Location"],
  ["contact", "Contact"],
] as const;

export function Composer({ customer }: { customer: Customer }): Child {
  const fields = { customer: customer.address };
  return (
    <div class="composer">
      <div class="chips" role="group" aria-label="Quick replies">
        {QUICK_REPLIES.map((text) => (
          <ActButton act="quick-reply" fields={{ ...fields, text }} class="chip">{text}</ActButton>
        ))}
      </div>
      <ActForm act="write" fields={fields} class="write" data-reset>
        <WritingField id="write-text" label="Message" placeholder="Message" rows={1} send="Send" />
      </ActForm>
      <div class="chips" role="group" aria-label="Attach">
        {ATTACHMENTS.map(([kind, name]) => (
          <ActButton
            act="attach"
            fields={{ ...fields, kind }}
            class="chip sign"
            title={name}
            aria-label={name}
          >
            <Icon name={kind} />
          </ActButton>
        ))}
        <ActForm act="attach" fields={{ ...fields, kind: "file" }} class="inline">
          <label class="chip file-chip">
            File…
            <input type="file" name="file" class="hidden" data-sends />
          </label>
        </ActForm>
        <ActButton act="burst" fields={fields} class="chip" title="Five messages at once">
          Burst
        </ActButton>
        <ActButton act="repeat" fields={fields} class="chip" title="The last webhook once more">
          Same webhook again
        </ActButton>
      </div>
    </div>
  );
}
