/** Chooses the function that a call means by its exact name and set of arguments (Plan.hs). */
import { ApiError } from "./api_error.ts";
import { closest } from "./closest.ts";
import type { Routine } from "./routine.ts";
import type { RpcRequest } from "./rpc_request.ts";

/**
 * The function for a call. Throws ApiError: PGRST202 (404) when none matches, PGRST203 (300) when
 * several do.
 */
export function findRoutine(routines: Routine[], request: RpcRequest): Routine {
  const inSchema = routines.filter(({ schema }) => schema === request.schema);
  const named = inSchema.filter(({ name }) => name === request.name);
  const matching = named.filter((routine) => takesKeys(routine, request.keys));
  const candidates = matching.length > 0 ? matching : named.filter(takesWholeBody(request));
  const [found, ...others] = candidates;
  if (found && others.length === 0) return found;
  throw found ? ambiguous(candidates) : notFound(inSchema, named, request);
}

/** Whether the only parameter has no name and takes the whole JSON body. */
export function isUnnamed({ parameters: [first, ...others] }: Routine): boolean {
  return first?.name === "" && others.length === 0;
}

function takesKeys({ parameters }: Routine, keys: string[]): boolean {
  const required = parameters.filter(({ required }) => required);
  return required.every(({ name }) => keys.includes(name)) &&
    keys.every((key) => parameters.some(({ name }) => name === key));
}

function takesWholeBody({ method }: RpcRequest): (routine: Routine) => boolean {
  return (routine) => method === "POST" && isUnnamed(routine);
}

function ambiguous(candidates: Routine[]): ApiError {
  const signatures = candidates.map(({ schema, name, parameters }) =>
    `${schema}.${name}(${parameters.map(({ name, type }) => `${name} => ${type}`).join(", ")})`
  );
  const message = "Could not choose the best candidate function between: " + signatures.join(", ");
  return new ApiError(300, "PGRST203", message, {
    hint: "Try renaming the parameters or the function itself in the database so function " +
      "overloading can be resolved",
  });
}

function notFound(inSchema: Routine[], named: Routine[], request: RpcRequest): ApiError {
  const { schema, name, keys, method } = request;
  const list = keys.join(", ");
  const asked = keys.length === 0 ? " without parameters" : `(${list})`;
  const searched = keys.length === 0
    ? " without parameters"
    : ` with parameter${keys.length > 1 ? "s" : ""} ${list}`;
  const unnamed = method === "POST" ? " or with a single unnamed json/jsonb parameter" : "";
  return new ApiError(
    404,
    "PGRST202",
    `Could not find the function ${schema}.${name}${asked} in the schema cache`,
    {
      details: `Searched for the function ${schema}.${name}${searched}${unnamed}, ` +
        "but no matches were found in the schema cache.",
      hint: hintFor(inSchema, named, request),
    },
  );
}

/** Names another function for a wrong name, another list of parameters for wrong arguments. */
function hintFor(inSchema: Routine[], named: Routine[], { schema, name, keys }: RpcRequest) {
  const listOf = (names: string[]) => `(${names.sort().join(", ")})`;
  const meant = named.length === 0
    ? closest(name, inSchema.map(({ name }) => name), 0.75)
    : closest(
      listOf([...keys]),
      named.map(({ parameters }) => listOf(parameters.map(({ name }) => name))),
      0.33,
    );
  if (meant === undefined) return null;
  const call = named.length === 0 ? meant : name + meant;
  return `Perhaps you meant to call the function ${schema}.${call}`;
}
