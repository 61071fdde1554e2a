import * as v from "valibot";

/**
 * A `v.variant` that goes straight to the option whose literal the value has at `key`. Valibot's own
 * tries one option after the other, which costs more than to check the message; it is asked only
 * where no option fits, for what it says then.
 */
export const variantOf = <const Key extends string, const Options extends v.VariantOptions<Key>>(
  key: Key,
  options: Options,
): v.VariantSchema<Key, Options, undefined> => {
  const variant = v.variant(key, options);
  const byLiteral = new Map(literalsOf(key, options));
  type Run = (typeof variant)["~run"];
  return {
    ...variant,
    "~run"(dataset, config) {
      const value = dataset.value as Record<string, unknown> | null | undefined;
      const option: v.GenericSchema = byLiteral.get(value?.[key]) ?? variant;
      // What an option gives is what the variant would give.
      return option["~run"](dataset, config) as ReturnType<Run>;
    },
  };
};

const literalsOf = (
  key: string,
  options: v.VariantOptions<string>,
): [unknown, v.GenericSchema][] =>
  options.flatMap((option) => {
    if (option.type === "variant") return literalsOf(key, option.options);
    const named = option.entries[key] as v.LiteralSchema<v.Literal, undefined>;
    return [[named.literal, option]];
  });
