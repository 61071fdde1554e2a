import type { TargetedEvent } from "preact";
import { formatBytes } from "../models/formatBytes.ts";
import type { LeafBody } from "../models/leafBody.ts";
import type { ControlAttributes } from "./FieldControl.tsx";

/** A file to be sent as bytes, chosen or dropped, with its size once it was read. */
export const FileControl = ({ body, aria }: { body: LeafBody; aria: ControlAttributes }) => {
  const file = body.file.value;
  const onChange = (event: TargetedEvent<HTMLInputElement>): void => {
    const { files } = event.currentTarget;
    // A dialog that is cancelled picks nothing, and takes nothing back.
    if (files?.[0]) void body.pick(files[0]);
    event.currentTarget.value = "";
  };
  const onDrop = (event: TargetedEvent<HTMLElement, DragEvent>): void => {
    event.preventDefault();
    event.currentTarget.classList.remove("over");
    const dropped = event.dataTransfer?.files[0];
    if (dropped) void body.pick(dropped);
  };
  const onDrag = (event: TargetedEvent<HTMLElement, DragEvent>): void => {
    event.preventDefault();
    event.currentTarget.classList.toggle("over", event.type === "dragover");
  };
  // The button goes with the file; the focus stays here.
  const onRemove = (event: TargetedEvent<HTMLElement>): void => {
    event.currentTarget.closest(".file")?.querySelector("input")?.focus();
    void body.pick(undefined);
  };
  return (
    <div class="file" onDrop={onDrop} onDragOver={onDrag} onDragLeave={onDrag}>
      <input {...aria} required={aria.required && !file} type="file" onChange={onChange} />
      {file
        ? (
          <p>
            {file.name}: {formatBytes(file.bytes.byteLength)}{" "}
            <button type="button" class="link" onClick={onRemove}>
              Remove {file.name}
            </button>
          </p>
        )
        : <p class="quiet">or drop a file here</p>}
    </div>
  );
};
