import "@cloudscape-design/global-styles/dark-mode-utils.css";
import "./style.css";
import { applyMode, Mode } from "@cloudscape-design/global-styles";
import { I18nProvider } from "@cloudscape-design/components/i18n";
import korean from "@cloudscape-design/components/i18n/messages/all.ko";
import english from "@cloudscape-design/components/i18n/messages/all.en";
import Alert from "@cloudscape-design/components/alert";
import Button from "@cloudscape-design/components/button";
import { useEffect, useReducer, useState } from "react";
import { createRoot } from "react-dom/client";
import { get, listen } from "./api.js";
import { Guide } from "./guide.jsx";
import { Practice } from "./practice.jsx";
import { current, say, speak, tell } from "./words.js";

const GUIDE_ALONE = location.pathname === "/guide";

/** What the stream has told so far. */
function heard(state, message) {
  switch (message.type) {
    case "state":
      return { ...state, states: { ...state.states, [message.state.name]: message.state }, trouble: null };
    case "told":
      return { ...state, told: [...state.told.slice(-300), message.line] };
    case "acted":
      return { ...state, acts: [...state.acts.slice(-60), message.act] };
    case "changed":
      return { ...state, changes: state.changes + 1 };
    case "trouble":
      return { ...state, trouble: message.error };
    case "again":
      return { ...state, told: [], acts: [] };
    default:
      return state;
  }
}

const darkByDefault = matchMedia("(prefers-color-scheme: dark)").matches;

function App() {
  const [language, setLanguage] = useState(current());
  const [dark, setDark] = useState((localStorage.getItem("hol-mode") ?? (darkByDefault ? "dark" : "light")) === "dark");
  const [lab, setLab] = useState(null);
  const [shut, setShut] = useState(false);
  const [alive, setAlive] = useState(true);
  const [seen, hear] = useReducer(heard, { states: {}, told: [], acts: [], changes: 0, trouble: null });

  useEffect(() => applyMode(dark ? Mode.Dark : Mode.Light), [dark]);
  useEffect(() => {
    let ever = false;
    const load = () => get("/api/lab").then(setLab, (failure) => setShut([401, 403].includes(failure.status)));
    const stop = listen(hear, (up) => {
      setAlive(up);
      if (up) {
        if (ever) hear({ type: "again" });
        ever = true;
      }
      load();
    });
    load();
    return stop;
  }, []);

  const choose = (chosen) => {
    speak(chosen);
    setLanguage(chosen);
  };
  const colour = () => {
    localStorage.setItem("hol-mode", dark ? "light" : "dark");
    setDark(!dark);
  };
  return (
    <I18nProvider locale={language} messages={[language === "ko" ? korean : english]}>
      <header className="top">
        <div className="name">
          <strong>{say(GUIDE_ALONE ? "guide" : "title")}</strong>
          {(lab === null || lab.practice) && (
            <span className="mark" title={say("markWhy")} data-testid="mark">
              {say("mark")}
            </span>
          )}
        </div>
        <div className="tools">
          <Button variant="inline-link" onClick={colour}>{say(dark ? "light" : "dark")}</Button>
          <Button variant="inline-link" onClick={() => choose(language === "ko" ? "en" : "ko")}>
            <span lang={language === "ko" ? "en" : "ko"}>{say("language")}</span>
          </Button>
        </div>
      </header>
      <div aria-live="polite">
        {shut && <Alert type="error">{say("shut")}</Alert>}
        {!alive && !shut && <Alert type="warning">{say("lost")}</Alert>}
        {seen.trouble && alive && <Alert type="warning">{tell(seen.trouble.what)}</Alert>}
      </div>
      {lab && <Pages lab={lab} seen={seen} />}
    </I18nProvider>
  );
}

/** The guide, and beside it the practice console; on a phone one of the two. */
function Pages({ lab, seen }) {
  const [shown, show] = useState(GUIDE_ALONE ? "guide" : "practice");
  const [go, setGo] = useState(null);
  const open = (where) => {
    setGo({ ...where });
    show("practice");
  };
  return (
    <div className={GUIDE_ALONE ? "pages alone" : "pages"} data-shown={shown}>
      {!GUIDE_ALONE && (
        <nav className="switch" aria-label={say("title")}>
          {["guide", "practice"].map((name) => (
            <button key={name} type="button" aria-pressed={shown === name} onClick={() => show(name)}>
              {say(name)}
            </button>
          ))}
        </nav>
      )}
      <aside className="guide" aria-label={say("guide")}>
        <Guide lab={lab} seen={seen} open={GUIDE_ALONE || !lab.practice ? null : open} />
      </aside>
      {!GUIDE_ALONE && (
        <main className="practice" aria-label={say("practice")}>
          <Practice lab={lab} seen={seen} go={go} />
        </main>
      )}
    </div>
  );
}

speak(current());
createRoot(document.getElementById("root")).render(<App />);
