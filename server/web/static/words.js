// What other scripts say, in the language of the page: the page holds its messages,
// by key, with {values} to be put in and a form for each plural category of a count n.
"use strict";
/**
 * @param {HTMLElement} holder element with data-words
 * @returns {(key: string, values?: Record<string, string | number>) => string}
 */
function voiceOf(holder) {
  /** @type {Record<string, string>} */
  const words = JSON.parse(holder.dataset.words ?? "{}");
  const rules = new Intl.PluralRules(document.documentElement.lang);
  return (key, values = {}) => {
    const text = words[key] ?? words[`${key}|${rules.select(Number(values.n))}`] ?? words[`${key}|other`] ?? key;
    // A text that is put in keeps its own direction: U+2068 and U+2069 stand around it.
    return text.replace(/\{([a-z]+)\}/g, (whole, name) => {
      const v = values[name];
      return v === undefined ? whole : typeof v === "number" ? String(v) : `\u2068${v}\u2069`;
    });
  };
}
