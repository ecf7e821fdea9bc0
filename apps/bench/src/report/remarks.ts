export const remarks: { readonly [name: string]: readonly string[] } = {};
