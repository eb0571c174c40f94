import Alert from "@cloudscape-design/components/alert";
import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import CopyToClipboard from "@cloudscape-design/components/copy-to-clipboard";
import ExpandableSection from "@cloudscape-design/components/expandable-section";
import SpaceBetween from "@cloudscape-design/components/space-between";
import StatusIndicator from "@cloudscape-design/components/status-indicator";
import Tabs from "@cloudscape-design/components/tabs";
import TextContent from "@cloudscape-design/components/text-content";
import { useEffect, useRef, useState } from "react";
import { get, post } from "./api.js";
import { current, say, tell } from "./words.js";

const SIGNS = { right: "✓", wrong: "!", skipped: "–", absent: "", unknown: "" };
const KINDS = { right: "success", wrong: "error", absent: "pending", unknown: "loading", skipped: "stopped" };

/** The steps that are skipped; kept by the browser, for AWS knows nothing of them. */
function useSkipped(lab) {
  const name = `hol-skipped-${lab.account}`;
  const [skipped, set] = useState(() => JSON.parse(localStorage.getItem(name) ?? "[]"));
  const turn = (step) => {
    const now = skipped.includes(step) ? skipped.filter((one) => one !== step) : [...skipped, step];
    localStorage.setItem(name, JSON.stringify(now));
    set(now);
  };
  return [skipped, turn];
}

/** The first step that is not right yet, chosen once all have been looked at; how to choose one; whether one is chosen. */
function useStep(lab, states) {
  const [number, set] = useState(() => Number(sessionStorage.getItem("hol-step") ?? NaN));
  const known = lab.steps.every((step) => states[step.name]);
  useEffect(() => {
    if (Number.isNaN(number) && known) set((lab.steps.find((step) => states[step.name].state !== "right") ?? lab.steps[0]).number);
  }, [known]);
  useEffect(() => {
    if (!Number.isNaN(number)) sessionStorage.setItem("hol-step", number);
  }, [number]);
  return [lab.steps.find((step) => step.number === number) ?? lab.steps[0], set, !Number.isNaN(number)];
}

export function Guide({ lab, seen, open }) {
  const [skipped, turn] = useSkipped(lab);
  const [step, choose, chosen] = useStep(lab, seen.states);
  const state = seen.states[step.name];
  const place = lab.steps.indexOf(step);
  const stateOf = (one) => {
    const found = seen.states[one.name]?.state ?? "unknown";
    return skipped.includes(one.name) && found !== "right" ? "skipped" : found;
  };
  return (
    <>
      <nav className="steps" aria-label={say("steps")}>
        {lab.steps.map((one) => (
          <button
            key={one.name}
            type="button"
            className={`pill ${stateOf(one)}`}
            data-sign={SIGNS[stateOf(one)]}
            aria-current={one === step ? "step" : undefined}
            aria-label={`${one.number} · ${tell(one.title)}: ${say(stateOf(one))}`}
            title={`${one.number} · ${tell(one.title)}: ${say(stateOf(one))}`}
            onClick={() => choose(one.number)}
          >
            {one.number}
          </button>
        ))}
      </nav>
      <div className="lesson" key={step.name}>
        <h1>
          {step.number} · {tell(step.title)}
        </h1>
        <div className="standing" data-testid="standing" data-state={stateOf(step)} aria-live="polite">
          <StatusIndicator type={KINDS[stateOf(step)]}>{say(stateOf(step))}</StatusIndicator>
        </div>
        <Buttons step={step} practice={lab.practice} skipped={skipped.includes(step.name)} skip={() => turn(step.name)} right={state?.state === "right"} />
        <Help step={chosen ? step : null} />
        {state && <Findings state={state} />}
        <Text step={step} open={open} changes={seen.changes} />
        <div className="turn">
          <Button disabled={place === 0} iconName="angle-left" onClick={() => choose(lab.steps[place - 1].number)}>{say("previous")}</Button>
          <Button disabled={place === lab.steps.length - 1} iconName="angle-right" iconAlign="right" onClick={() => choose(lab.steps[place + 1].number)}>{say("next")}</Button>
        </div>
        <Log told={seen.told} />
      </div>
    </>
  );
}

function Buttons({ step, practice, skipped, skip, right }) {
  const [busy, setBusy] = useState("");
  const [error, setError] = useState(null);
  const press = async (what) => {
    setBusy(what);
    setError(null);
    try {
      await post(`/api/${what}`, { step: step.number });
    } catch (failure) {
      setError(failure.error ?? { what: say("failed") });
    }
    setBusy("");
  };
  return (
    <SpaceBetween size="xs">
      <SpaceBetween direction="horizontal" size="xs">
        {(practice ? ["check", "do", "undo"] : ["check"]).map((what) => (
          <Button key={what} variant={what === "check" ? "primary" : "normal"} loading={busy === what} loadingText={say("working")} disabled={busy !== "" && busy !== what} onClick={() => press(what)}>
            {say(what)}
          </Button>
        ))}
        {!right && (
          <Button variant="link" onClick={skip}>{say(skipped ? "unskip" : "skip")}</Button>
        )}
      </SpaceBetween>
      {error && <Problem error={error} dismiss={() => setError(null)} />}
    </SpaceBetween>
  );
}

