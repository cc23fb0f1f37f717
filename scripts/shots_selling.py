"""The guide's pictures of selling: articles, questions, searches, stock, discounts."""

from typing import Final

from edge.checkout.words.texts import Word
from edge.checkout.words.texts_goods import GoodsWord
from edge.checkout.words.texts_promotions import PromotionWord
from edge.demo.steps import Take, Type
from scripts.shot import COLA, CRISPS, Shot

BASKET: Final = (COLA, Take("White Toast 400 g"), Take("Egg Tart"))
SNACKS: Final = (CRISPS, Take("Prawn Crackers 60 g"), Take("Rice Crackers 150 g"))

SELLING: Final = (
    Shot(
        "sale", "Three articles were scanned", "扫了三件商品", "scan, scan, scan", BASKET, Word.SALE
    ),
    Shot(
        "quantity",
        "Three colas, in one line",
        "三瓶可乐，一行",
        "`3` `×` scan",
        (Type("3 X"), COLA),
        Word.SALE,
    ),
    Shot(
        "weighed",
        "Apples by their label, bananas weighed at the till",
        "苹果扫秤标签，香蕉在收银台称",
        "scan, `0.350` `×` `2003` `ENTER`",
        (Take("Apples Red Fuji", 846), Type("0.350 X 2003 ENTER")),
        Word.SALE,
    ),
    Shot(
        "correct-quantity",
        "The marked line becomes five",
        "选中的一行改为五件",
        "`5` `×` `ENTER`",
        (COLA, Take("Plain Yoghurt 180 g"), Type("5 X ENTER")),
        Word.QUANTITY_CHANGED,
    ),
    Shot(
        "void",
        "The marked line was taken out",
        "选中的一行已作废",
        "`↑` `VOID`",
        (*BASKET, Type("UP VOID")),
        Word.LINE_VOIDED,
    ),
    Shot(
        "refused",
        "An unknown code: why, and what to press",
        "不认识的条码：红字说明原因和该按什么",
        "`77777` `ENTER`",
        (COLA, Type("77777 ENTER")),
        Word.REFUSED_UNKNOWN,
    ),
    Shot(
        "menu",
        "The menu: two digits, or `↑` `↓` and `ENTER`",
        "菜单：按两位编号，或 `↑` `↓` 加 `ENTER`",
        "`MENU`",
        (Type("MENU"),),
        Word.MENU,
    ),
    Shot(
        "price",
        "The marked line costs 5.00 now",
        "选中的一行改为 5.00",
        "`500` `MENU` `15`",
        (*BASKET, Type("5 MENU 15")),
        Word.PRICE_CHANGED,
        task="15",
    ),
    Shot(
        "cancel",
        "Everything is cancelled",
        "整单已取消",
        "`MENU` `14`",
        (*BASKET, Type("MENU 14")),
        Word.CANCELLED,
        task="14",
    ),
    Shot(
        "hold",
        "Held, and the next customer's turn",
        "已挂单，接待下一位",
        "`MENU` `18`",
        (*BASKET, Type("MENU 18")),
        Word.HELD,
        task="18",
    ),
    Shot(
        "recall",
        "Two held sales to choose from",
        "两张挂单，选一张",
        "`MENU` `19`",
        (*BASKET, Type("MENU 18"), Take("Orange Juice 1 L"), Type("MENU 18 MENU 19")),
        Word.HELD_SALES,
        task="19",
    ),
)

