// The editor that replaces the form's text field, and copies its text into it.

import { autocompletion, closeBrackets, closeBracketsKeymap, closeCompletion, completionKeymap, currentCompletions } from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap } from "@codemirror/commands";
import { bracketMatching, indentOnInput, LanguageSupport, syntaxHighlighting } from "@codemirror/language";
import { EditorState, Prec, StateEffect, StateField } from "@codemirror/state";
import { Decoration, type DecorationSet, EditorView, keymap, lineNumbers } from "@codemirror/view";
import { classHighlighter, styleTags, tags } from "@lezer/highlight";
import { SparqlLanguage } from "codemirror-lang-sparql";
import { wordAt } from "./result";
import { complete } from "./completion";
import { addPrefixes } from "./prefixes";

const language = SparqlLanguage.configure({
  props: [styleTags({ "Pname_ln Pname_ns": tags.namespace, "A_predicate A_predicate/...": tags.keyword })],
});

type Place = { line: number; column: number };

const setMark = StateEffect.define<Place | null>();

/** The marked line and word of an error, until the text is changed. */
const mark = StateField.define<DecorationSet>({
  create: () => Decoration.none,
  update(now, change) {
    const effect = change.effects.find((candidate) => candidate.is(setMark));
    if (effect) return effect.value ? marked(change.state, effect.value) : Decoration.none;
    return change.docChanged ? Decoration.none : now;
  },
  provide: (field) => EditorView.decorations.from(field),
});

function marked(state: EditorState, { line, column }: Place): DecorationSet {
  if (line < 1 || line > state.doc.lines) return Decoration.none;
  const found = state.doc.line(line);
  const [from, to] = wordAt(found.text, column).map((offset) => found.from + offset) as [number, number];
  const whole = Decoration.line({ class: "wrong-line" }).range(found.from);
  return Decoration.set(to > from ? [whole, Decoration.mark({ class: "wrong-word" }).range(from, to)] : [whole]);
}

function isListOpen(state: EditorState): boolean {
  return currentCompletions(state).length > 0;
}

/** The editor of a text field: its text and its error mark. */
export class Editor {
  readonly #view: EditorView;

  constructor(field: HTMLTextAreaElement, nonce: string, run: () => void, leave: () => void) {
    const keys = [
      { key: "Mod-Enter", run: () => (run(), true) },
      { key: "Escape", run: (view: EditorView) => isListOpen(view.state) ? closeCompletion(view) : (leave(), true) },
    ];
    this.#view = new EditorView({
      doc: field.value,
      extensions: [
        EditorView.cspNonce.of(nonce),
        EditorView.contentAttributes.of({ "aria-labelledby": "query-label", "aria-describedby": "keys" }),
        EditorView.lineWrapping,
        EditorView.updateListener.of((update) => {
          if (update.docChanged) field.value = update.state.doc.toString();
        }),
        autocompletion({ override: [complete], icons: false, defaultKeymap: false }),
        bracketMatching(), closeBrackets(), history(), indentOnInput(), lineNumbers(), new LanguageSupport(language),
        syntaxHighlighting(classHighlighter), addPrefixes, mark,
        Prec.highest(keymap.of(keys)),
        keymap.of([...completionKeymap, ...closeBracketsKeymap, ...historyKeymap, ...defaultKeymap]),
      ],
    });
    const [isFocused, anchor] = [document.activeElement === field, field.selectionStart];
    field.before(this.#view.dom);
    field.hidden = true;
    if (isFocused) { // the reader clicked before the script had run
      this.#view.dispatch({ selection: { anchor } });
      this.#view.focus();
    }
    field.required = false;
  }

  /** The query. */
  get text(): string {
    return this.#view.state.doc.toString();
  }

  set text(text: string) {
    if (text !== this.text) this.#view.dispatch({ changes: { from: 0, to: this.#view.state.doc.length, insert: text } });
  }

  /** Mark the place of an error; null removes the mark. */
  mark(place: Place | null): void {
    this.#view.dispatch({ effects: setMark.of(place) });
  }

  /** Focus the editor, at a place in the query if one is given. */
  focus(place?: Place): void {
    this.#view.focus();
    if (!place) return;
    const line = this.#view.state.doc.line(Math.min(place.line, this.#view.state.doc.lines));
    this.#view.dispatch({ selection: { anchor: Math.min(line.from + place.column - 1, line.to) }, scrollIntoView: true });
  }
}
