/** A molecule as a graph: hydrogens that SMILES leaves out are left out here too. */
export interface Molecule {
  /** Atomic numbers. */
  readonly atoms: readonly number[];
  /** Two atoms, counted from 0, and the kind of bond between them: its place in `bondKinds`. */
  readonly bonds: readonly (readonly [number, number, number])[];
}

export const bondKinds = ["single", "double", "triple", "aromatic"] as const;

/** The elements in the order of their atomic numbers, from 1. */
export const elements: readonly string[] = (
  "H He Li Be B C N O F Ne Na Mg Al Si P S Cl Ar K Ca Sc Ti V Cr Mn Fe Co Ni Cu Zn Ga Ge As Se Br Kr Rb Sr Y Zr Nb Mo Tc Ru Rh Pd Ag Cd In " +
  "Sn Sb Te I Xe Cs Ba La Ce Pr Nd Pm Sm Eu Gd Tb Dy Ho Er Tm Yb Lu Hf Ta W Re Os Ir Pt Au Hg Tl Pb Bi Po At Rn Fr Ra Ac Th Pa U Np Pu Am Cm " +
  "Bk Cf Es Fm Md No Lr Rf Db Sg Bh Hs Mt Ds Rg Cn Nh Fl Mc Lv Ts Og"
).split(" ");
const numberOf = new Map(elements.map((symbol, i) => [symbol, i + 1]));

/** An atom without brackets, in brackets (isotope, element, the rest), a bond, a ring's number, a branch, a gap. */
const token = /\[(\d*)(\*|[A-Z][a-z]?|[a-z][a-z]?)([^[\]]*)\]|(Cl|Br|[BCNOPSFI]|[bcnops]|\*)|([-=#$:/\\~])|%(\d\d)|(\d)|([()])|(\.)/y;

/** Written marks of bonds; `$` (quadruple) counts as triple. Slashes tell of stereochemistry, which is left out. */
const marks: Readonly<Record<string, number>> = { "-": 0, "/": 0, "\\": 0, "~": 0, "=": 1, "#": 2, $: 2, ":": 3 };

/** Atoms that are read at most. */
const most = 2000;

/**
 * Reads a SMILES text (Weininger, 1988): elements with and without brackets, aromatic atoms, bonds, branches, rings, parts. Charges,
 * isotopes, hydrogens in brackets and stereochemistry are read over.
 * @returns what is wrong, in words, if it is none
 */
export function parseSmiles(text: string): Molecule | { readonly fault: string } {
  const atoms: number[] = [];
  const aromatic: boolean[] = [];
  const bonds: [number, number, number][] = [];
  const open = new Map<string, { readonly atom: number; readonly kind: number | undefined }>();
  const branches: (number | undefined)[] = [];
  let last: number | undefined;
  let mark: number | undefined;
  const join = (a: number, b: number, kind: number | undefined) => bonds.push([a, b, kind ?? (aromatic[a] && aromatic[b] ? 3 : 0)]);
  token.lastIndex = 0;
  for (let at = 0; at < text.length; at = token.lastIndex) {
    token.lastIndex = at;
    const found = token.exec(text);
    if (!found) return { fault: `"${text[at]}" at place ${at + 1} does not belong in SMILES` };
    const [, , bracketed, , plain, bond, twoDigits, digit, branch, gap] = found;
    const symbol = bracketed ?? plain;
    const ring = twoDigits ?? digit;
    if (symbol !== undefined) {
      const number = elementOf(symbol);
      if (number === undefined) return { fault: `there is no element "${symbol}"` };
      if (atoms.length === most) return { fault: `it has more than ${most} atoms` };
      const atom = atoms.push(number) - 1;
      aromatic.push(symbol === symbol.toLowerCase() && symbol !== "*");
      if (last !== undefined) join(last, atom, mark);
      last = atom;
      mark = undefined;
    } else if (bond !== undefined) mark = marks[bond];
    else if (ring !== undefined) {
      if (last === undefined) return { fault: `ring ${ring} begins before any atom` };
      const other = open.get(ring);
      if (other === undefined) open.set(ring, { atom: last, kind: mark });
      else {
        if (other.atom === last) return { fault: `ring ${ring} joins an atom with itself` };
        join(other.atom, last, mark ?? other.kind);
        open.delete(ring);
      }
      mark = undefined;
    } else if (branch === "(") branches.push(last);
    else if (branch === ")") {
      if (branches.length === 0) return { fault: `a bracket ")" at place ${at + 1} closes nothing` };
      last = branches.pop();
    } else if (gap !== undefined) last = undefined;
  }
  if (branches.length > 0) return { fault: 'a bracket "(" is not closed' };
  if (open.size > 0) return { fault: `ring ${[...open.keys()].join(", ")} is not closed` };
  if (atoms.length === 0) return { fault: "it has no atoms" };
  return { atoms, bonds };
}

/** The atomic number; an atom of any kind (`*`) counts as carbon. */
function elementOf(symbol: string): number | undefined {
  if (symbol === "*") return 6;
  return numberOf.get(`${symbol.slice(0, 1).toUpperCase()}${symbol.slice(1)}`);
}
