/** Carries out a micro-program on blocks of elements; its words are described in elementwise-group.ts. */
export const GROUP = 100;
/** Elements that a micro-operation works on at a time: a few registers of this length stay in the first-level cache. */
export const BLOCK = 512;
/** Operands, outputs and registers of a group, all together. */
export const SLOTS = 64;

/** How an operand gives its numbers: one per element, */
export const FULL = 0;
/** one number in memory for all, */
export const SCALAR = 1;
/** one number that stands in the command, */
export const IMMEDIATE = 2;
/** numbers that repeat with a period, */
export const ROW = 3;
/** or at four strides over four dimensions. */
export const STRIDED = 4;

/** How numbers lie in memory; registers hold float32. */
export const FLOAT32 = 0;
export const INT32 = 1;
export const BOOL = 2;

/** Micro-operations of one argument. */
export const COPY = 0;
export const NEG = 1;
export const ABS = 2;
export const SQUARE = 3;
export const SQRT = 4;
export const RSQRT = 5;
export const RECIPROCAL = 6;
export const EXP = 7;
export const EXPM1 = 8;
export const LOG = 9;
export const LOG1P = 10;
export const TANH = 11;
export const SIGMOID = 12;
export const SOFTPLUS = 13;
export const ERF = 14;
export const RELU = 15;
export const RELU6 = 16;
export const ELU = 17;
export const SELU = 18;
export const SIGN = 19;
export const FLOOR = 20;
export const CEIL = 21;
export const ROUND = 22;
export const SIN = 23;
export const COS = 24;
export const LOGICAL_NOT = 25;
export const TRUNC = 26;
export const IS_NAN = 27;
export const IS_FINITE = 28;
export const IS_INF = 29;

/** Of two arguments. */
export const ADD = 64;
export const SUB = 65;
export const MUL = 66;
export const DIV = 67;
export const MAXIMUM = 68;
export const MINIMUM = 69;
export const SQUARED_DIFFERENCE = 70;
export const POW = 71;
export const PRELU = 72;
export const STEP = 73;
export const ELU_GRAD = 74;
export const EQUAL = 75;
export const NOT_EQUAL = 76;
export const GREATER = 77;
export const GREATER_EQUAL = 78;
export const LESS = 79;
export const LESS_EQUAL = 80;
export const LOGICAL_AND = 81;
export const LOGICAL_OR = 82;
export const LOGICAL_XOR = 83;

/** Of three arguments. */
export const SELECT = 128;
export const CLIP = 129;
