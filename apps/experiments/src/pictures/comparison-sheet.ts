import { type Box, crop, encodePng, type Image, imageSheet, parsePng } from '@unrolled/images';

/** A part of a picture as a PNG file in base64: small enough to stand among results, which are JSON. */
export type StoredPicture = string;

/** Cuts a part out of a picture and keeps it, at eight bits a pixel, clipped to 0 … 1. */
export function storePicture(picture: Image, box: Box): StoredPicture {
  return Buffer.from(encodePng(crop(picture, box))).toString('base64');
}

/** What `storePicture` kept. */
export const storedPicture = (stored: StoredPicture): Image =>
  parsePng(new Uint8Array(Buffer.from(stored, 'base64')));

/** The middle of a picture, or all of it where it is smaller. */
export function middle({ height, width }: Image, side: number): Box {
  const [rows, columns] = [Math.min(side, height), Math.min(side, width)];
  return {
    top: Math.floor((height - rows) / 2),
    left: Math.floor((width - columns) / 2),
    height: rows,
    width: columns,
  };
}

/**
 * Stored pictures in rows beside each other, each below its caption.
 *
 * @returns a PNG file
 */
export function comparisonSheet(
  rows: readonly (readonly { readonly caption: string; readonly picture: StoredPicture }[])[],
  scale = 1,
): Uint8Array {
  return encodePng(
    imageSheet(
      rows.map((row) => row.map(({ caption, picture }) => ({ caption, picture: storedPicture(picture) }))),
      { scale, gap: 8 },
    ),
  );
}
