import Alert from "@cloudscape-design/components/alert";
import Autosuggest from "@cloudscape-design/components/autosuggest";
import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import Checkbox from "@cloudscape-design/components/checkbox";
import Container from "@cloudscape-design/components/container";
import FormField from "@cloudscape-design/components/form-field";
import Header from "@cloudscape-design/components/header";
import Input from "@cloudscape-design/components/input";
import RadioGroup from "@cloudscape-design/components/radio-group";
import SegmentedControl from "@cloudscape-design/components/segmented-control";
import Select from "@cloudscape-design/components/select";
import SpaceBetween from "@cloudscape-design/components/space-between";
import TextFilter from "@cloudscape-design/components/text-filter";
import Textarea from "@cloudscape-design/components/textarea";
import Tiles from "@cloudscape-design/components/tiles";
import Toggle from "@cloudscape-design/components/toggle";
import { useRef, useState } from "react";
import { Buttons, Shows } from "./parts.jsx";
import { say, tell } from "./words.js";

const LISTS = ["checkboxes"];
const FLAGS = ["checkbox", "toggle"];
// Of several controls: each has its own name, and the field's is the group's.
const GROUPS = ["checkbox", "checkboxes", "toggle", "files", "pairs", "segments"];

const empty = (field) => (LISTS.includes(field.kind) ? [] : FLAGS.includes(field.kind) ? false : field.kind === "pairs" ? {} : field.kind === "files" ? [] : "");

/** Whether every named value is the one that is wanted, or one of the list. */
const holds = (when, values) =>
  Object.entries(when ?? {}).every(([name, wanted]) => [wanted].flat().some((one) => (one === null ? values[name] === undefined || values[name] === null : values[name] === one)));

/** Everything that is to be filled in; what nobody has touched is what the screen says. */
export function Form({ block, screen, act, open }) {
  const [typed, setTyped] = useState({});
  const [page, turn] = useState(0);
  const [wrong, setWrong] = useState([]);
  const [busy, setBusy] = useState("");
  const [shows, show] = useState(null);
  const sections = block.pages.flatMap((one) => one.sections);
  const fields = sections.flatMap((one) => one.fields.map((field) => ({ ...field, when: { ...one.when, ...field.when } })));
  const values = Object.fromEntries(fields.map((field) => [field.name, typed[field.name] ?? field.default ?? empty(field)]));
  const set = (name, value) => {
    setTyped((before) => ({ ...before, [name]: value }));
    setWrong((before) => before.filter((one) => one !== name));
  };
  const lacking = (among) =>
    among
      .filter((field) => holds(field.when, values))
      .filter((field) => (field.required && (values[field.name] === "" || values[field.name]?.length === 0)) || (field.must && values[field.name] !== true))
      .map((field) => field.name);
  const shownPage = block.pages[page];
  const onPage = fields.filter((field) => shownPage?.sections.some((one) => one.fields.some((other) => other.name === field.name)));

  const press = async (button) => {
    const missing = lacking(fields);
    setWrong(missing);
    if (missing.length) return;
    if (button.remember) {
      remember(screen, button.remember, values);
      setTyped((before) => ({ ...before, saved: values[button.remember.name] }));
      return;
    }
    setBusy(button.name);
    const { files, ...others } = values;
    const done = await act(button, { fields: others, files: await encoded(files ?? []) });
    setBusy("");
    setWrong(done.invalid ?? []);
    show(done.shows);
  };
  const forward = () => {
    const missing = lacking(onPage);
    setWrong(missing);
    if (!missing.length) turn(page + 1);
  };
  const last = page >= block.pages.length - 1;
  return (
    <form className="form" onSubmit={(event) => event.preventDefault()} aria-label={tell(block.title ?? screen.title)}>
      <SpaceBetween size="l">
        {block.title && <h2>{tell(block.title)}</h2>}
        {block.text && <p className="about">{tell(block.text)}</p>}
        {block.pages.length > 1 && (
          <ol className="pages-of-form" aria-label={tell(screen.title)}>
            {block.pages.map((one, place) => (
              <li key={place} aria-current={place === page ? "step" : undefined}>{place + 1}. {tell(one.title)}</li>
            ))}
          </ol>
        )}
        {shownPage?.sections.filter((one) => holds(one.when, values)).map((section, place) => (
          <Container key={`${page} ${place}`} header={section.title && <Header variant="h2" description={section.text && tell(section.text)}>{tell(section.title)}</Header>}>
            <SpaceBetween size="m">
              {section.fields.filter((field) => holds(field.when, values)).map((field) => (
                <Field key={field.name} field={field} value={values[field.name]} set={(value) => set(field.name, value)} setAll={(found) => setTyped((before) => ({ ...before, ...found }))} wrong={wrong.includes(field.name)} screen={screen} />
              ))}
            </SpaceBetween>
          </Container>
        ))}
        <div className="ends">
          {block.cancel && <Button variant="link" formAction="none" onClick={() => open(block.cancel)}>{say("cancel")}</Button>}
          {page > 0 && <Button formAction="none" onClick={() => turn(page - 1)}>{say("back")}</Button>}
          {last ? <Buttons buttons={block.buttons} press={press} open={open} busy={busy} /> : <Button variant="primary" formAction="none" onClick={forward}>{say("forward")}</Button>}
        </div>
        <Shows shows={shows} />
      </SpaceBetween>
    </form>
  );
}

