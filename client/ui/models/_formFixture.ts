import assert from "node:assert/strict";
import { signal } from "@preact/signals";
import type { JsonSchema } from "../../../common/schemas/catalog.ts";
import type { Body, FieldModel } from "./fieldModel.ts";
import { createFormModel, type FormModel } from "./formModel.ts";
import type { Issue } from "./issuesOf.ts";

/** For tests: a form, its fields by their places, and what the worker has against it. */
export const createFormFixture = (schema: JsonSchema, previous?: FormModel) => {
  const issues = signal<Issue[]>([]);
  const form = createFormModel(schema, { id: "x", issues, maxBytes: () => 10, previous });

  /** `at("list", 0, "name")`: through keys, rows and, unasked, the selected branches of unions. */
  const at = (...path: (string | number)[]): FieldModel => {
    let model = form.root;
    for (const step of path) {
      const next = partsOf(model).get(`${step}`);
      assert.ok(next, `no field ${step} of ${path.join(".")}`);
      model = next;
    }
    return model;
  };

  const bodyOf = <Kind extends Body["kind"]>(
    kind: Kind,
    ...path: (string | number)[]
  ): Body & { kind: Kind } => {
    let { body } = at(...path);
    if (body.kind === "union" && kind !== "union") body = body.branch.value?.body ?? body;
    assert.equal(body.kind, kind);
    return body as Body & { kind: Kind };
  };

  return {
    form,
    issues,
    at,
    leaf: (...path: (string | number)[]) => bodyOf("leaf", ...path),
    list: (...path: (string | number)[]) => bodyOf("list", ...path),
    object: (...path: (string | number)[]) => bodyOf("object", ...path),
    union: (...path: (string | number)[]) => bodyOf("union", ...path),
    problems: (...path: (string | number)[]) => at(...path).problems.value,
  };
};

const partsOf = ({ body }: FieldModel): Map<string, FieldModel> => {
  switch (body.kind) {
    case "leaf":
      return new Map();
    case "object":
      return new Map(body.parts.value.map((part) => [part.field.name, part]));
    case "list":
      return new Map(
        body.rows.value.map(({ key, model }, at) => [body.keyed ? key.value : `${at}`, model]),
      );
    case "union":
      return body.branch.value ? partsOf(body.branch.value) : new Map();
  }
};
