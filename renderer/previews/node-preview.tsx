import { Download } from "lucide-react";
import { useCallback, useRef } from "react";
import type { PreviewFrame } from "../../src/training/types.ts";
import { saveBlob } from "../export/download.ts";
import { formatValue } from "../training/figures.ts";
import { formatCount } from "../training/format.ts";
import { useSession } from "../training/store.ts";
import { IconButton } from "../ui/index.ts";
import { drawHistory } from "./draw.ts";
import { previewKinds } from "./kinds.ts";
import { type Draw, Picture } from "./picture.tsx";
import { useScalarHistory } from "./scalar-history.ts";
import "./previews.css";

/** Width of a preview on the canvas; the height follows from what is shown. */
const width = 216;

/** What stands inside a preview node: the latest of what arrives there, or what will. */
export function NodePreview({ path, type }: { path: string; type: string }) {
  const frame = useSession((session) => session.frames[path]);
  if (frame === undefined)
    return (
      <p className="preview-empty" data-kind={type.slice(type.indexOf(".") + 1)}>
        Train to see it live here
      </p>
    );
  return <Frame frame={frame} />;
}

function Frame({ frame }: { frame: PreviewFrame }) {
  const box = useRef<HTMLDivElement>(null);
  const history = useScalarHistory(frame);
  const height = heightOf(frame);
  const draw: Draw = useCallback(
    (context, w, h) => {
      if (frame.kind === "scalar") drawHistory(context, history.steps, history.values, w, h);
      else previewKinds[frame.kind].draw(context, frame.ports, w, h);
    },
    [frame, history],
  );
  const save = () => {
    const canvas = box.current?.querySelector("canvas");
    canvas?.toBlob((blob) => blob && saveBlob(`${frame.node.replaceAll("/", "-")}-step-${frame.step}.png`, blob, "image/png"));
  };
  const caption = frame.kind === "scalar" ? formatValue(frame.ports.x.values[0] ?? Number.NaN) : `step ${formatCount(frame.step)}`;
  return (
    <div className="preview" ref={box}>
      <Picture draw={draw} width={width} height={height} label={`${frame.kind} at step ${frame.step}`} />
      <div className="preview-foot">
        <span>{caption}</span>
        <IconButton label="Save as PNG" className="nodrag" onClick={save}>
          <Download size={12} />
        </IconButton>
      </div>
    </div>
  );
}

const heightOf = ({ kind, ports }: PreviewFrame): number => (kind === "scalar" ? 72 : previewKinds[kind].height(ports, width));
