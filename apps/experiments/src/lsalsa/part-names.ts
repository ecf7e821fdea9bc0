/** The scenarios that the methods are compared on; each can be run alone. */
export const partNames = ['fashion', 'natural', 'mixtures', 'large', 'three'] as const;

export type PartName = (typeof partNames)[number];
