import assert from "node:assert/strict";
import { it } from "node:test";
import { createRouteModel, routeTo } from "./routeModel.ts";

it("finds in an address the handler and the input that were put there", () => {
  const json = '{"a":"50 % ? & # ü"}';
  for (const input of ["", json]) {
    const source = Object.assign(new EventTarget(), {
      location: { hash: routeTo("p.one", input) },
    });
    const route = createRouteModel(source);
    assert.deepEqual([route.selected.value, route.input.value], ["p.one", input]);
    route.dispose();
  }
});