/** In a class: ask the instructor for help, who sees it on the board; without a step the server looks at which he is. */
function Help({ step }) {
  const [asked, set] = useState(null);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState(null);
  useEffect(() => {
    let gone = false;
    get("/api/help").then((found) => gone || set(found), () => {});
    return () => (gone = true);
  }, []);
  if (!asked?.class) return null;
  const press = async (path, query) => {
    setBusy(true);
    setError(null);
    try {
      set(await post(path, query));
    } catch (failure) {
      setError(failure.error ?? { what: say("failed") });
    }
    setBusy(false);
  };
  return (
    <div className="help" data-testid="help">
      <SpaceBetween size="xs">
        <span aria-live="polite">{asked.step !== null && <StatusIndicator type="info">{say("helpAsked", asked.step)}</StatusIndicator>}</span>
        {asked.step === null ? (
          <Button iconName="support" loading={busy} loadingText={say("working")} onClick={() => press("/api/help", step ? { step: step.number } : {})}>{say("help")}</Button>
        ) : (
          <Button loading={busy} loadingText={say("working")} onClick={() => press("/api/help/over")}>{say("helpOver")}</Button>
        )}
        {error && <Problem error={error} dismiss={() => setError(null)} />}
      </SpaceBetween>
    </div>
  );
}

/** What happened, why, what to do; AWS's own words where they were AWS's. */
export function Problem({ error, dismiss }) {
  return (
    <Alert type="error" dismissible={!!dismiss} onDismiss={dismiss} dismissAriaLabel={say("dismiss")} header={tell(error.what)}>
      {error.why && <p>{tell(error.why)}</p>}
      {error.fix && <p>{tell(error.fix)}</p>}
      {error.aws && <p className="said">{error.aws.code}: {error.aws.message}</p>}
    </Alert>
  );
}

function Findings({ state }) {
  const wrong = state.findings.filter((one) => !one.right);
  if (state.findings.length === 0) return null;
  return (
    <div className="findings" data-testid="findings" aria-live="polite">
      <Box color="text-body-secondary" fontSize="body-s">{say("findings", state.findings.length, state.findings.length - wrong.length)}</Box>
      <ul>
        {wrong.map((one) => (
          <li key={one.facet} className={state.state === "absent" ? "absent" : "wrong"}>
            <strong>{tell(one.what)}</strong>: {tell(one.wrong)}
            {one.failures.map((said, place) => <div key={place} className="said">{tell(said)}</div>)}
            {one.mend && (
              <div className="mend">
                {say("mend")}: {tell(one.mend)}
              </div>
            )}
          </li>
        ))}
      </ul>
    </div>
  );
}

function Text({ step, open, changes }) {
  const [text, setText] = useState(null);
  const body = useRef(null);
  useEffect(() => {
    let gone = false;
    get("/api/guide", { step: step.number }).then((found) => gone || setText(found), () => {});
    return () => (gone = true);
  }, [step.number, changes]);
  const follow = (event) => {
    const link = event.target.closest("a[href]");
    const where = link && open && text.links[link.getAttribute("href")];
    if (where) {
      event.preventDefault();
      open(where);
    }
  };
  if (text === null) return null;
  const tabs = [
    { id: "here", label: say("here"), content: <div ref={body} onClick={follow}><TextContent><div className="prose" dangerouslySetInnerHTML={{ __html: text[current()] }} /></TextContent></div> },
    { id: "cli", label: say("cli"), content: <Code text={text.aws} /> },
    { id: "python", label: say("python"), content: <Code text={text.boto3} /> },
  ];
  return <Tabs tabs={tabs} ariaLabel={tell(step.title)} />;
}

export function Code({ text }) {
  return (
    <div className="code">
      <div className="copying">
        <CopyToClipboard variant="icon" textToCopy={text} copyButtonAriaLabel={say("copy")} copySuccessText={say("copied")} copyErrorText={say("copyFailed")} />
      </div>
      <pre tabIndex={0}><code>{text}</code></pre>
    </div>
  );
}

function Log({ told }) {
  return (
    <ExpandableSection headerText={`${say("log")} (${told.length})`} variant="footer">
      {told.length === 0 ? (
        <Box color="text-body-secondary">{say("logEmpty")}</Box>
      ) : (
        <ol className="log" aria-live="polite">
          {told.map((line, place) => (
            <li key={place} data-mark={line.mark}>
              <span aria-hidden="true">{line.mark}</span> {tell(line.what)}
              {line.why && <small> ({tell(line.why)})</small>}
            </li>
          ))}
        </ol>
      )}
    </ExpandableSection>
  );
}