function Field({ field, value, set, setAll, wrong, screen }) {
  const Kind = KINDS[field.kind];
  const warned = field.warn && holds(field.warn.when, { [field.name]: value });
  const inside = <Kind field={field} value={value} set={set} setAll={setAll} screen={screen} label={tell(field.label)} />;
  if (GROUPS.includes(field.kind)) {
    return (
      <fieldset className="group">
        <legend>{tell(field.label)}</legend>
        {field.hint && <p className="about">{tell(field.hint)}</p>}
        {inside}
        {wrong && <p className="lacking" role="alert">{say("required")}</p>}
      </fieldset>
    );
  }
  return (
    <FormField label={tell(field.label)} description={field.hint && tell(field.hint)} errorText={wrong ? say("required") : undefined} stretch={["code", "tiles"].includes(field.kind)}>
      {inside}
      {warned && <Alert type="warning">{tell(field.warn.text)}</Alert>}
    </FormField>
  );
}

const options = (field) => (field.options ?? []).map((one) => ({ value: one.value, label: tell(one.label), description: one.hint && tell(one.hint) }));

const Text = ({ field, value, set }) => <Input value={String(value ?? "")} placeholder={field.placeholder && tell(field.placeholder)} onChange={({ detail }) => set(detail.value)} autoComplete="off" spellcheck={false} />;

function NumberField({ field, value, set }) {
  return (
    <span className="number">
      <Input type="number" inputMode="numeric" value={String(value ?? "")} onChange={({ detail }) => set(detail.value)} />
      {field.unit && <span>{tell(field.unit)}</span>}
    </span>
  );
}

/** Text of a program: as wide as there is room, and Tab stays the keyboard's way on. */
const CodeField = ({ value, set }) => (
  <div className="editor">
    <Textarea value={String(value ?? "")} rows={Math.min(24, Math.max(6, String(value ?? "").split("\n").length + 1))} onChange={({ detail }) => set(detail.value)} spellcheck={false} autoComplete={false} />
  </div>
);

const Radio = ({ field, value, set, label }) => <RadioGroup ariaLabel={label} value={value} items={options(field)} onChange={({ detail }) => set(detail.value)} />;
const TilesField = ({ field, value, set, label }) => <Tiles ariaLabel={label} value={value} items={options(field)} onChange={({ detail }) => set(detail.value)} columns={2} />;
const Segments = ({ field, value, set, label }) => <SegmentedControl label={label} selectedId={value} options={options(field).map((one) => ({ id: one.value, text: one.label }))} onChange={({ detail }) => set(detail.selectedId)} />;

function SelectField({ field, value, set }) {
  const all = options(field);
  return <Select placeholder={say("choose")} empty={say("none")} selectedOption={all.find((one) => one.value === value) ?? (value ? { value, label: value } : null)} options={all} onChange={({ detail }) => set(detail.selectedOption.value)} />;
}

const Suggest = ({ field, value, set }) => (
  <Autosuggest value={value ?? ""} placeholder={field.placeholder && tell(field.placeholder)} options={options(field)} enteredTextLabel={(text) => `“${text}”`} empty={say("none")} onChange={({ detail }) => set(detail.value)} />
);

const CheckboxField = ({ field, value, set }) => <Checkbox checked={value === true} onChange={({ detail }) => set(detail.checked)}>{tell(field.text)}</Checkbox>;
const ToggleField = ({ field, value, set }) => <Toggle checked={value === true} onChange={({ detail }) => set(detail.checked)}>{tell(field.label)}</Toggle>;

function Checkboxes({ field, value, set, label }) {
  const [filter, setFilter] = useState("");
  const turn = (one, checked) => set(checked ? [...value, one] : value.filter((other) => other !== one));
  const shown = options(field).filter((one) => one.label.toLowerCase().includes(filter.toLowerCase()));
  return (
    <SpaceBetween size="xs">
      {field.filter && <TextFilter filteringText={filter} filteringPlaceholder={say("find")} filteringAriaLabel={`${label} ${say("find")}`} onChange={({ detail }) => setFilter(detail.filteringText)} />}
      {shown.map((one) => (
        <Checkbox key={one.value} checked={value.includes(one.value)} description={one.description} onChange={({ detail }) => turn(one.value, detail.checked)}>
          {one.label}
        </Checkbox>
      ))}
    </SpaceBetween>
  );
}

