/** The simulated people whose phones the stage shows. */
import type { Message } from "../../twilio_simulator/message.ts";

export interface Customer {
  /** `whatsapp:+49…` */
  address: string;
  name: string;
}

const NAMES = [
  "Ana Souza",
  "Jonas Weber",
  "Mei Lin",
  "Tariq Haddad",
  "Sofia Rossi",
  "Lucas Martin",
];
const FIRST_NUMBER = 4915112340000;

export class Customers {
  readonly #known = new Map<string, Customer>();

  /** In the order in which they came. */
  get all(): Customer[] {
    return [...this.#known.values()];
  }

  get(address: string | undefined): Customer | undefined {
    return this.#known.get(address ?? "");
  }

  /** Somebody whom nobody has heard of yet; the address of a known one gives that one. */
  add(given?: Customer): Customer {
    const known = given && this.#known.get(given.address);
    if (known) return known;
    const customer = given ?? this.#next();
    this.#known.set(customer.address, customer);
    return customer;
  }

  /** Whoever wrote through the simulator's own routes has a phone here too. */
  notice({ direction, from, parameters }: Message): void {
    if (direction !== "inbound" || !from) return;
    const name = parameters?.get("ProfileName");
    this.add({ address: from, name: typeof name === "string" && name ? name : from });
  }

  #next(): Customer {
    const number = this.#known.size;
    const round = Math.floor(number / NAMES.length);
    const name = NAMES[number % NAMES.length] + (round ? ` ${round + 1}` : "");
    return { address: `whatsapp:+${FIRST_NUMBER + number}`, name };
  }
}
