import Alert from "@cloudscape-design/components/alert";
import { say } from "./words.js";

export function Practice({ lab }) {
  if (!lab.practice) return <div className="room"><Alert type="info" header={say("noPractice")}>{say("noPracticeWhy")}</Alert></div>;
  return null;
}
