import type { TargetedEvent } from "preact";
import type { InputModel } from "../models/inputModel.ts";

/** Above a form: fields or JSON, what was put in before, a fresh start. */
export const InputTools = ({ input }: { input: InputModel }) => {
  const form = input.form.value;
  const isJson = form.json.value !== undefined;
  const earlier = input.earlier.value;
  const onOpen = ({ currentTarget }: TargetedEvent<HTMLSelectElement>): void => {
    const chosen = earlier[Number(currentTarget.value)];
    if (chosen) input.open(chosen.json);
    currentTarget.value = "";
  };
  return (
    <div class="input-tools">
      <span class="views" role="group" aria-label="Input as">
        <button type="button" aria-pressed={!isJson} onClick={() => isJson && form.toggleJson()}>
          Form
        </button>
        <button type="button" aria-pressed={isJson} onClick={() => isJson || form.toggleJson()}>
          JSON
        </button>
      </span>
      {earlier.length > 0 && (
        <select aria-label="Earlier inputs" value="" onChange={onOpen}>
          <option value="">Earlier inputs…</option>
          {earlier.map(({ at, json }, index) => (
            <option key={json} value={index}>{`${timeOf(at)}  ${json.slice(0, 80)}`}</option>
          ))}
        </select>
      )}
      <button type="button" class="link" onClick={input.reset}>Reset</button>
    </div>
  );
};

const timeOf = (at: number): string => {
  const time = new Date(at);
  const isToday = time.toDateString() === new Date().toDateString();
  return isToday ? time.toLocaleTimeString() : time.toLocaleString();
};
