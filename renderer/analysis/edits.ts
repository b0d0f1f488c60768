import type { Analysis, NetloomDocument } from "../../src/document/schema.ts";

/** Changes of the analyses that a document lists, each `(document) → document`. */

type Change = (document: NetloomDocument) => NetloomDocument;

export const addAnalysis =
  (analysis: Analysis): Change =>
  (document) => ({ ...document, analyses: [...(document.analyses ?? []), analysis] });

export const changeAnalysis =
  (index: number, analysis: Analysis): Change =>
  (document) => ({ ...document, analyses: (document.analyses ?? []).map((one, i) => (i === index ? analysis : one)) });

export const removeAnalysis =
  (index: number): Change =>
  (document) => {
    const { analyses = [], ...rest } = document;
    const left = analyses.filter((_, i) => i !== index);
    return left.length > 0 ? { ...rest, analyses: left } : rest;
  };
