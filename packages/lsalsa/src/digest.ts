/** SHA-256 in hexadecimal digits of a list of numbers, words and arrays. */
export async function digest(parts: readonly unknown[]): Promise<string> {
  const pieces = parts.flatMap((part) => {
    const bytes = ArrayBuffer.isView(part)
      ? new Uint8Array(part.buffer, part.byteOffset, part.byteLength)
      : new TextEncoder().encode(JSON.stringify(part));
    // Its length before each, so that no two lists have the same bytes.
    return [new Uint8Array(new BigUint64Array([BigInt(bytes.length)]).buffer), bytes];
  });
  const whole = new Uint8Array(pieces.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  const hash = new Uint8Array(await crypto.subtle.digest('SHA-256', whole));
  return Array.from(hash, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