GOODS: Final = (
    Shot(
        "open-price",
        "The price of flowers is asked for",
        "询问鲜花的价格",
        "`2620` `ENTER`",
        (Type("2620 ENTER"),),
        GoodsWord.ASK_PRICE,
    ),
    Shot(
        "age",
        "Beer: is the customer old enough?",
        "啤酒：顾客满 18 岁吗？",
        "scan",
        (COLA, Take("Lager Beer 330 ml")),
        GoodsWord.ASK_AGE,
    ),
    Shot(
        "service",
        "Who did the service is asked for",
        "由谁服务？",
        "`2622` `ENTER`",
        (Type("2622 ENTER"),),
        GoodsWord.ASK_STAFF,
    ),
    Shot(
        "deposit",
        "A bottle of wine with its deposit below it",
        "一瓶红酒，下面一行是押金",
        "scan",
        (Take("Dry Red Wine 750 ml"), Type("ENTER")),
        Word.SALE,
    ),
    Shot(
        "bottles",
        "Six empty bottles come back",
        "退六个空瓶",
        "`MENU` `72`, `6` `×` scan",
        (Type("MENU 72"), Type("6 X"), Take("Dry Red Wine 750 ml")),
        GoodsWord.BOTTLES,
        task="72",
    ),
    Shot(
        "search",
        "What begins with k l: 可乐, and more",
        "拼音首字母 k l：可乐等",
        "`55` `MENU` `34`",
        (Type("55 MENU 34"),),
        GoodsWord.HITS,
        task="34",
    ),
)

STOCK: Final = (
    Shot(
        "stock-in",
        "24 colas were counted in",
        "入库 24 瓶可乐",
        "`MENU` `31`, `24` `×` scan",
        (Type("MENU 31 24 X"), COLA),
        GoodsWord.STOCK_NOW,
        task="31",
    ),
    Shot(
        "stock-out",
        "Two broken jars of honey are written off",
        "两瓶碎了的蜂蜜出库",
        "`MENU` `32`, `2` `×` scan",
        (Type("MENU 31 12 X"), Take("Honey 500 g"), Type("CLEAR MENU 32 2 X"), Take("Honey 500 g")),
        GoodsWord.STOCK_NOW,
        task="32",
    ),
    Shot(
        "stock-count",
        "Scans of an article add up",
        "同一商品逐次累加",
        "`MENU` `33`, `24` `×` scan, scan",
        (Type("MENU 33 24 X"), COLA, COLA),
        GoodsWord.COUNTED_NOW,
        task="33",
    ),
    Shot(
        "low-stock",
        "What is running low",
        "哪些快卖完了",
        "`MENU` `35`",
        (Type("MENU 33 2 X"), CRISPS, Type("CLEAR MENU 35")),
        GoodsWord.MENU_LOW_STOCK,
        task="35",
    ),
    Shot(
        "low-after-sale",
        "The status line names what this sale made low",
        "状态栏提示这一单卖少了什么",
        "",
        (Type("MENU 33 4 X"), CRISPS, Type("CLEAR 2 X"), CRISPS, Type("CASH")),
        GoodsWord.LOW_STOCK,
    ),
)

DISCOUNTS: Final = (
    Shot(
        "promotions",
        "Three snacks for two: what came off stands on each line",
        "零食买二赠一：每行写明优惠多少",
        "scan, scan, scan",
        SNACKS,
        Word.SALE,
    ),
    Shot(
        "discounts",
        "Which discounts, on which lines, and what is missing for another",
        "哪些优惠、在哪几行、还差什么",
        "`MENU` `20`",
        (*SNACKS, Take("Mixed Nuts 175 g"), Type("MENU 20")),
        PromotionWord.DISCOUNTS,
        task="20",
    ),
    Shot(
        "line-discount",
        "10 off the marked line: percent, or money?",
        "选中的一行减 10：百分比还是金额？",
        "`10` `MENU` `16`",
        (COLA, Take("Mixed Nuts 175 g"), Type("10 MENU 16")),
        PromotionWord.LINE_DISCOUNT,
        task="16",
    ),
    Shot(
        "sale-discount",
        "10 % off the whole sale",
        "整单减 10%",
        "`10` `MENU` `17`, `ENTER`",
        (*BASKET, Type("10 MENU 17 ENTER")),
        PromotionWord.DISCOUNT_GIVEN,
        task="17",
    ),
)
