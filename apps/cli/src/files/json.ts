/** JSON for people: indented, with a line break at the end. */
export const formatJson = (value: unknown): string => `${JSON.stringify(value, undefined, 2)}\n`;
