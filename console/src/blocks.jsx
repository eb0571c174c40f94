import Alert from "@cloudscape-design/components/alert";
import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import ButtonDropdown from "@cloudscape-design/components/button-dropdown";
import Container from "@cloudscape-design/components/container";
import CopyToClipboard from "@cloudscape-design/components/copy-to-clipboard";
import Header from "@cloudscape-design/components/header";
import KeyValuePairs from "@cloudscape-design/components/key-value-pairs";
import Link from "@cloudscape-design/components/link";
import Modal from "@cloudscape-design/components/modal";
import SpaceBetween from "@cloudscape-design/components/space-between";
import StatusIndicator from "@cloudscape-design/components/status-indicator";
import Table from "@cloudscape-design/components/table";
import Tabs from "@cloudscape-design/components/tabs";
import TextFilter from "@cloudscape-design/components/text-filter";
import { useState } from "react";
import { Form } from "./form.jsx";
import { Code } from "./guide.jsx";
import { link } from "./practice.jsx";
import { say, tell } from "./words.js";

const KINDS = { table: TableBlock, details: Details, tabs: TabsBlock, tree: Tree, split: Split, note: Note, code: CodeBlock, form: Form };

export function Blocks({ blocks, ...rest }) {
  return (
    <SpaceBetween size="l">
      {blocks.map((block, place) => {
        const Kind = KINDS[block.kind];
        return <Kind key={`${block.kind} ${block.name} ${place}`} block={block} {...rest} />;
      })}
    </SpaceBetween>
  );
}

/** A value with where it leads. */
function Value({ cell, act, open }) {
  const text = tell(cell.value);
  if (cell.button) {
    return (
      <SpaceBetween size="xs">
        <span>{text}</span>
        <Buttons buttons={[cell.button]} press={act} open={open} />
      </SpaceBetween>
    );
  }
  if (cell.go) return <Link href={link(cell.go)}>{text}</Link>;
  const shown = cell.href ? <Link href={cell.href} external externalIconAriaLabel={say("opens")}>{text}</Link> : text;
  if (!cell.copy) return shown;
  return (
    <span className="copied">
      <CopyToClipboard variant="icon" textToCopy={text} copyButtonAriaLabel={`${say("copy")} ${text}`} copySuccessText={say("copied")} copyErrorText={say("copyFailed")} />
      {shown}
    </span>
  );
}

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
function pretty(text) {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}

function TableBlock({ block, act, open }) {
  const [selected, select] = useState([]);
  const [filter, setFilter] = useState("");
  const [shows, show] = useState(null);
  const rows = block.rows.filter((row) => row.cells.some((cell) => tell(cell.value).toLowerCase().includes(filter.toLowerCase())));
  const chosen = selected.filter((key) => block.rows.some((row) => row.key === key));
  const press = async (button, given) => {
    const done = await act(button, given);
    show(done.shows);
  };
  const keys = (items) => items.map((row) => row.key);
  return (
    <SpaceBetween size="s">
      <Table
        variant="container"
        resizableColumns={false}
        wrapLines
        header={
          <Header counter={`(${block.rows.length})`} description={block.text && tell(block.text)} actions={<Buttons buttons={block.buttons} press={press} open={open} selected={chosen} />}>
            {tell(block.title)}
          </Header>
        }
        filter={block.select !== "none" && <TextFilter filteringText={filter} filteringPlaceholder={say("find")} filteringAriaLabel={`${tell(block.title)} ${say("find")}`} onChange={({ detail }) => setFilter(detail.filteringText)} />}
        items={rows}
        trackBy="key"
        columnDefinitions={block.columns.map((label, number) => ({
          id: String(number),
          header: tell(label),
          isRowHeader: number === 0,
          cell: (row) => <Value cell={row.cells[number]} act={press} open={open} />,
        }))}
        selectionType={block.select === "none" ? undefined : block.select}
        selectedItems={block.rows.filter((row) => selected.includes(row.key))}
        onSelectionChange={({ detail }) => select(keys(detail.selectedItems))}
        ariaLabels={{
          selectionGroupLabel: say("items"),
          allItemsSelectionLabel: () => say("selectAll"),
          itemSelectionLabel: (_, row) => `${say("select")} ${row.key}`,
          tableLabel: tell(block.title),
        }}
        empty={<Box textAlign="center" color="text-body-secondary">{tell(block.empty)}</Box>}
      />
      <Shows shows={shows} />
    </SpaceBetween>
  );
}

function Details({ block, act, open }) {
  return (
    <Container header={<Header actions={<Buttons buttons={block.buttons} press={act} open={open} />}>{tell(block.title)}</Header>}>
      <KeyValuePairs columns={2} items={block.items.map((item) => ({ label: tell(item.label), value: <Value cell={item} act={act} open={open} /> }))} />
    </Container>
  );
}

function TabsBlock({ block, screen, ...rest }) {
  const name = `hol-tab ${screen.id} ${block.name}`;
  const [active, choose] = useState(sessionStorage.getItem(name) ?? block.tabs[0].id);
  const turn = (id) => {
    sessionStorage.setItem(name, id);
    choose(id);
  };
  return (
    <Tabs
      ariaLabel={tell(screen.title)}
      activeTabId={block.tabs.some((tab) => tab.id === active) ? active : block.tabs[0].id}
      onChange={({ detail }) => turn(detail.activeTabId)}
      tabs={block.tabs.map((tab) => ({ id: tab.id, label: tell(tab.label), content: <Blocks blocks={tab.blocks} screen={screen} {...rest} /> }))}
    />
  );
}

function Tree({ block, act, open }) {
  return (
    <Container header={<Header variant="h2">{tell(block.title)}</Header>}>
      <SpaceBetween size="s">
        <ul className="tree">
          {block.items.map((item, place) => (
            <li key={place} style={{ paddingLeft: item.depth * 18 }}>
              <Link href={link(item.go)}>{item.label}</Link>
            </li>
          ))}
        </ul>
        <Buttons buttons={block.buttons} press={act} open={open} />
      </SpaceBetween>
    </Container>
  );
}

function Split({ block, ...rest }) {
  return (
    <div className="split">
      <Blocks blocks={block.left} {...rest} />
      <Blocks blocks={block.right} {...rest} />
    </div>
  );
}

function Note({ block }) {
  return <Alert type={block.type}>{tell(block.text)}</Alert>;
}

function CodeBlock({ block, act, open }) {
  return (
    <Container header={<Header actions={<Buttons buttons={block.buttons} press={act} open={open} />}>{tell(block.title)}</Header>}>
      <Code text={pretty(block.code)} />
    </Container>
  );
}
