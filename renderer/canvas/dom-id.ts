/** The element that stands for a node, for `aria-activedescendant`. */
export const domId = (id: string): string => `node-${id.replace(".", "-port-")}`;
