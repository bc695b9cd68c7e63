/** What the fuzzer takes for the same form is the same form: else it would find what is not there. */
import assert from "node:assert/strict";
import { parseForm } from "../../supabase/functions/_shared/twilio/form.ts";
import { brokenText, formBytes } from "./form_bytes.ts";
import { parametersOf } from "./fuzz_case.ts";
import { Random } from "./random.ts";
import { nastyName, nastyText } from "./texts.ts";

Deno.test("formBytes() writes a form that reads back as its pairs, in every spelling", () => {
  for (let seed = 0; seed < 500; seed++) {
    const random = new Random(seed);
    const broken = brokenText(random);
    const pairs = random.several(random.int(1, 6), (): [string, string] => [
      nastyName(random),
      random.chance(0.3) ? broken.text : nastyText(random),
    ]);
    const bytes = formBytes(pairs, new Map([[broken.text, broken.bytes]]), random);
    const body = new TextDecoder("utf-8", { ignoreBOM: true })
      .decode(Uint8Array.from(bytes, (at) => at.charCodeAt(0)));
    const wanted = [...parametersOf(pairs)].filter(([name, value]) => name !== "" || value !== "");
    const read = Object.entries(parseForm(body)).filter(([name, value]) => name + value !== "");
    assert.deepEqual(new Map(read), new Map(wanted), `seed ${seed}`);
  }
});

Deno.test("Random makes the same choices from the same seed", () => {
  const choices = (seed: number) => {
    const random = new Random(seed);
    return random.several(20, () => [random.word(5), nastyText(random), random.uuid()]);
  };
  assert.deepEqual(choices(7), choices(7));
  assert.notDeepEqual(choices(7), choices(8));
});
