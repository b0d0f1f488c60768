import { useEffect, useRef, useState } from "react";
import type { NetloomDocument } from "../../src/document/schema.ts";
import { checkDocument } from "../../src/graph/check.ts";
import { registry } from "../../src/layers/registry.ts";
import { formatCount } from "../editor/format.ts";
import { useDocument } from "../stores/document.ts";
import { whenIdle } from "../stores/idle.ts";
import { openTemplate, type Template } from "./templates.ts";
import { Thumbnail } from "./thumbnail.tsx";

/** Numbers in the weights of templates that have been counted. */
const counted = new Map<string, number>();

/** A template: its graph in small and its size once it is in sight, its name and what it shows. */
export function Card({ template, onOpen }: { template: Template; onOpen: () => void }) {
  const { id, name, about } = template;
  const button = useRef<HTMLButtonElement>(null);
  const document = useSeen(button, id);
  const parameters = useParameters(id, document);
  return (
    <button ref={button} type="button" className="gallery-card" onClick={onOpen}>
      {document ? <Thumbnail document={document} /> : <span className="thumbnail" data-empty />}
      <span className="gallery-name">{name}</span>
      <span className="gallery-facts">
        {about?.chapter !== undefined && <span title="Section of Understanding Deep Learning, by Simon Prince">Book {about.chapter}</span>}
        {parameters !== undefined && <span>{formatCount(parameters)} parameters</span>}
      </span>
      <span className="gallery-about" title={about?.text}>
        {about?.text}
      </span>
    </button>
  );
}

/** The template's document, once its card has come into sight. */
function useSeen(card: { readonly current: Element | null }, id: string): NetloomDocument | undefined {
  const [document, setDocument] = useState<NetloomDocument>();
  useEffect(() => {
    const element = card.current;
    if (element === null) return;
    let gone = false;
    const sight = new IntersectionObserver(
      ([entry]) => {
        if (!entry?.isIntersecting) return;
        sight.disconnect();
        openTemplate(id).then(
          (opened) => !gone && setDocument(opened),
          () => undefined,
        );
      },
      { rootMargin: "200px" },
    );
    sight.observe(element);
    return () => {
      gone = true;
      sight.disconnect();
    };
  }, [card, id]);
  return document;
}

/** Counted when the page is idle: a network of thousands of nodes takes a moment. */
function useParameters(id: string, document: NetloomDocument | undefined): number | undefined {
  const env = useDocument((state) => state.env);
  const [parameters, setParameters] = useState(counted.get(id));
  useEffect(() => {
    if (document === undefined || counted.has(id)) return;
    return whenIdle(() => {
      const { ok, totals } = checkDocument(document, registry, env);
      if (!ok) return;
      counted.set(id, totals.parameters);
      setParameters(totals.parameters);
    });
  }, [id, document, env]);
  return parameters;
}
