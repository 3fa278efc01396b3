// Block Kit, drawn. `ctx` tells what a use of an element does: act(block, element, fields), keep for inputs of a modal.

import { el } from "./dom.js";
import { elementNode } from "./elements.js";
import { mrkdwn, withEmoji } from "./mrkdwn.js";
import { rich } from "./rich.js";
import { t } from "./words.js";

export function words(text) {
  if (!text) return null;
  if (text.type === "mrkdwn") return mrkdwn(text.text);
  return el("div", { class: "words", dir: "auto" }, withEmoji(text.text ?? ""));
}

export const plainWords = (text) => withEmoji(text?.text ?? "");

export function blocksNodes(blocks, ctx) {
  return blocks.map((block) => {
    const node = drawBlock(block, ctx);
    if (node) node.dataset.block = block.block_id;
    return node;
  });
}

function drawBlock(block, ctx) {
  switch (block.type) {
    case "header":
      return el("h3", { class: "b-header", dir: "auto" }, plainWords(block.text));
    case "section":
      return el("div", { class: "b-section" },
        el("div", { class: "b-main" }, words(block.text),
          block.fields ? el("div", { class: "b-fields" }, block.fields.map((f) => el("div", { class: "b-field" }, words(f)))) : null),
        block.accessory ? el("div", { class: "b-accessory" }, elementNode(block.accessory, block, ctx)) : null);
    case "actions":
    case "context_actions":
      return el("div", { class: "b-actions" }, (block.elements ?? []).map((e) => elementNode(e, block, ctx)));
    case "context":
      return el("div", { class: "b-context" }, (block.elements ?? []).map((e) => (e.type === "image" ? picture(e, "tiny") : words(e))));
    case "divider":
      return el("hr", { class: "b-divider" });
    case "image":
      return el("figure", { class: "b-image" }, block.title ? el("figcaption", {}, plainWords(block.title)) : null, picture(block, ""));
    case "rich_text":
      return rich(block);
    case "markdown":
      return el("div", { class: "words", dir: "auto" }, block.text);
    case "input":
      return input(block, ctx);
    default:
      return el("p", { class: "muted" }, block.type);
  }
}

// Only pictures of the sandbox itself can be shown: the page loads nothing from elsewhere.
function picture(image, size) {
  const id = image.slack_file?.id ?? /\/slack\/files\/([^/]+)/.exec(image.slack_file?.url ?? image.image_url ?? "")?.[1];
  if (id) return el("img", { class: `b-picture ${size}`, src: `/control/files/slack/${id}`, alt: image.alt_text ?? "" });
  return el("span", { class: "muted" }, image.alt_text ?? "");
}

function input(block, ctx) {
  const label = plainWords(block.label);
  const id = `in-${ctx.id}-${block.block_id}`;
  const control = elementNode(block.element, block, { ...ctx, inputId: id, label });
  const hint = block.hint ? el("p", { class: "hint", id: `${id}-hint` }, plainWords(block.hint)) : null;
  const error = el("p", { class: "error", id: `${id}-error`, hidden: true });
  const group = control?.getAttribute?.("role") === "radiogroup" || control?.getAttribute?.("role") === "group";
  const name = [label, block.optional ? el("small", {}, ` (${t("optional")})`) : null];
  const aim = control?.matches?.("input, select, textarea") ? control : control?.querySelector?.("input, select, textarea");
  aim?.setAttribute("aria-describedby", [hint?.id, error.id].filter(Boolean).join(" "));
  if (group) control.setAttribute("aria-labelledby", `${id}-label`);
  return el("div", { class: "field", "data-field": block.block_id },
    group ? el("div", { class: "label", id: `${id}-label` }, name) : el("label", { for: id, id: `${id}-label` }, name),
    control, hint, error);
}
