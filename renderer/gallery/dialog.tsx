import { File, FilePlus, FolderOpen } from "lucide-react";
import { type KeyboardEvent, useEffect, useMemo, useState } from "react";
import type { NetloomDocument } from "../../src/document/schema.ts";
import { useFiles } from "../files/store.ts";
import { withServices } from "../host/services.ts";
import { useNow } from "../runs/use-now.ts";
import { emptyDocument } from "../stores/document.ts";
import { openDialog } from "../stores/interface.ts";
import { formatAgo } from "../training/format.ts";
import { reason } from "../training/session.ts";
import { Button, Dialog, TextInput } from "../ui/index.ts";
import { Card } from "./card.tsx";
import { chapterOf, chapters, listTemplates, matching, openTemplate, type Template } from "./templates.ts";
import "./gallery.css";

/** Where one starts: a blank page, a file from before, or a template that trains at once. */
export function GalleryDialog() {
  const close = () => openDialog(null);
  const { templates, fault } = useTemplates();
  const [search, setSearch] = useState("");
  const [chapter, setChapter] = useState<string>();
  const [refused, setRefused] = useState<string>();
  const found = useMemo(() => matching(templates ?? [], search), [templates, search]);
  const groups = useMemo(() => byChapter(found), [found]);
  const shown = search === "" ? groups.filter((group) => chapter === undefined || group.chapter === chapter) : ranked(found);
  const start = (document: NetloomDocument) =>
    withServices(({ workspace }) => {
      close();
      workspace.guard(() => void workspace.openNew(document));
    });
  const open = ({ id }: Template) => openTemplate(id).then(start, (error: unknown) => setRefused(reason(error)));
  const onKeyDown = (event: KeyboardEvent) => {
    const first = shown[0]?.templates[0];
    if (event.key === "Enter" && first !== undefined) void open(first);
  };
  return (
    <Dialog title="Start something" size="large" onClose={close}>
      <div className="gallery">
        <div className="gallery-side">
          <Button icon={<FilePlus size={14} />} onClick={() => start(emptyDocument)}>
            Blank document
          </Button>
          <Button
            icon={<FolderOpen size={14} />}
            onClick={() =>
              withServices(({ workspace }) => {
                close();
                workspace.guard(() => void workspace.chooseAndOpen());
              })
            }
          >
            Open a file…
          </Button>
          <Chapters
            groups={groups}
            chosen={search === "" ? (chapter ?? all) : undefined}
            onChoose={(next) => {
              setSearch("");
              setChapter(next === all ? undefined : next);
            }}
          />
          <Recent onOpen={close} />
        </div>
        <div className="gallery-main">
          <TextInput
            type="search"
            autoFocus
            value={search}
            onChange={setSearch}
            onKeyDown={onKeyDown}
            placeholder="Find a template: digits, residual, flow, 12.7 …"
            aria-label="Find a template"
          />
          {[fault, refused].map(
            (text) =>
              text !== undefined && (
                <p key={text} className="gallery-note">
                  {text}
                </p>
              ),
          )}
          {templates !== undefined && found.length === 0 && <p className="gallery-note">No template is about that.</p>}
          {shown.map((group) => (
            <section key={group.chapter} aria-labelledby={`chapter-${group.chapter}`}>
              <h3 className="gallery-heading" id={`chapter-${group.chapter}`}>
                {group.title}
              </h3>
              <ul className="gallery-cards">
                {group.templates.map((template) => (
                  <li key={template.id}>
                    <Card template={template} onOpen={() => void open(template)} />
                  </li>
                ))}
              </ul>
            </section>
          ))}
        </div>
      </div>
    </Dialog>
  );
}

/** What the list of chapters calls no choice among them. */
const all = "all";

/** What a search has found, best first: chapters would tear that order apart. */
const ranked = (found: readonly Template[]): readonly Group[] =>
  found.length === 0 ? [] : [{ chapter: "found", title: `${found.length} found`, templates: found }];

interface Group {
  readonly chapter: string;
  readonly title: string;
  readonly templates: readonly Template[];
}

/** In the order of the book; what belongs to no chapter comes last. */
function byChapter(templates: readonly Template[]): readonly Group[] {
  const names = [...new Set(templates.map(chapterOf))];
  return names.map((chapter) => ({
    chapter,
    title: chapters[chapter] === undefined ? "More" : `${chapter} ${chapters[chapter]}`,
    templates: templates.filter((template) => chapterOf(template) === chapter),
  }));
}

/** One chapter alone, or all. While a search shows what it found, none is chosen; choosing one ends the search. */
function Chapters(props: { groups: readonly Group[]; chosen: string | undefined; onChoose: (chapter: string) => void }) {
  const { groups, chosen, onChoose } = props;
  if (groups.length < 2) return null;
  const everything = groups.flatMap(({ templates }) => templates);
  return (
    <fieldset className="gallery-chapters" aria-label="Chapters of the book">
      {[{ chapter: all, title: "All", templates: everything }, ...groups].map(({ chapter, title, templates }) => (
        <button key={chapter} type="button" aria-pressed={chapter === chosen} onClick={() => onChoose(chapter)}>
          <span>{title}</span>
          <span>{templates.length}</span>
        </button>
      ))}
    </fieldset>
  );
}

function Recent({ onOpen }: { onOpen: () => void }) {
  const recent = useFiles((files) => files.recent);
  const now = useNow(30_000);
  if (recent.length === 0) return null;
  return (
    <>
      <h3 className="gallery-heading">Recent</h3>
      <ul className="gallery-recent">
        {recent.slice(0, 10).map(({ path, name, opened }) => (
          <li key={path}>
            <button
              type="button"
              title={path}
              onClick={() =>
                withServices(({ workspace }) => {
                  onOpen();
                  workspace.guard(() => void workspace.openPath(path));
                })
              }
            >
              <File size={14} aria-hidden="true" />
              <span className="gallery-file">{name.replace(/\.(netloom|json)$/, "")}</span>
              <span className="gallery-when">{formatAgo(opened, now)}</span>
            </button>
          </li>
        ))}
      </ul>
    </>
  );
}

function useTemplates(): { templates: readonly Template[] | undefined; fault: string | undefined } {
  const [state, setState] = useState<{ templates?: readonly Template[]; fault?: string }>({});
  useEffect(() => {
    let gone = false;
    listTemplates().then(
      (templates) => !gone && setState({ templates }),
      (error: unknown) => !gone && setState({ fault: reason(error) }),
    );
    return () => {
      gone = true;
    };
  }, []);
  return { templates: state.templates, fault: state.fault };
}
