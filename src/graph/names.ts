/** True if a weight key belongs to a name as phases write it: a node, a block instance or a shared name. */
export const isWithin = (key: string, name: string): boolean => key === name || key.startsWith(`${name}/`);
