import Alert from "@cloudscape-design/components/alert";
import BreadcrumbGroup from "@cloudscape-design/components/breadcrumb-group";
import Flashbar from "@cloudscape-design/components/flashbar";
import Select from "@cloudscape-design/components/select";
import Spinner from "@cloudscape-design/components/spinner";
import { useEffect, useRef, useState } from "react";
import { get, post } from "./api.js";
import { Blocks } from "./blocks.jsx";
import { Problem } from "./guide.jsx";
import { Happened } from "./happened.jsx";
import { link } from "./parts.jsx";
import { current, say, tell } from "./words.js";

const REGIONS = {
  "us-east-1": ["미국 동부(버지니아 북부)", "US East (N. Virginia)"],
  "us-west-2": ["미국 서부(오레곤)", "US West (Oregon)"],
  "ap-northeast-2": ["아시아 태평양(서울)", "Asia Pacific (Seoul)"],
  "eu-west-1": ["유럽(아일랜드)", "Europe (Ireland)"],
};
const HOME = { screen: "", params: {} };

/** Where one is, in the address's fragment, so that the browser's back button and a reload work. */
function useWhere() {
  const read = () => {
    const [screen, query] = location.hash.slice(1).split("?");
    const params = Object.fromEntries(new URLSearchParams(query ?? ""));
    return screen ? { screen: decodeURIComponent(screen), params } : HOME;
  };
  const [where, set] = useState(read);
  useEffect(() => {
    const turn = () => set(read());
    addEventListener("hashchange", turn);
    return () => removeEventListener("hashchange", turn);
  }, []);
  const open = ({ screen, params, selected }) => {
    const given = { ...params, ...(selected?.length ? { selected: selected.join("\n") } : {}) };
    location.hash = screen ? `${screen}?${new URLSearchParams(given)}` : "";
  };
  return [where, open];
}

export function Practice({ lab, seen, go }) {
  const [where, open] = useWhere();
  const [region, setRegion] = useState(lab.region);
  const [menu, setMenu] = useState([]);
  const [flash, setFlash] = useState([]);
  useEffect(() => {
    if (lab.practice) get("/api/screens").then(setMenu, () => {});
  }, [lab.practice]);
  useEffect(() => {
    if (go) open(go);
  }, [go]);
  if (!lab.practice) {
    return (
      <div className="room">
        <Alert type="info" header={say("noPractice")}>{say("noPracticeWhy")}</Alert>
      </div>
    );
  }
  const services = menu.filter((one) => one.menu).sort((one, other) => one.order - other.order);
  const service = menu.find((one) => one.id === where.screen)?.service;
  const note = (item) => setFlash(item ? [{ ...item, id: String(Math.random()), at: location.hash }] : []);
  // What a click has said is shown where it led, and goes with the next screen.
  const arrived = useRef(location.hash);
  useEffect(() => {
    if (arrived.current !== location.hash) setFlash((shown) => shown.filter((one) => one.at === arrived.current && !one.seen).map((one) => ({ ...one, seen: true })));
    arrived.current = location.hash;
  }, [where]);
  const regions = [...new Set([lab.region, ...Object.keys(REGIONS)])];
  const option = (name) => ({ value: name, label: REGIONS[name] ? `${REGIONS[name][current() === "ko" ? 0 : 1]} ${name}` : name });
  return (
    <>
      <div className="bar">
        <nav className="services" aria-label={say("home")}>
          {services.map((one) => (
            <a key={one.id} href={`#${one.id}`} aria-current={one.service === service ? "page" : undefined}>
              {tell(one.menu.service)}
            </a>
          ))}
        </nav>
        <div className="region">
          <Select
            ariaLabel={say("region")}
            selectedOption={option(region)}
            options={regions.map(option)}
            onChange={({ detail }) => setRegion(detail.selectedOption.value)}
          />
        </div>
      </div>
      <div className="work">
        <div className="room">
          <div className="flash">
            <Flashbar
              items={flash.map(({ at, seen: shown, ...one }) => ({
                ...one,
                content: tell(one.content),
                header: one.header && tell(one.header),
                dismissible: true,
                dismissLabel: say("dismiss"),
                onDismiss: () => setFlash((shown) => shown.filter((other) => other.id !== one.id)),
              }))}
            />
          </div>
          {where.screen ? (
            <Shown key={`${where.screen} ${JSON.stringify(where.params)} ${region}`} where={where} region={region} open={open} note={note} changes={seen.changes} />
          ) : (
            <Home services={services} />
          )}
        </div>
      </div>
      <Happened acts={seen.acts} />
    </>
  );
}

function Home({ services }) {
  return (
    <div className="home">
      <h1>{say("home")}</h1>
      <p>{say("markWhy")}</p>
      <ul>
        {services.map((one) => (
          <li key={one.id}>
            <a href={`#${one.id}`}>
              <strong>{tell(one.menu.service)}</strong>
              <span>{tell(one.menu.label)}</span>
            </a>
          </li>
        ))}
      </ul>
    </div>
  );
}

/** One screen: drawn by the server, drawn again when something has changed; what was typed stays. */
function Shown({ where, region, open, note, changes }) {
  const [screen, setScreen] = useState(null);
  const [failure, setFailure] = useState(null);
  const heading = useRef(null);
  const load = () =>
    get("/api/screen", { screen: where.screen, region, ...where.params }).then(
      (found) => {
        setScreen(found);
        setFailure(null);
      },
      (error) => setFailure(error.error ?? { what: say("failed") }),
    );
  useEffect(() => {
    load();
  }, [changes]);
  useEffect(() => heading.current?.focus({ preventScroll: true }), [screen === null]);

  const selected = where.params.selected ? where.params.selected.split("\n") : [];
  const { selected: _, ...params } = where.params;
  /** Press a button: what comes of it is shown where it was pressed, in a flash, or on another screen. */
  const act = async (button, given = {}) => {
    note({ type: "in-progress", loading: true, content: say("working") });
    let done;
    try {
      done = await post("/api/act", {}, { screen: where.screen, button: button.name, params, region, selected, ...given });
    } catch (error) {
      note({ type: "error", content: error.error?.what ?? say("failed") });
      return { records: [] };
    }
    if (done.error) note({ type: "error", header: done.error.code, content: done.error.message });
    else note(done.said && { type: "success", content: done.said });
    if (done.download) save(done.download);
    if (done.go && !done.error) open(done.go);
    else if (!done.invalid) await load();
    return done;
  };
  if (failure && !screen) return <Problem error={failure} />;
  if (!screen) return <Spinner size="large" />;
  return (
    <div className="screen" data-screen={screen.id}>
      <BreadcrumbGroup
        ariaLabel={say("practice")}
        items={[...screen.above.map((one) => ({ text: tell(one.title), href: link(one.go) })), { text: tell(screen.title), href: link(where) }]}
      />
      <h1 tabIndex={-1} ref={heading}>{tell(screen.title)}</h1>
      {failure && <Problem error={failure} />}
      <Blocks blocks={screen.blocks} screen={screen} act={act} open={open} />
      <p className="source">{say("labelsFrom", screen.source, screen.as_of)}</p>
    </div>
  );
}

/** Give the file to the browser's downloads. */
function save({ name, type, body }) {
  const bytes = Uint8Array.from(atob(body), (sign) => sign.charCodeAt(0));
  const address = URL.createObjectURL(new Blob([bytes], { type }));
  const anchor = Object.assign(document.createElement("a"), { href: address, download: name });
  anchor.click();
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}
