import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { parseAmqpUrl } from "./amqpUrl.ts";

describe("parseAmqpUrl", () => {
  it("asks for a heartbeat of 10 s and keeps one that is named", () => {
    assert.equal(parseAmqpUrl("amqp://broker/shop").url, "amqp://broker/shop?heartbeat=10");
    assert.equal(parseAmqpUrl("amqps://broker?heartbeat=3").url, "amqps://broker?heartbeat=3");
  });

  it("shows a URL without its password, even one with an @ in it", () => {
    assert.equal(parseAmqpUrl("amqp://ann:s3cret@broker:5672").shown, "amqp://ann:***@broker:5672");
    assert.equal(parseAmqpUrl("amqp://ann:s3%40c@broker").shown, "amqp://ann:***@broker");
    assert.equal(parseAmqpUrl("amqp://broker:5672/shop").shown, "amqp://broker:5672/shop");
  });

  for (const bad of ["", "broker:5672", "http://broker", "amqp://", "amqp://broker:99999"]) {
    it(`refuses "${bad}", naming it and what is allowed`, () => {
      assert.throws(() => parseAmqpUrl(bad), (error: Error) => {
        assert.ok(error.message.includes(`"${bad}"`), error.message);
        assert.match(error.message, /amqp:\/\/user:password@host:5672 \(or amqps:\/\/\)/);
        return true;
      });
    });
  }

  it("hides the password of a URL it refuses", () => {
    for (const bad of ["http://ann:s3cret@broker", "ann:s3cret@broker"]) {
      assert.throws(() => parseAmqpUrl(bad), (error: Error) => {
        assert.doesNotMatch(error.message, /s3cret/);
        return true;
      });
    }
  });
});