/** Environment variables: key and value, a row each. */
function Pairs({ value, set }) {
  const [rows, setRows] = useState(() => Object.entries(value));
  const put = (now) => {
    setRows(now);
    set(Object.fromEntries(now.filter(([key]) => key)));
  };
  const change = (place, column, text) => put(rows.map((row, number) => (number === place ? (column ? [row[0], text] : [text, row[1]]) : row)));
  return (
    <SpaceBetween size="xs">
      {rows.map((row, place) => (
        <div className="pair" key={place}>
          <Input ariaLabel={`${say("key")} ${place + 1}`} placeholder={say("key")} value={row[0]} onChange={({ detail }) => change(place, 0, detail.value)} autoComplete="off" />
          <Input ariaLabel={`${say("value")} ${place + 1}`} placeholder={say("value")} value={row[1]} onChange={({ detail }) => change(place, 1, detail.value)} autoComplete="off" />
          <Button formAction="none" ariaLabel={`${say("remove")} ${place + 1}`} onClick={() => put(rows.filter((_, number) => number !== place))}>{say("remove")}</Button>
        </div>
      ))}
      <Button formAction="none" onClick={() => put([...rows, ["", ""]])}>{say("addVariable")}</Button>
    </SpaceBetween>
  );
}

const store = (screen) => `hol-events ${screen.id} ${location.hash}`;
const remembered = (screen) => JSON.parse(localStorage.getItem(store(screen)) ?? "{}");

/** Kept by the browser for its user, as the console keeps test events for hers: AWS knows nothing of it. */
function remember(screen, { name, fields }, values) {
  const kept = remembered(screen);
  kept[values[name]] = Object.fromEntries(fields.map((one) => [one, values[one]]));
  localStorage.setItem(store(screen), JSON.stringify(kept));
}

function Remembered({ value, set, setAll, screen, label }) {
  const kept = remembered(screen);
  const isNew = !value || !kept[value];
  const fresh = { value: "", label: say("newEvent") };
  const all = [fresh, ...Object.keys(kept).map((name) => ({ value: name, label: name }))];
  return (
    <Select
      ariaLabel={label}
      selectedOption={isNew ? fresh : all.find((one) => one.value === value)}
      options={all}
      onChange={({ detail }) => {
        const chosen = detail.selectedOption.value;
        set(chosen);
        if (kept[chosen]) setAll({ ...kept[chosen], saved: chosen });
      }}
    />
  );
}

/** Files and whole folders, chosen or dropped; a folder's name stays in the path, as in the console. */
function Files({ value, set }) {
  const files = useRef(null);
  const folder = useRef(null);
  const [over, setOver] = useState(false);
  const add = (more) => set([...value.filter((one) => !more.some((other) => other.path === one.path)), ...more]);
  const chosen = (list) => add([...list].map((file) => ({ path: file.webkitRelativePath || file.name, file })));
  const drop = async (event) => {
    event.preventDefault();
    setOver(false);
    const entries = [...event.dataTransfer.items].map((item) => item.webkitGetAsEntry()).filter(Boolean);
    add((await Promise.all(entries.map((entry) => within(entry)))).flat());
  };
  return (
    <SpaceBetween size="s">
      <div className={over ? "drop over" : "drop"} onDragOver={(event) => { event.preventDefault(); setOver(true); }} onDragLeave={() => setOver(false)} onDrop={drop} data-testid="drop">
        {say("drop")}
      </div>
      <SpaceBetween direction="horizontal" size="xs">
        <Button formAction="none" onClick={() => files.current.click()}>{say("addFiles")}</Button>
        <Button formAction="none" onClick={() => folder.current.click()}>{say("addFolder")}</Button>
      </SpaceBetween>
      <input ref={files} type="file" multiple hidden aria-label={say("addFiles")} onChange={(event) => chosen(event.target.files)} />
      <input ref={folder} type="file" webkitdirectory="" hidden aria-label={say("addFolder")} onChange={(event) => chosen(event.target.files)} />
      <Box variant="awsui-key-label">{say("files", value.length)}</Box>
      <ul className="files">
        {value.map((one) => (
          <li key={one.path}>
            <span>{one.path}</span>
            <Button variant="inline-link" formAction="none" ariaLabel={`${say("remove")} ${one.path}`} onClick={() => set(value.filter((other) => other !== one))}>{say("remove")}</Button>
          </li>
        ))}
      </ul>
    </SpaceBetween>
  );
}

/** All files of a dropped entry, with their paths from it on. */
async function within(entry, above = "") {
  const path = above + entry.name;
  if (entry.isFile) return [{ path, file: await new Promise((found, failed) => entry.file(found, failed)) }];
  const reader = entry.createReader();
  const inside = [];
  for (let some; (some = await new Promise((found, failed) => reader.readEntries(found, failed))).length; ) inside.push(...some);
  return (await Promise.all(inside.map((one) => within(one, `${path}/`)))).flat();
}

async function encoded(files) {
  return Promise.all(files.map(async ({ path, file }) => ({ path, type: file.type || "application/octet-stream", body: await base64(file) })));
}

const base64 = (file) =>
  new Promise((found, failed) => {
    const reader = new FileReader();
    reader.onload = () => found(reader.result.slice(reader.result.indexOf(",") + 1));
    reader.onerror = () => failed(reader.error);
    reader.readAsDataURL(file);
  });

const KINDS = { text: Text, number: NumberField, code: CodeField, radio: Radio, tiles: TilesField, segments: Segments, select: SelectField, suggest: Suggest, checkbox: CheckboxField, toggle: ToggleField, checkboxes: Checkboxes, pairs: Pairs, remembered: Remembered, files: Files };
