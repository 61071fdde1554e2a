import * as v from "valibot";

/**
 * A `v.variant` that goes straight to the option whose literal the value has at `key`. Valibot's own
 * tries one option after the other, which costs more than to check the message, and makes the
 * bundles for browsers larger. What it gives is the same, and where it finds fault.
 */
export const variantOf = <const Key extends string, const Options extends v.VariantOptions<Key>>(
  key: Key,
  options: Options,
): v.VariantSchema<Key, Options, undefined> => {
  const literals = literalsOf(key, options);
  const byLiteral = new Map(literals);
  const named = v.object({ [key]: v.picklist([...byLiteral.keys()]) });
  const variant: v.GenericSchema & { key: Key; options: Options } = {
    ...named,
    type: "variant",
    key,
    options,
    "~run"(dataset, config) {
      const value = dataset.value as Record<string, unknown> | null | undefined;
      const option = byLiteral.get(value?.[key] as string) ?? named;
      return option["~run"](dataset, config);
    },
  };
  // What an option gives is what the variant would give.
  return variant as unknown as v.VariantSchema<Key, Options, undefined>;
};

const literalsOf = (
  key: string,
  options: v.VariantOptions<string>,
): [string, v.GenericSchema][] =>
  options.flatMap((option) => {
    if (option.type === "variant") return literalsOf(key, option.options);
    const named = option.entries[key] as v.LiteralSchema<string, undefined>;
    return [[named.literal, option]];
  });
