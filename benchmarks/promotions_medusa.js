// Medusa's compute functions over the baskets in a file: node promotions_medusa.js INPUT.json
// Prints one JSON object: scenario -> {"ns": [one for each basket], "off": mean discount}.
//
// What PromotionModuleService.computeActions does, without its database: the promotions come
// loaded and sorted by value as its query gives them.
"use strict";
const fs = require("fs");
const Module = require("module");
const path = require("path");

const here = path.dirname(path.resolve(process.argv[2]));
const resolve = Module._resolveFilename;
Module._resolveFilename = function (request, ...rest) {
  // The framework re-exports the utilities; without it they are what is asked for.
  const wanted = request === "@medusajs/framework/utils" ? "@medusajs/utils" : request;
  return resolve.call(this, wanted, ...rest);
};
const load = Module.createRequire(path.join(here, "x.js"));
const actions = load("@medusajs/promotion/dist/utils/compute-actions");
const { areRulesValidForContext } = load("@medusajs/promotion/dist/utils/validations");
const { transformPropertiesToBigNumber } = load("@medusajs/utils");

function compute(promotions, context) {
  const computed = [];
  const applied = new Map();
  const bought = new Map();
  const cut = new Map();
  for (const promotion of [...promotions].sort(actions.sortByBuyGetType)) {
    if (!areRulesValidForContext(promotion.rules, context, "order")) continue;
    if (promotion.type === "buyget") {
      computed.push(
        ...actions.getComputedActionsForBuyGet(promotion, context.items, applied, bought, cut)
      );
    } else {
      const across = promotion.application_method.target_type === "order" ? "across" : undefined;
      computed.push(...actions.getComputedActionsForItems(promotion, context.items, applied, across));
    }
  }
  // Its callers get exact amounts, not floats, and so do the house's.
  transformPropertiesToBigNumber(computed, { include: ["amount"] });
  return computed;
}

const answer = {};
for (const [name, { promotions, baskets, warm }] of Object.entries(
  JSON.parse(fs.readFileSync(process.argv[2], "utf-8"))
)) {
  for (let round = 0; round < warm; round++) compute(promotions, baskets[round % baskets.length]);
  const ns = [];
  let off = 0;
  for (const basket of baskets) {
    const begun = process.hrtime.bigint();
    const computed = compute(promotions, basket);
    ns.push(Number(process.hrtime.bigint() - begun));
    for (const action of computed) off += Number(action.amount ?? 0);
  }
  answer[name] = { ns, off: off / baskets.length };
}
console.log(JSON.stringify(answer));
