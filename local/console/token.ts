/** The secret of a console's URL: new with each start. */

/** 122 random bits, as 32 hexadecimal digits. */
export function newToken(): string {
  return crypto.randomUUID().replaceAll("-", "");
}
