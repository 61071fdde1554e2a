import { formatBytes } from "../models/formatBytes.ts";
import type { FieldModel } from "../models/fieldModel.ts";
import type { ControlAttributes } from "./FieldControl.tsx";

/** A file to be sent as bytes, with its size once it was read. */
export const FileControl = ({ model, aria }: { model: FieldModel; aria: ControlAttributes }) => {
  const file = model.file.value;
  return (
    <div class="file">
      <input
        {...aria}
        type="file"
        onChange={(event) => void model.pick(event.currentTarget.files?.[0])}
      />
      {file && (
        <p class="quiet">
          {file.name}: {formatBytes(file.bytes.byteLength)} will be sent.{" "}
          <button type="button" class="link" onClick={() => void model.pick(undefined)}>
            Remove {file.name}
          </button>
        </p>
      )}
    </div>
  );
};
