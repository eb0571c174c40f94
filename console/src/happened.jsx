import Badge from "@cloudscape-design/components/badge";
import Tabs from "@cloudscape-design/components/tabs";
import { useState } from "react";
import { Code } from "./guide.jsx";
import { say, tell } from "./words.js";

/** What the clicks called, the newest first: silent calls marked, each as an `aws` and as a boto3 line. */
export function Happened({ acts }) {
  const [open, setOpen] = useState(true);
  const newest = [...acts].reverse();
  return (
    <section className={open ? "happened open" : "happened"} aria-label={say("happened")} data-testid="happened">
      <h2>
        <button type="button" aria-expanded={open} onClick={() => setOpen(!open)}>
          {say("happened")} <span aria-hidden="true">{open ? "▾" : "▴"}</span>
        </button>
      </h2>
      {open && (
        <div className="calls" tabIndex={0} role="log" aria-label={say("happened")}>
          {newest.length === 0 && <p>{say("happenedEmpty")}</p>}
          {newest.map((act, place) => (
            <article key={acts.length - place}>
              <h3>{tell(act.button)}</h3>
              {act.error && <p className="said refused">{act.error.code}: {act.error.message}</p>}
              {grouped(act.records).map((group, number) => <Group key={number} group={group} />)}
            </article>
          ))}
        </div>
      )}
    </section>
  );
}

/** The same call for many objects is one entry. */
function grouped(records) {
  const groups = [];
  for (const record of records) {
    const last = groups.at(-1);
    if (last && last[0].operation === record.operation && !record.refused) last.push(record);
    else groups.push([record]);
  }
  return groups;
}

function Group({ group }) {
  const [first] = group;
  const [open, setOpen] = useState(false);
  return (
    <div className="call" data-operation={first.operation}>
      <button type="button" aria-expanded={open} onClick={() => setOpen(!open)}>
        <span aria-hidden="true">{open ? "▾" : "▸"}</span> <code>{first.operation}</code>
        {group.length > 1 && <span> × {group.length}</span>}
      </button>
      {first.silent && <Badge color="blue">{say("silent")}</Badge>}
      {first.refused && <Badge color="red">{say("refused")}: {first.refused}</Badge>}
      {first.silent && <span className="why">{tell(first.silent)}</span>}
      {open && (
        <Tabs
          ariaLabel={first.operation}
          tabs={[
            { id: "aws", label: say("cli"), content: <Code text={group.map((one) => one.aws).join("\n")} /> },
            { id: "boto3", label: say("python"), content: <Code text={group.map((one) => one.boto3).join("\n")} /> },
          ]}
        />
      )}
    </div>
  );
}
