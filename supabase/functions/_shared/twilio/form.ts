/** Twilio's form bodies: names and decoded values, repeated names kept with all their values. */

export type FormParameters = Record<string, string | string[]>;

/** The parameters of an `application/x-www-form-urlencoded` body. */
export function parseForm(body: string): FormParameters {
  // Without a prototype, so that a parameter called "__proto__" is one like any other.
  const parameters: FormParameters = Object.create(null);
  for (const [name, value] of new URLSearchParams(body)) {
    const known = parameters[name];
    if (known === undefined) parameters[name] = value;
    else if (typeof known === "string") parameters[name] = [known, value];
    else known.push(value);
  }
  return parameters;
}

/** The value of a parameter, the first one when its name is repeated; undefined when it is absent. */
export function firstValue(parameters: FormParameters, name: string): string | undefined {
  const value = parameters[name];
  return typeof value === "string" ? value : value?.[0];
}
