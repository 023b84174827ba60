// What static/words.js makes of the words of a page.
export type Say = ReturnType<typeof voiceOf>;
