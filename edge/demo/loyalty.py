"""The demo shop's members and what it gives them: edge.toml's table `loyalty`, as a demo has it."""

from pathlib import Path
from typing import Any, Final

FOLDER: Final = Path(__file__).parent
MEMBERS_FILE: Final = FOLDER / "members.csv"
LEASES_FILE: Final = FOLDER / "leases.jsonl"

# Whom the leases are for, and what can be shown at the till: see members.csv and leases.jsonl.
XIAOMING_PHONE, ANA_PHONE, BLOCKED_PHONE = "13800138001", "13900139002", "13600136004"
XIAOMING_CARD, ANA_CARD = "9007000012", "9007000020"
GIFT_CARD: Final = "9700000011"
COUPON: Final = "87000000001333334"

LOYALTY: Final[dict[str, Any]] = {
    "till": 1,
    "members": str(MEMBERS_FILE),
    "leases": str(LEASES_FILE),
    "points": {"minor_per_point": 100, "step_points": 100, "step_minor": 100},
    "tiers": [
        {"id": "silver", "name_en": "Silver", "name_zh": "银卡", "from_minor": 50_000},
        {
            "id": "gold",
            "name_en": "Gold",
            "name_zh": "金卡",
            "from_minor": 500_000,
            "points_rate_bp": 15_000,
            "discount_bp": 500,
        },
    ],
    "rewards": [{"id": "water", "points": 200, "plu": "1001"}],
    "top_up": {"bonuses": [{"from_minor": 20_000, "bonus_minor": 1_000}]},
    "count_plans": [{"id": "2630", "visits": 10, "services": ["2631"], "valid_days": 365}],
    "campaigns": [
        {
            "id": "spring",
            "name_en": "Spring coupon",
            "name_zh": "春季优惠券",
            "kind": "money",
            "off_minor": 500,
            "spend_minor": 3_000,
            "valid_days": 30,
        }
    ],
    "offers": [
        {
            "id": "birthday",
            "name_en": "Happy birthday",
            "name_zh": "生日快乐",
            "segment": "birthday-day",
            "rate_bp": 1_000,
            "most_minor": 2_000,
        }
    ],
}
