import { ChevronDown } from "lucide-react";
import type { Analysis, NetloomDocument } from "../../src/document/schema.ts";
import { useDocument } from "../stores/document.ts";
import { Field, Menu, NumberField, Select } from "../ui/index.ts";
import { changeAnalysis } from "./edits.ts";
import { analysisTypes, outputsFor, type SettingField } from "./types.ts";

/** The settings of one analysis; every change is an edit of the document. */
export function AnalysisSettings({ analysis, index }: { analysis: Analysis; index: number }) {
  const set = (name: string, value: unknown) => {
    const next = { ...analysis, [name]: value };
    if (value === undefined) delete next[name];
    useDocument.getState().edit(`Set ${name} of an analysis`, changeAnalysis(index, next), { merge: `analysis ${index} ${name}` });
  };
  return (
    <div className="analysis-settings">
      {analysisTypes[analysis.type].fields.map((field) => (
        <Setting key={field.name} field={field} value={analysis[field.name]} onChange={(value) => set(field.name, value)} />
      ))}
    </div>
  );
}

function Setting({ field, value, onChange }: { field: SettingField; value: unknown; onChange: (value: unknown) => void }) {
  const checked = useDocument((state) => state.checked);
  const document = useDocument((state) => state.document);
  const outputs = outputsFor(field, checked);
  if (field.kind === "number")
    return (
      <Field label={field.title} help={field.help}>
        {({ id }) => (
          <NumberField
            id={id}
            value={typeof value === "number" ? value : field.default}
            min={field.min}
            max={field.max}
            {...(field.whole && { whole: true })}
            onChange={(next) => onChange(next === field.default ? undefined : next)}
          />
        )}
      </Field>
    );
  if (field.kind === "output")
    return (
      <Field label={field.title} help={field.help}>
        {({ id }) => (
          <Select id={id} value={String(value ?? "")} onChange={onChange} options={outputs.map((output) => ({ value: output, label: output }))} />
        )}
      </Field>
    );
  const list = Array.isArray(value) ? value.map(String) : [];
  const all = field.kind === "blocks" ? repeatedBlocks(document) : outputs;
  const toggle = (name: string) => {
    const next = list.includes(name) ? list.filter((one) => one !== name) : all.filter((one) => one === name || list.includes(one));
    if (next.length > 0) onChange(next);
    else if (field.kind === "blocks") onChange(undefined);
  };
  return (
    <Field label={field.title} help={field.help}>
      {({ id }) => (
        <Menu
          trigger={
            <button type="button" id={id} className="input select">
              <span className="analysis-chosen">{list.join(", ") || "All"}</span>
              <ChevronDown size={14} aria-hidden="true" />
            </button>
          }
          items={all.map((name) => ({ label: name, checked: list.includes(name), run: () => toggle(name) }))}
        />
      )}
    </Field>
  );
}

const repeatedBlocks = ({ nodes }: NetloomDocument): string[] =>
  nodes.filter(({ type, params }) => type.startsWith("block:") && params?.repeat !== undefined).map(({ id }) => id);
