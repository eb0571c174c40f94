import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import ButtonDropdown from "@cloudscape-design/components/button-dropdown";
import Container from "@cloudscape-design/components/container";
import Modal from "@cloudscape-design/components/modal";
import SpaceBetween from "@cloudscape-design/components/space-between";
import StatusIndicator from "@cloudscape-design/components/status-indicator";
import { useState } from "react";
import { Code } from "./guide.jsx";
import { say, tell } from "./words.js";

/** The address of a screen. */
export const link = ({ screen, params }) => `#${screen}?${new URLSearchParams(params)}`;

/** Buttons and menus; `press` does what a button does, after asking where it is to be asked. */
export function Buttons({ buttons, press, open, selected = null, busy = "" }) {
  const [asking, ask] = useState(null);
  if (!buttons?.length) return null;
  const lacking = (button) => selected !== null && ((button.needs === "one" && selected.length !== 1) || (button.needs === "many" && selected.length === 0));
  const choose = (button) => {
    if (button.go) open({ ...button.go, selected: selected ?? [] });
    else if (button.confirm) ask(button);
    else press(button, selected ? { selected } : {});
  };
  return (
    <>
      <SpaceBetween direction="horizontal" size="xs">
        {buttons.map((button, place) =>
          button.items ? (
            <ButtonDropdown
              key={place}
              variant={button.primary ? "primary" : "normal"}
              items={button.items.map((item, number) => ({ id: String(number), text: tell(item.label), disabled: lacking(item) }))}
              onItemClick={({ detail }) => choose(button.items[Number(detail.id)])}
            >
              {tell(button.label)}
            </ButtonDropdown>
          ) : (
            <Button
              key={place}
              variant={button.primary ? "primary" : "normal"}
              formAction="none"
              loading={busy === button.name && !!busy}
              loadingText={say("working")}
              disabled={lacking(button)}
              onClick={() => choose(button)}
            >
              {tell(button.label)}
            </Button>
          ),
        )}
      </SpaceBetween>
      {asking && (
        <Modal
          visible
          onDismiss={() => ask(null)}
          closeAriaLabel={say("dismiss")}
          header={tell(asking.label)}
          footer={
            <Box float="right">
              <SpaceBetween direction="horizontal" size="xs">
                <Button variant="link" onClick={() => ask(null)}>{say("cancel")}</Button>
                <Button
                  variant="primary"
                  onClick={() => {
                    press(asking, selected ? { selected } : {});
                    ask(null);
                  }}
                >
                  {tell(asking.label)}
                </Button>
              </SpaceBetween>
            </Box>
          }
        >
          {tell(asking.confirm).replace("{chosen}", selected?.[0] ?? "")}
        </Modal>
      )}
    </>
  );
}

/** What a click has shown in its place. */
export function Shows({ shows }) {
  if (!shows?.length) return null;
  return (
    <Container>
      <div className="shows" data-testid="shows" aria-live="polite">
        {shows.map((one, place) => (
          <div key={place}>
            <Box variant="awsui-key-label">{tell(one.label)}</Box>
            {one.type ? <StatusIndicator type={one.type}>{tell(one.value)}</StatusIndicator> : one.code ? <Code text={pretty(tell(one.value))} /> : <div>{tell(one.value)}</div>}
          </div>
        ))}
      </div>
    </Container>
  );
}

/** JSON with its lines. */
export function pretty(text) {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}
