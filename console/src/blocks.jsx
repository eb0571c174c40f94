import Alert from "@cloudscape-design/components/alert";
import Box from "@cloudscape-design/components/box";
import Container from "@cloudscape-design/components/container";
import CopyToClipboard from "@cloudscape-design/components/copy-to-clipboard";
import Header from "@cloudscape-design/components/header";
import KeyValuePairs from "@cloudscape-design/components/key-value-pairs";
import Link from "@cloudscape-design/components/link";
import SpaceBetween from "@cloudscape-design/components/space-between";
import Table from "@cloudscape-design/components/table";
import Tabs from "@cloudscape-design/components/tabs";
import TextFilter from "@cloudscape-design/components/text-filter";
import { useState } from "react";
import { Form } from "./form.jsx";
import { Code } from "./guide.jsx";
import { Buttons, link, pretty, Shows } from "./parts.jsx";
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
